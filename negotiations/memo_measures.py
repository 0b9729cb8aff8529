"""The measures of a memo as rows: goal by goal, with the positions that differ and last year's promises."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, npgettext, pgettext, pgettext_lazy

from negotiations.memo_words import block, inline, joined, listed, months, plain
from negotiations.snapshots import GoalPart, MeasureLine, Memo, PositionLine, PromiseLine
from negotiations.vocabulary import IN_FORCE, Decision, Outcome, PartyRole

UNDONE: Final = (Decision.DEFERRED, Decision.REJECTED, Decision.WITHDRAWN)
# The order in which a cell names what differs, with its heading and its kind for the style sheet.
DIFFERING: Final = {
    "reservation": pgettext_lazy("position", "Reservation: %(parties)s"),
    "not_accepted": pgettext_lazy("position", "Does not accept: %(parties)s"),
    "none": pgettext_lazy("position", "Position missing: %(parties)s"),
}
EXPLAINED: Final = {
    "reservation": pgettext_lazy("position", "Reservation, %(party)s."),
    "not_accepted": pgettext_lazy("position", "Not accepted, %(party)s."),
}
SAID: Final = {
    "reservation": ngettext_lazy(
        "%(party)s made a reservation to measure %(numbers)s.",
        "%(party)s made a reservation to measures %(numbers)s.",
        "count",
    ),
    "not_accepted": ngettext_lazy(
        "%(party)s does not accept measure %(numbers)s.",
        "%(party)s does not accept measures %(numbers)s.",
        "count",
    ),
    "none": ngettext_lazy(
        "%(party)s took no position on measure %(numbers)s.",
        "%(party)s took no position on measures %(numbers)s.",
        "count",
    ),
}
CARRIED: Final = {
    "": "",
    "continue": pgettext_lazy("carry-over", "continues"),
    "change": pgettext_lazy("carry-over", "continues changed"),
    "end": pgettext_lazy("carry-over", "ends"),
    "replace": pgettext_lazy("carry-over", "replaced"),
}


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One agreed measure as the table's cells, and the reasons that stand under it."""

    number: str
    wording: SafeString
    owner: SafeString
    partners: SafeString
    timetable: str
    follow_up: SafeString
    positions: SafeString
    reasons: tuple[SafeString, ...]
    differing: tuple[PositionLine, ...]
    all_accept: bool


@dataclass(frozen=True, slots=True)
class GoalBlock:
    """A goal with its number, its figure in words and its rows."""

    number: int
    title: SafeString
    description: SafeString
    facts: tuple[tuple[str, SafeString], ...]
    target: SafeString
    rows: tuple[MeasureRow, ...]


def goal_blocks(memo: Memo) -> list[GoalBlock]:
    """Give each goal its number, and its agreed measures theirs: 2, 2.1, 2.2."""
    return [_goal_block(goal, number) for number, goal in enumerate(memo.goals, 1)]


def has_positions(memo: Memo) -> bool:
    """Tell whether any party took a position; if not, the memo has no column for them."""
    measures = (measure for goal in memo.goals for measure in goal.measures if measure.decision in IN_FORCE)
    return any(line.position != "none" for measure in measures for line in measure.positions)


def undecided_rows(memo: Memo) -> list[tuple[SafeString, str, SafeString]]:
    """List the proposals that did not become measures, each with its reason."""
    return [
        (inline(measure.wording), str(Decision(measure.decision).label).lower(), inline(measure.reason))
        for goal in memo.goals
        for measure in goal.measures
        if measure.decision in UNDONE
    ]


def promise_rows(memo: Memo) -> list[tuple[SafeString | str, ...]]:
    """List last year's measures with how they went and what becomes of them."""
    return [
        (
            inline(line.wording),
            plain(line.owner),
            joined([_outcome(line), inline(line.reason)], ": "),
            str(CARRIED[line.carry_over]),
        )
        for line in memo.promises
    ]


def _outcome(line: PromiseLine) -> str:
    return str(Outcome(line.outcome).label).lower() if line.outcome else pgettext("outcome", "no information")


def position_sentences(blocks: list[GoalBlock]) -> Iterator[SafeString | str]:
    """Tell in the summary how many measures all accept, and who differs where."""
    rows = [row for part in blocks for row in part.rows]
    if not any(row.positions for row in rows):
        return
    count = sum(row.all_accept for row in rows)
    if count:
        yield npgettext(
            "measures", "%(n)s of them was accepted by all.", "%(n)s of them were accepted by all.", count
        ) % {"n": count}
    differing: dict[tuple[str, str], list[SafeString]] = {}
    for row in rows:
        link = format_html('<a href="#m-{}">{}</a>', row.number, row.number)
        for line in row.differing:
            differing.setdefault((line.position, plain(line.party)), []).append(link)
    for (position, party), links in differing.items():
        words = SAID[position] % {"count": len(links), "party": "{}", "numbers": "{}"}
        yield format_html(words, party, joined(links))


def _goal_block(goal: GoalPart, number: int) -> GoalBlock:
    agreed = [measure for measure in goal.measures if measure.decision in IN_FORCE]
    facts = (
        (pgettext("goal", "Indicator"), inline(goal.indicator)),
        (pgettext("goal", "Now"), inline(goal.baseline)),
        (pgettext("goal", "Target"), inline(goal.target)),
    )
    return GoalBlock(
        number=number,
        title=inline(goal.title),
        description=block(goal.description),
        facts=tuple((label, value) for label, value in facts if value),
        target=inline(goal.target),
        rows=tuple(_measure_row(measure, f"{number}.{place}") for place, measure in enumerate(agreed, 1)),
    )


def _measure_row(measure: MeasureLine, number: str) -> MeasureRow:
    taken = any(line.position != "none" for line in measure.positions)
    differing = tuple(line for line in measure.positions if line.position in DIFFERING) if taken else ()
    return MeasureRow(
        number=number,
        wording=_wording(measure),
        owner=_owner(measure),
        partners=_partners(measure),
        timetable=months(measure.starts_on, measure.ends_on),
        follow_up=inline(measure.follow_up),
        positions=_positions(measure.positions) if taken else SafeString(""),
        reasons=tuple(_reasons(measure)),
        differing=differing,
        all_accept=taken and not differing,
    )


def _wording(measure: MeasureLine) -> SafeString:
    wording = format_html("<p>{}</p>", inline(measure.wording))
    return wording + block(measure.description) if measure.description else wording


def _owner(measure: MeasureLine) -> SafeString:
    post = inline(measure.owner_post)
    owner = format_html("<strong>{}</strong>", inline(measure.owner))
    return format_html("{}, {}", owner, post) if post else owner


def _partners(measure: MeasureLine) -> SafeString:
    """Tell the rest of who and with what, in one quiet paragraph each."""
    partners = [f"{plain(line.name)} ({PartyRole(line.role).label})" for line in measure.partners]
    concerned = [plain(name) for name in measure.municipalities]
    parts = (
        (_("Partners: %(names)s"), ", ".join(partners)),
        (_("Concerns: %(names)s"), ", ".join(concerned)),
        (_("Resources: %(names)s"), plain(measure.resources)),
    )
    return joined([format_html("<p>{}</p>", label % {"names": words}) for label, words in parts if words], "")


def _positions(lines: tuple[PositionLine, ...]) -> SafeString:
    """Name only those who differ, else say that all accept."""
    cells = []
    for position, label in DIFFERING.items():
        names = [plain(line.party) for line in lines if line.position == position]
        if names:
            words = str(label) % {"parties": listed(names)}
            cells.append(format_html('<strong class="{}">{}</strong>', position, words))
    accepting = sum(line.position == "accepted" for line in lines)
    if not cells:
        return format_html("{}", _("All accept"))
    if accepting:
        cells.append(format_html("{}", npgettext("position", "the other accepts", "the others accept", accepting)))
    return joined(cells)


def _reasons(measure: MeasureLine) -> Iterator[SafeString]:
    """Print at the measure what a party reserved, how it was amended, and why an absent owner may own it."""
    for line in measure.positions:
        if line.position in EXPLAINED and line.reason:
            lead = str(EXPLAINED[line.position]) % {"party": plain(line.party)}
            yield format_html('<strong class="{}">{}</strong> {}', line.position, lead, block(line.reason))
    if measure.reason:
        yield format_html("<strong>{}</strong> {}", pgettext("decision", "Amended."), block(measure.reason))
    if measure.owner_consent:
        yield format_html("<strong>{}</strong> {}", _("Owner not at the table."), block(measure.owner_consent))
