"""The pages of a memo: order, numbers, words in the document's language, marks, tags."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pikepdf
import pypdf
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from hyte_portal.pdf import Page, render_pdf
from negotiations.documents import STYLESHEET, TEMPLATE
from negotiations.memo_context import document_title, memo_context
from negotiations.snapshots import Memo, PositionLine, ReasonLine, Text
from tests.negotiations.memo_example import (
    CHAIR,
    CITY,
    COUNTY,
    NETWORK,
    PRIVATE,
    make_goals,
    make_measure,
    make_memo,
)

MADE_AT = datetime(2026, 12, 4, 12, 5, tzinfo=UTC)


def html_of(memo: Memo, lang: str = "en", reach: str = "full") -> str:
    with translation.override(lang):
        return render_to_string(TEMPLATE, memo_context(memo, reach=reach, check_value=memo.check_value()))


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def headings_of(html: str) -> list[str]:
    return [words_of(found).strip() for found in re.findall(r"<h2>(.*?)</h2>", html)]


@cache
def sixty_measures(lang: str) -> bytes:
    memo = make_memo(measures=60)
    with translation.override(lang):
        title = document_title(memo)
    page = Page(body=html_of(memo, lang), lang=lang, title=title, made_at=MADE_AT)
    return render_pdf(page, stylesheet=STYLESHEET).content


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_sixty_measures_make_a_tagged_document_in_its_language_and_our_fonts(lang: str) -> None:
    document = pikepdf.open(io.BytesIO(sixty_measures(lang)))

    assert document.Root.MarkInfo.Marked
    assert document.Root.StructTreeRoot.K is not None
    assert str(document.Root.Lang) == lang
    assert str(document.docinfo.Title).startswith({"fi": "Hyte-neuvottelu 2026", "sv": "Hyte-förhandling 2026"}[lang])
    names = {str(font.BaseFont) for page in document.pages for font in page.Resources["/Font"].values()}
    assert names
    assert all("+Source-Sans-3" in name for name in names)


def test_sixty_measures_have_their_figures_tables_and_headings_as_tags() -> None:
    document = pikepdf.open(io.BytesIO(sixty_measures("fi")))
    kinds = {str(item["/S"]) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item}

    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Link"} <= kinds


def test_table_heads_repeat_on_every_page_of_a_long_table() -> None:
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sixty_measures("sv"))).pages]
    with_measures = [text for text in pages if re.search(r"^\d\.\d+\n?", text, re.MULTILINE)]

    assert len(with_measures) > 4
    assert all("1234/2026" in text for text in pages)


def test_a_reservation_stands_on_the_page_of_its_measure() -> None:
    reserved = {f"{n % 4 + 1}.{n // 4 + 1}" for n in range(60) if n % 7 == 4}
    explained = []
    for page in pypdf.PdfReader(io.BytesIO(sixty_measures("sv"))).pages:
        before, *rest = re.split("Staden ordnar grupperna 2027", page.extract_text())
        for after in rest:
            explained.append(re.findall(r"^[1-4]\.\d{1,2}(?=\s)", before, re.MULTILINE)[-1])
            before = after

    assert len(explained) == len(reserved)
    assert set(explained) == reserved


def test_sections_without_content_are_left_out_and_numbers_close_up() -> None:
    full = headings_of(html_of(make_memo()))
    short = headings_of(html_of(make_memo(agenda=(), promises=(), cooperation=())))

    assert [heading.split()[0] for heading in full[1:11]] == [str(number) for number in range(1, 11)]
    assert "1 Opening and constitution" in short
    assert "3 Agreed measures" in short
    assert "4 Follow-up, metrics and reporting" in short
    assert not any("Cooperation" in heading for heading in short)


def test_minutes_are_numbered_with_paragraph_signs() -> None:
    headings = headings_of(html_of(make_memo(record_type="minutes")))

    assert "1 § Opening and constitution" in headings
    assert "Minutes" in words_of(html_of(make_memo(record_type="minutes")))


def test_what_is_in_the_other_language_only_is_marked_and_carries_its_language() -> None:
    memo = make_memo(title=Text("Pohjanmaa ja Vaasa", ""))

    html = html_of(memo, "sv")

    assert '<span lang="fi">Pohjanmaa ja Vaasa</span> <em class="only">' in html
    assert '<em class="only">' not in html_of(make_memo(measures=2, agenda=()), "fi")


def test_dates_and_times_are_local_words() -> None:
    assert "Tuesday 10.11.2026 at 9.00–12.05" in words_of(html_of(make_memo()))
    assert "1/2027–12/2027" in html_of(make_memo())


def test_the_first_page_sums_up_with_links_to_the_measures_that_differ() -> None:
    html = html_of(make_memo(measures=8))

    assert "4 goals and 8 measures for 2027" in words_of(html)
    assert re.search(r'reservation to measure <a href="#m-(\d\.\d)">\1</a>', html)
    assert html.count('class="page-of"') == 4


def test_all_accept_only_if_every_party_does() -> None:
    missing = tuple(PositionLine(party, position) for party, position in
        ((COUNTY, "accepted"), (CITY, "accepted"), (NETWORK, "none")))  # fmt: skip
    goal = replace(make_goals(1)[0], measures=(make_measure(), make_measure(positions=missing)))

    words = words_of(html_of(make_memo(goals=(goal,))))

    assert words.count("All accept") == 1
    assert "Position missing: Vertaisverkko ry , the others accept" in words


def test_the_column_of_positions_is_left_out_where_none_were_taken() -> None:
    untaken = tuple(PositionLine(party, "none") for party in (COUNTY, CITY))
    goal = replace(make_goals(1)[0], measures=(make_measure(positions=untaken), make_measure(positions=())))

    html = html_of(make_memo(goals=(goal,)))

    assert "Positions" not in html
    assert "Position missing" not in html
    assert "accepted by all" not in html


def test_what_was_not_agreed_stands_apart_with_its_reason() -> None:
    rejected = make_measure(decision="rejected", reason=Text.both("Ei rahoitusta vuonna 2027."))
    goal = replace(make_goals(1)[0], measures=(make_measure(), rejected))

    html = html_of(make_memo(goals=(goal,)))

    assert html.count('id="m-') == 1
    assert "Ei rahoitusta vuonna 2027." in html


def test_an_empty_subject_gives_its_reason() -> None:
    memo = make_memo(cooperation=(), reasons=(ReasonLine("cooperation", Text("Sovitaan keväällä.")),))

    assert "Sovitaan keväällä." in html_of(memo)
    assert any("Cooperation" in heading for heading in headings_of(html_of(memo)))


def test_a_draft_says_so_along_the_edge_and_in_the_foot_and_has_no_check_value() -> None:
    memo = make_memo(status="draft", version="0.3", confirmations=())

    html = html_of(memo)

    assert re.search(r'id="edge"[^>]*>Draft 4.12.2026<', html)
    assert "Not confirmed: the text may change" in html
    assert "Check value" not in html
    assert 'id="edge"' not in html_of(make_memo())


def test_the_check_value_stands_in_the_foot_of_what_is_confirmed() -> None:
    memo = make_memo()
    digits = memo.check_value()[:16]

    assert " ".join(digits[n : n + 4] for n in range(0, 16, 4)) in html_of(memo)


def test_example_content_says_so_on_every_page() -> None:
    html = html_of(make_memo(is_example=True))

    assert "example material" in html.split('id="foot"')[1].split("</div>")[0]
    assert "xample material" not in html_of(make_memo())


def test_a_public_copy_names_itself_and_hides_what_it_must() -> None:
    html = html_of(make_memo().public(), reach="public")

    assert "public copy" in html
    assert "name not public" in html
    assert CHAIR.name in html
    assert PRIVATE.name not in html
    assert "Luottamuksellinen kohta" not in html
    assert "Salattu liite" not in html
    assert "JulkL 24 § 1 mom. 25 k" in html_of(make_memo())


def test_text_is_never_markup() -> None:
    hostile = Text.both('<img src="file:///etc/hostname"> & <script>')
    goal = replace(make_goals(1)[0], title=hostile, description=hostile, indicator=hostile)
    memo = make_memo(
        title=hostile, round_name=hostile, place=hostile, goals=(goal,), registry_number="<b>1</b>", sender=hostile
    )

    html = html_of(memo)

    assert "<img" not in html
    assert "<script" not in html
    assert "<b>" not in html
