"""How django-allauth works here: accounts by invitation only, mails through the outbox, links from SITE_URL."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language

from hyte_portal import kept_posts, outbox
from organizations.letters import worded
from organizations.models import User

# Our own words for a kind of account mail; what is not here is worded by `account/email/other.txt`.
_OWN_WORDS: Final = frozenset(
    {"login_code", "password_reset_key", "email_confirmation", "email_confirmation_signup", "unknown_account"}
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts with e-mail and password, or a code by e-mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Nobody signs up: people are invited."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put an account mail into the outbox, in its reader's language."""
        person = User.objects.filter(email__iexact=email).first()
        language = person.language if person else get_language() or "fi"
        links = {name: _on_site(url, language) for name, url in context.items() if name.endswith("_url")}
        words = worded(*_template(template_prefix, {**context, **links, "email": email}), language)
        recipient = person.pk if person else None
        outbox.post_account_mail(email, words, key=uuid4().hex, language=language, recipient_id=recipient)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to a form that was sent while signed out, else to the desk."""
        if kept_posts.kept(request):
            return reverse("pages:kept")
        return str(super().get_login_redirect_url(request))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Identities of other services are linked by signed-in people only, never by an e-mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Nobody signs up by another service."""
        return False

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Nobody gets an account without asking."""
        return False


def _on_site(url: str, language: str) -> str:
    """Return the address on our own site, whatever Host header the request came with."""
    return settings.SITE_URL + translate_url(urlsplit(url).path, language)


def _template(prefix: str, context: dict[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the template of an account mail, and what it is drawn with."""
    name = prefix.rpartition("/")[2]
    if name in _OWN_WORDS:
        return f"account/email/{name.removesuffix('_signup')}.txt", context
    return "account/email/other.txt", {**context, "allauth": prefix}


@transaction.atomic
def create_account(email: str, *, name: str, language: str, password: str | None = None) -> User:
    """Make a person whose e-mail address is known to be hers; without a password she signs in by code."""
    person = User.objects.create_user(email, password, name=name, language=language)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def account_of(email: str) -> User | None:
    """Return the person who signs in with the address."""
    address = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    person: User | None = address.user if address else User.objects.filter(email__iexact=email).first()
    return person
