"""One way from a sent form to a saved row: checked, under the talk's lock, once; or the page again with what is wrong."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hyte_portal.models import StaleVersionError
from hyte_portal.submissions import once
from negotiations.actions import NotNowError
from negotiations.lifecycle import Act
from negotiations.models import Negotiation
from negotiations.writing import begin, refuse_strangers
from organizations.http import ActorRequest

form_page: Final = require_http_methods(["GET", "HEAD", "POST"])


def posted(request: ActorRequest) -> QueryDict | None:
    """Return what was sent, or None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def require(request: ActorRequest, talk: Negotiation, act: Act) -> None:
    """Raise PermissionDenied unless the actor can do the act with the talk now."""
    if act not in talk.acts_for(request.actor):
        raise PermissionDenied(_("You can read this negotiation, but not do this in the state in which it is now."))


def written(
    request: ActorRequest, talk: Negotiation, act: Act, form: forms.BaseForm, work: Callable[[], Any], *, to: str
) -> HttpResponse | int:
    """Do the work of a sent form; return the way on, or the status of the page that is shown (again).

    200 opens the page, 422 tells what to correct, 409 that another was quicker: what was typed stays in the form.
    """
    if request.method != "POST":
        require(request, talk, act)
        return 200
    refuse_strangers(talk, act, request.actor)
    if not form.is_valid():
        return 422
    try:
        with once(request) as sent:
            if sent.repeated:
                return redirect(sent.result_url)
            begin(talk, act, request.actor)
            work()
            sent.result_url = to
    except StaleVersionError:
        form.show_conflict()  # type: ignore[attr-defined]  # only forms with a version raise it
        return 409
    except NotNowError:
        form.add_error(None, _("The negotiation has moved on, so nothing was saved. Copy your text before you leave."))
        return 409
    return redirect(to)


def pressed(request: ActorRequest, talk: Negotiation, act: Act, work: Callable[[], Any], *, to: str) -> HttpResponse:
    """Do the work of a button that asks nothing; a talk that has moved on is told on the page that follows."""
    try:
        with once(request) as sent:
            if not sent.repeated:
                begin(talk, act, request.actor)
                work()
                sent.result_url = to
    except NotNowError:
        messages.error(request, _("The negotiation has moved on, so nothing was changed."))
    return redirect(to)
