"""The words of a memo in the document's language: headings, labels, dates and times made into text once."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hyte_portal.dates import local
from hyte_portal.localized import Localized, chosen
from hyte_portal.text import render_markdown
from negotiations.snapshots import Text

BASES: Final = {
    "7": gettext_lazy(
        "The wellbeing services county must negotiate at least once a year with the municipalities of its "
        "area and with others who promote wellbeing and health there, about goals, measures, cooperation and "
        "follow-up (act on organising healthcare and social welfare 612/2021, section 7)."
    ),
    "6": gettext_lazy(
        "The City of Helsinki must negotiate at least once a year with others who promote wellbeing and "
        "health in its area, about goals, measures, cooperation and follow-up (act on organising healthcare "
        "and social welfare 612/2021, section 6)."
    ),
    "14": gettext_lazy(
        "The wellbeing services county negotiates with the municipalities of its area on cooperation and the "
        "division of work (act on wellbeing services counties 611/2021, section 14)."
    ),
}
SUBJECTS: Final = {
    "goals": pgettext_lazy("memo", "Goals"),
    "measures": pgettext_lazy("memo", "Measures"),
    "cooperation": pgettext_lazy("memo", "Cooperation"),
    "follow_up": pgettext_lazy("memo", "Follow-up"),
}
ONLY_IN: Final = {"fi": gettext_lazy("only in Finnish"), "sv": gettext_lazy("only in Swedish")}


def inline(text: Text) -> SafeString:
    """Show a plain text of one line, marked if it exists in the other language only."""
    shown = chosen(text.fi, text.sv)
    if not shown.fallback:
        return format_html("{}", shown.text)
    return format_html('<span lang="{}">{}</span> {}', shown.language, shown.text, _mark(shown))


def block(text: Text) -> SafeString:
    """Show a text of paragraphs and lists, marked if it exists in the other language only."""
    shown = chosen(text.fi, text.sv)
    html = render_markdown(shown.text)
    if not shown.fallback:
        return html
    return format_html('<div lang="{}">{}</div><p>{}</p>', shown.language, html, _mark(shown))


def secret(ground: str) -> SafeString:
    """Mark a passage that stands in the parties' copy only, with the law's ground."""
    words = _("confidential, not in the public copy: %(ground)s") % {"ground": ground}
    return format_html('<span class="secret">({})</span>', words)


def plain(text: Text) -> str:
    """Give the bare words, for where a mark has no room: names of organisations, titles."""
    return chosen(text.fi, text.sv).text


def joined(parts: Iterable[SafeString | str], separator: str = ", ") -> SafeString:
    """Put the parts that say something after one another."""
    return format_html_join(separator, "{}", ((part,) for part in parts if part))


def listed(names: Iterable[str]) -> str:
    """Write names as a sentence does: a, b and c."""
    *first, last = list(names) or [""]
    if not first:
        return last
    return pgettext("end of a list", "%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


def day(value: date) -> str:
    """Write a date with figures: 4.12.2026."""
    return f"{value.day}.{value.month}.{value.year}"


def clock(value: datetime) -> str:
    """Write the local time: 9.05."""
    moment = local(value)
    return f"{moment.hour}.{moment.minute:02}"


def when(start: datetime | None, end: datetime | None) -> str:
    """Write the talk's time: tiistai 10.11.2026 klo 9.00–12.05."""
    if start is None:
        return ""
    hours = f"{clock(start)}–{clock(end)}" if end else clock(start)
    names = {"weekday": date_format(local(start), "l"), "date": day(local(start)), "hours": hours}
    return _("%(weekday)s %(date)s at %(hours)s") % names


def at(value: datetime) -> str:
    """Write a moment: 4.12.2026 klo 14.05."""
    moment = {"date": day(local(value)), "hours": clock(value)}
    return _("%(date)s at %(hours)s") % moment


def months(start: date | None, end: date | None) -> str:
    """Write a timetable by months: 1/2027–12/2027."""
    ends = [f"{value.month}/{value.year}" for value in (start, end) if value]
    return "–".join(dict.fromkeys(ends))


def _mark(shown: Localized) -> SafeString:
    return format_html('<em class="only">({})</em>', ONLY_IN[shown.language])
