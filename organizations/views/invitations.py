"""The page behind an invitation's link."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organizations import invitations
from organizations.accounts import account_of, create_account
from organizations.forms import NewAccountForm
from organizations.middleware import SESSION_KEY
from organizations.models import Invitation, User


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Lead an invited person to her duties: confirm, sign in first, or make an account."""
    found = invitations.find(token)
    if found is None or not invitations.is_open(found):
        return _closed(request, found)
    if isinstance(request.user, User):
        return _with_own_account(request, found, request.user)
    if account_of(found.email):
        return render(request, "organizations/invitation_sign_in.html", {"invitation": found})
    return _new_account(request, found)


def _closed(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """Answer alike for used, expired, withdrawn and unknown links; who used it herself just goes on."""
    if found is not None and request.user.is_authenticated and found.accepted_by == request.user:
        return redirect("negotiations:desk")
    return render(request, "organizations/invitation_closed.html", status=404)


def _with_own_account(request: HttpRequest, found: Invitation, person: User) -> HttpResponse:
    if request.method != "POST":
        return render(request, "organizations/invitation_confirm.html", {"invitation": found})
    try:
        invitations.accept(found, person)
    except invitations.InvitationClosedError:
        found.refresh_from_db()
        return _closed(request, found)
    request.session[SESSION_KEY] = found.organization.slug
    messages.success(request, _("You now act for %(name)s.") % {"name": found.organization.name})
    return redirect("negotiations:desk")


def _new_account(request: HttpRequest, found: Invitation) -> HttpResponse:
    initial = {"language": found.language}
    form = NewAccountForm(found.email, request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        context = {"invitation": found, "form": form}
        return render(request, "organizations/invitation_account.html", context, status=status)
    try:
        person = _accept_with_new_account(found, form)
    except (invitations.InvitationClosedError, IntegrityError):  # the same form was sent a moment ago
        return _closed(request, None)
    return _signed_in(request, person, found)


@transaction.atomic
def _accept_with_new_account(found: Invitation, form: NewAccountForm) -> User:
    data = form.cleaned_data
    person = create_account(found.email, name=data["name"], language=data["language"], password=data["password"])
    invitations.accept(found, person)
    return person


def _signed_in(request: HttpRequest, person: User, found: Invitation) -> HttpResponse:
    with translation.override(person.language):
        desk = reverse("negotiations:desk")
    response: HttpResponse = perform_login(request, person, email=person.email, redirect_url=desk)
    request.session[SESSION_KEY] = found.organization.slug
    return response
