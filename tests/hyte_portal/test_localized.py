"""Which of two language versions a reader gets, and whether her own is missing."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from hyte_portal.localized import Localized, chosen, localized

FI, SV = "suomeksi", "på svenska"


@pytest.mark.parametrize(
    ("reader", "fi", "sv", "expected"),
    [
        ("fi", FI, SV, Localized(FI, "fi", fallback=False)),
        ("sv", FI, SV, Localized(SV, "sv", fallback=False)),
        ("sv", FI, "", Localized(FI, "fi", fallback=True)),
        ("fi", "", SV, Localized(SV, "sv", fallback=True)),
        ("en", FI, SV, Localized(FI, "fi", fallback=False)),
        ("en", "", SV, Localized(SV, "sv", fallback=True)),
        ("fi", "", "", Localized("", "fi", fallback=False)),
        ("sv", "", "", Localized("", "sv", fallback=False)),
    ],
)
def test_the_readers_own_language_first_then_the_other_marked(
    reader: str, fi: str, sv: str, expected: Localized
) -> None:
    with translation.override(reader):
        assert chosen(fi, sv) == expected
        assert localized(SimpleNamespace(title_fi=fi, title_sv=sv), "title") == expected


def test_an_empty_text_is_false_and_prints_nothing() -> None:
    assert not chosen("", "")
    assert str(chosen(FI, "", "sv")) == FI
