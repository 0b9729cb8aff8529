"""What every request passes: language by address, clean input, kept texts, history context, no shared caching."""

from collections.abc import Callable
from typing import Any, Final

import pghistory
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control

from hyte_portal import kept_posts

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE_AGE: Final = 365 * 24 * 3600


class PlainTextMiddleware:
    """Refuse addresses that carry NUL, which no database can look up (form texts are checked beside the field)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400 to an address with NUL in it."""
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("NUL in the address")
        return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """The address' prefix decides; the cookie remembers the last one for `/`."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Remember the language of the page, so that `/` leads back to it."""
        answer: HttpResponseBase = super().process_response(request, response)
        shown = translation.get_language_from_path(request.path_info)
        if shown and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != shown:
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                shown,
                max_age=LANGUAGE_COOKIE_AGE,
                secure=settings.SITE_IS_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return answer


class KeptPostMiddleware:
    """A form that is sent after the session ended is kept, and comes back after signing in (reliability.md 11)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and forget a kept form when it was sent again and taken."""
        response = self.get_response(request)
        if request.method == "POST" and request.user.is_authenticated and response.status_code < 400:
            kept_posts.forget_sent(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Keep a signed-out person's form before the login wall turns her away."""
        walled = getattr(view, "login_required", True)
        if request.method != "POST" or request.user.is_authenticated or not walled:
            return None
        kept_posts.keep(request)
        return redirect_to_login(reverse("pages:kept"))


class HistoryContextMiddleware:
    """Tell the history triggers who writes, on whose behalf, from which page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the context of the audit trail set for writing requests."""
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        organization = getattr(getattr(request, "actor", None), "organization", None)
        with pghistory.context(
            user=request.user.pk, organization=organization.pk if organization else None, url=request.path
        ):
            return self.get_response(request)


class PrivateAnswerMiddleware:
    """What a signed-in person gets is stored nowhere; public pages decide for themselves."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answers of signed-in people and of sign-in pages private, no-store."""
        response = self.get_response(request)
        if request.user.is_authenticated or not response.has_header("Cache-Control"):
            response.headers.pop("Cache-Control", None)
            patch_cache_control(response, private=True, no_store=True)
        return response
