"""Files of a talk: attached after a look at their bytes, read through the permission check, always a download."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from negotiations.actions import write_down
from negotiations.finding import find, find_negotiation
from negotiations.forms.attachments import AttachmentForm, ConfirmForm
from negotiations.lifecycle import Act
from negotiations.models import Attachment, Negotiation
from negotiations.views.documents import damaged, or_sign_in
from negotiations.views.saving import form_page, posted, written
from organizations.http import ActorRequest

log = logging.getLogger(__name__)


def _writing_act(request: ActorRequest, talk: Negotiation) -> Act:
    """Return the act by which the actor attaches: the host's with the talk's details, a guest's with its proposals."""
    return Act.EDIT_TALK if talk.convener_id == _organization_id(request) else Act.EDIT


def _organization_id(request: ActorRequest) -> int | None:
    return request.actor.organization.pk if request.actor.organization else None


@form_page
def attachment_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Attach a file."""
    talk = find_negotiation(request, public_id)
    form = AttachmentForm(posted(request), request.FILES or None, talk=talk, actor=request.actor)
    back = reverse("negotiations:documents", args=[public_id])

    def attach() -> None:
        row = form.write()
        write_down(talk, Act.EDIT_TALK, by=request.actor, attachment_added=row.title)

    answer = written(request, talk, _writing_act(request, talk), form, attach, to=back)
    if isinstance(answer, HttpResponse):
        return answer
    return render(
        request, "negotiations/attachment_form.html", {"talk": talk, "form": form, "back": back}, status=answer
    )


@form_page
def attachment_remove(request: ActorRequest, public_id: str) -> HttpResponse:
    """Remove a file after a confirmation; a guest removes its own organisation's only."""
    row = find(request, Attachment.objects.visible_to, public_id)
    talk = find_negotiation(request, row.negotiation.public_id)
    act = _writing_act(request, talk)
    if act != Act.EDIT_TALK and row.organization_id != _organization_id(request):
        raise PermissionDenied(_("Another party attached this file."))
    back = reverse("negotiations:documents", args=[talk.public_id])

    def remove() -> None:
        name = row.file.name or ""
        row.delete()
        write_down(talk, Act.EDIT_TALK, by=request.actor, attachment_removed=row.title)
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)

    form = ConfirmForm(posted(request))
    answer = written(request, talk, act, form, remove, to=back)
    if isinstance(answer, HttpResponse):
        return answer
    context = {"talk": talk, "row": row, "form": form, "back": back}
    return render(request, "negotiations/attachment_remove.html", context, status=answer)


@login_not_required
@require_safe
def attachment(request: ActorRequest, public_id: str) -> HttpResponseBase:
    """Hand out a file: never shown in the browser, of the type that its bytes had."""
    try:
        row = find(request, Attachment.objects.visible_to, public_id)
    except Http404 as missing:
        return or_sign_in(request, missing)
    try:
        content = default_storage.open(row.file.name or "")
    except OSError:
        log.critical("attachment %s is missing from storage", row.public_id)
        return damaged(request)
    response = FileResponse(content, as_attachment=True, filename=row.filename, content_type=row.content_type)
    return sealed(response)


def sealed(response: HttpResponseBase) -> HttpResponseBase:
    """Set what keeps a foreign file from acting in our name, whatever stands before the portal."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
