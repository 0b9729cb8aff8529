"""Texts of a bilingual talk that one language lacks: filled, or accepted one by one."""

import pytest
from django.test import Client
from django.urls import reverse

from negotiations import needs, one_language
from negotiations.lifecycle import Need, State
from negotiations.models import AgendaItem, Negotiation
from organizations.actors import PUBLIC, Actor
from organizations.models import Organization
from tests.factories import act_as
from tests.talks import make_goal, make_measure, make_round, make_talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(county: Organization) -> Negotiation:
    of = make_round(county, languages=["fi", "sv"])
    return make_talk(State.MEMO_DRAFT, of=of, title_fi="Neuvottelu", title_sv="Förhandling")


def lacking(talk: Negotiation) -> set[tuple[str, str, str]]:
    return {(type(text.row).__name__, text.field, text.lacks) for text in one_language.untranslated(talk)}


def test_what_stands_in_one_language_only_is_listed(talk: Negotiation) -> None:
    goal = make_goal(talk, title_fi="Tavoite", title_sv="Mål", indicator_sv="Mätare")
    make_measure(talk, goal=goal, title_sv="Åtgärd")
    AgendaItem.objects.create(negotiation=talk, title_sv="Läget")
    assert lacking(talk) == {
        ("Goal", "indicator", "fi"), ("Measure", "follow_up", "sv"), ("AgendaItem", "title", "fi")
    }  # fmt: skip


def test_what_nobody_sees_is_not_listed(talk: Negotiation) -> None:
    make_goal(talk, shared_at=None)
    assert lacking(talk) == set()


def test_a_talk_in_one_language_lacks_nothing(talk: Negotiation) -> None:
    talk.languages = ["fi"]
    make_goal(talk)
    assert lacking(talk) == set()


def test_common_goals_of_the_round_are_part_of_the_memo_and_listed(talk: Negotiation) -> None:
    """A common goal is printed in each memo of its round, so it too must be filled or accepted."""
    goal = make_goal(talk)
    type(goal).objects.filter(pk=goal.pk).update(negotiation=None)
    assert lacking(talk) == {("Goal", "title", "sv")}


def test_each_text_is_accepted_for_itself(talk: Negotiation) -> None:
    first, second = make_goal(talk), make_goal(talk)
    assert one_language.accept(talk, {f"goal-{first.public_id}-title", "goal-nonsense-title"}) == 1
    assert [text.row for text in one_language.untranslated(talk)] == [second]
    assert [text.row for text in one_language.untranslated(talk, accepted=True)] == [first]


def test_confirming_waits_until_all_are_filled_or_accepted(talk: Negotiation) -> None:
    goal = make_goal(talk)
    assert len(needs.missing((Need.BOTH_LANGUAGES,), talk, PUBLIC)) == 1
    one_language.accept(talk, {f"goal-{goal.public_id}-title"})
    assert needs.missing((Need.BOTH_LANGUAGES,), talk, PUBLIC) == []


def test_the_page_lists_and_accepts(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    goal = make_goal(talk, title_fi="Vain suomeksi kirjoitettu")
    assert host_editor.person
    act_as(client, host_editor.person)
    url = reverse("negotiations:languages", args=[talk.public_id])
    page = client.get(url).content.decode()
    assert "Vain suomeksi kirjoitettu" in page
    assert f'value="goal-{goal.public_id}-title"' in page
    assert client.post(url, {"accept": [f"goal-{goal.public_id}-title"]}).status_code == 302
    goal.refresh_from_db()
    assert goal.one_language_ok == ["title"]


def test_readers_see_that_their_language_is_missing(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    make_goal(talk, title_fi="Vain suomeksi kirjoitettu")
    assert host_editor.person
    act_as(client, host_editor.person)
    page = client.get(f"/sv/neuvottelut/{talk.public_id}/").content.decode()
    assert "endast på finska" in page
    assert 'lang="fi"' in page
