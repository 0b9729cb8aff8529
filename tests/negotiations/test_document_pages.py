"""The memo's files as pages: how far they are, and their bytes as they were made."""

import hashlib
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from negotiations.lifecycle import State
from negotiations.models import Document, Negotiation, Snapshot
from organizations.actors import Actor
from organizations.models import Organization
from tests.factories import act_as
from tests.negotiations.memo_example import make_memo
from tests.talks import make_document, make_round, make_snapshot, make_talk

BYTES = b"%PDF-1.7 muistio"


@pytest.fixture
def talk(county: Organization, municipality: Organization) -> Negotiation:
    return make_talk(State.CONFIRMED, of=make_round(county), guests=[municipality])


@pytest.fixture
def snapshot(talk: Negotiation) -> Snapshot:
    return make_snapshot(talk, make_memo(2))


def stored(snapshot: Snapshot, reach: str = "public", **fields: Any) -> Document:
    place = default_storage.save("documents/test.pdf", ContentFile(BYTES))
    facts: dict[str, Any] = {
        "file": place,
        "sha256": hashlib.sha256(BYTES).hexdigest(),
        "size": len(BYTES),
        "made_at": timezone.now(),
    }
    return make_document(snapshot, reach=reach, **(facts | fields))


def signed_in(client: Client, actor: Actor) -> Client:
    assert actor.person is not None
    return act_as(client, actor.person, actor.organization)


def url(name: str, row: Any) -> str:
    return reverse(f"negotiations:{name}", args=[row.public_id])


def move(talk: Negotiation, state: str, **fields: Any) -> None:
    Negotiation.objects.filter(pk=talk.pk).update(state=state, **fields)


# -- Bytes ------------------------------------------------------------------------------------------------------------
def test_the_table_gets_the_bytes_as_they_were_made(client: Client, snapshot: Snapshot, reader: Actor) -> None:
    answer = signed_in(client, reader).get(url("document", stored(snapshot, "full")))
    assert answer.content == BYTES
    assert answer["Content-Disposition"].startswith('attachment; filename="hyte-muistio-')
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


def test_bytes_that_changed_are_refused(client: Client, snapshot: Snapshot, reader: Actor) -> None:
    row = stored(snapshot, "full")
    default_storage.delete(row.file)
    default_storage.save(row.file, ContentFile(BYTES + b"!"))
    answer = signed_in(client, reader).get(url("document", row))
    assert answer.status_code == 500
    assert BYTES not in answer.content


def test_anyone_reads_the_public_copy_once_published_and_asks_again_cheaply(
    client: Client, talk: Negotiation, snapshot: Snapshot
) -> None:
    full, public = stored(snapshot, "full"), stored(snapshot, "public")
    assert client.get(url("document", public)).status_code == 302
    move(talk, State.PUBLISHED, published_at=timezone.now())
    answer = client.get(url("document", public))
    assert answer.content == BYTES
    assert "public" in answer["Cache-Control"]
    again = client.get(url("document", public), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(url("document", full)).status_code == 302


def test_an_etag_opens_nothing_to_who_may_not_read(client: Client, snapshot: Snapshot, outsider: Actor) -> None:
    row = stored(snapshot, "public")
    answer = signed_in(client, outsider).get(url("document", row), headers={"If-None-Match": f'"{row.sha256}"'})
    assert answer.status_code == 404


def test_the_national_reader_gets_the_public_copy_from_confirming_on(
    client: Client, snapshot: Snapshot, national_reader: Actor
) -> None:
    full, public = stored(snapshot, "full"), stored(snapshot, "public")
    signed_in(client, national_reader)
    assert [client.get(url("document", row)).status_code for row in (public, full)] == [200, 404]


def test_a_withdrawn_version_is_read_by_the_table_and_gone_for_others(
    client: Client, talk: Negotiation, snapshot: Snapshot, reader: Actor, national_reader: Actor
) -> None:
    row = stored(snapshot, "public")
    move(talk, State.MEMO_DRAFT)
    Snapshot.objects.filter(pk=snapshot.pk).update(withdrawn_at=timezone.now())
    assert signed_in(client, reader).get(url("document", row)).status_code == 200
    with translation.override("en"):
        assert "Withdrawn versions" in client.get(url("documents", talk)).content.decode()
    assert signed_in(client, national_reader).get(url("document", row)).status_code == 410
    client.logout()
    assert client.get(url("document", row)).status_code == 410


def test_a_file_that_is_not_made_yet_is_not_handed_out(client: Client, snapshot: Snapshot, reader: Actor) -> None:
    row = stored(snapshot, "full", state=Document.State.WRITING, file="")
    assert signed_in(client, reader).get(url("document", row)).status_code == 404


# -- Pages ------------------------------------------------------------------------------------------------------------
def test_an_empty_page_says_when_files_come(client: Client, talk: Negotiation, reader: Actor) -> None:
    page = signed_in(client, reader).get(url("documents", talk)).content.decode()
    assert page.count('class="empty"') == 2


def test_a_file_under_way_asks_again_until_it_is_made(client: Client, snapshot: Snapshot, reader: Actor) -> None:
    row = stored(snapshot, "full", state=Document.State.WAITING)
    signed_in(client, reader)
    page = client.get(url("documents", row.negotiation)).content.decode()
    assert f'hx-get="{url("document_state", row)}"' in page
    fragment = client.get(url("document_state", row)).content.decode()
    assert fragment.strip().startswith("<li")
    assert "hx-get" in fragment
    Document.objects.filter(pk=row.pk).update(state=Document.State.READY)
    fragment = client.get(url("document_state", row)).content.decode()
    assert "hx-get" not in fragment
    assert url("document", row) in fragment
    assert row.sha256[:16] in fragment


def test_a_failed_file_says_why_and_is_tried_again(
    client: Client, snapshot: Snapshot, municipal_editor: Actor, reader: Actor
) -> None:
    row = stored(snapshot, "full", state=Document.State.FAILED, error="Too heavy.", attempts=3)
    signed_in(client, reader)
    assert "Too heavy." in client.get(url("documents", row.negotiation)).content.decode()
    assert client.post(url("document_retry", row)).status_code == 403
    assert signed_in(client, municipal_editor).post(url("document_retry", row)).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (Document.State.WAITING, 0, "")


def test_retrying_leaves_a_ready_file_as_it_is(client: Client, snapshot: Snapshot, municipal_editor: Actor) -> None:
    row = stored(snapshot, "full")
    signed_in(client, municipal_editor).post(url("document_retry", row))
    row.refresh_from_db()
    assert row.state == Document.State.READY


def test_a_draft_is_ordered_once_while_the_memo_is_written(
    client: Client, talk: Negotiation, municipal_editor: Actor, reader: Actor
) -> None:
    order = url("draft_order", talk)
    assert signed_in(client, reader).post(order).status_code == 403
    signed_in(client, municipal_editor).post(order)
    assert not talk.documents.exists()
    move(talk, State.COMMENTING)
    for _press in range(2):
        assert client.post(order).status_code == 302
    row = talk.documents.get()
    assert (row.reach, row.snapshot.is_draft) == ("full", True)


def test_strangers_find_no_page_no_state_and_no_retry(client: Client, snapshot: Snapshot, outsider: Actor) -> None:
    row = stored(snapshot, "full", state=Document.State.FAILED)
    signed_in(client, outsider)
    assert client.get(url("documents", row.negotiation)).status_code == 404
    assert client.get(url("document_state", row)).status_code == 404
    assert client.post(url("document_retry", row)).status_code == 404
    assert client.post(url("draft_order", row.negotiation)).status_code == 404


def test_queries_do_not_grow_with_files(client: Client, talk: Negotiation, snapshot: Snapshot, reader: Actor) -> None:
    signed_in(client, reader)

    def queries() -> int:
        client.get(url("documents", talk))
        with CaptureQueriesContext(connection) as captured:
            client.get(url("documents", talk))
        return len(captured)

    stored(snapshot, "full")
    few = queries()
    for version in range(2, 12):
        again = make_snapshot(talk, make_memo(1), version=version)
        stored(again, "full")
        stored(again, "public")
    assert queries() == few
