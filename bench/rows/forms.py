"""Rows of forms: a measure saved, a person signing in."""

import uuid
from collections.abc import Callable, Iterator

import httpx
from django.contrib.auth.hashers import check_password, make_password

from bench.data import PASSWORD
from bench.lines import Line
from bench.measuring import own_cpu
from bench.pages_read import fetched, form_with
from bench.rows.pages import TALKS
from bench.stage import Stage, cold, page
from negotiations.models import Measure

LARGEST_ANSWER = 6_000  # bytes
SIGN_IN = "/fi/tili/kirjaudu/"


def saving(client: httpx.Client, public_id: str) -> Callable[[], httpx.Response]:
    """Return a call that saves a measure with one word changed, over the version that it has by then."""
    path = f"/fi/esitykset/toimenpiteet/{public_id}/muokkaa/"
    fields = form_with(fetched(client, path).text, "version")
    version, word = int(fields["version"][0]), fields["title_fi"][0]

    def save() -> httpx.Response:
        nonlocal version
        key, title = str(uuid.uuid4()), f"{word} {version}"
        sent = fields | {"version": [str(version)], "submission_key": [key], "title_fi": [title]}
        answer = client.post(path, data=sent)
        if answer.status_code != 302:
            raise RuntimeError(f"saving answered {answer.status_code}")
        version += 1
        return answer

    return save


def save(stage: Stage) -> Iterator[Line]:
    """A measure saved: lock, update, history, version, sums."""
    rows = list(Measure.objects.filter(negotiation__public_id=stage.talk).order_by("pk")[:2])
    client = stage.reader("host")
    fields = form_with(fetched(client, f"/fi/esitykset/toimenpiteet/{rows[0].public_id}/muokkaa/").text, "version")
    ours = saving(client, rows[0].public_id)
    calls: dict[str, Callable[[], object]] = {
        "save": ours,
        "H": lambda: client.post("/fi/vertailu/tyhja/", data=fields),
        "page": cold(page(client, f"{TALKS}{stage.talk}/")),
    }
    if stage.has_ten:
        calls["ten"] = saving(stage.reader("host", ten=True), rows[1].public_id)
    cost = stage.compare(calls, 40)
    size = len(ours().content)
    yield Line("save a measure", cost["save"], cost["H"], "H, the same post", 6, 4)
    yield Line("save a measure", cost["save"], cost["page"], "the whole page again", 2, 2, cheaper=True)
    yield Line("save a measure, answer", size, LARGEST_ANSWER, "the most allowed", 1, 1, unit="B")
    if "ten" in cost:
        yield Line("save a measure, growth", cost["ten"], cost["save"], "1 × the data", 1.1, 1.1)


def signing_in(stage: Stage) -> Iterator[Line]:
    """A person signing in with her password."""
    person = stage.people["guest"]

    def sign_in() -> None:
        with httpx.Client(base_url=stage.url, cookies=cookies, timeout=30, trust_env=False) as client:
            answer = client.post(SIGN_IN, data=fields | {"login": [person.email], "password": [PASSWORD]})
            if answer.status_code != 302:
                raise RuntimeError(f"signing in answered {answer.status_code}")

    anyone = stage.reader()
    fields = form_with(fetched(anyone, SIGN_IN).text, "login")
    cookies = dict(anyone.cookies)
    encoded = make_password(PASSWORD)
    cost = stage.compare({"ours": sign_in}, 8)
    check = min(own_cpu(lambda: check_password(PASSWORD, encoded), 5) for _turn in range(3))
    yield Line("signing in", cost["ours"], check, "the password check alone", 1.2, 1.1)
