"""The invitation before it goes: its exact words, its recipients, and the guests whom it would not reach."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from hyte_portal.models import StaleVersionError
from hyte_portal.submissions import once
from negotiations.actions import IncompleteError, NotNowError, perform
from negotiations.finding import find_negotiation
from negotiations.forms.parties import ContactForm
from negotiations.lifecycle import RULES, Act
from negotiations.models import Negotiation
from negotiations.needs import Missing, missing, unreachable_guests
from negotiations.parties import preview_of
from negotiations.views.acts import not_now
from negotiations.views.saving import form_page, posted
from negotiations.writing import begin
from organizations.http import ActorRequest


@form_page
def invite_preview(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show what inviting sends to whom, then send it."""
    talk = find_negotiation(request, public_id)
    if request.method != "POST":
        if Act.INVITE not in talk.acts_for(request.actor):
            return not_now(request, talk, Act.INVITE)
        return _page(request, talk, missing(RULES[Act.INVITE].needs, talk, request.actor))
    try:
        with once(request) as sent:
            if not sent.repeated:
                perform(talk, Act.INVITE, by=request.actor)
                sent.result_url = talk.get_absolute_url()
    except IncompleteError as error:
        return _page(request, talk, error.missing, status=422)
    except NotNowError:
        return not_now(request, talk, Act.INVITE)
    return redirect(sent.result_url)


@require_POST
def invite_contacts(request: ActorRequest, public_id: str) -> HttpResponse:
    """Save how the guests without a reader are reached, and come back to the preview."""
    talk = find_negotiation(request, public_id)
    forms = _forms(request, talk)
    checked = [form.is_valid() for form in forms]  # each one, so that every mistake is told
    if not all(checked):
        return _page(request, talk, [], forms=forms, status=422)
    to = reverse("negotiations:invite", args=[public_id])
    try:
        with once(request) as sent:
            if not sent.repeated:
                begin(talk, Act.INVITE, request.actor)
                for form in forms:
                    form.save_over()
                sent.result_url = to
    except NotNowError:
        return not_now(request, talk, Act.INVITE)
    except StaleVersionError:
        return _page(request, talk, [], forms=_reread(forms), status=409)
    return redirect(to)


def _forms(request: ActorRequest, talk: Negotiation) -> list[ContactForm]:
    """Return a form for each guest for whom one was sent, whatever another has written for it meanwhile."""
    guests = talk.participations.exclude(organization=talk.convener_id).select_related("organization").order_by("pk")
    return [
        ContactForm(posted(request), instance=row, prefix=row.public_id)
        for row in guests
        if any(name.startswith(f"{row.public_id}-") for name in request.POST)
    ]


def _reread(forms: list[ContactForm]) -> list[ContactForm]:
    for form in forms:
        form.show_conflict()
    return forms


def _page(
    request: ActorRequest,
    talk: Negotiation,
    lacking: list[Missing],
    *,
    forms: list[ContactForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "talk": talk,
        "missing": lacking,
        "forms": forms or [ContactForm(instance=row, prefix=row.public_id) for row in unreachable_guests(talk)],
        "preview": preview_of(talk),
        "back": reverse("negotiations:parties", args=[talk.public_id]),
    }
    return render(request, "negotiations/invite_preview.html", context, status=status)
