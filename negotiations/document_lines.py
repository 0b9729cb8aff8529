"""What the documents page says of each file."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from negotiations.models import Attachment, Document, Negotiation
from negotiations.vocabulary import DocumentReach
from organizations.actors import Actor

State = Document.State


@dataclass(frozen=True, slots=True)
class Line:
    """A memo's file: what it is, and how far."""

    document: Document

    @property
    def is_ready(self) -> bool:
        """Say whether it can be read."""
        return self.document.state == State.READY

    @property
    def is_failed(self) -> bool:
        """Say whether making it failed."""
        return self.document.state == State.FAILED

    @property
    def is_under_way(self) -> bool:
        """Say whether it waits or is being made."""
        return not (self.is_ready or self.is_failed)

    @property
    def is_draft(self) -> bool:
        """Say whether it shows a draft."""
        return self.document.snapshot.is_draft

    @property
    def is_public(self) -> bool:
        """Say whether it is the public copy."""
        return self.document.reach == DocumentReach.PUBLIC

    @property
    def withdrawn(self) -> bool:
        """Say whether its version was withdrawn."""
        return self.document.snapshot.withdrawn_at is not None

    @property
    def version(self) -> str:
        """Return the version as printed, e.g. "1.0"."""
        return str(self.document.snapshot.content.get("version", self.document.snapshot.version))

    @property
    def language(self) -> str:
        """Return the language in words."""
        return {"fi": _("in Finnish"), "sv": _("in Swedish")}.get(self.document.language, self.document.language)

    @property
    def why_failed(self) -> str:
        """Return the kept reason in the reader's language."""
        return _(self.document.error) if self.document.error else ""


def lines_of(talk: Negotiation, actor: Actor) -> list[Line]:
    """Return the memo's files that the actor may read, the newest version first."""
    rows = Document.objects.visible_to(actor).filter(negotiation=talk).select_related("snapshot")
    return [Line(row) for row in rows.order_by("-snapshot_id", "reach", "language")]


def is_under_way(talk: Negotiation) -> bool:
    """Say whether a draft's file still waits or is being made."""
    unfinished = talk.documents.filter(snapshot__is_draft=True).exclude(state__in=(State.READY, State.FAILED))
    return unfinished.exists()


def attachments_of(talk: Negotiation, actor: Actor) -> QuerySet[Attachment]:
    """Return the attachments that the actor may read."""
    rows = Attachment.objects.visible_to(actor).filter(negotiation=talk)
    return rows.select_related("organization", "measure").order_by("pk")
