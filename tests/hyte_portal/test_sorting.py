"""Names in the order that Finnish and Swedish readers expect."""

from hyte_portal.sorting import sort_key


def test_a_with_a_ring_a_and_o_with_dots_come_last_in_this_order() -> None:
    names = ["Öja", "Äänekoski", "Åland", "Zeta", "Aura", "äkäslompolo", "Espoo", "öljy"]
    assert sorted(names, key=sort_key) == [
        "Aura", "Espoo", "Zeta", "Åland", "äkäslompolo", "Äänekoski", "Öja", "öljy"
    ]  # fmt: skip


def test_capitals_and_other_accents_make_no_difference() -> None:
    assert sort_key("ÉPOO") == sort_key("epoo")
    assert sort_key("A\u0308hta\u0308ri") == sort_key("Ähtäri")
