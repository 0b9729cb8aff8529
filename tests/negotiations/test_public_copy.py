"""The public page of a negotiation: frozen content without what is not public, its files, 304 for who is not signed in."""

from typing import Any, cast

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from negotiations.lifecycle import State
from negotiations.models import Negotiation, Snapshot
from negotiations.vocabulary import DocumentReach
from organizations.actors import Actor
from organizations.models import Organization
from tests.factories import act_as
from tests.negotiations.memo_example import make_memo
from tests.talks import make_document, make_round, make_snapshot, make_talk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def talk(county: Organization, municipality: Organization) -> Negotiation:
    talk = make_talk(State.PUBLISHED, of=make_round(county), guests=[municipality])
    make_snapshot(talk, make_memo())
    return talk


def get(talk: Negotiation, actor: Actor | None = None, *, etag: str = "") -> HttpResponse:
    client = Client(headers={"if-none-match": etag} if etag else {})
    if actor and actor.person:
        act_as(client, actor.person, actor.organization)
    return cast("HttpResponse", client.get(talk.get_absolute_url()))


def test_the_public_reads_the_frozen_words_not_the_live_ones(talk: Negotiation) -> None:
    Negotiation.objects.filter(pk=talk.pk).update(title_fi="Myöhemmin muutettu otsikko")
    text = get(talk).content.decode()
    assert "Myöhemmin muutettu otsikko" not in text
    assert "Yhä harvempi nuori on yksinäinen" in text


def test_what_is_not_public_is_left_out(talk: Negotiation) -> None:
    text = get(talk).content.decode()
    assert "Anna Esimerkki" in text
    assert "Pekka Yksityinen" not in text
    assert "name not public" in text
    memo = make_memo()
    secret = [line for line in memo.agenda if line.confidential_ground]
    hidden = [line for line in memo.attachments if not line.is_public]
    assert secret or hidden, "the example must have something to leave out"
    for line in secret:
        assert (line.discussion.fi or line.decision.fi) not in text
    for attachment in hidden:
        assert attachment.title.fi not in text


def test_the_page_names_the_check_value_and_the_public_files_only(talk: Negotiation) -> None:
    snapshot = Snapshot.objects.get(negotiation=talk)
    finnish, swedish = make_document(snapshot), make_document(snapshot, "sv")
    full = make_document(snapshot, reach=DocumentReach.FULL)
    text = get(talk).content.decode()
    assert snapshot.check_value[:4] in text
    for document in (finnish, swedish):
        assert reverse("negotiations:document", args=[document.public_id]) in text
    assert full.public_id not in text


def test_nothing_is_public_before_publishing(talk: Negotiation, national_reader: Actor, outsider: Actor) -> None:
    Negotiation.objects.filter(pk=talk.pk).update(state=State.CONFIRMED, published_at=None)
    assert get(talk).status_code == 404
    assert get(talk, outsider).status_code == 404
    answer = get(talk, national_reader)
    assert answer.status_code == 200
    assert "not published yet" in answer.content.decode()


def test_the_newest_version_that_stands_is_shown(talk: Negotiation) -> None:
    old = Snapshot.objects.get(negotiation=talk)
    make_snapshot(talk, make_memo(registry_number="9999/2026"), version=2)
    assert "9999/2026" in get(talk).content.decode()
    Snapshot.objects.filter(version=2).update(withdrawn_at=old.created_at)
    assert "9999/2026" not in get(talk).content.decode()


def test_an_unchanged_page_is_304_for_the_public_only(talk: Negotiation, outsider: Actor) -> None:
    first = get(talk)
    assert first["Cache-Control"] == "public, no-cache"
    etag = first["ETag"]
    assert get(talk, etag=etag).status_code == 304
    assert get(talk, outsider, etag=etag).status_code == 200
    assert get(talk, outsider)["Cache-Control"] == "private, no-store"
    Negotiation.objects.filter(pk=talk.pk).update(content_version=talk.content_version + 1)
    assert get(talk, etag=etag).status_code == 200
    Negotiation.objects.filter(pk=talk.pk).update(published_at=None)
    assert get(talk, etag=etag).status_code == 404


def test_the_page_is_read_in_a_few_statements(talk: Negotiation) -> None:
    with CaptureQueriesContext(connection) as queries:
        get(talk)
    assert len(queries) <= 6


def test_each_language_has_its_page(talk: Negotiation) -> None:
    marks = {get_in(language, talk)["ETag"] for language in ("fi", "sv", "en")}
    assert len(marks) == 3


def get_in(language: str, talk: Negotiation) -> HttpResponse:
    with translation.override(language):
        return get(talk)
