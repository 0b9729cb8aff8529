"""Addresses of demo rows: made from what the row is, so that the same day gives the same links."""

import hashlib
from typing import Final

from hyte_portal.ids import ALPHABET, LENGTH

_BASE: Final = len(ALPHABET)


def public_id(*parts: object) -> str:
    """Return the short name that belongs to a row's place in the content."""
    number = int.from_bytes(hashlib.sha256("/".join(map(str, ("demo", *parts))).encode()).digest(), "big")
    letters = []
    for _place in range(LENGTH):
        number, letter = divmod(number, _BASE)
        letters.append(ALPHABET[letter])
    return "".join(letters)
