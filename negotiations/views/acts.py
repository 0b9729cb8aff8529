"""Doing an act: its page says what it does and asks what it needs; the press does it once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hyte_portal.submissions import once
from negotiations import needs
from negotiations.act_words import WORDS
from negotiations.actions import IncompleteError, NotNowError, perform
from negotiations.deleting import delete_talk
from negotiations.finding import find_negotiation
from negotiations.forms.acts import ActForm, form_for
from negotiations.lifecycle import RULES, Act, Subject
from negotiations.models import Measure, Negotiation
from negotiations.warnings import show_warnings
from organizations.http import ActorRequest

# Acts with pages of their own.
_ELSEWHERE = {Act.INVITE, Act.EDIT, Act.EDIT_TALK, Act.SHARE, Act.COMMENT, Act.ADD_PARTY, Act.FOLLOW}


def _read_act(name: str) -> Act:
    """Return the act of an address; an unknown one, or one with its own page, is 404."""
    try:
        act = Act(name)
    except ValueError:
        raise Http404 from None
    if act in _ELSEWHERE or act not in WORDS or RULES[act].subject != Subject.NEGOTIATION:
        raise Http404
    return act


@require_http_methods(["GET", "HEAD", "POST"])
def act_page(request: ActorRequest, public_id: str, act: str) -> HttpResponse:
    """Ask what the act needs, say what it does, and do it."""
    wanted = _read_act(act)
    talk = find_negotiation(request, public_id)
    form = form_for(wanted)(request.POST or None, talk=talk, act=wanted, actor=request.actor)
    form.initial.setdefault("party", request.GET.get("party", ""))  # a link on the parties' page names it
    if request.method == "POST" and form.is_valid():
        return _do(request, talk, wanted, form)
    if wanted not in talk.acts_for(request.actor):
        return not_now(request, talk, wanted)
    return _page(request, talk, wanted, form, status=422 if form.is_bound else 200)


def _do(request: ActorRequest, talk: Negotiation, act: Act, form: ActForm) -> HttpResponse:
    try:
        with once(request) as sent:
            if not sent.repeated:
                _perform(request, talk, act, form)
                show_warnings(request, form.warnings)
                sent.result_url = talk.get_absolute_url()
    except NotNowError:
        return not_now(request, talk, act)
    except IncompleteError as error:
        return _page(request, talk, act, form, missing=error.missing, status=422)
    return redirect(sent.result_url)


def _perform(request: ActorRequest, talk: Negotiation, act: Act, form: ActForm) -> None:
    if act == Act.DELETE_TALK:
        delete_talk(talk, by=request.actor)
        messages.success(request, _("The plan was deleted. You can bring it back from the round's page for 30 days."))
    else:
        perform(talk, act, by=request.actor, details=form.details())


def not_now(request: ActorRequest, talk: Negotiation, act: Act, *, measure: Measure | None = None) -> HttpResponse:
    """Answer an act that came too late (409), or from one who may never do it (403)."""
    if measure is None:
        able = Negotiation.objects.ever_allowing(act, request.actor).filter(pk=talk.pk).exists()
    else:
        able = Measure.objects.ever_allowing(act, request.actor).filter(pk=measure.pk).exists()
    if not able:
        raise PermissionDenied(_("This act belongs to another party or duty."))
    talk.refresh_from_db()
    typed = [value for name in request.POST for value in request.POST.getlist(name) if " " in value.strip()]
    context = {"talk": talk, "measure": measure, "words": WORDS[act], "typed": typed}
    return render(request, "negotiations/not_now.html", context, status=409)


def _page(
    request: ActorRequest,
    talk: Negotiation,
    act: Act,
    form: ActForm,
    *,
    missing: list[needs.Missing] | None = None,
    status: int = 200,
) -> HttpResponse:
    if missing is None and not form.is_bound:
        missing = needs.missing(RULES[act].needs, talk, request.actor)
    context = {"talk": talk, "act": act, "words": WORDS[act], "form": form, "missing": missing}
    return render(request, "negotiations/act.html", context, status=status)
