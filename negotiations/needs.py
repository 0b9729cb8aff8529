"""What must be in place before an act, and what to say if it is not (design.md 5, "Confirming needs")."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from negotiations.lifecycle import Need, Side
from negotiations.models import Cooperation, Document, FollowUpPlan, Goal, Measure, Negotiation, Participation
from negotiations.one_language import untranslated
from negotiations.vocabulary import Decision
from organizations.actors import Actor
from organizations.models import Duty, Membership

# Whom the mails of an act go to; a guest with other people only (a reader, an administrator) is not reached by them.
READERS: Final = (Duty.EDITOR, Duty.CONFIRMER)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not in place: the words, and where to put it right (empty = the negotiation's own page)."""

    message: str
    url: str = ""


Check = Callable[[Negotiation, Actor], Iterator[Missing]]


def missing(needs: tuple[Need, ...], negotiation: Negotiation, actor: Actor) -> list[Missing]:
    """Return what is missing of the needs, in their order."""
    return [found for need in needs for found in _CHECKS[need](negotiation, actor)]


def _a_guest(negotiation: Negotiation, _actor: Actor) -> Iterator[Missing]:
    if not negotiation.participations.filter(side=Side.GUEST.value).exists():
        yield Missing(_("Add at least one guest: a municipality or another party."))


def _reachable_guests(negotiation: Negotiation, _actor: Actor) -> Iterator[Missing]:
    """Each guest has somebody to read the invitation, an address, or was invited otherwise."""
    unreachable = unreachable_guests(negotiation)
    for party in unreachable:
        yield Missing(
            _("%(organization)s has no reader. Give an e-mail address, or write how it was invited otherwise.")
            % {"organization": party.organization.name}
        )


def unreachable_guests(negotiation: Negotiation) -> list[Participation]:
    """Return the guests whom an invitation would not reach."""
    readers = Membership.objects.current().with_duty(*READERS).filter(organization=OuterRef("organization"))
    return list(
        negotiation.participations.filter(
            ~Exists(readers), side=Side.GUEST.value, contact_email="", invited_otherwise=""
        ).select_related("organization")
    )


def _a_proposal_or_none(negotiation: Negotiation, actor: Actor) -> Iterator[Missing]:
    own = Q(negotiation=negotiation, proposer=actor.organization, deleted_at__isnull=True)
    has_one = any(kind._default_manager.filter(own).exists() for kind in (Goal, Measure, Cooperation, FollowUpPlan))
    said_none = negotiation.participations.filter(organization=actor.organization, no_proposals=True).exists()
    if not (has_one or said_none):
        yield Missing(_('Add a proposal, or choose "We have no proposals".'))


def _all_decided(negotiation: Negotiation, _actor: Actor) -> Iterator[Missing]:
    for measure in Measure.objects.shared().filter(negotiation=negotiation, decision=Decision.PROPOSED):
        yield Missing(_('No decision yet: "%(measure)s".') % {"measure": measure.title}, measure.get_absolute_url())


def _complete_measures(negotiation: Negotiation, _actor: Actor) -> Iterator[Missing]:
    """Each measure in force has owner, timetable and follow-up; an absent owner has consented or there is a reason."""
    words = {"owner": _("owner"), "timetable": _("timetable"), "follow_up": _("how it is followed")}
    parties = set(negotiation.participations.values_list("organization_id", flat=True))
    for measure in Measure.objects.in_force().filter(negotiation=negotiation).select_related("owner"):
        lacks = [words[name] for name in measure.missing]
        if measure.owner_id and measure.owner_id not in parties and not measure.owner_consent:
            lacks.append(_("the consent of the owner, who is not at the table"))
        if lacks:
            message = _('"%(measure)s" lacks: %(what)s.') % {"measure": measure.title, "what": ", ".join(lacks)}
            yield Missing(message, measure.get_absolute_url())


def _four_subjects(negotiation: Negotiation, _actor: Actor) -> Iterator[Missing]:
    """Goals, measures, cooperation and follow-up each have an entry or a reason (612/2021, 7 §)."""
    for subject in subjects(negotiation):
        if not subject.count and not subject.reason:
            yield Missing(
                _('Nothing under "%(subject)s". Add an entry, or write the reason.') % {"subject": subject.title},
                f"{negotiation.get_absolute_url()}perustelut/",
            )


def _both_languages(negotiation: Negotiation, _actor: Actor) -> Iterator[Missing]:
    number = len(untranslated(negotiation))
    if number:
        message = ngettext(
            "%(number)d text exists in one language only. Translate it or accept it as such.",
            "%(number)d texts exist in one language only. Translate them or accept them as such.",
            number,
        ) % {"number": number}
        yield Missing(message, f"{negotiation.get_absolute_url()}kielet/")


def _all_bytes_made(negotiation: Negotiation, _actor: Actor) -> Iterator[Missing]:
    current = negotiation.documents.filter(snapshot__is_draft=False, snapshot__withdrawn_at__isnull=True)
    if not current.exists() or current.exclude(state=Document.State.READY).exists():
        yield Missing(_("The memo's PDF files are not ready yet. Wait for them, or try again if one failed."))


def _all_outcomes(negotiation: Negotiation, _actor: Actor) -> Iterator[Missing]:
    for measure in Measure.objects.in_force().filter(negotiation=negotiation, outcome=""):
        yield Missing(_('No outcome yet: "%(measure)s".') % {"measure": measure.title}, measure.get_absolute_url())


_CHECKS: Final[dict[Need, Check]] = {
    Need.A_GUEST: _a_guest,
    Need.REACHABLE_GUESTS: _reachable_guests,
    Need.A_PROPOSAL_OR_NONE: _a_proposal_or_none,
    Need.ALL_DECIDED: _all_decided,
    Need.COMPLETE_MEASURES: _complete_measures,
    Need.FOUR_SUBJECTS: _four_subjects,
    Need.BOTH_LANGUAGES: _both_languages,
    Need.ALL_BYTES_MADE: _all_bytes_made,
    Need.ALL_OUTCOMES: _all_outcomes,
}


@dataclass(frozen=True, slots=True)
class StatutorySubject:
    """One of the four subjects of 612/2021, 7 §: how many entries stand under it, or why none."""

    code: str
    title: str
    count: int
    reason: str


def subjects(negotiation: Negotiation) -> list[StatutorySubject]:
    """Return the four statutory subjects with their numbers of shared entries, by one statement."""
    shared = Q(deleted_at__isnull=True, shared_at__isnull=False)
    here = shared & Q(negotiation=negotiation)
    # Fixed order and titles; common goals of the round count as goals of each of its talks.
    goals = Goal.objects.filter(here | (shared & Q(negotiation__isnull=True, round=negotiation.round_id)))
    rows: list[tuple[str, str, QuerySet[Any]]] = [
        ("goals", _("Goals"), goals),
        ("measures", _("Measures"), Measure.objects.filter(here).exclude(decision=Decision.WITHDRAWN)),
        ("cooperation", _("Cooperation"), Cooperation.objects.filter(here)),
        ("follow_up", _("Follow-up"), FollowUpPlan.objects.filter(here)),
    ]
    counts = _counts([queryset for _code, _title, queryset in rows])
    return [
        StatutorySubject(code, title, count, _reason(negotiation, code))
        for (code, title, _rows), count in zip(rows, counts, strict=True)
    ]


def _reason(negotiation: Negotiation, code: str) -> str:
    return getattr(negotiation, f"no_{code}_fi") or getattr(negotiation, f"no_{code}_sv") or ""


def _counts(querysets: Sequence[QuerySet[Any]]) -> list[int]:
    """Count several querysets in one statement."""
    parts = [
        queryset.order_by().annotate(place=Value(place)).values("place").annotate(number=Count("pk"))
        for place, queryset in enumerate(querysets)
    ]
    found = {row["place"]: row["number"] for row in parts[0].union(*parts[1:], all=True)}
    return [found.get(place, 0) for place in range(len(parts))]
