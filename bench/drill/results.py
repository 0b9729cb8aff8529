"""What a drill found: figures beside what was asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a drill."""

    drill: str
    words: str
    asked: str
    holds: bool

    def __str__(self) -> str:
        return f"{self.drill:<5}{self.words:<74}{self.asked:<40}{'ok' if self.holds else 'SHORT'}"


def exactly(drill: str, what: str, number: int, wanted: int) -> Figure:
    """Return a figure that must be one number."""
    return Figure(drill, f"{what}: {number}", str(wanted), number == wanted)


def at_least(drill: str, what: str, number: float, wanted: float) -> Figure:
    """Return a figure that must reach a number."""
    return Figure(drill, f"{what}: {number:g}", f"≥ {wanted:g}", number >= wanted)


def at_most(drill: str, what: str, number: float, wanted: float) -> Figure:
    """Return a figure that may not pass a number."""
    return Figure(drill, f"{what}: {number:g}", f"≤ {wanted:g}", number <= wanted)
