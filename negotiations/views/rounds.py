"""Rounds: made and changed on one guided page, read on their own."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hyte_portal.dates import today
from hyte_portal.models import StaleVersionError
from hyte_portal.submissions import once
from negotiations import access
from negotiations.actions import write_down_round
from negotiations.deleting import undo_from
from negotiations.finding import find_round
from negotiations.forms.rounds import RoundEditForm, initial_for
from negotiations.lifecycle import Act
from negotiations.models import Goal, Negotiation, Round
from negotiations.warnings import show_warnings
from organizations.actors import Actor
from organizations.http import ActorRequest


@require_safe
def round_page(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show a round: phases, talks, common goals; each reader sees the talks that she may."""
    row = find_round(request, public_id)
    return render(request, "negotiations/round.html", {"round": row, **_round_parts(request.actor, row)})


def _round_parts(actor: Actor, row: Round) -> dict[str, Any]:
    """Return what the actor sees of a round: records by title, other talks as shell lines."""
    here = Negotiation.objects.filter(round=row, deleted_at__isnull=True)
    records = here.filter(access.granted(Act.SEE_RECORD, actor)).prefetch_related("participations__organization")
    titled = {talk.pk for talk in records}
    shells = here.filter(access.granted(Act.SEE_SHELL, actor)).exclude(pk__in=titled)
    talks = list(records.order_by("starts_at", "pk"))
    others = list(shells.prefetch_related("participations").order_by("starts_at", "pk"))
    granted = access.granted(Act.DELETE_TALK, actor)
    deleted = Negotiation.objects.filter(granted, round=row, deleted_at__gt=undo_from())
    return {
        "talks": talks,
        "shells": others,
        "number": len(talks) + len(others),
        "deleted": deleted.order_by("-deleted_at")[:20],
        "goals": Goal.objects.visible_to(actor).filter(round=row, negotiation__isnull=True).select_related("theme"),
        "may_change": Round.objects.allowing(Act.CHANGE_ROUND, actor).filter(pk=row.pk).exists(),
        "today": today(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: ActorRequest) -> HttpResponse:
    """Make a round."""
    convener = request.actor.organization
    if convener is None or not access.may_convene(request.actor):
        raise PermissionDenied(_("Only an editor of a wellbeing services county or of Helsinki makes rounds."))
    form = RoundEditForm(request.POST or None, convener=convener, initial=initial_for(convener))
    if request.method != "POST" or not form.is_valid():
        return _round_form(request, form)
    try:
        with once(request) as sent:
            if not sent.repeated:
                form.instance.convener, form.instance.is_example = convener, settings.DEMO
                row = form.save_over()
                write_down_round(row, Act.CREATE_ROUND, by=request.actor)
                show_warnings(request, form.warnings)
                sent.result_url = row.get_absolute_url()
    except IntegrityError:  # somebody else made it a moment ago
        form.add_error("year", _("There is already a round of this year on this legal basis."))
        return _round_form(request, form)
    return redirect(sent.result_url)


@require_http_methods(["GET", "HEAD", "POST"])
def round_edit(request: ActorRequest, public_id: str) -> HttpResponse:
    """Change a round."""
    row = find_round(request, public_id, to_change=True)
    form = RoundEditForm(request.POST or None, instance=row, convener=row.convener)
    if request.method != "POST" or not form.is_valid():
        return _round_form(request, form)
    try:
        with once(request) as sent:
            if not sent.repeated:
                form.save_over()
                write_down_round(row, Act.CHANGE_ROUND, by=request.actor)
                show_warnings(request, form.warnings)
                sent.result_url = row.get_absolute_url()
    except StaleVersionError:
        form.show_conflict()
        return _round_form(request, form, status=409)
    return redirect(sent.result_url)


def _round_form(request: ActorRequest, form: RoundEditForm, status: int | None = None) -> HttpResponse:
    status = status or (422 if form.is_bound else 200)
    return render(request, "negotiations/round_form.html", {"form": form, "round": form.instance}, status=status)
