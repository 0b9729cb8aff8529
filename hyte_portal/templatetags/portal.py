"""A handful of tags that every page uses."""

import uuid
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.middleware.csrf import get_token
from django.template.context import RequestContext
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hyte_portal.dates import local, today
from hyte_portal.localized import Localized
from hyte_portal.text import render_markdown

register = template.Library()


@register.simple_tag(takes_context=True)
def form_start(context: RequestContext) -> SafeString:
    """Write what each form carries: the CSRF token, the organisation acted for, a key that makes it count once."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    slug = actor.organization.slug if actor and actor.organization else ""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="acting_for" value="{}">'
        '<input type="hidden" name="submission_key" value="{}">',
        get_token(request),
        slug,
        uuid.uuid4(),
    )


@register.simple_tag
def pair(form: BaseForm, name: str) -> SafeString:
    """Draw the Finnish and Swedish fields of a pair, beside each other where both are asked."""
    fields = [form[key] for key in (f"{name}_fi", f"{name}_sv") if key in form.fields]
    drawn = format_html_join("", "{}", ((field.as_field_group(),) for field in fields))
    return format_html('<div class="pair">{}</div>', drawn) if len(fields) > 1 else drawn


@register.simple_tag
def words(text: Localized | None) -> SafeString:
    """Write a two-language text with its language, and the mark that the reader's own is missing."""
    if not text:
        return SafeString("")
    body = (
        format_html('<span lang="{}">{}</span>', text.language, text.text)
        if _foreign(text)
        else format_html("{}", text.text)
    )
    return format_html("{} {}", body, only_in(text)) if text.fallback else body


@register.simple_tag
def prose(text: Localized | str | None) -> SafeString:
    """Write a longer text from its Markdown subset."""
    if not text:
        return SafeString("")
    if isinstance(text, str):
        return format_html('<div class="prose">{}</div>', render_markdown(text))
    return format_html(
        '<div class="prose" lang="{}">{}{}</div>',
        text.language,
        render_markdown(text.text),
        only_in(text) if text.fallback else "",
    )


def _foreign(text: Localized) -> bool:
    return text.language != get_language()


def only_in(text: Localized) -> SafeString:
    """Return the visible mark of a text that lacks the reader's language."""
    label = _("only in Finnish") if text.language == "fi" else _("only in Swedish")
    return format_html('<span class="only-in">{}</span>', label)


@register.filter
def weekday_date(day: date | datetime | None) -> str:
    """Write a date with its weekday, as where one must act: "pe 27.11.2026"."""
    if day is None:
        return ""
    day = local(day).date() if isinstance(day, datetime) else day
    return f"{formats.date_format(day, 'D').lower()} {day.day}.{day.month}.{day.year}"


@register.filter
def clock(moment: datetime | None) -> str:
    """Write a clock time in Helsinki: "9.00"."""
    return f"{local(moment).hour}.{local(moment).minute:02d}" if moment else ""


@register.filter
def day_and_clock(moment: datetime | None) -> str:
    """Write a moment: "ti 10.11.2026 klo 9.00"."""
    if moment is None:
        return ""
    return _("%(day)s at %(clock)s") % {"day": weekday_date(moment), "clock": clock(moment)}


@register.filter
def days_from_now(day: date | None) -> str:
    """Write how far a due date is: "in 3 days", "today", "2 days late"."""
    if day is None:
        return ""
    left = (day - today()).days
    if left == 0:
        return _("today")
    if left > 0:
        return ngettext("in %(days)d day", "in %(days)d days", left) % {"days": left}
    return ngettext("%(days)d day late", "%(days)d days late", -left) % {"days": -left}


@register.filter
def ago(day: date | datetime | None) -> str:
    """Write how fresh something is: "3 weeks ago"."""
    if day is None:
        return ""
    passed = (today() - (local(day).date() if isinstance(day, datetime) else day)).days
    if passed < 1:
        return _("today")
    if passed >= 365:
        return ngettext("%(n)d year ago", "%(n)d years ago", passed // 365) % {"n": passed // 365}
    if passed >= 30:
        return ngettext("%(n)d month ago", "%(n)d months ago", passed // 30) % {"n": passed // 30}
    if passed >= 7:
        return ngettext("%(n)d week ago", "%(n)d weeks ago", passed // 7) % {"n": passed // 7}
    return ngettext("%(n)d day ago", "%(n)d days ago", passed) % {"n": passed}


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Return a value of a mapping by a key that is a variable."""
    return mapping.get(key) if mapping else None
