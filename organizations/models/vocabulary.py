"""The national code lists that every county shares: themes and age groups."""

from django.db import models
from django.utils.translation import get_language


class Term(models.Model):
    """A word of a national code list in three languages."""

    code = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveSmallIntegerField()
    name_fi = models.CharField(max_length=120)
    name_sv = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the word in the reader's language."""
        return self.named(get_language())

    def named(self, language: str | None) -> str:
        """Return the word in the given language."""
        return {"sv": self.name_sv, "en": self.name_en}.get(language or "fi") or self.name_fi


class Theme(Term):
    """What a goal is about (painopiste)."""


class AgeGroup(Term):
    """Whom a goal is for (ikäryhmä)."""
