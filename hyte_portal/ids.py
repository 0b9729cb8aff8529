"""Short random names of rows for addresses: they can't be counted through, and can be read aloud."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0/o, 1/i/l
LENGTH = 10


def new_public_id() -> str:
    """Return a random name of ten unambiguous letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
