"""The parties of a talk: seen by the table, arranged by the host."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from negotiations import parties as table
from negotiations.actions import Details, perform
from negotiations.deliveries import deliveries_of
from negotiations.finding import find, find_negotiation
from negotiations.forms.agenda import RemoveForm
from negotiations.forms.parties import AddPartiesForm, ContactForm, FirstEditorForm, LocalPartyForm
from negotiations.lifecycle import Act, Side
from negotiations.models import Negotiation, Participation
from negotiations.views.saving import form_page, posted, written
from negotiations.views.talks import talk_frame
from organizations import invitations
from organizations.http import ActorRequest
from organizations.models import Duty, Membership, Organization


def _page(talk: Negotiation) -> str:
    return reverse("negotiations:parties", args=[talk.public_id])


@require_safe
def parties(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show the parties with their preparation; to the host also how each is reached and what became of the mails."""
    talk = find_negotiation(request, public_id)
    frame = talk_frame(request, talk, tab="parties")
    acts = frame["acts"]
    sees_deliveries = Act.SEE_DELIVERIES in acts
    context = {
        "parties": table.parties_of(talk, request.actor, sees_deliveries=sees_deliveries),
        "deliveries": deliveries_of(talk) if sees_deliveries else [],
        "sees_deliveries": sees_deliveries,
        "may_edit": Act.EDIT_TALK in acts,
        "may_add": bool({Act.INVITE, Act.ADD_PARTY} & acts),
        "may_unseat": Act.INVITE in acts,
        "may_remove": Act.REMOVE_PARTY in acts,
        "may_return": Act.RETURN in acts,
    }
    return render(request, "negotiations/parties.html", frame | context)


# -- Adding and removing -----------------------------------------------------------------------------------------------
@form_page
def party_add(request: ActorRequest, public_id: str) -> HttpResponse:
    """Add parties: found by name, else those of the area. A plan is just written; later the act tells them."""
    talk = find_negotiation(request, public_id)
    text = request.GET.get("q", "")
    found = list(table.candidates(talk, text))
    form = AddPartiesForm(posted(request), talk=talk, shown=found)

    def add() -> None:
        _add(request, talk, act, form.cleaned_data["organizations"], form.cleaned_data["contact_email"])
        for name in form.foreign:
            words = _("%(name)s is a municipality of another county. It was added; check that it is meant.")
            messages.warning(request, words % {"name": name})

    act = _adding_act(request, talk)
    answer = written(request, talk, act, form, add, to=_page(talk))
    if isinstance(answer, HttpResponse):
        return answer
    refused = [message for message in map(table.why_not, found) if message]
    context: dict[str, Any] = {"talk": talk, "form": form, "text": text, "found": found, "refused": refused}
    context |= {"tells": act == Act.ADD_PARTY, "back": _page(talk)}
    return render(request, "negotiations/party_add.html", context, status=answer)


def _adding_act(request: ActorRequest, talk: Negotiation) -> Act:
    """Return the act that adding is now: part of the plan to be invited, or an invitation of its own."""
    return Act.INVITE if Act.INVITE in talk.acts_for(request.actor) else Act.ADD_PARTY


def _add(request: ActorRequest, talk: Negotiation, act: Act, chosen: Sequence[Organization], email: str) -> None:
    if act == Act.INVITE:
        table.seat(talk, chosen, request.actor.person, email)
        return
    for organization in chosen:
        perform(talk, act, by=request.actor, details=Details(party=organization, contact_email=email))


@form_page
def party_add_local(request: ActorRequest, public_id: str) -> HttpResponse:
    """Add a local association, parish, company or other that no list has; likely doubles are shown first."""
    talk = find_negotiation(request, public_id)
    act = _adding_act(request, talk)
    form = LocalPartyForm(
        posted(request), initial={"areas": [talk.convener_id], "language": talk.convener.language_status}
    )

    def add() -> None:
        organization = form.save(request.actor.person)
        _add(request, talk, act, [organization], form.cleaned_data["contact_email"])

    answer = written(request, talk, act, form, add, to=_page(talk))
    if isinstance(answer, HttpResponse):
        return answer
    context = {"talk": talk, "form": form, "tells": act == Act.ADD_PARTY, "back": _page(talk)}
    return render(request, "negotiations/party_add_local.html", context, status=answer)


def _guest(request: ActorRequest, talk: Negotiation, party_id: str) -> Participation:
    guests = talk.participations.filter(side=Side.GUEST.value).select_related("organization")
    return find(request, lambda _actor: guests, party_id)


@form_page
def party_remove(request: ActorRequest, public_id: str, party_id: str) -> HttpResponse:
    """Take a party out of a plan; nobody is told, since nobody was invited."""
    talk = find_negotiation(request, public_id)
    row = _guest(request, talk, party_id)
    form = RemoveForm(posted(request), row=row)
    answer = written(request, talk, Act.INVITE, form, form.remove, to=_page(talk))
    if isinstance(answer, HttpResponse):
        return answer
    context = {"talk": talk, "row": row, "form": form, "back": _page(talk)}
    return render(request, "negotiations/party_remove.html", context, status=answer)


# -- Reaching ----------------------------------------------------------------------------------------------------------
@form_page
def party(request: ActorRequest, public_id: str, party_id: str) -> HttpResponse:
    """Write how a guest is reached."""
    talk = find_negotiation(request, public_id)
    row = _guest(request, talk, party_id)
    form = ContactForm(posted(request), instance=row)
    answer = written(request, talk, Act.EDIT_TALK, form, form.save_over, to=_page(talk))
    if isinstance(answer, HttpResponse):
        return answer
    context = {"talk": talk, "row": row, "form": form, "back": _page(talk)}
    return render(request, "negotiations/party_form.html", context, status=answer)


@form_page
def party_editor(request: ActorRequest, public_id: str, party_id: str) -> HttpResponse:
    """Invite the first editor of a guest that nobody writes for yet."""
    talk = find_negotiation(request, public_id)
    row = _guest(request, talk, party_id)
    guest = row.organization
    initial = {"language": guest.languages[0], "email": row.contact_email}
    form = FirstEditorForm(posted(request), initial=initial)

    def invite() -> None:
        _refuse_second(guest)
        data = form.cleaned_data
        person = request.actor.person
        invitations.invite(data["email"], guest, [Duty.EDITOR], language=data["language"], by=person)
        messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": data["email"]})

    answer = written(request, talk, Act.EDIT_TALK, form, invite, to=_page(talk))
    if isinstance(answer, HttpResponse):
        return answer
    _refuse_second(guest)
    context = {"talk": talk, "row": row, "form": form, "back": _page(talk)}
    return render(request, "negotiations/party_editor.html", context, status=answer)


def _refuse_second(organization: Organization) -> None:
    """Raise PermissionDenied when the organisation has an editor: from then on it manages its people itself."""
    if Membership.objects.current().with_duty(Duty.EDITOR).filter(organization=organization).exists():
        words = _("%(name)s has an editor already. Its own administrators invite more people.")
        raise PermissionDenied(words % {"name": organization.name})
