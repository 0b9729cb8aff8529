"""People, their duties in organisations, posts, and invitations."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hyte_portal.dates import today
from hyte_portal.ids import new_public_id
from hyte_portal.localized import Localized, chosen
from hyte_portal.models import Named, Versioned
from organizations.models.organization import Organization

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Duty(models.TextChoices):
    """What a person does for an organisation; none includes another (design.md 4)."""

    EDITOR = "editor", _("editor")
    CONFIRMER = "confirmer", _("confirmer")
    READER = "reader", _("reader")
    ADMINISTRATOR = "administrator", _("administrator")


DUTY_WORDS: Final["dict[Duty, StrPromise]"] = {
    Duty.EDITOR: _("prepares and edits"),
    Duty.CONFIRMER: _("confirms on behalf of the organisation"),
    Duty.READER: _("reads"),
    Duty.ADMINISTRATOR: _("invites people and manages their duties"),
}


def duties_in_words(duties: Iterable[str]) -> str:
    """Return duties in the reader's language and in their order, e.g. "editor, confirmer"."""
    return ", ".join(str(duty.label) for duty in Duty if duty.value in set(duties))


class UserManager(BaseUserManager["User"]):
    """Makes people; sign-up itself is by invitation only."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person who signs in with the e-mail address."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail, whatever the case."""
        return self.get(email__iexact=username)


@pghistory.track(exclude=["password", "last_login", "email", "name"])
class User(AbstractBaseUser):
    """A person. Never deleted: pseudonymised, so that what was done keeps its doer."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language of mails"),
        max_length=2,
        choices=[("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))],
        default="fi",
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    muted_mails = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return the name, or the part of the e-mail before the @ when none was given."""
        return self.name or self.email.partition("@")[0]


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about duties."""

    def current(self, day: date | None = None) -> Self:
        """Keep those that hold on the day (default today) for a person who may sign in."""
        day = day or today()
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day, person__is_active=True)

    def with_duty(self, *duties: Duty) -> Self:
        """Keep those that have any of the duties."""
        return self.filter(duties__overlap=list(duties))


@pghistory.track()
class Membership(Versioned):
    """A person's duties in one organisation, from–until, perhaps only for named rounds."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    duties = ArrayField(models.CharField(max_length=13, choices=Duty))
    since = models.DateField(default=today)
    until = models.DateField(null=True, blank=True, help_text="Last day.")
    only_rounds = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, help_text="Public ids; empty = every round."
    )
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(duties=[]), name="membership_has_a_duty"),
        ]
        indexes = [
            models.Index(fields=["person", "organization"], name="membership_person"),
            models.Index(fields=["organization", "until"], name="membership_organization"),
        ]

    @property
    def duty_text(self) -> str:
        """Return the duties in words."""
        return duties_in_words(self.duties)


@pghistory.track()
class Post(Named, Versioned):
    """A post in an organisation: who owns or contacts, whoever holds it now."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="posts")
    title_fi = models.CharField(max_length=160, blank=True)
    title_sv = models.CharField(max_length=160, blank=True)
    holder = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "title_fi", "title_sv"], name="post_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(title_fi="", title_sv=""), name="post_has_a_title"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Localized:
        """Return the post's title for the reader."""
        return chosen(self.title_fi, self.title_sv)


INVITATION_DAYS: Final = 14


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=INVITATION_DAYS)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about invitations."""

    def open(self) -> Self:
        """Keep those that can still be accepted."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now())


@pghistory.track(exclude=["email"])
class Invitation(Named):
    """An invitation by e-mail to duties in an organisation; its link works once."""

    email = models.EmailField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invitations")
    duties = ArrayField(models.CharField(max_length=13, choices=Duty))
    language = models.CharField(max_length=2, default="fi")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=_expiry)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    @property
    def duty_text(self) -> str:
        """Return the duties in words."""
        return duties_in_words(self.duties)
