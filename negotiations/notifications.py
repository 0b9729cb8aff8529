"""Who hears of what, and in which words: rows in the outbox now, state checked and words chosen at sending.

Each kind of mail has one template, `templates/negotiations/mail/<kind>.txt`: first line subject, then the text; the
HTML part is made of the same text. Sources: design.md 5 ("told") and 6.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from hyte_portal import outbox
from hyte_portal.dates import at, today
from hyte_portal.models import OutboundMail
from hyte_portal.outbox import Letter, Skip, Words
from negotiations.lifecycle import BEFORE_TALK, FROM_CONFIRMED, RULES, Act, Side, State, Told
from negotiations.models import Event, Measure, Negotiation, Participation
from negotiations.needs import READERS
from negotiations.vocabulary import IN_FORCE, Preparation
from organizations.models import Duty, Membership, Organization

# Reminders that a person may turn off; what the act or the statute asks for can't be (design.md 6).
MUTABLE: Final = ("remind_preparation", "remind_follow_up")
REMINDER_DAYS: Final = (14, 3, 0)
# Mails that reach organisations outside the table: owners, and who was just removed from it.
TO_OTHERS: Final = frozenset({Act.CONFIRM.value, Act.FOLLOW.value, Act.REMOVE_PARTY.value, "remind_follow_up"})
_MUTE_SALT: Final = "hyte.mute"

# In which states a mail still makes sense when it is sent; checked again then (features 79).
_STILL_TRUE: Final[dict[str, frozenset[State]]] = {
    Act.INVITE: frozenset({State.INVITED, State.PREPARING}),
    Act.OPEN_PREPARATION: frozenset({State.PREPARING}),
    Act.MARK_READY: frozenset({State.PREPARING}),
    Act.RETURN: frozenset({State.PREPARING, State.POSTPONED}),
    Act.ADD_PARTY: BEFORE_TALK,
    Act.RESCHEDULE: BEFORE_TALK,
    Act.POSTPONE: frozenset({State.POSTPONED}),
    Act.RESUME: frozenset({State.INVITED, State.PREPARING}),
    Act.ASK_COMMENTS: frozenset({State.COMMENTING}),
    Act.BACK_TO_DRAFT: frozenset({State.MEMO_DRAFT}),
    Act.CONFIRM: FROM_CONFIRMED,
    Act.REOPEN: frozenset({State.MEMO_DRAFT, State.COMMENTING}),
    Act.PUBLISH: FROM_CONFIRMED,
    Act.FOLLOW: frozenset({State.FOLLOWING}),
    Act.CLOSE: frozenset({State.CLOSED}),
    "remind_preparation": frozenset({State.INVITED, State.PREPARING, State.POSTPONED}),
    "remind_comments": frozenset({State.COMMENTING}),
    "remind_follow_up": frozenset({State.FOLLOWING, State.PUBLISHED, State.CONFIRMED}),
}
ACT_KINDS: Final = tuple(act.value for act, rule in RULES.items() if rule.told != Told.NOBODY)
KINDS: Final = (*ACT_KINDS, "remind_preparation", "remind_comments", "remind_follow_up")


# -- Who ---------------------------------------------------------------------------------------------------------------
def announce(event: Event) -> int:
    """Write the mails of an event into the outbox; return how many."""
    told = RULES[Act(event.act)].told
    if told == Told.NOBODY or event.negotiation is None:
        return 0
    return outbox.post(
        letter for letter in letters_of(Act(event.act), event.negotiation, event.party, mark=str(event.pk))
        if letter.recipient_id is None or letter.recipient_id != event.person_id
    )  # fmt: skip


def letters_of(
    act: Act, negotiation: Negotiation, party: Organization | None = None, *, mark: str = ""
) -> list[Letter]:
    """Return the mails that an act would cause, for sending and for the preview alike."""
    told = RULES[act].told
    members = _members(told, negotiation, party)
    letters = [_letter(act.value, negotiation, member, mark, party) for member in members]
    if told in {Told.GUESTS, Told.ALL_PARTIES, Told.PARTIES_AND_OWNERS, Told.THAT_PARTY}:
        letters += _to_addresses(act.value, negotiation, party if told == Told.THAT_PARTY else None, mark)
    return letters


def _members(told: Told, negotiation: Negotiation, party: Organization | None) -> list[Membership]:
    organizations = {
        Told.HOST: Q(pk=negotiation.convener_id),
        Told.GUESTS: Q(participations__negotiation=negotiation, participations__side=Side.GUEST.value),
        Told.THAT_PARTY: Q(pk=party.pk if party else None),
        Told.ALL_PARTIES: Q(participations__negotiation=negotiation),
        Told.PARTIES_AND_OWNERS: Q(participations__negotiation=negotiation) | _owning(negotiation),
        Told.OWNERS: _owning(negotiation),
    }[told]
    reached = Organization.objects.filter(organizations).values("pk")
    return _one_each(
        Membership.objects.current()
        .with_duty(*READERS)
        .filter(organization__in=reached)
        .filter(Q(only_rounds=[]) | Q(only_rounds__contains=[negotiation.round.public_id]))
        .select_related("person", "organization")
        .order_by("pk")
    )


def _owning(negotiation: Negotiation) -> Q:
    return Q(pk__in=Measure.objects.in_force().filter(negotiation=negotiation, owner__isnull=False).values("owner_id"))


def _one_each(members: Iterable[Membership]) -> list[Membership]:
    """Keep one membership a person: nobody gets the same mail for two organisations."""
    return list({member.person_id: member for member in members}.values())


def _letter(
    kind: str, negotiation: Negotiation, member: Membership, mark: str, party: Organization | None = None
) -> Letter:
    return Letter(
        kind=kind,
        occasion=negotiation.public_id,
        address=member.person.email,
        recipient_id=member.person_id,
        language=member.person.language,
        data={"organization": member.organization_id, "party": party.pk if party else None, "event": mark},
        statutory=kind not in MUTABLE,
        mark=mark,
    )


def letters_to_addresses(act: Act, negotiation: Negotiation, party: Organization | None) -> list[Letter]:
    """Return the mails of an act to a party that is known by an address only."""
    return _to_addresses(act.value, negotiation, party, mark=uuid4().hex[:12]) if party else []


def _to_addresses(kind: str, negotiation: Negotiation, only: Organization | None, mark: str) -> list[Letter]:
    """Return the mails to guests who have no reader yet but gave an address."""
    guests = (
        negotiation.participations.filter(side=Side.GUEST.value)
        .exclude(contact_email="")
        .select_related("organization")
    )
    if only:
        guests = guests.filter(organization=only)
    readers = set(
        Membership.objects.current()
        .with_duty(*READERS)
        .filter(organization__in=guests.values("organization"))
        .values_list("organization", flat=True)
    )
    return [
        Letter(
            kind=kind, occasion=negotiation.public_id, address=guest.contact_email,
            language=guest.organization.languages[0],
            data={"organization": guest.organization_id, "party": guest.organization_id, "event": mark}, mark=mark,
        )
        for guest in guests if guest.organization_id not in readers
    ]  # fmt: skip


# -- Reminders: the sweeps of tasks.write_reminders --------------------------------------------------------------------
def write_reminders() -> int:
    """Write the reminders that fall due; a missed day is caught up once, too late ones are left."""
    return _remind_preparation() + _remind_comments() + _remind_follow_up()


def _remind_preparation() -> int:
    """14 and 3 days before the deadline and on the day, to parties that are not ready."""
    open_states = sorted({State.INVITED, State.PREPARING, State.POSTPONED})
    parties = (
        Participation.objects.filter(
            negotiation__state__in=open_states, negotiation__deleted_at__isnull=True, side=Side.GUEST.value
        )
        .exclude(preparation=Preparation.READY)
        .select_related("negotiation__round", "organization")
    )
    letters: list[Letter] = []
    for party in parties:
        due = party.negotiation.preparation_deadline
        step = due_step(due) if due else None
        if due and step is not None:
            letters += _reminders("remind_preparation", party.negotiation, [party.organization_id], due, step)
    return outbox.post(letters)


def due_step(due: Any) -> int | None:
    """Return which reminder (14, 3 or 0 days before) is due today; a missed one is caught up until the next."""
    left = (due - today()).days
    if left < 0:
        return None
    return min((days for days in REMINDER_DAYS if left <= days), default=None)


def _remind_comments() -> int:
    """Three days before the comments are due and on the day."""
    letters: list[Letter] = []
    for negotiation in Negotiation.objects.filter(
        state=State.COMMENTING, comments_until__gte=today(), deleted_at__isnull=True
    ).select_related("round"):
        step = due_step(negotiation.comments_until)
        if step in {3, 0}:
            guests = negotiation.participations.filter(side=Side.GUEST.value).values_list("organization_id", flat=True)
            letters += _reminders("remind_comments", negotiation, guests, negotiation.comments_until, step)
    return outbox.post(letters)


def _remind_follow_up() -> int:
    """On the round's follow-up moments, to owners whose measures were not reported since 30 days before."""
    letters: list[Letter] = []
    for negotiation in Negotiation.objects.filter(
        Q(round__follow_up_1__range=_last_two_weeks()) | Q(round__follow_up_2__range=_last_two_weeks()),
        state__in=sorted({State.CONFIRMED, State.PUBLISHED, State.FOLLOWING}), deleted_at__isnull=True,
    ).select_related("round"):  # fmt: skip
        moments = (negotiation.round.follow_up_1, negotiation.round.follow_up_2)
        moment = max(day for day in moments if day and day <= today())
        owners = set(_unreported(negotiation, moment - timedelta(days=30)).values_list("owner_id", flat=True))
        letters += _reminders("remind_follow_up", negotiation, owners, moment, 0)
    return outbox.post(letters)


def _last_two_weeks() -> tuple[Any, Any]:
    return today() - timedelta(days=14), today()


def _unreported(negotiation: Negotiation, since: Any) -> Any:
    return Measure.objects.in_force().filter(
        Q(reported_on__isnull=True) | Q(reported_on__lt=since), negotiation=negotiation, outcome="", owner__isnull=False
    )


def _reminders(kind: str, negotiation: Negotiation, organizations: Iterable[int], due: Any, step: int) -> list[Letter]:
    """Return one reminder for each editor; the mark names the step, so that each step comes once."""
    members = _one_each(
        Membership.objects.current().with_duty(Duty.EDITOR).filter(organization__in=list(organizations))
        .filter(Q(only_rounds=[]) | Q(only_rounds__contains=[negotiation.round.public_id]))
        .exclude(person__muted_mails__contains=[kind]).select_related("person", "organization")
    )  # fmt: skip
    moment = at(due - timedelta(days=step), time(7, 0))
    return [
        Letter(
            kind=kind, occasion=negotiation.public_id, address=member.person.email, recipient_id=member.person_id,
            language=member.person.language, data={"organization": member.organization_id, "due": due.isoformat()},
            statutory=kind not in MUTABLE, due_at=moment, useless_after=_useless_after(kind, due), mark=str(step),
        )
        for member in members
    ]  # fmt: skip


def _useless_after(kind: str, due: Any) -> datetime:
    days = 14 if kind == "remind_follow_up" else 1
    return at(due + timedelta(days=days), time(0, 0))


# -- In which words: run at sending, in a batch ------------------------------------------------------------------------
@outbox.renders(*KINDS)
def words_of(mails: Sequence[OutboundMail]) -> dict[int, Words | Skip]:
    """Check the state again and word each mail in its recipient's language, by a few statements a batch."""
    talks = {
        talk.public_id: talk
        for talk in Negotiation.objects.filter(public_id__in={mail.occasion for mail in mails}).select_related(
            "round", "convener"
        )
    }
    organizations = Organization.objects.in_bulk(
        {mail.data.get("organization") for mail in mails} | {mail.data.get("party") for mail in mails} - {None}
    )
    events = Event.objects.in_bulk({int(mark) for mail in mails if (mark := mail.data.get("event", "")).isdigit()})
    waiting, seated, on_duty = _waiting(mails, talks), _seated(talks), _on_duty(mails)
    return {
        mail.pk: on_duty(mail) or _words(mail, talks.get(mail.occasion), organizations, events, waiting, seated)
        for mail in mails
    }


def _on_duty(mails: Sequence[OutboundMail]) -> Callable[[OutboundMail], Skip | None]:
    """Return a check that the recipient still has the duty and still wants the reminder, by one statement."""
    people = {mail.recipient_id for mail in mails if mail.recipient_id}
    rows = Membership.objects.current().with_duty(Duty.EDITOR, Duty.CONFIRMER).filter(person__in=people)
    muted = {
        (person, organization): set(kinds)
        for person, organization, kinds in rows.values_list("person_id", "organization_id", "person__muted_mails")
    }

    def check(mail: OutboundMail) -> Skip | None:
        if mail.recipient_id is None:
            return None
        kinds = muted.get((mail.recipient_id, mail.data.get("organization")))
        if kinds is None:
            return Skip("no duty there any more")
        return Skip("turned off") if mail.kind in kinds and mail.kind in MUTABLE else None

    return check


def _seated(talks: dict[str, Negotiation]) -> set[tuple[int, int]]:
    """Return the (negotiation, organisation) pairs that are at the table now."""
    rows = Participation.objects.filter(negotiation__in=[talk.pk for talk in talks.values()])
    return set(rows.values_list("negotiation_id", "organization_id"))


def _waiting(mails: Sequence[OutboundMail], talks: dict[str, Negotiation]) -> set[tuple[int, int]]:
    """Return (negotiation, organisation) pairs whose reminder is still true."""
    kind = mails[0].kind
    if kind == "remind_preparation":
        rows = Participation.objects.filter(negotiation__in=[talk.pk for talk in talks.values()]).exclude(
            preparation=Preparation.READY
        )
        return set(rows.values_list("negotiation_id", "organization_id"))
    if kind == "remind_follow_up":
        measures = Measure.objects.shared().filter(
            negotiation__in=[talk.pk for talk in talks.values()], decision__in=IN_FORCE, outcome=""
        ).filter(Q(reported_on__isnull=True) | Q(reported_on__lt=today() - timedelta(days=30)))  # fmt: skip
        return set(measures.values_list("negotiation_id", "owner_id"))
    return set()


def _words(
    mail: OutboundMail,
    talk: Negotiation | None,
    organizations: dict[int, Organization],
    events: dict[int, Event],
    waiting: set[tuple[int, int]],
    seated: set[tuple[int, int]],
) -> Words | Skip:
    if talk is None or talk.deleted_at:
        return Skip("the negotiation is gone")
    if talk.state not in _STILL_TRUE.get(mail.kind, frozenset(State)):
        return Skip(f"the negotiation is {talk.state} now")
    organization = organizations.get(mail.data.get("organization") or 0)
    reminds = mail.kind in {"remind_preparation", "remind_follow_up"}
    if reminds and (organization is None or (talk.pk, organization.pk) not in waiting):
        return Skip("it is done already")
    at_table = organization is not None and (talk.pk, organization.pk) in seated
    if not at_table and mail.kind not in TO_OTHERS:
        return Skip("not a party any more")
    mark = mail.data.get("event", "")
    event = events.get(int(mark)) if mark.isdigit() else None
    party = organizations.get(mail.data.get("party") or 0)
    return word(
        mail.kind,
        talk,
        mail.language,
        organization=organization,
        party=party,
        event=event,
        mail=mail,
        at_table=at_table,
    )


def word(
    kind: str,
    talk: Negotiation,
    language: str,
    *,
    organization: Organization | None = None,
    party: Organization | None = None,
    event: Event | None = None,
    mail: OutboundMail | None = None,
    at_table: bool = True,
) -> Words:
    """Return a mail's words; the preview before inviting uses the same function.

    An owner that wasn't at the table doesn't know the talk by its title, and can't open it: it reads the round's name.
    """
    with translation.override(language):
        link = settings.SITE_URL + _page(kind, talk, at_table=at_table)
        mute = _mute_link(mail, language) if mail and not mail.statutory else ""
        context = {
            "talk": talk, "title": talk.title if at_table else talk.round.name,
            "organization": organization, "party": party, "event": event, "link": link, "mute": mute,
            "has_account": mail is None or mail.recipient_id is not None, "example": talk.is_example,
            "days_left": (talk.preparation_deadline - today()).days if talk.preparation_deadline else None,
        }  # fmt: skip
        subject, _newline, text = render_to_string(f"negotiations/mail/{kind}.txt", context).strip().partition("\n")
        html = render_to_string("mail/message.html", {"subject": subject, "text": text.strip(), "language": language})
    headers = {"List-Unsubscribe": f"<{mute}>"} if mute else {}
    return Words(subject, text.strip() + "\n", html, headers)


def _page(kind: str, talk: Negotiation, *, at_table: bool) -> str:
    if kind in {Act.FOLLOW.value, "remind_follow_up"} or not at_table:
        return reverse("negotiations:measures") + "?mine=1"
    return talk.get_absolute_url()


# -- Turning reminders off ---------------------------------------------------------------------------------------------
def _mute_link(mail: OutboundMail, language: str) -> str:
    token = signing.dumps([mail.recipient_id, mail.kind], salt=_MUTE_SALT, compress=True)
    with translation.override(language):
        return str(settings.SITE_URL) + reverse("negotiations:mute", args=[token])


def read_mute_token(token: str) -> tuple[int, str] | None:
    """Return whom and what a link from a reminder turns off; None for a forged link."""
    try:
        recipient, kind = signing.loads(token, salt=_MUTE_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return (recipient, kind) if kind in MUTABLE else None


def deliveries(negotiation: Negotiation) -> Any:
    """Return what became of the mails of a negotiation, newest first."""
    return OutboundMail.objects.filter(occasion=negotiation.public_id).order_by("-id")
