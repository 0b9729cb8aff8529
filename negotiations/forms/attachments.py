"""A file to attach."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hyte_portal.forms import CleanTextMixin
from negotiations import files
from negotiations.models import Attachment, Measure, Negotiation
from organizations.actors import Actor


class AttachmentForm(CleanTextMixin, forms.ModelForm):  # type: ignore[type-arg]
    """Title, file, perhaps a measure that it belongs to, and whether the public copy has it."""

    class Meta:
        model = Attachment
        fields = ["title", "file", "measure", "is_public"]
        help_texts = {
            "file": _("PDF, Word (docx), Excel (xlsx), odt, ods, png or jpg, at most 20 MB. Without macros."),
            "measure": _("Empty: it belongs to the whole negotiation."),
            "is_public": _("Tick only if anyone may read the file once the memo is published."),
        }
        labels = {"measure": _("Belongs to the measure")}

    def __init__(self, *args: Any, talk: Negotiation, actor: Actor, **kwargs: Any) -> None:
        self.talk, self.actor = talk, actor
        super().__init__(*args, **kwargs)
        self.kind = ""
        self.fields["file"].widget = forms.FileInput(
            attrs={"accept": ",".join(f".{kind}" for kind in files.CONTENT_TYPES)}
        )
        measure = self.fields["measure"]
        assert isinstance(measure, forms.ModelChoiceField)  # noqa: S101 - a foreign key of the row
        measure.to_field_name = "public_id"
        measure.queryset = Measure.objects.shared().filter(negotiation=talk).order_by("position", "pk")

    def clean_file(self) -> "UploadedFile[Any]":
        """Look at the bytes."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        self.kind = files.check(upload)
        return upload

    def write(self) -> Attachment:
        """Keep the file under a random name, with its facts."""
        row: Attachment = self.instance
        upload = self.cleaned_data["file"]
        assert self.actor.organization is not None  # noqa: S101 - RULES let only members write
        row.negotiation, row.organization, row.uploaded_by = self.talk, self.actor.organization, self.actor.person
        row.filename, row.size = files.safe_name(upload.name, self.kind), upload.size
        row.content_type, row.sha256 = files.CONTENT_TYPES[self.kind], files.checksum(upload.file)
        row.save()
        return row


class ConfirmForm(forms.Form):
    """A press that confirms; it asks nothing."""
