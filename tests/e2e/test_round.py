"""One county's round from invitation to published memo and follow-up, in a browser, in Finnish and in Swedish."""

import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from hyte_portal import outbox
from hyte_portal.dates import today
from hyte_portal.models import OutboundMail
from negotiations import documents
from negotiations.models import Document, Negotiation, Round
from tests.e2e.person import Person

pytestmark = pytest.mark.django_db(transaction=True)
GOAL, MEASURE = "Yhä useampi nuori löytää harrastuksen", "Harrastuspäivä järjestetään joka kylällä"


@pytest.fixture(autouse=True)
def demo(transactional_db: None) -> None:
    call_command("load_organizations", verbosity=0)
    call_command("demo", force=True, verbosity=0)
    OutboundMail.objects.all().delete()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_round_runs_from_invitation_to_follow_up(browser: Browser, live_server: LiveServer, language: str) -> None:
    server = live_server.url

    def person(login: str) -> Person:
        return Person(browser, server, login, language)

    host = person("editor.pohjois-savo")
    talk = _plan(host)
    _invite(host, talk)
    kuopio = person("editor.kuopio")
    _prepare(kuopio, talk)
    ngo = person("editor.mll-jarvi-suomi")
    ngo.open(f"{talk}toimi/mark_ready/")
    ngo.page.check("main input[name=no_proposals]")
    ngo.send()
    _hold(host, talk)
    _comment(kuopio, host, talk)
    confirmer = person("confirmer.pohjois-savo")
    _confirm(confirmer, talk)
    _publish(host, talk)
    _read(person(""), person("reader.kuntaliitto"), talk)
    _report(kuopio, talk)


def _plan(host: Person) -> str:
    """Make a round and a talk, add an association; nobody is told yet."""
    host.open("/tyopoyta/")
    host.open("/neuvottelut/kierrokset/uusi/")
    year = today().year + 1
    host.write(
        year=str(year), year_of_effect=str(year + 1), name_fi="Selainkierros", preparation_from=today().isoformat()
    )
    host.write(comment_days="7", preparation_until=today().isoformat())
    host.send()
    assert Round.objects.filter(name_fi="Selainkierros").exists()
    host.press("a[href$='/uusi/'].ds-button")
    yesterday = today() - timedelta(days=1)
    host.write(
        title_fi="Kuopion selainneuvottelu",
        day=yesterday.isoformat(),
        begins="09:00",
        ends="12:00",
        place_fi="Kaupungintalo",
    )
    host.page.locator("label", has_text="Kuopio").locator("input").check()
    host.send()
    talk = host.path
    host.open(f"{talk}osapuolet/lisaa/?q=mannerheimin")
    host.tick("organizations", "mll-jarvi-suomi")
    host.page.locator("main form[method=post] button").last.click()
    host.page.wait_for_url("**/osapuolet/**")
    host.open(f"{talk}osapuolet/")
    assert not OutboundMail.objects.exists()
    return talk


def _invite(host: Person, talk: str) -> None:
    host.open(f"{talk}kutsu/")
    assert host.sees("editor.kuopio@demo.example")
    host.page.locator("main form[method=post] button").last.click()
    host.page.wait_for_url(f"**{talk}")
    assert OutboundMail.objects.filter(kind="invite", address="editor.kuopio@demo.example").count() == 1
    host.open(f"{talk}toimi/open_preparation/")
    host.send()


def _prepare(guest: Person, talk: str) -> None:
    """Write a goal, a measure, cooperation and follow-up; they stay the guest's own until it is ready."""
    guest.open("/tyopoyta/")
    guest.open(talk)
    guest.open(f"{talk}uusi/tavoitteet/")
    guest.write(title_fi=GOAL, indicator_fi="Harrastavien osuus", target_fi="60 %")
    guest.choose(theme="lifestyles", age_group="all")
    guest.send()
    guest.open(f"{talk}uusi/toimenpiteet/")
    guest.choose_words(goal=GOAL)
    guest.write(
        title_fi=MEASURE, starts_on="2027-01-01", ends_on="2027-12-31", follow_up_fi="Osallistujat kahdesti vuodessa"
    )
    guest.page.locator("main select[name=owner]").select_option(label="Kuopio")
    guest.write(owner_post_title="Nuorisopalvelujen päällikkö")
    guest.send()
    assert guest.sees(MEASURE)
    guest.open(f"{talk}uusi/yhteistyo/")
    guest.write(subject_fi="Yhdyshenkilöverkosto", structure_fi="- kokoontuu neljästi vuodessa")
    guest.send()
    guest.open(f"{talk}uusi/seurantatavat/")
    guest.write(what_fi="Toimenpiteiden tilanne", moments_fi="Toukokuu ja lokakuu")
    guest.send()
    guest.open(f"{talk}toimi/mark_ready/")
    guest.send()
    assert not guest.page.locator("a[href$='/toimi/mark_ready/']").count()


def _hold(host: Person, talk: str) -> None:
    """Hold the talk: agenda, people, decisions; then the memo draft and a PDF of it."""
    host.open(talk)
    assert host.sees(MEASURE)
    host.press("form[action$='/toimi/hold/'] button")
    host.open(f"{talk}asialista/")
    host.press("form[action$='/tavanomainen/'] button")
    host.open(f"{talk}osallistujat/uusi/")
    host.write(name="Olli Oletettu", post="kunnanjohtaja")
    host.page.locator("main select[name=organization]").select_option(index=1)
    host.send()
    host.open(f"{talk}paatokset/")
    host.page.locator("main select[name$=-decision]").first.select_option("agreed")
    host.send()
    host.open(talk)
    host.press("form[action$='/toimi/draft_memo/'] button")
    host.open(f"{talk}asiakirjat/")
    host.press("form[action*='luonnos'] button")
    documents.write_due()
    host.open(f"{talk}asiakirjat/")
    draft = Document.objects.get(negotiation__title_fi="Kuopion selainneuvottelu", snapshot__is_draft=True)
    assert host.download(f"a[href$='/asiakirjat/{draft.public_id}/']").startswith(b"%PDF")


def _comment(guest: Person, host: Person, talk: str) -> None:
    host.open(f"{talk}toimi/ask_comments/")
    host.send()
    guest.open(f"{talk}kommentit/")
    guest.write(text="Lisätään kyläyhdistykset kumppaneiksi.")
    guest.tick("reach", "table")
    guest.send()
    host.open(f"{talk}kommentit/")
    assert host.sees("Lisätään kyläyhdistykset kumppaneiksi.")


def _confirm(confirmer: Person, talk: str) -> None:
    """Confirm; the worker makes the bytes; the download is what is stored."""
    confirmer.open(f"{talk}toimi/confirm/")
    confirmer.send()
    confirmer.open(f"{talk}asiakirjat/")
    documents.write_due()
    confirmer.open(f"{talk}asiakirjat/")
    row = Document.objects.filter(
        negotiation__title_fi="Kuopion selainneuvottelu", snapshot__is_draft=False, reach="full"
    ).get()
    content = confirmer.download(f"a[href$='/asiakirjat/{row.public_id}/']")
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert (settings.FILES_ROOT / row.file).read_bytes() == content


def _publish(host: Person, talk: str) -> None:
    host.open(f"{talk}toimi/publish/")
    host.send()
    host.open(f"{talk}historia/")
    row = Negotiation.objects.get(title_fi="Kuopion selainneuvottelu")
    assert row.published_at
    row.round.follow_up_1 = today()
    row.round.save()
    outbox.send_due()
    assert not OutboundMail.objects.filter(occasion=row.public_id, state="refused").exists()


def _read(public: Person, national: Person, talk: str) -> None:
    for reader in (public, national):
        reader.open("/alueet/")
        reader.open("/alueet/pohjois-savo/")
        reader.open(talk)
        assert reader.sees(MEASURE)
        assert not reader.sees("Lisätään kyläyhdistykset kumppaneiksi.")


def _report(owner: Person, talk: str) -> None:
    owner.open("/toimenpiteet/?mine=1")
    owner.open(talk)
    owner.press(f"a:has-text('{MEASURE}')")
    owner.press("a[href$='/raportoi/']")
    owner.tick("progress", "on_course")
    owner.write(note="Ensimmäinen harrastuspäivä pidettiin.")
    owner.send()
    assert owner.sees("Ensimmäinen harrastuspäivä pidettiin.")
