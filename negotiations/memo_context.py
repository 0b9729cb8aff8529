"""What the memo's template needs, as ready text: sections with numbers that close up, rows, the summary."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from negotiations import memo_measures, memo_words
from negotiations.memo_measures import GoalBlock
from negotiations.memo_words import block, day, inline, joined, listed, plain
from negotiations.snapshots import AgendaLine, AttendeeLine, Memo, Person, Text, short_check_value
from negotiations.vocabulary import Channel, Presence, RecordType, Section

Row = tuple[SafeString | str, ...]
FOREWORD: Final = 240


@dataclass(frozen=True, slots=True)
class Line:
    """A passage beside its label: what was discussed, what was agreed, or a plain fact."""

    label: str
    text: SafeString
    is_decision: bool = False
    title: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part of the memo."""

    code: str
    heading: str
    lines: tuple[Line, ...] = ()
    number: str = ""

    @property
    def label_tag(self) -> str:
        """Name the heading level of the labels: one below the items' titles, where there are any."""
        return "h4" if any(line.title for line in self.lines) else "h3"


def memo_context(memo: Memo, *, reach: str, check_value: str) -> dict[str, object]:
    """Prepare everything that the template shows, in the language that is active now."""
    blocks = memo_measures.goal_blocks(memo)
    return {
        "memo": memo,
        "kind": RecordType(memo.record_type).label,
        "heading": plain(memo.round_name),
        "title": inline(memo.title),
        "sender": plain(memo.sender),
        "dated": day(memo.dated),
        "status": _status(memo),
        "edge": _edge(memo),
        "foot": _foot(memo, check_value),
        "is_public_copy": reach == "public",
        "check_value": short_check_value(check_value),
        "facts": tuple(_facts(memo)),
        "summary": _summary(memo, blocks),
        "sections": _numbered(memo, _sections(memo, blocks)),
        "attendance": _attendance(memo),
        "absent": [_absent(line) for line in memo.attendees if line.presence == Presence.ABSENT],
        "promises": memo_measures.promise_rows(memo),
        "blocks": blocks,
        "with_positions": memo_measures.has_positions(memo),
        "undecided": memo_measures.undecided_rows(memo),
        "cooperation": _cooperation(memo),
        "follow_up": _follow_up(memo),
        "confirmations": _confirmations(memo),
        "attachments": [inline(line.title) for line in memo.attachments],
        "distribution": listed(plain(name) for name in memo.distribution),
        "informed": listed(plain(name) for name in memo.informed),
    }


# -- Head --------------------------------------------------------------------------------------------------
def document_title(memo: Memo) -> str:
    """Name the document for the reader's window and library: memo, round, who negotiated."""
    kind = str(RecordType(memo.record_type).label)
    return f"{plain(memo.round_name)}: {plain(memo.title)} – {kind.lower()}"


def _status(memo: Memo) -> tuple[str, str]:
    word = pgettext("memo", "Draft") if memo.status == "draft" else pgettext("memo", "Confirmed")
    version = _("version %(version)s") % {"version": memo.version}
    return word, f"{day(memo.dated)}, {version}"


def _edge(memo: Memo) -> str:
    """Word the mark along the edge of every page of a draft."""
    return f"{pgettext('memo', 'Draft')} {day(memo.dated)}" if memo.status == "draft" else ""


def _foot(memo: Memo, check_value: str) -> tuple[str, str]:
    word, rest = _status(memo)
    if memo.status == "draft":
        middle = _("Not confirmed: the text may change")
    else:
        middle = _("Check value %(value)s") % {"value": short_check_value(check_value)}
    return f"{word} {rest.replace(', ', ' · ')}", middle


def _facts(memo: Memo) -> Iterator[tuple[str, SafeString | str]]:
    place = joined([inline(memo.place), _("remote attendance") if memo.is_remote else ""])
    names = listed(plain(party.name) for party in memo.parties)
    facts: tuple[tuple[str, SafeString | str], ...] = (
        (pgettext("memo", "Time"), memo_words.when(memo.starts_at, memo.ends_at)),
        (pgettext("memo", "Place"), place),
        (pgettext("memo", "Parties"), names),
        (pgettext("memo", "Chair"), person(memo.chair)),
        (pgettext("memo", "Secretary"), person(memo.secretary)),
        (pgettext("memo", "Languages"), _languages(memo)),
    )
    return ((label, value) for label, value in facts if value)


def _languages(memo: Memo) -> str:
    if len(memo.languages) < 2:
        return ""
    return _("this memo exists in Finnish and in Swedish")


def person(who: Person) -> SafeString:
    """Write a person as a memo does: name, post, organisation; without a name if it isn't told."""
    return joined([who.name, inline(who.capacity), plain(who.organization)])


# -- Summary -----------------------------------------------------------------------------------------------
def _summary(memo: Memo, blocks: list[GoalBlock]) -> dict[str, object]:
    rows = tuple(_summary_rows(memo))
    return {
        "sentences": joined(_sentences(memo, blocks), " "),
        "rows": rows,
        "is_shown": bool(blocks or rows),
    }


def _sentences(memo: Memo, blocks: list[GoalBlock]) -> Iterator[SafeString | str]:
    goals = len(blocks)
    measures = sum(len(part.rows) for part in blocks)
    if not goals:
        return
    yield _("The parties agreed on %(goals)s and %(measures)s for %(year)s.") % {
        "goals": npgettext("agreed on", "%(n)s goal", "%(n)s goals", goals) % {"n": goals},
        "measures": npgettext("agreed on", "%(n)s measure", "%(n)s measures", measures) % {"n": measures},
        "year": memo.year_of_effect,
    }
    yield from memo_measures.position_sentences(blocks)


def _summary_rows(memo: Memo) -> Iterator[tuple[str, str]]:
    """Tell the other three subjects in a line each: only what someone must know who reads no further."""
    rows = (
        ("cooperation", "; ".join(plain(line.subject) for line in memo.cooperation)),
        ("follow_up", "; ".join(plain(line.moments) or plain(line.what) for line in memo.follow_up)),
    )
    for subject, words in rows:
        if words:
            yield str(memo_words.SUBJECTS[subject]), shortened(words)
    coming = " ".join(_coming(memo))
    if coming:
        yield pgettext("memo", "Next"), coming


def _coming(memo: Memo) -> Iterator[str]:
    """Tell what comes next: the parties' own bodies, and the next talk."""
    if memo.handled_by:
        yield _("The parties handle this in their own bodies by %(date)s.") % {"date": day(memo.handled_by)}
    if memo.next_talk_on:
        yield _("The next negotiation is on %(date)s.") % {"date": day(memo.next_talk_on)}


def shortened(words: str, limit: int = FOREWORD) -> str:
    """Cut a long text at a word for the summary; the whole stands in its section."""
    words = " ".join(words.split())
    if len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(" ,;") + " …"


# -- Sections ----------------------------------------------------------------------------------------------
def _sections(memo: Memo, blocks: list[GoalBlock]) -> Iterator[Part]:
    """Give the sections that have something to say, in the memo's order."""
    filled = {
        Section.OPENING: memo.attendees,
        Section.PREVIOUS: memo.promises,
        Section.MEASURES: blocks or memo_measures.undecided_rows(memo),
        Section.COOPERATION: memo.cooperation,
        Section.FOLLOW_UP: memo.follow_up,
    }
    for section in Section:
        lines = tuple(_lines(memo, section))
        if lines or filled.get(section):
            yield Part(section.value, str(section.label), lines)


def _lines(memo: Memo, section: Section) -> Iterator[Line]:
    """Give a section's passages: the law, the agenda's items, why it is empty, what comes next."""
    if section == Section.PURPOSE:
        yield Line(pgettext("memo", "Legal basis"), _paragraph(str(memo_words.BASES[memo.basis])))
    for item in memo.agenda:
        if item.section == section:
            yield from _item_lines(item)
    for reason in memo.reasons:
        if reason.subject == section and reason.reason:
            yield Line(pgettext("memo", "No entries"), block(reason.reason))
    coming = " ".join(_coming(memo)) if section == Section.NEXT_STEPS else ""
    if coming:
        yield Line(pgettext("memo", "Next"), _paragraph(coming))


def _paragraph(words: str) -> SafeString:
    return format_html("<p>{}</p>", words)


def _numbered(memo: Memo, parts: Iterator[Part]) -> list[Part]:
    """Close the numbers up: plain ones in a memo, § in minutes."""
    mark = "%d §" if memo.record_type == RecordType.MINUTES else "%d"
    return [replace(part, number=mark % number) for number, part in enumerate(parts, 1)]


def _item_lines(item: AgendaLine) -> Iterator[Line]:
    title: SafeString | str = inline(item.title)
    if item.confidential_ground:
        title = joined([title, memo_words.secret(item.confidential_ground)], " ")
    if item.discussion:
        yield Line(pgettext("memo", "Discussion"), block(item.discussion), title=title)
        title = ""
    if item.decision:
        yield Line(pgettext("memo", "Agreed"), block(item.decision), is_decision=True, title=title)


# -- Who was there -----------------------------------------------------------------------------------------
def _attendance(memo: Memo) -> list[tuple[str, list[Row]]]:
    """Group those present by organisation, in the order of the parties."""
    groups: dict[Text, list[Row]] = {party.name: [] for party in memo.parties}
    for line in memo.attendees:
        if line.presence != Presence.ABSENT:
            groups.setdefault(line.person.organization, []).append(_attendee(line))
    return [(plain(name), rows) for name, rows in groups.items() if rows]


def _attendee(line: AttendeeLine) -> Row:
    presence = Presence(line.presence).label
    name = line.person.name or _("name not public")
    present = line.part if line.presence == Presence.PART and line.part else str(presence)
    return name, inline(line.person.capacity), str(Channel(line.channel).label), present


def _absent(line: AttendeeLine) -> SafeString:
    who = person(line.person)
    return format_html("{} ({})", who, line.part) if line.part else who


# -- The other tables --------------------------------------------------------------------------------------
def _cooperation(memo: Memo) -> list[Row]:
    return [
        (
            inline(line.subject),
            joined([block(line.structure), block(line.agreement)], ""),
            joined([block(line.division), block(line.contacts)], ""),
            block(line.information),
        )
        for line in memo.cooperation
    ]


def _follow_up(memo: Memo) -> list[Row]:
    return [
        (inline(line.what), block(line.moments), inline(line.responsible), block(line.forum)) for line in memo.follow_up
    ]


def _confirmations(memo: Memo) -> list[Row]:
    return [(person(line.person), memo_words.at(line.at), inline(line.reason)) for line in memo.confirmations]
