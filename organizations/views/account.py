"""Pages beside allauth's: how one gets an account, and what to do when a mail did not come."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def by_invitation(request: HttpRequest) -> HttpResponse:
    """Tell how one gets an account; there is no sign-up."""
    return render(request, "account/by_invitation.html")


@login_not_required
@require_safe
def mail_missing(request: HttpRequest) -> HttpResponse:
    """Tell what to check when a code or link did not come, and where to ask for a new one."""
    return render(request, "account/mail_missing.html", {"sender": settings.DEFAULT_FROM_EMAIL})
