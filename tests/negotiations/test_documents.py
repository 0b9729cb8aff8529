"""Documents: ordered with the act, made once by whoever claims them, never made again, handed out only whole."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hyte_portal.celery import app
from hyte_portal.pdf import LONG_WORD, Pdf, PdfError
from negotiations import documents, tasks
from negotiations.memo_rows import build_memo
from negotiations.models import Document, Measure, Negotiation, Snapshot
from negotiations.snapshots import Memo
from tests.negotiations.talk_example import make_goal, make_talk

State = Document.State


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda _task: None)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Make bytes without laying out pages, and count how often."""
    drawn: list[int] = []

    def draw(document: Document) -> Pdf:
        drawn.append(document.pk)
        return Pdf(f"%PDF {document.pk} {len(drawn)}".encode(), pages=1)

    monkeypatch.setattr(documents, "render", draw)
    return drawn


def memo_of(snapshot: Snapshot) -> Memo:
    snapshot.refresh_from_db()
    return Memo.from_values(snapshot.content)


# -- What is frozen
@pytest.mark.django_db
def test_confirming_orders_one_document_for_each_language_and_reach() -> None:
    talk = make_talk()

    documents.order_confirmed(talk)

    rows = Document.objects.values_list("language", "reach", "state")
    assert set(rows) == {(lang, reach, "waiting") for lang in ("fi", "sv") for reach in ("full", "public")}
    assert len(rows) == 4


@pytest.mark.django_db
def test_the_check_value_is_that_of_the_stored_content() -> None:
    snapshot = documents.order_confirmed(make_talk())

    assert memo_of(snapshot).check_value() == snapshot.check_value


@pytest.mark.django_db
def test_the_memo_holds_what_the_table_sees_and_nothing_else() -> None:
    memo = memo_of(documents.order_confirmed(make_talk()))
    text = memo.to_json()

    assert "Jakamaton" not in text
    assert "salainen-linkki" not in text
    assert memo.is_remote
    assert memo.is_example
    assert memo.version == "1.0"
    assert [measure.wording.fi for measure in memo.goals[0].measures] == [f"Toimenpide numero {n}" for n in range(3)]
    assert memo.goals[0].target.sv == "under 15 % (2029)"
    assert [partner.name.sv for partner in memo.goals[0].measures[0].partners] == ["Exempelområdet"]
    assert [name.sv for name in memo.goals[0].measures[0].municipalities] == ["Exempelby"]
    assert memo.follow_up[0].responsible.sv == "Exempelby"
    assert memo.follow_up[0].moments.fi == "12.5.2027"
    assert [name.fi for name in memo.informed] == ["Muu taho"]
    assert memo.confirmations[0].person.name == "Anna Esimerkki"
    assert [party.is_host for party in memo.parties] == [True, False, False]


@pytest.mark.django_db
def test_a_common_goal_of_the_round_stands_first() -> None:
    talk = make_talk()
    make_goal(talk, talk.convener, negotiation=None, title_fi="Yhteinen tavoite", position=9)

    goals = build_memo(talk, version="1.0", confirmed=True).goals

    assert [goal.title.fi for goal in goals] == ["Yhteinen tavoite", "Yksinäisyys vähenee"]
    assert goals[0].is_common


@pytest.mark.django_db
def test_last_years_promise_tells_what_became_of_it() -> None:
    talk = make_talk()
    measure = Measure.objects.get(negotiation=talk, title_sv="Åtgärd nummer 0")
    before = Measure.objects.create(
        negotiation=make_earlier(talk), goal=measure.goal, proposer=talk.convener, title_fi="Toimenpide numero 0",
        title_sv="Vanha sanamuoto", owner=talk.convener, outcome="partly", outcome_reason="Resurssit loppuivat.",
    )  # fmt: skip
    Measure.objects.filter(pk=measure.pk).update(continues=before)

    (promise,) = build_memo(talk, version="1.0", confirmed=True).promises

    assert (promise.outcome, promise.reason.fi, promise.carry_over) == ("partly", "Resurssit loppuivat.", "change")


def make_earlier(talk: Negotiation) -> Negotiation:
    return Negotiation.objects.create(round=talk.round, convener=talk.convener, year=2025)


@pytest.mark.django_db
def test_later_changes_do_not_reach_what_was_frozen() -> None:
    talk = make_talk()
    snapshot = documents.order_confirmed(talk)
    before = memo_of(snapshot)

    Measure.objects.filter(negotiation=talk).update(title_fi="Muutettu", decision="withdrawn")

    assert memo_of(snapshot) == before


@pytest.mark.django_db
def test_one_version_can_be_frozen_only_once() -> None:
    talk = make_talk()
    documents.order_confirmed(talk)

    with pytest.raises(IntegrityError):
        documents.order_confirmed(talk)


@pytest.mark.django_db
@pytest.mark.parametrize("measures", [1, 20])
def test_reading_a_memo_takes_the_same_statements_for_one_and_twenty_measures(measures: int) -> None:
    talk = make_talk(measures)

    with CaptureQueriesContext(
        connection,
    ) as statements:
        build_memo(talk, version="1.0", confirmed=True)

    assert len(statements) == 9


@pytest.mark.django_db
def test_drafts_count_up_and_are_for_the_table_only() -> None:
    talk = make_talk(memo_version=0, confirmed_at=None, confirmed_by=None)

    versions = [memo_of(documents.order_draft(talk)).version for _ in range(2)]

    assert versions == ["0.1", "0.2"]
    assert set(Document.objects.values_list("reach", flat=True)) == {"full"}
    assert Snapshot.objects.filter(is_draft=True).count() == 2


@pytest.mark.django_db
def test_a_chair_whose_attendance_hides_the_name_is_hidden_in_the_public_copy() -> None:
    talk = make_talk(chair="Pekka Yksityinen, puheenjohtaja")

    memo = build_memo(talk, version="1.0", confirmed=True)

    assert "Pekka Yksityinen" in memo.to_json()
    assert "Pekka Yksityinen" not in memo.public().to_json()


# -- How it is made
@pytest.mark.django_db
def test_the_whole_way_from_rows_to_pages_that_are_downloaded() -> None:
    documents.order_confirmed(make_talk())

    assert documents.write_due() == 4

    for document in Document.objects.all():
        content = documents.stored_bytes(document)
        assert document.state == State.READY
        assert content.startswith(b"%PDF-1.7")
        assert (document.size, document.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert document.pages >= 2


@pytest.mark.django_db
def test_bytes_are_never_made_again(quick: list[int]) -> None:
    documents.order_confirmed(make_talk())
    documents.write_due()
    before = list(Document.objects.order_by("pk").values_list("file", "sha256"))

    documents.write_due()
    for document in Document.objects.all():
        documents.retry(document)
    documents.write_due()

    assert len(quick) == 4
    assert list(Document.objects.order_by("pk").values_list("file", "sha256")) == before


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["changed", "gone"])
def test_damaged_bytes_are_not_handed_out_and_the_operator_hears_of_it(
    place: str, quick: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    documents.order_confirmed(make_talk())
    documents.write_due()
    document = Document.objects.first()
    assert document is not None
    stored = default_storage.path(document.file)
    default_storage.delete(document.file)
    if place == "changed":
        with open(stored, "wb") as file:  # noqa: PTH123
            file.write(b"%PDF other")

    with pytest.raises(documents.DamagedDocumentError):
        documents.stored_bytes(document)
    assert document.public_id in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (PdfError(LONG_WORD), "The document has a word that is too long for a line. Split the word and try again."),
        (SoftTimeLimitExceeded(), documents.TOO_HEAVY),
        (ZeroDivisionError(), "The PDF could not be made because of an error in the system. Try again."),
        (
            OSError(28, "No space left on device"),
            "The PDF could not be made because of an error in the system. Try again.",
        ),
    ],
)
def test_a_failure_is_told_and_can_be_tried_again(
    trouble: BaseException, told: str, quick: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.order_draft(make_talk(languages=["sv"]))
    works = documents.render

    def fails(document: Document) -> Pdf:
        raise trouble

    monkeypatch.setattr(documents, "render", fails)
    documents.write_due()
    document = Document.objects.get()
    assert (document.state, document.error, document.file) == (State.FAILED, told, "")

    monkeypatch.setattr(documents, "render", works)
    documents.write_due()
    assert not quick
    documents.retry(document)
    documents.write_due()
    document.refresh_from_db()
    assert (document.state, document.error) == (State.READY, "")


@pytest.mark.django_db
def test_a_claim_is_free_again_after_ten_minutes_and_given_up_after_three(quick: list[int]) -> None:
    documents.order_draft(make_talk(languages=["fi"]))
    rows = Document.objects.all()
    rows.update(state=State.WRITING, attempts=1, claimed_at=timezone.now() - timedelta(minutes=9))
    assert not documents.write_next()

    rows.update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert documents.write_next()
    assert rows.get().state == State.READY

    rows.update(state=State.WRITING, attempts=3, claimed_at=timezone.now() - timedelta(minutes=11))
    assert documents.write_next()
    assert (rows.get().state, rows.get().error) == (State.FAILED, documents.TOO_HEAVY)


@pytest.mark.django_db
def test_a_writer_that_lost_its_claim_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    documents.order_draft(make_talk(languages=["fi"]))

    def slow(document: Document) -> Pdf:
        Document.objects.filter(pk=document.pk).update(
            state=State.READY, file="of-the-other", claimed_at=timezone.now()
        )
        return Pdf(b"%PDF of a writer without a claim", pages=1)

    monkeypatch.setattr(documents, "render", slow)
    documents.write_next()

    assert Document.objects.get().file == "of-the-other"
    assert b"writer without a claim" not in b"".join(_stored("documents"))


def _stored(folder: str) -> list[bytes]:
    _folders, files = default_storage.listdir(folder) if default_storage.exists(folder) else ([], [])
    contents = []
    for name in files:
        with default_storage.open(f"{folder}/{name}") as file:
            contents.append(file.read())
    return contents


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_at_once_make_each_document_once(quick: list[int]) -> None:
    documents.order_confirmed(make_talk(measures=1))

    def write(_number: int) -> None:
        try:
            documents.write_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))

    assert sorted(quick) == sorted(Document.objects.values_list("pk", flat=True))
    assert set(Document.objects.values_list("state", flat=True)) == {State.READY}


@pytest.mark.django_db
def test_the_sweep_makes_one_and_calls_for_the_next(quick: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    documents.order_confirmed(make_talk())
    monkeypatch.setattr(tasks, "wake", calls.append)

    for _ in range(6):
        tasks.write_documents()

    assert len(quick) == 4
    assert calls == [documents.SWEEP] * 4


@pytest.mark.django_db
def test_a_dead_broker_does_not_stop_an_order(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[str] = []

    def dead(task: str) -> None:
        asked.append(task)
        raise ConnectionError("redis is away")

    monkeypatch.setattr(app, "send_task", dead)
    with django_capture_on_commit_callbacks(execute=True):
        documents.order_confirmed(make_talk())

    assert asked == [documents.SWEEP]
    assert Document.objects.filter(state=State.WAITING).count() == 4


@pytest.mark.django_db
def test_the_public_copy_has_no_word_of_what_is_secret() -> None:
    documents.order_confirmed(make_talk())
    texts = {}
    for document in Document.objects.filter(language="fi").select_related("snapshot"):
        pages = pypdf.PdfReader(io.BytesIO(documents.render(document).content)).pages
        texts[document.reach] = " ".join(page.extract_text() for page in pages)

    for secret in ("Pekka Yksityinen", "Salainen keskustelu", "Salainen liite"):
        assert secret in texts["full"]
        assert secret not in texts["public"]
    assert "Anna Esimerkki" in texts["public"]
