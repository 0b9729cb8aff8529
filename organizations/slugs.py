"""Readable names of organisations for addresses."""

from typing import Final

from django.utils.text import slugify

from organizations.models import Organization

_LETTERS: Final = str.maketrans({"å": "a", "ä": "a", "ö": "o", "Å": "A", "Ä": "A", "Ö": "O"})
LONGEST: Final = 80


def slug_of(name: str) -> str:
    """Return the name as part of an address: "Pohjois-Pohjanmaa" gives "pohjois-pohjanmaa", ä gives a."""
    return slugify(name.translate(_LETTERS))[:LONGEST].strip("-")


def free_slug(name: str) -> str:
    """Return a slug for a new organisation that no other one has."""
    start = slug_of(name)[: LONGEST - 4] or "organisaatio"
    taken = set(Organization.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    if start not in taken:
        return start
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{start}-{number}") not in taken)
