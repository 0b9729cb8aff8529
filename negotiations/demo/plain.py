"""Rounds of the counties whose talks the content doesn't tell one by one: plain, but in every state."""

from collections.abc import Sequence
from typing import Final

from negotiations.demo.content import Catalogue, GuestText, RoundText, TalkText, Words
from negotiations.lifecycle import LIFE, State
from negotiations.vocabulary import RoundForm
from organizations.models import Organization

GROUP: Final = 5  # municipalities at one table
# How far the counties are, in turn: one pattern a county, one state a talk.
_PATTERNS: Final[tuple[tuple[State, ...], ...]] = (
    (State.PUBLISHED, State.MEMO_DRAFT, State.PREPARING),
    (State.PREPARING, State.INVITED),
    (State.FOLLOWING, State.FOLLOWING),
    (State.CONFIRMED, State.COMMENTING),
    (State.DRAFT,),
    (State.HELD, State.PUBLISHED),
    (State.INVITED, State.DRAFT),
    (State.PUBLISHED, State.PUBLISHED, State.COMMENTING),
    (State.CLOSED, State.FOLLOWING),
)
_DAYS: Final = {
    State.DRAFT: 45, State.INVITED: 33, State.PREPARING: 14, State.HELD: -2, State.MEMO_DRAFT: -9,
    State.COMMENTING: -17, State.CONFIRMED: -38, State.PUBLISHED: -58, State.FOLLOWING: -96, State.CLOSED: -110,
}  # fmt: skip
_CHAIRS: Final = ("Hilma Esimerkki", "Kaarlo Keksitty", "Tyyne Mallikas", "Yrjö Oletettu", "Saima Kuvitelma")


def plain_round(
    county: Organization,
    municipalities: Sequence[Organization],
    guest: Organization | None,
    catalogue: Catalogue,
    turn: int,
) -> RoundText:
    """Return a believable round of a county: talks by groups, or one joint talk where the county is small."""
    pattern = _PATTERNS[turn % len(_PATTERNS)]
    tables = _tables(municipalities, len(pattern))
    talks = tuple(
        _talk(county, table, guest, catalogue, state, turn + number)
        for number, (table, state) in enumerate(zip(tables, pattern, strict=False))
    )
    drawn = [goal.theme for goal in catalogue.goals if any(goal.key in talk.draw for talk in talks)]
    follows_now = any(talk.state in {State.FOLLOWING, State.CLOSED} for talk in talks)
    return RoundText(
        forms=(RoundForm.GROUPS if len(tables) > 1 else RoundForm.JOINT,),
        themes=tuple(dict.fromkeys(drawn)),
        effect=0 if follows_now else 1,
        phases={"invitation_by": -50, "talks_from": -110, "talks_until": 50, "memo_by": 58, "report_by": "++03-31"},
        talks=talks,
    )


def _tables(municipalities: Sequence[Organization], wanted: int) -> list[Sequence[Organization]]:
    """Seat the municipalities: in groups of about five, or all at one table."""
    if len(municipalities) <= GROUP:
        return [municipalities]
    size = max(2, min(GROUP, -(-len(municipalities) // max(wanted, 2))))
    return [municipalities[start : start + size] for start in range(0, len(municipalities), size)][: max(wanted, 1)]


def _talk(
    county: Organization,
    table: Sequence[Organization],
    guest: Organization | None,
    catalogue: Catalogue,
    state: State,
    turn: int,
) -> TalkText:
    keys = [goal.key for goal in catalogue.goals]
    goals = 0 if state in {State.DRAFT, State.INVITED} else 3
    is_early = state in LIFE[: LIFE.index(State.HELD)]
    preparations = ("ready", "under_way", "not_started") if is_early and state == State.PREPARING else ("not_started",)
    guests = [
        GuestText(one.slug, preparation=preparations[(turn + place) % len(preparations)])
        for place, one in enumerate(table)
    ]
    if guest:
        guests.append(GuestText(guest.slug))
    return TalkText(
        key=f"plain-{table[0].slug}",
        title=_title(county, table),
        on=_DAYS[state] + turn % 4,
        state=state.value,
        guests=tuple(guests),
        place=Words(f"{table[0].name_fi}, kunnantalo", f"{table[0].name_sv or table[0].name_fi}, kommungården"),
        chair=f"{_CHAIRS[turn % len(_CHAIRS)]}, {'sektordirektör' if county.languages[0] == 'sv' else 'toimialajohtaja'}",
        public_from=8 if state == State.CONFIRMED else None,
        comments_until=6 if state == State.COMMENTING else None,
        undecided=1 if state == State.HELD else 0,
        draw=tuple(keys[(5 * turn + 3 * step) % len(keys)] for step in range(goals)),
    )


def _title(county: Organization, table: Sequence[Organization]) -> Words:
    if len(table) > GROUP:
        return Words(
            f"{county.short_fi}: koko alueen hyte-neuvottelu", f"{county.short_sv}: hela områdets hyte-förhandling"
        )
    names = [one.name_fi for one in table], [one.name_sv or one.name_fi for one in table]
    finnish, swedish = (", ".join(one) for one in names)
    return Words(f"Hyte-neuvottelu: {finnish}", f"Hyte-förhandling: {swedish}")
