"""Comments by their reach."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from negotiations.lifecycle import State
from negotiations.models import Comment, Negotiation
from organizations.actors import Actor
from organizations.models import Organization
from tests.factories import act_as
from tests.talks import make_measure, make_round, make_talk


@pytest.fixture
def talk(county: Organization, municipality: Organization, association: Organization) -> Negotiation:
    return make_talk(State.COMMENTING, of=make_round(county), guests=[municipality, association])


def signed_in(client: Client, actor: Actor) -> Client:
    assert actor.person is not None
    return act_as(client, actor.person, actor.organization)


def page_of(talk: Negotiation) -> str:
    return reverse("negotiations:comments", args=[talk.public_id])


def make_comment(talk: Negotiation, organization: Organization, text: str, reach: str = "own") -> Comment:
    return Comment.objects.create(negotiation=talk, organization=organization, text=text, reach=reach)


def test_a_comment_reaches_its_own_organisation_or_the_table(
    client: Client, talk: Negotiation, municipality: Organization, host_editor: Actor, municipal_editor: Actor,
    association_editor: Actor,
) -> None:  # fmt: skip
    make_comment(talk, municipality, "Vain meille.")
    make_comment(talk, municipality, "Kaikille pöydässä.", "table")
    for actor, sees_own in ((municipal_editor, True), (host_editor, False), (association_editor, False)):
        page = signed_in(client, actor).get(page_of(talk)).content.decode()
        assert ("Vain meille." in page) is sees_own
        assert "Kaikille pöydässä." in page


def test_nobody_outside_the_table_reads_comments(
    client: Client, talk: Negotiation, municipality: Organization, outsider: Actor, national_reader: Actor
) -> None:
    Negotiation.objects.filter(pk=talk.pk).update(state=State.PUBLISHED)
    make_comment(talk, municipality, "Kaikille pöydässä.", "table")
    for actor in (outsider, national_reader):
        assert signed_in(client, actor).get(page_of(talk)).status_code == 404


def test_a_party_comments_for_itself_by_default(client: Client, talk: Negotiation, municipal_editor: Actor) -> None:
    page = signed_in(client, municipal_editor).get(page_of(talk)).content.decode()
    assert "checked" in page.split('value="own"')[1].partition(">")[0]
    answer = client.post(page_of(talk), {"text": "Kohta 3 on epäselvä.", "reach": "own"})
    comment = Comment.objects.get()
    assert answer["Location"].endswith(f"#comment-{comment.public_id}")
    assert (comment.organization, comment.person) == (municipal_editor.organization, municipal_editor.person)


def test_a_comment_may_be_about_a_shared_measure_only(
    client: Client, talk: Negotiation, municipal_editor: Actor
) -> None:
    shared, hidden = make_measure(talk), make_measure(talk, shared_at=None)
    signed_in(client, municipal_editor)
    fields = {"text": "Aikataulu on tiukka.", "reach": "table"}
    assert client.post(page_of(talk), fields | {"measure": hidden.public_id}).status_code == 422
    assert client.post(page_of(talk), fields | {"measure": shared.public_id}).status_code == 302
    assert Comment.objects.get().measure == shared
    assert str(shared.title) in client.get(page_of(talk)).content.decode()


def test_a_reader_and_a_late_writer_do_not_comment(
    client: Client, talk: Negotiation, reader: Actor, municipal_editor: Actor
) -> None:
    fields = {"text": "Huomautus luonnoksesta.", "reach": "table"}
    assert signed_in(client, reader).post(page_of(talk), fields).status_code == 403
    Negotiation.objects.filter(pk=talk.pk).update(state=State.CONFIRMED)
    answer = signed_in(client, municipal_editor).post(page_of(talk), fields)
    assert answer.status_code == 409
    assert "Huomautus luonnoksesta." in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_double_press_is_one_comment(client: Client, talk: Negotiation, municipal_editor: Actor) -> None:
    fields = {"text": "Kerran.", "reach": "own", "submission_key": "8a2fd6b6-54c2-4a41-8f1a-0b8f0e1c2d3e"}
    signed_in(client, municipal_editor)
    places = {client.post(page_of(talk), fields)["Location"] for _press in range(2)}
    assert len(places) == Comment.objects.count() == 1


@pytest.mark.parametrize("text", ["", "x" * 100_000, "näkymätön \x07 merkki", "NUL \x00"])
def test_bad_text_is_refused_and_stays(text: str, client: Client, talk: Negotiation, municipal_editor: Actor) -> None:
    answer = signed_in(client, municipal_editor).post(page_of(talk), {"text": text, "reach": "own"})
    assert answer.status_code == 422
    assert not Comment.objects.exists()


def test_an_association_is_told_what_becomes_of_its_comment(
    client: Client, talk: Negotiation, association_editor: Actor
) -> None:
    with translation.override("en"):
        page = signed_in(client, association_editor).get(page_of(talk)).content.decode()
    assert "becomes an authority's document" in page


def test_queries_do_not_grow_with_comments(
    client: Client, talk: Negotiation, municipality: Organization, reader: Actor
) -> None:
    signed_in(client, reader)

    def queries() -> Any:
        client.get(page_of(talk))
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(talk))
        return len(captured)

    make_comment(talk, municipality, "Yksi.", "table")
    few = queries()
    for number in range(19):
        make_comment(talk, municipality, f"Huomautus {number}.", "table")
    Negotiation.objects.raise_content_version(talk.pk)
    assert queries() == few
