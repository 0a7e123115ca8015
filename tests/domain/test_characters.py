"""Characters that nobody sees: left out of what is read, and of the names of people."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.characters import one_line, without_direction, without_marks, without_unseen

#: Each turns the direction of writing round, or ends that.
DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
FAMILY = "👨\u200d👩\u200d👧"
PERSIAN = "می\u200cروم"


@pytest.mark.parametrize("mark", DIRECTION)
def test_marks_of_direction_are_left_out_everywhere(mark: str) -> None:
    for leave_out in (without_direction, without_unseen, without_marks, lambda text: one_line(text, 20)):
        assert leave_out(f"{mark}A{mark}na{mark}") == "Ana"


@pytest.mark.parametrize("mark", "\u00ad\u180e\u200b\u2060\u2064\u2800\u3164\ufeff")
def test_what_has_no_width_is_left_out(mark: str) -> None:
    assert without_unseen(f"{mark}A{mark}na") == without_marks(f"A{mark}na{mark}") == one_line(f"{mark}Ana", 9) == "Ana"


@pytest.mark.parametrize("text", [FAMILY, PERSIAN, "❤\ufe0f", "🏴\U000e0067\U000e007f", "e\u0301"])
def test_joiners_and_selectors_stay_where_they_belong_to_a_word_or_an_emoji(text: str) -> None:
    assert without_unseen(text) == one_line(text, 20) == text


@pytest.mark.parametrize("text", ["", " ", "\u3164", "\u2800 \u200d", "\u202e\u202c", "\n\t", "\u0301", "\ufe0f"])
def test_a_name_of_which_nothing_can_be_seen_is_none(text: str) -> None:
    assert one_line(text, 20) == ""


def test_a_name_is_one_line_and_cut() -> None:
    assert one_line(" A\u2028n\x00a\u202e\r\n \u00a0Li ", 20) == "A n a Li"
    assert one_line("x" * 300, 256) == "x" * 256
    assert one_line("ab cd", 3) == "ab"
    assert one_line("\ud83d\ude00 \ud83d", 9) == "😀 \N{REPLACEMENT CHARACTER}"


@given(st.text() | st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "L"])), st.integers(1, 40))
def test_whatever_a_name_is_it_can_be_stored_and_shown_on_one_line(text: str, most: int) -> None:
    name = one_line(text, most)
    assert len(name) <= most
    assert not {unicodedata.category(each) for each in name} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(name) & set(DIRECTION)
    assert one_line(name, most) == name
    assert name.encode().decode() == name
