"""A round: one convener, one year, one legal basis."""

from datetime import date
from typing import TYPE_CHECKING, Final, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hyte_portal.localized import Localized, chosen
from hyte_portal.models import Named, Versioned
from negotiations import access
from negotiations.lifecycle import Act, RoundState
from negotiations.vocabulary import Basis, RecordType, RoundForm
from organizations.actors import Actor
from organizations.models import AgeGroup, Organization, Theme

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# The year's phases in order (domain.md 3.2): the field, its words. Dates are the convener's; months only a default.
PHASES: Final["tuple[tuple[str, StrPromise], ...]"] = (
    ("evidence_from", _("Evidence base is gathered from")),
    ("invitation_by", _("Invitations are sent by")),
    ("preparation_from", _("Preparation opens")),
    ("preparation_until", _("Preparation is ready by")),
    ("talks_from", _("Negotiations begin")),
    ("talks_until", _("Negotiations end")),
    ("memo_by", _("Memos are confirmed by")),
    ("handling_by", _("Handled in the organisations' bodies by")),
    ("follow_up_1", _("First follow-up")),
    ("follow_up_2", _("Second follow-up")),
    ("report_by", _("Yearly report by")),
)


def round_name(name_fi: str, name_sv: str, year: int) -> Localized:
    """Return a round's local name, or "Hyte-neuvottelut <year>", from its bare columns."""
    named = chosen(name_fi, name_sv)
    return named or chosen(f"Hyte-neuvottelut {year}", f"Hyte-förhandlingar {year}")


class RoundQuerySet(models.QuerySet["Round"]):
    """Questions about rounds."""

    def allowing(self, act: Act, actor: Actor) -> Self:
        """Keep those with which the actor can do this now."""
        return self.filter(access.granted(act, actor))

    def visible_to(self, actor: Actor) -> Self:
        """Keep those that the actor may see."""
        return self.allowing(Act.SEE_ROUND, actor)


@pghistory.track()
class Round(Named, Versioned):
    """One convener's talks of one year on one legal basis."""

    convener = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="rounds")
    year = models.PositiveSmallIntegerField(_("year of the negotiations"))
    year_of_effect = models.PositiveSmallIntegerField(_("year of effect"))
    basis = models.CharField(_("legal basis"), max_length=2, choices=Basis, default=Basis.SECTION_7)
    name_fi = models.CharField(_("name in Finnish"), max_length=160, blank=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=160, blank=True)
    forms = ArrayField(models.CharField(max_length=10, choices=RoundForm), default=list)
    themes = models.ManyToManyField(Theme, blank=True)
    age_groups = models.ManyToManyField(AgeGroup, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list)
    record_type = models.CharField(_("record"), max_length=8, choices=RecordType, default=RecordType.MEMO)
    comment_days = models.PositiveSmallIntegerField(_("days for comments"), default=14)
    evidence_from = models.DateField(null=True, blank=True)
    invitation_by = models.DateField(null=True, blank=True)
    preparation_from = models.DateField(null=True, blank=True)
    preparation_until = models.DateField(null=True, blank=True)
    talks_from = models.DateField(null=True, blank=True)
    talks_until = models.DateField(null=True, blank=True)
    memo_by = models.DateField(null=True, blank=True)
    handling_by = models.DateField(null=True, blank=True)
    follow_up_1 = models.DateField(null=True, blank=True)
    follow_up_2 = models.DateField(null=True, blank=True)
    report_by = models.DateField(null=True, blank=True)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next_rounds")
    state = models.CharField(max_length=8, choices=RoundState, default=RoundState.PLANNED)
    is_example = models.BooleanField(default=False, help_text="Demo content: every page and PDF says so.")

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["convener", "year", "basis"], name="round_once_a_year"),
            models.CheckConstraint(condition=Q(year__gte=2020, year__lte=2100), name="round_year_is_sane"),
        ]
        indexes = [models.Index(fields=["year", "convener"], name="round_year")]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        """Return the round's page in the reader's language."""
        return reverse("negotiations:round", args=[self.public_id])

    @property
    def name(self) -> Localized:
        """Return the local name, or "Hyte-neuvottelut <year>" in the reader's language."""
        return round_name(self.name_fi, self.name_sv, self.year)

    @property
    def form_words(self) -> list[str]:
        """Return who sit together, in words."""
        return [str(RoundForm(form).label) for form in self.forms]

    @property
    def language_words(self) -> list[str]:
        """Return the languages of the record, in words."""
        words = {"fi": _("Finnish"), "sv": _("Swedish")}
        return [str(words[code]) for code in self.languages]

    @property
    def phases(self) -> list[tuple["StrPromise", date]]:
        """Return the phases that have a date, in order of the year."""
        return [(words, getattr(self, field)) for field, words in PHASES if getattr(self, field)]
