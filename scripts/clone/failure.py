"""The one exception that ends a command with a sentence instead of a traceback."""


class CloneError(Exception):
    """Something the person at the keyboard must know or do, in one sentence."""
