"""The third and fourth statutory subject: cooperation and follow-up; and all measures side by side for deciding."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from hyte_portal.models import StaleVersionError
from hyte_portal.submissions import once
from negotiations import proposing
from negotiations.actions import NotNowError
from negotiations.finding import find_negotiation
from negotiations.forms.measures import DecisionRowForm
from negotiations.lifecycle import Act
from negotiations.models import Cooperation, FollowUpPlan, Measure, Negotiation
from negotiations.views.acts import not_now
from negotiations.views.talks import talk_frame
from organizations.http import ActorRequest


@require_safe
def cooperation(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show what was agreed on working together and on following."""
    talk = find_negotiation(request, public_id)
    context = talk_frame(request, talk, "cooperation")
    context |= {
        "cooperations": _rows(Cooperation, request, talk),
        "plans": _rows(FollowUpPlan, request, talk).select_related("owner", "owner_post"),
        "editable": _editable(request, talk),
    }
    return render(request, "negotiations/cooperation.html", context)


def _rows(kind: Any, request: ActorRequest, talk: Negotiation) -> Any:
    return (
        kind.objects.visible_to(request.actor)
        .filter(negotiation=talk)
        .select_related("proposer")
        .order_by("position", "pk")
    )


def _editable(request: ActorRequest, talk: Negotiation) -> set[str]:
    return {
        public_id
        for kind in (Cooperation, FollowUpPlan)
        for public_id in kind.objects.editable_by(request.actor)
        .filter(negotiation=talk)
        .values_list("public_id", flat=True)
    }


@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show the proposals side by side; record the decisions of the talk on one page."""
    talk = find_negotiation(request, public_id)
    measures = list(
        Measure.objects.visible_to(request.actor)
        .filter(negotiation=talk, shared_at__isnull=False)
        .select_related("goal", "owner", "owner_post", "proposer", "negotiation")
        .order_by("goal__position", "goal_id", "position", "pk")
    )
    able = set(
        Measure.objects.allowing(Act.DECIDE, request.actor).filter(negotiation=talk).values_list("pk", flat=True)
    )
    data = request.POST or None
    forms = {row.pk: DecisionRowForm(data, instance=row, prefix=row.public_id) for row in measures if row.pk in able}
    if request.method == "POST":
        return _save_decisions(request, talk, measures, forms)
    return _decisions_page(request, talk, measures, forms)


def _save_decisions(
    request: ActorRequest, talk: Negotiation, measures: list[Measure], forms: dict[int, DecisionRowForm]
) -> HttpResponse:
    """Save the changed rows together, or none of them."""
    if not forms:
        return not_now(request, talk, Act.DRAFT_MEMO)
    changed = {pk: form for pk, form in forms.items() if _was_touched(form)}
    if not all(form.is_valid() for form in changed.values()):
        return _decisions_page(request, talk, measures, forms, status=422)
    try:
        with once(request) as sent:
            if not sent.repeated:
                for form in changed.values():
                    proposing.decide(form.instance, form.save_over, by=request.actor)
                sent.result_url = request.path
                saved = ngettext("%(number)d decision was saved.", "%(number)d decisions were saved.", len(changed))
                messages.success(request, saved % {"number": len(changed)} if changed else _("Nothing was changed."))
    except NotNowError:
        return not_now(request, talk, Act.DRAFT_MEMO)
    except StaleVersionError:
        for form in changed.values():
            form.show_conflict()
        return _decisions_page(request, talk, measures, forms, status=409)
    return redirect(sent.result_url)


def _was_touched(form: DecisionRowForm) -> bool:
    """Say whether a decision or reason was chosen that differs from the stored one."""
    chosen, reason = (form.data.get(form.add_prefix(name), "").strip() for name in ("decision", "decision_reason"))
    changed = set(form.changed_data) - {"version"}
    return bool(changed) and bool(chosen or (reason and "decision_reason" in changed))


def _decisions_page(
    request: ActorRequest,
    talk: Negotiation,
    measures: list[Measure],
    forms: dict[int, DecisionRowForm],
    status: int = 200,
) -> HttpResponse:
    context = talk_frame(request, talk, "goals")
    context["rows"] = [(row, forms.get(row.pk)) for row in measures]
    context["able"] = bool(forms)
    return render(request, "negotiations/decisions.html", context, status=status)
