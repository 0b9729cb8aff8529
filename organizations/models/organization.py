"""Organisations: counties, municipalities, associations and the rest, with validity dates and successors."""

from datetime import date
from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hyte_portal.dates import today
from hyte_portal.sorting import sort_key


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Questions about many organisations."""

    def valid_on(self, day: date | None = None) -> Self:
        """Keep those that exist on the day (default today) and belong to the system."""
        day = day or today()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_until__isnull=True) | Q(valid_until__gt=day),
            in_scope=True,
        )

    def conveners(self) -> Self:
        """Keep those that have rounds: the 21 counties and Helsinki."""
        return self.filter(convenes=True)

    def by_name(self) -> Self:
        """Order by the name as the reader sees it."""
        return self.order_by(name_order(), "pk")

    def starting_with(self, text: str) -> Self:
        """Keep those whose Finnish, Swedish or short name starts with the text, whatever the case."""
        key = sort_key(text.strip())
        return self.filter(
            Q(sort_key_fi__startswith=key)
            | Q(sort_key_sv__startswith=key)
            | Q(short_fi__istartswith=text.strip())
            | Q(short_sv__istartswith=text.strip())
        )


def name_order(prefix: str = "") -> F:
    """Return the ordering of organisation names in the reader's language."""
    return F(f"{prefix}sort_key_{'sv' if get_language() == 'sv' else 'fi'}")


@pghistory.track()
class Organization(models.Model):
    """One real organisation. It is never deleted: a merged one ends and points to its successor."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("Wellbeing services county")
        MUNICIPALITY = "municipality", _("Municipality")
        AUTHORITY = "authority", _("Authority")
        ASSOCIATION = "association", _("Association")
        PARISH = "parish", _("Parish")
        NATIONAL = "national", _("National organisation")
        COMPANY = "company", _("Company")
        OTHER = "other", _("Other")

    class LanguageStatus(models.TextChoices):
        FINNISH = "fi", _("Finnish")
        SWEDISH = "sv", _("Swedish")
        BILINGUAL_FI = "bilingual-fi", _("Bilingual, majority Finnish")
        BILINGUAL_SV = "bilingual-sv", _("Bilingual, majority Swedish")

    kind = models.CharField(max_length=12, choices=Kind)
    slug = models.SlugField(max_length=80, unique=True)
    name_fi = models.CharField(max_length=200)
    name_sv = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    short_fi = models.CharField(max_length=80, blank=True)
    short_sv = models.CharField(max_length=80, blank=True)
    short_en = models.CharField(max_length=80, blank=True)
    language_status = models.CharField(max_length=12, choices=LanguageStatus, default=LanguageStatus.FINNISH)
    county = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="municipalities")
    areas = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="area_organizations")
    convenes = models.BooleanField(default=False)
    in_scope = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="First day on which it is no longer there.")
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    website = models.URLField(blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    added_by = models.ForeignKey(
        "organizations.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sort_key_fi = models.CharField(max_length=200, editable=False)
    sort_key_sv = models.CharField(max_length=200, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sort_key_fi"], name="organization_fi", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["sort_key_sv"], name="organization_sv", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["kind", "county"], name="organization_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the sort keys equal to the names shown."""
        self.sort_key_fi, self.sort_key_sv = sort_key(self.name_fi), sort_key(self.name_sv or self.name_fi)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        """Return the official name in the reader's language."""
        return self.named(get_language())

    def named(self, language: str | None) -> str:
        """Return the official name in the given language, else in Finnish."""
        return {"sv": self.name_sv, "en": self.name_en}.get(language or "fi") or self.name_fi

    @property
    def short(self) -> str:
        """Return the short name in the reader's language, else the name."""
        shorts = {"sv": self.short_sv, "en": self.short_en}
        return shorts.get(get_language() or "fi") or self.short_fi or self.name

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the content languages that it works in, the majority's first."""
        return {
            "fi": ("fi",),
            "sv": ("sv",),
            "bilingual-fi": ("fi", "sv"),
            "bilingual-sv": ("sv", "fi"),
        }[self.language_status]

    def is_valid_on(self, day: date | None = None) -> bool:
        """Say whether it exists on the day (default today)."""
        day = day or today()
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_until is None or self.valid_until > day)


class OrganizationCode(models.Model):
    """A code of an organisation in one classification (text: leading zeros matter)."""

    class Classification(models.TextChoices):
        MUNICIPALITY = "municipality"
        COUNTY = "county"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="codes")
    classification = models.CharField(max_length=12, choices=Classification)
    code = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["classification", "code"], name="organization_code_once"),
        ]
