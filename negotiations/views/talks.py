"""A negotiation's own page, and the forms of its facts."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from hyte_portal.submissions import once
from negotiations import access, actions, deleting, one_language
from negotiations.finding import find_negotiation, find_round
from negotiations.forms.reasons import ReasonsForm
from negotiations.forms.talks import FirstPartiesForm, TalkForm
from negotiations.lifecycle import Act
from negotiations.measure_table import own_drafts
from negotiations.models import Negotiation, Round
from negotiations.public_copy import public_page
from negotiations.shared_part import shared_part
from negotiations.talk_page import quiet_buttons, steps_of, tabs_of, turn_of
from negotiations.views.saving import form_page, pressed, require, written
from negotiations.warnings import show_warnings
from organizations.http import ActorRequest


def talk_frame(request: ActorRequest, talk: Negotiation, tab: str) -> dict[str, Any]:
    """Return what every part of a negotiation's page shows on top."""
    acts = talk.acts_for(request.actor)
    return {
        "talk": talk,
        "acts": acts,
        "can_edit": Act.EDIT in acts,
        "can_edit_talk": Act.EDIT_TALK in acts,
        "can_see_languages": Act.EDIT_TALK in acts and len(talk.languages) > 1,
        "return_reason": _return_reason(request, talk) if Act.MARK_READY in acts else "",
        "tab": tab,
        "steps": steps_of(talk),
        "turn": turn_of(talk, acts, request.actor.organization.short if request.actor.organization else ""),
        "quiet": quiet_buttons(talk, acts),
        "part": shared_part(talk),
        "tabs": tabs_of(talk, tab),
    }


def _return_reason(request: ActorRequest, talk: Negotiation) -> str:
    own = talk.participations.filter(organization=request.actor.organization).values_list("return_reason", flat=True)
    return own.first() or ""


@login_not_required
@require_safe
def negotiation(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show the record to the table, the public copy to others; 404 to those who may see neither."""
    try:
        talk = find_negotiation(request, public_id)
    except Http404 as missing:
        if not Negotiation.objects.allowing(Act.SEE_PUBLIC, request.actor).filter(public_id=public_id).exists():
            raise missing from None
        return public_page(request, find_negotiation(request, public_id, Act.SEE_PUBLIC))
    context = talk_frame(request, talk, "goals")
    if context["can_edit"]:
        context["drafts"] = own_drafts(talk, request.actor)
    return render(request, "negotiations/negotiation.html", context)


@form_page
def talk_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Plan a talk of a round; nobody is told."""
    row = find_round(request, public_id, to_change=True)
    form = TalkForm(request.POST or None, round_=row, time_is_free=True)
    first = FirstPartiesForm(request.POST or None, round_=row)
    if request.method != "POST" or not (form.is_valid() & first.is_valid()):
        return _talk_form(request, form, row, first=first)
    with once(request) as sent:
        if not sent.repeated:
            talk = form.save_over()
            actions.seat_first_parties(talk, first.cleaned_data["municipalities"], by=request.actor)
            show_warnings(request, form.warnings)
            sent.result_url = talk.get_absolute_url()
    return redirect(sent.result_url)


@form_page
def talk_edit(request: ActorRequest, public_id: str) -> HttpResponse:
    """Change a talk's facts."""
    talk = find_negotiation(request, public_id)
    time_is_free = Act.INVITE in talk.acts_for(request.actor)
    form = TalkForm(request.POST or None, instance=talk, round_=talk.round, time_is_free=time_is_free)

    def work() -> None:
        form.save_over()
        actions.write_down(talk, Act.EDIT_TALK, by=request.actor)
        show_warnings(request, form.warnings)

    answer = written(request, talk, Act.EDIT_TALK, form, work, to=talk.get_absolute_url())
    return (
        answer if isinstance(answer, HttpResponse) else _talk_form(request, form, talk.round, talk=talk, status=answer)
    )


def _talk_form(
    request: ActorRequest,
    form: TalkForm,
    row: Round,
    *,
    talk: Negotiation | None = None,
    first: Any = None,
    status: int = 0,
) -> HttpResponse:
    status = status or (422 if form.is_bound else 200)
    context = {"form": form, "first": first, "round": row, "talk": talk}
    return render(request, "negotiations/talk_form.html", context, status=status)


@form_page
def reasons(request: ActorRequest, public_id: str) -> HttpResponse:
    """Write why a statutory subject has no entry."""
    talk = find_negotiation(request, public_id)
    form = ReasonsForm(request.POST or None, instance=talk, talk=talk)

    def work() -> None:
        form.save_over()
        actions.write_down(talk, Act.EDIT_TALK, by=request.actor)

    answer = written(request, talk, Act.EDIT_TALK, form, work, to=talk.get_absolute_url())
    if isinstance(answer, HttpResponse):
        return answer
    return render(request, "negotiations/reasons.html", {"form": form, "talk": talk}, status=answer)


@form_page
def languages(request: ActorRequest, public_id: str) -> HttpResponse:
    """List the texts that exist in one language only; accept them one by one as such."""
    talk = find_negotiation(request, public_id)

    def work() -> None:
        one_language.accept(talk, set(request.POST.getlist("accept")))
        actions.write_down(talk, Act.EDIT_TALK, by=request.actor)

    if request.method == "POST":
        return pressed(request, talk, Act.EDIT_TALK, work, to=request.path)
    require(request, talk, Act.EDIT_TALK)
    context = {
        "talk": talk,
        "texts": one_language.untranslated(talk),
        "accepted": one_language.untranslated(talk, accepted=True),
    }
    return render(request, "negotiations/languages.html", context)


@require_POST
def talk_restore(request: ActorRequest, public_id: str) -> HttpResponse:
    """Bring a deleted plan back, within 30 days."""
    granted = access.granted(Act.DELETE_TALK, request.actor)
    deleted = Negotiation.objects.filter(granted, deleted_at__gt=deleting.undo_from())
    talk = deleted.filter(public_id=public_id).first()
    if talk is None:
        raise Http404
    deleting.restore_talk(talk)
    return redirect(talk)
