"""A measure's own page: the promise, the decision, how it goes, what became of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hyte_portal.forms import VersionedForm
from hyte_portal.models import StaleVersionError
from hyte_portal.submissions import once
from negotiations import proposing
from negotiations.actions import NotNowError
from negotiations.finding import find_proposal
from negotiations.forms.measures import DecisionForm, OutcomeForm, ReportForm, WithdrawForm
from negotiations.lifecycle import Act
from negotiations.measure_table import DECISION_TONES, PROGRESS_TONES, timetable
from negotiations.models import Measure, MeasurePartner, Negotiation
from negotiations.views.acts import not_now
from negotiations.vocabulary import Decision, Progress
from organizations.http import ActorRequest


def _facts(request: ActorRequest, row: Measure) -> dict[str, Any]:
    """Return what every page about one measure shows."""
    may_edit = Measure.objects.editable_by(request.actor).filter(pk=row.pk).exists()
    partners = MeasurePartner.objects.filter(measure=row).select_related("organization").order_by("pk")
    talk = row.negotiation
    return {
        "measure": row,
        "talk": talk,
        "sees_talk": Negotiation.objects.visible_to(request.actor).filter(pk=talk.pk).exists(),
        "acts": row.acts_for(request.actor),
        "may_edit": may_edit,
        "may_delete": may_edit and row.shared_at is None,
        "may_share": row.shared_at is None and Act.SHARE in talk.acts_for(request.actor),
        "partners": partners,
        "timetable": timetable(row.starts_on, row.ends_on),
        "decision_tone": DECISION_TONES[Decision(row.decision)],
        "progress_tone": PROGRESS_TONES[Progress(row.progress)],
        "follow_ups": row.follow_ups.select_related("person", "organization").order_by("-on", "-pk"),
    }


def _find(request: ActorRequest, public_id: str) -> Measure:
    return find_proposal(request, Measure, public_id)


@require_safe
def measure(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show a measure; an owner who isn't at the table sees just this."""
    return render(request, "negotiations/measure.html", _facts(request, _find(request, public_id)))


Deed = Callable[[Measure, VersionedForm[Measure]], object]


def _form_page(
    request: ActorRequest, public_id: str, act: Act, kind: type[VersionedForm[Measure]], template: str, deed: Deed
) -> HttpResponse:
    """Ask by a versioned form, do the deed under the talk's lock, come back to the measure."""
    row = _find(request, public_id)
    form = kind(request.POST or None, instance=row)
    if act not in row.acts_for(request.actor):
        return not_now_measure(request, row, act)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            with once(request) as sent:
                if not sent.repeated:
                    deed(row, form)
                    sent.result_url = row.get_absolute_url()
            return redirect(sent.result_url)
        except NotNowError:
            return not_now_measure(request, row, act)
        except StaleVersionError:
            form.show_conflict()
            status = 409
    return render(request, template, {**_facts(request, row), "form": form}, status=status)


def not_now_measure(request: ActorRequest, row: Measure, act: Act) -> HttpResponse:
    """Answer an act on a measure that can't be done now."""
    return not_now(request, row.negotiation, act, measure=row)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: ActorRequest, public_id: str) -> HttpResponse:
    """Record what the talk decided on the measure."""

    def deed(row: Measure, form: VersionedForm[Measure]) -> None:
        proposing.decide(row, form.save_over, by=request.actor)

    return _form_page(request, public_id, Act.DECIDE, DecisionForm, "negotiations/measure_decide.html", deed)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActorRequest, public_id: str) -> HttpResponse:
    """Withdraw a measure with a reason."""

    def deed(row: Measure, form: VersionedForm[Measure]) -> None:
        proposing.decide(row, lambda: form.save_over(["decision"]), by=request.actor, act=Act.WITHDRAW)

    return _form_page(request, public_id, Act.WITHDRAW, WithdrawForm, "negotiations/measure_withdraw.html", deed)


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: ActorRequest, public_id: str) -> HttpResponse:
    """Record what became of the measure."""

    def deed(row: Measure, form: VersionedForm[Measure]) -> None:
        proposing.set_outcome(row, lambda: form.save_over(["outcome_at"]), by=request.actor)

    return _form_page(request, public_id, Act.SET_OUTCOME, OutcomeForm, "negotiations/measure_outcome.html", deed)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: ActorRequest, public_id: str) -> HttpResponse:
    """Report how a measure goes; "no change" repeats the last progress with today's date."""
    row = _find(request, public_id)
    if Act.REPORT not in row.acts_for(request.actor):
        return not_now_measure(request, row, Act.REPORT)
    same = "no_change" in request.POST
    data = {"progress": row.progress, "note": _("No change.")} if same else request.POST or None
    form = ReportForm(data)
    if request.method != "POST" or not form.is_valid():
        context = {**_facts(request, row), "form": form}
        return render(request, "negotiations/measure_report.html", context, status=422 if form.is_bound else 200)
    try:
        with once(request) as sent:
            if not sent.repeated:
                proposing.report(row, by=request.actor, **form.cleaned_data)
                sent.result_url = row.get_absolute_url()
                messages.success(request, _("Thank you. The report was saved, and the table sees it."))
    except NotNowError:
        return not_now_measure(request, row, Act.REPORT)
    return redirect(sent.result_url)
