"""A form with a key is acted on once."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.test import RequestFactory

from hyte_portal.models import Submission
from hyte_portal.submissions import once
from organizations.models import User
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_person()


def sent_by(person: User, data: dict[str, Any], path: str = "/fi/x/") -> Any:
    request = RequestFactory().post(path, data)
    request.user = person
    return request


def test_the_second_time_gives_the_first_result(person: User) -> None:
    data = {"submission_key": str(uuid.uuid4()), "text": "a"}
    with once(sent_by(person, data)) as sent:
        assert not sent.repeated
        sent.result_url = "/fi/tulos/"
    with once(sent_by(person, data | {"csrfmiddlewaretoken": "another"})) as again:
        assert (again.repeated, again.result_url) == (True, "/fi/tulos/")


@pytest.mark.parametrize("change", [{"text": "b"}, {"more": "1"}])
def test_other_content_under_the_same_key_is_refused(person: User, change: dict[str, str]) -> None:
    data = {"submission_key": str(uuid.uuid4()), "text": "a"}
    with once(sent_by(person, data)) as sent:
        sent.result_url = "/fi/tulos/"
    with pytest.raises(BadRequest), once(sent_by(person, data | change)):
        pytest.fail("acted")


def test_the_key_of_another_page_or_person_is_refused(person: User) -> None:
    data = {"submission_key": str(uuid.uuid4()), "text": "a"}
    with once(sent_by(person, data)) as sent:
        sent.result_url = "/fi/tulos/"
    for request in (sent_by(person, data, "/fi/muu/"), sent_by(make_person(), data)):
        with pytest.raises(BadRequest), once(request):
            pytest.fail("acted")


def test_a_failed_deed_leaves_the_key_free(person: User) -> None:
    """Nothing was done, so the corrected form may be sent with the key that it has."""
    data = {"submission_key": str(uuid.uuid4()), "text": "a"}
    with pytest.raises(ZeroDivisionError), once(sent_by(person, data)):
        raise ZeroDivisionError
    assert not Submission.objects.exists()
    with once(sent_by(person, data | {"text": "b"})) as sent:
        assert not sent.repeated


@pytest.mark.parametrize("key", ["", "nonsense", "x" * 1000])
def test_a_form_without_a_key_is_acted_on_as_it_is(person: User, key: str) -> None:
    for _twice in range(2):
        with once(sent_by(person, {"submission_key": key})) as sent:
            assert not sent.repeated
    assert not Submission.objects.exists()
