"""A memo's frozen content: one canonical form, a check value that notices every change, a public copy that hides."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from negotiations.snapshots import (
    AgendaLine,
    AttachmentLine,
    AttendeeLine,
    Confirmation,
    Memo,
    Person,
    Text,
    short_check_value,
)
from tests.negotiations.memo_example import CHAIR, CITY, PRIVATE, make_memo


def test_what_was_written_is_read_back_whole() -> None:
    memo = make_memo(measures=60)

    assert Memo.from_json(memo.to_json()) == memo
    assert Memo.from_values(memo.to_values()) == memo


def test_the_form_is_canonical_whatever_order_a_database_keeps_keys_in() -> None:
    memo = make_memo()
    shuffled = json.loads(memo.to_json(), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert Memo.from_values(shuffled).to_json() == memo.to_json()
    assert Memo.from_values(shuffled).check_value() == memo.check_value()


def test_the_form_has_sorted_keys_real_letters_and_no_spaces_between() -> None:
    text = make_memo(measures=1).to_json()

    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "välfärdsområde" in text


@pytest.mark.parametrize(
    "changed",
    [
        {"registry_number": "1235/2026"},
        {"version": "1.1"},
        {"agenda": ()},
        {"attendees": (AttendeeLine(CHAIR),)},
        {"place": Text("Vaasan kaupungintalo", "Vasa stadshus")},
        {"starts_at": datetime(2026, 11, 10, 7, 1, tzinfo=UTC)},
        {"seal": "another"},
    ],
)
def test_any_change_changes_the_check_value(changed: dict[str, Any]) -> None:
    assert make_memo(**changed).check_value() != make_memo().check_value()


def test_the_same_content_has_the_same_check_value() -> None:
    assert make_memo().check_value() == make_memo().check_value()
    assert len(make_memo().check_value()) == 64


def test_the_check_value_is_shown_in_groups_of_four() -> None:
    assert short_check_value("2dfb46e69ca8efe0" + "f" * 48) == "2dfb 46e6 9ca8 efe0"


def test_an_unknown_field_stops_the_reading() -> None:
    with pytest.raises(TypeError):
        Memo.from_values({**make_memo().to_values(), "surprise": 1})


def test_a_public_copy_keeps_only_names_that_may_be_told() -> None:
    public = make_memo().public().to_json()

    assert CHAIR.name in public
    assert PRIVATE.name not in public


def test_a_nameless_attendee_stays_in_the_public_copy_with_post_and_organisation() -> None:
    memo = make_memo(attendees=(AttendeeLine(PRIVATE),))

    assert memo.public().attendees == (AttendeeLine(replace(PRIVATE, name="")),)


def test_a_public_copy_leaves_out_secret_passages_and_attachments() -> None:
    memo = make_memo(
        agenda=(
            AgendaLine("situation", Text("Avoin"), Text("Julkinen keskustelu")),
            AgendaLine("situation", Text("Salainen otsikko"), Text("Salainen x"), Text("Salainen y"), "JulkL 24 §"),
        ),
        attachments=(AttachmentLine(Text("Avoin liite"), True), AttachmentLine(Text("Salainen liite"))),
    )  # fmt: skip

    public = memo.public().to_json()

    assert "Julkinen keskustelu" in public
    assert "Avoin liite" in public
    assert "Salainen" not in public


@pytest.mark.parametrize("field", ["chair", "secretary"])
def test_those_who_run_the_talk_lose_a_name_that_is_not_public(field: str) -> None:
    person = Person("Aili Salainen", Text.both("pj"), CITY)

    changes: dict[str, Any] = {field: person}

    assert "Aili Salainen" not in make_memo(**changes).public().to_json()


def test_a_confirmer_whose_name_is_not_public_is_left_out_too() -> None:
    confirmation = Confirmation(Person("Aili Salainen"), datetime(2026, 12, 4, tzinfo=UTC))

    assert "Aili Salainen" not in make_memo(confirmations=(confirmation,)).public().to_json()


def test_a_public_copy_of_a_public_copy_is_the_same() -> None:
    public = make_memo().public()

    assert public.public() == public


def test_content_can_not_be_changed_after_it_was_made() -> None:
    with pytest.raises(AttributeError):
        make_memo().version = "2.0"  # type: ignore[misc]


def test_only_dates_and_plain_values_can_be_frozen() -> None:
    with pytest.raises(TypeError, match="no place in a memo"):
        make_memo(registry_number=object()).to_json()
