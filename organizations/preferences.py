"""Kinds of mail that a person may turn off: rooms register theirs, the profile page offers them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_kinds: dict[str, "StrPromise"] = {}


def offer_muting(kind: str, title: "StrPromise") -> None:
    """Let people turn a kind of mail off (called by a room when it is loaded)."""
    _kinds[kind] = title


def mutable_kinds() -> list[tuple[str, "StrPromise"]]:
    """Return the kinds that can be turned off, as choices of a form."""
    return list(_kinds.items())
