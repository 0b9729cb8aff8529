"""Writing proposals: goals, measures, cooperation, ways of follow-up."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hyte_portal.models import StaleVersionError
from hyte_portal.submissions import once
from negotiations import deleting, proposing
from negotiations.actions import NotNowError
from negotiations.finding import find_negotiation, find_proposal, find_round
from negotiations.forms.measures import MeasureForm
from negotiations.forms.proposals import PROPOSAL_FORMS, GoalForm, ProposalForm
from negotiations.lifecycle import Act
from negotiations.models import Cooperation, FollowUpPlan, Goal, Measure, Negotiation, Proposal, Round
from negotiations.proposal_words import KIND_WORDS
from negotiations.views.acts import not_now
from negotiations.views.saving import form_page, written
from organizations.http import ActorRequest

KINDS: dict[str, type[Proposal]] = {
    "tavoitteet": Goal,
    "toimenpiteet": Measure,
    "yhteistyo": Cooperation,
    "seurantatavat": FollowUpPlan,
}


def _kind(slug: str) -> type[Proposal]:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _form(request: ActorRequest, kind: type[Proposal], talk: Any, **kwargs: Any) -> ProposalForm:
    data = request.POST or None
    if kind is Measure:
        return MeasureForm(data, talk=talk, actor=request.actor, **kwargs)
    return PROPOSAL_FORMS[kind](data, talk=talk, **kwargs)


@form_page
def proposal_new(request: ActorRequest, public_id: str, kind: str) -> HttpResponse:
    """Write a new proposal for a talk."""
    row_kind, talk = _kind(kind), find_negotiation(request, public_id)
    form = _form(request, row_kind, talk, initial={"goal": _goal_from(request, talk)})

    def work() -> None:
        proposing.begin(form.instance, talk, by=request.actor)
        proposing.saved(form.save_over(), by=request.actor)
        messages.success(request, _saved_words(form.instance))

    answer = written(request, talk, Act.EDIT, form, work, to=_after(form.instance, talk))
    return answer if isinstance(answer, HttpResponse) else _page(request, form, talk, kind, status=answer)


def _goal_from(request: ActorRequest, talk: Negotiation) -> Any:
    wanted = request.GET.get("tavoite", "")
    return Goal.objects.visible_to(request.actor).filter(public_id=wanted, round=talk.round_id).first()


def _saved_words(row: Proposal) -> str:
    if row.shared_at:
        return _("Saved. The whole table sees it.")
    return _("Saved. Only your organisation sees it until you mark your preparation ready or share it.")


def _after(row: Proposal, talk: Negotiation) -> str:
    if isinstance(row, Measure):
        return row.get_absolute_url()
    base = talk.get_absolute_url()
    return f"{base}#goal-{row.public_id}" if isinstance(row, Goal) else f"{base}yhteistyo/"


@form_page
def proposal_edit(request: ActorRequest, kind: str, public_id: str) -> HttpResponse:
    """Change a proposal."""
    row = find_proposal(request, _kind(kind), public_id, to_edit=request.method != "POST")
    talk: Negotiation | None = row.negotiation  # type: ignore[attr-defined]
    form = _form(request, type(row), talk or row.round, instance=row)  # type: ignore[attr-defined]

    def work() -> None:
        proposing.hold(row, by=request.actor)
        proposing.saved(form.save_over(), by=request.actor)
        messages.success(request, _saved_words(row))

    if talk is None:
        return _edit_common(request, form, work)
    answer = written(request, talk, Act.EDIT, form, work, to=_after(row, talk))
    return answer if isinstance(answer, HttpResponse) else _page(request, form, talk, kind, status=answer)


def _edit_common(request: ActorRequest, form: ProposalForm, work: Callable[[], None]) -> HttpResponse:
    """Change a goal that is common to a round: it has no talk to lock."""
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, None, "tavoitteet")
    try:
        with once(request) as sent:
            if not sent.repeated:
                work()
                sent.result_url = form.instance.round.get_absolute_url()
    except StaleVersionError:
        form.show_conflict()
        return _page(request, form, None, "tavoitteet", status=409)
    return redirect(sent.result_url)


@form_page
def common_goal_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Write a goal that is common to a round."""
    row = find_round(request, public_id, to_change=True)
    form = GoalForm(request.POST or None, talk=row)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, None, "tavoitteet", row=row)
    with once(request) as sent:
        if not sent.repeated:
            proposing.begin_common(form.instance, row, by=request.actor)
            proposing.saved(form.save_over(), by=request.actor)
            sent.result_url = row.get_absolute_url()
    return redirect(sent.result_url)


def _page(
    request: ActorRequest,
    form: ProposalForm,
    talk: Negotiation | None,
    kind: str,
    *,
    row: Round | None = None,
    status: int = 0,
) -> HttpResponse:
    status = status or (422 if form.is_bound else 200)
    owner = talk or row or form.instance.round
    context = {
        "form": form, "talk": talk, "kind": kind, "words": KIND_WORDS[kind], "row": form.instance, "back": owner.get_absolute_url(),
        "owner": owner,
    }  # fmt: skip
    return render(request, f"negotiations/{type(form.instance).__name__.lower()}_form.html", context, status=status)


@require_POST
def proposal_share(request: ActorRequest, kind: str, public_id: str) -> HttpResponse:
    """Let the table see one proposal."""
    row = find_proposal(request, _kind(kind), public_id)
    talk = row.negotiation  # type: ignore[attr-defined]
    if talk is None:  # a goal that is common to a round is shared from the first
        raise Http404
    try:
        with once(request) as sent:
            if not sent.repeated:
                proposing.share(row, by=request.actor)
                sent.result_url = _after(row, talk)
    except NotNowError:
        return not_now(request, talk, Act.SHARE)
    return redirect(sent.result_url)


@form_page
def proposal_delete(request: ActorRequest, kind: str, public_id: str) -> HttpResponse:
    """Delete an own proposal that was never shared; it can be brought back for 30 days."""
    row = find_proposal(request, _kind(kind), public_id, to_edit=True)
    talk = row.negotiation  # type: ignore[attr-defined]
    if request.method != "POST":
        context = {"row": row, "talk": talk, "words": KIND_WORDS[kind]}
        return render(request, "negotiations/proposal_delete.html", context)
    with once(request) as sent:
        if not sent.repeated:
            deleting.delete_proposal(row, by=request.actor)
            sent.result_url = (talk or row.round).get_absolute_url()  # type: ignore[attr-defined]
            undo = reverse("negotiations:proposal_restore", args=[kind, row.public_id])
            messages.success(request, _("Deleted."), extra_tags=f"undo:{undo}")
    return redirect(sent.result_url)


@require_POST
def proposal_restore(request: ActorRequest, kind: str, public_id: str) -> HttpResponse:
    """Bring a deleted proposal back, within 30 days, by its own side."""
    rows: Any = _kind(kind)._default_manager
    own = rows.filter(proposer=request.actor.organization, public_id=public_id, deleted_at__gt=deleting.undo_from())
    row = own.select_related("negotiation").first()
    if row is None:
        raise Http404
    talk = row.negotiation
    if talk and Act.EDIT not in talk.acts_for(request.actor):
        raise PermissionDenied(_("The negotiation is in a state in which proposals can't be changed."))
    deleting.restore_proposal(row)
    messages.success(request, _("Brought back."))
    return redirect((talk or row.round).get_absolute_url())
