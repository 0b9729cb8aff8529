"""Texts of a bilingual negotiation that exist in one language only: filled, or accepted one by one as such."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hyte_portal.localized import CONTENT_LANGUAGES
from negotiations.models import AgendaItem, Cooperation, FollowUpPlan, Goal, Measure, Negotiation

NEGOTIATION_FIELDS: Final = ("title", "place", "no_goals", "no_measures", "no_cooperation", "no_follow_up")
FIELD_WORDS: Final = {
    "title": _("title"), "place": _("place"), "description": _("description"), "indicator": _("indicator"),
    "target": _("target value"), "details": _("more about it"), "resources": _("resources"),
    "follow_up": _("how it is followed"), "subject": _("subject"), "structure": _("structure and meeting rhythm"),
    "division": _("division of work"), "information": _("flow of information"), "agreement": _("agreement"),
    "what": _("what is followed"), "moments": _("moments"), "forum": _("where it is read"),
    "discussion": _("discussion"), "decision": _("what was agreed"), "no_goals": _("reason for no goals"),
    "no_measures": _("reason for no measures"), "no_cooperation": _("reason for no cooperation"),
    "no_follow_up": _("reason for no follow-up"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OneLanguageText:
    """A text that one of the talk's languages lacks."""

    row: Any
    field: str
    text: str
    language: str
    lacks: str

    @property
    def key(self) -> str:
        """Return the name by which a form accepts it."""
        return f"{type(self.row).__name__.lower()}-{self.row.public_id}-{self.field}"

    @property
    def field_words(self) -> str:
        """Return the field in words."""
        return str(FIELD_WORDS[self.field])


def untranslated(negotiation: Negotiation, *, accepted: bool = False) -> list[OneLanguageText]:
    """Return the shared texts that lack a language of the talk; with `accepted`, those accepted as such."""
    if not set(CONTENT_LANGUAGES) <= set(negotiation.languages):
        return []
    return [
        text for row, fields in _rows(negotiation) for text in _texts(row, fields)
        if (text.field in row.one_language_ok) == accepted
    ]  # fmt: skip


def _rows(negotiation: Negotiation) -> Iterator[tuple[Any, tuple[str, ...]]]:
    yield negotiation, NEGOTIATION_FIELDS
    common = Q(negotiation__isnull=True, round=negotiation.round_id)  # a common goal stands in each memo of its round
    for goal in Goal.objects.shared().filter(Q(negotiation=negotiation) | common).order_by("position", "pk"):
        yield goal, Goal.LOCALIZED
    for kind in (Measure, Cooperation, FollowUpPlan):
        for row in kind.objects.shared().filter(negotiation=negotiation).order_by("position", "pk"):
            yield row, kind.LOCALIZED
    for item in negotiation.agenda.order_by("position", "pk"):
        yield item, AgendaItem.LOCALIZED


def _texts(row: Any, fields: tuple[str, ...]) -> Iterator[OneLanguageText]:
    for field in fields:
        finnish, swedish = getattr(row, f"{field}_fi"), getattr(row, f"{field}_sv")
        if finnish and not swedish:
            yield OneLanguageText(row, field, finnish, "fi", "sv")
        elif swedish and not finnish:
            yield OneLanguageText(row, field, swedish, "sv", "fi")


@transaction.atomic
def accept(negotiation: Negotiation, keys: set[str]) -> int:
    """Accept the texts with these keys as existing in one language only; return how many."""
    chosen = [text for text in untranslated(negotiation) if text.key in keys]
    for text in chosen:
        kind = type(text.row)
        row = kind._default_manager.select_for_update().get(pk=text.row.pk)
        kind._default_manager.filter(pk=row.pk).update(one_language_ok=sorted({*row.one_language_ok, text.field}))
    return len(chosen)
