"""The agenda and record of a talk, and who attends it: planned before, written during and after."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from negotiations import agenda as plan
from negotiations.attendance import attendance_of
from negotiations.finding import find, find_negotiation
from negotiations.forms.agenda import AgendaItemForm, AttendanceForm, AttendeeForm, RemoveForm
from negotiations.lifecycle import Act
from negotiations.models import AgendaItem, Attendee, Negotiation
from negotiations.views.saving import form_page, posted, pressed, written
from negotiations.views.talks import talk_frame
from organizations.http import ActorRequest


def _page(talk: Negotiation, row: AgendaItem | None = None) -> str:
    url = reverse("negotiations:agenda", args=[talk.public_id])
    return f"{url}#item-{row.public_id}" if row else url


def _people_page(talk: Negotiation) -> str:
    return reverse("negotiations:attendance", args=[talk.public_id])


def _is_time_to_record(talk: Negotiation) -> bool:
    """Say whether the talk has begun, so that its record is the first thing asked."""
    return bool(talk.held_at or (talk.starts_at and talk.starts_at <= timezone.now()))


@require_safe
def agenda(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show the agenda with what was discussed and agreed."""
    talk = find_negotiation(request, public_id)
    frame = talk_frame(request, talk, tab="agenda")
    context = {
        "agenda": plan.agenda_of(talk),
        "attendance": attendance_of(talk),
        "may_edit": Act.EDIT_TALK in frame["acts"],
        "recording": _is_time_to_record(talk),
    }
    return render(request, "negotiations/agenda.html", frame | context)


@form_page
def agenda_item_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Add a point to the agenda."""
    talk = find_negotiation(request, public_id)
    item = AgendaItem(negotiation=talk, position=plan.next_position(talk))
    return _item_form(request, talk, item)


@form_page
def agenda_item(request: ActorRequest, public_id: str, item_id: str) -> HttpResponse:
    """Change a point, or write what was discussed and agreed."""
    talk = find_negotiation(request, public_id)
    return _item_form(request, talk, _item(request, talk, item_id))


def _item(request: ActorRequest, talk: Negotiation, item_id: str) -> AgendaItem:
    found = find(request, lambda actor: AgendaItem.objects.visible_to(actor).filter(negotiation=talk), item_id)
    found.negotiation = talk
    return found


def _item_form(request: ActorRequest, talk: Negotiation, item: AgendaItem) -> HttpResponse:
    before, after = plan.neighbours(talk, item) if item.pk else (None, None)
    form = AgendaItemForm(posted(request), instance=item)
    to = _page(talk, item)
    if after and "next" in request.POST:
        to = reverse("negotiations:agenda_item", args=[talk.public_id, after.public_id])
    answer = written(request, talk, Act.EDIT_TALK, form, form.save_over, to=to)
    if isinstance(answer, HttpResponse):
        return answer
    context = {
        "talk": talk, "item": item, "form": form, "before": before, "after": after,
        "recording": _is_time_to_record(talk), "back": _page(talk, item if item.pk else None),
    }  # fmt: skip
    return render(request, "negotiations/agenda_form.html", context, status=answer)


@form_page
def agenda_item_remove(request: ActorRequest, public_id: str, item_id: str) -> HttpResponse:
    """Remove a point after a confirmation that shows what goes with it."""
    talk = find_negotiation(request, public_id)
    return _remove(request, talk, _item(request, talk, item_id), "negotiations/agenda_remove.html", _page(talk))


def _remove(
    request: ActorRequest, talk: Negotiation, row: AgendaItem | Attendee, template: str, to: str
) -> HttpResponse:
    form = RemoveForm(posted(request), row=row)
    answer = written(request, talk, Act.EDIT_TALK, form, form.remove, to=to)
    if isinstance(answer, HttpResponse):
        return answer
    return render(request, template, {"talk": talk, "row": form.row, "form": form, "back": to}, status=answer)


@require_POST
def agenda_item_move(request: ActorRequest, public_id: str, item_id: str) -> HttpResponse:
    """Move a point up or down."""
    talk = find_negotiation(request, public_id)
    item = _item(request, talk, item_id)
    up = request.POST.get("direction") == "up"
    return pressed(request, talk, Act.EDIT_TALK, lambda: plan.move(talk, item, up=up), to=_page(talk, item))


@require_POST
def agenda_usual(request: ActorRequest, public_id: str) -> HttpResponse:
    """Start an empty agenda from the usual points."""
    talk = find_negotiation(request, public_id)
    return pressed(request, talk, Act.EDIT_TALK, lambda: plan.write_usual(talk), to=_page(talk))


# -- People ------------------------------------------------------------------------------------------------------------
@form_page
def attendance(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show who attends, and tick all of them in one form."""
    talk = find_negotiation(request, public_id)
    people = attendance_of(talk)
    form = AttendanceForm(posted(request), attendance=people)
    answer: HttpResponse | int = 200
    if request.method == "POST":
        answer = written(request, talk, Act.EDIT_TALK, form, form.save, to=_people_page(talk))
    if isinstance(answer, HttpResponse):
        return answer
    frame = talk_frame(request, talk, tab="agenda")
    context = {"attendance": people, "form": form, "may_edit": Act.EDIT_TALK in frame["acts"]}
    return render(request, "negotiations/attendance.html", frame | context, status=answer)


@form_page
def attendee_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Add a person; `?from=` names the organisation to start with."""
    talk = find_negotiation(request, public_id)
    party = talk.participations.filter(organization__slug=request.GET.get("from", "")).first()
    person = Attendee(negotiation=talk)
    if party:
        person.organization_id = party.organization_id
    return _attendee_form(request, talk, person)


@form_page
def attendee(request: ActorRequest, public_id: str, attendee_id: str) -> HttpResponse:
    """Change a person's facts."""
    talk = find_negotiation(request, public_id)
    return _attendee_form(request, talk, _attendee(request, talk, attendee_id))


def _attendee(request: ActorRequest, talk: Negotiation, attendee_id: str) -> Attendee:
    found = find(request, lambda actor: Attendee.objects.visible_to(actor).filter(negotiation=talk), attendee_id)
    found.negotiation = talk
    return found


def _attendee_form(request: ActorRequest, talk: Negotiation, person: Attendee) -> HttpResponse:
    form = AttendeeForm(posted(request), instance=person)
    to = _people_page(talk)
    if "another" in request.POST:
        to = reverse("negotiations:attendee_new", args=[talk.public_id])
    answer = written(request, talk, Act.EDIT_TALK, form, form.save_over, to=to)
    if isinstance(answer, HttpResponse):
        return answer
    context = {"talk": talk, "person": person, "form": form, "back": _people_page(talk)}
    return render(request, "negotiations/attendee_form.html", context, status=answer)


@form_page
def attendee_remove(request: ActorRequest, public_id: str, attendee_id: str) -> HttpResponse:
    """Remove a person after a confirmation."""
    talk = find_negotiation(request, public_id)
    row = _attendee(request, talk, attendee_id)
    return _remove(request, talk, row, "negotiations/attendee_remove.html", _people_page(talk))
