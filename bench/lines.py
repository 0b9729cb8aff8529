"""A line of the bench: ours beside a reference, and whether that is enough."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison; `cheaper` ones ask how many times the reference costs more, the others how many times less."""

    name: str
    ours: float
    reference: float
    against: str
    least: float
    goal: float
    unit: str = "ms"
    cheaper: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        """Return ours over the reference, or the reference over ours where more is better."""
        above, below = (self.reference, self.ours) if self.cheaper else (self.ours, self.reference)
        return above / below if below else float("inf")

    def holds(self, bound: float) -> bool:
        """Say whether the ratio keeps a bound."""
        return self.ratio >= bound if self.cheaper else self.ratio <= bound

    @property
    def verdict(self) -> str:
        """Return in one word how far it is."""
        return "goal" if self.holds(self.goal) else "least" if self.holds(self.least) else "SHORT"

    def __str__(self) -> str:
        sign = "≥" if self.cheaper else "≤"
        return (
            f"{self.name:<42}{self.ours:>10.1f} {self.reference:>10.1f} {self.unit:<3}{self.against:<26}"
            f"{self.ratio:>7.2f}  {sign}{self.least:<6g} {sign}{self.goal:<6g}{self.verdict}"
            + (f"  {self.note}" if self.note else "")
        )


HEAD = f"{'name':<42}{'ours':>10} {'reference':>10}    {'against':<26}{'ratio':>7}  {'least':<7} {'goal':<7}"
