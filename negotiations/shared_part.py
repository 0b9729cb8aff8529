"""What everyone at the table sees alike on a negotiation's page, kept by content version and language.

Rights are asked before; acts and a side's own drafts are drawn outside it (performance.md 3.2). Redis away = a miss.
"""

from dataclasses import dataclass

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from negotiations import needs
from negotiations.measure_table import goal_rows, incomplete
from negotiations.models import Negotiation
from negotiations.talk_page import SubjectCard, subject_cards


@dataclass(frozen=True, slots=True)
class SharedPart:
    """The drawn table, the four subjects and the parties of a talk."""

    table: SafeString
    subjects: list[SubjectCard]
    parties: list[str]
    has_goals: bool


def shared_part(talk: Negotiation) -> SharedPart:
    """Return the part, drawn anew when the content version has risen."""
    key = f"talk:{talk.pk}:{talk.content_version}:{talk.state}:{get_language()}"
    kept = caches["parts"].get(key)
    if kept is not None:
        return SharedPart(mark_safe(kept[0]), *kept[1:])  # noqa: S308 - our own template's text
    part = _draw(talk)
    caches["parts"].set(key, (str(part.table), part.subjects, part.parties, part.has_goals))
    return part


def _draw(talk: Negotiation) -> SharedPart:
    goals = goal_rows(talk)
    table = render_to_string("negotiations/_goal_table.html", {"goals": goals, "decided": talk.held_at is not None})
    parties = talk.participations.select_related("organization").order_by("-side", "pk")
    return SharedPart(
        table,
        subject_cards(talk, needs.subjects(talk), incomplete(goals)),
        [party.organization.short for party in parties],
        bool(goals),
    )
