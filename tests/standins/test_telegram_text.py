from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standins.telegram_html import FormattedText, parse_html, utf16_length
from tests.standins.telegram_text import TEXT_LIMIT, command_entities, is_empty, split, tidy


def test_control_characters_go_and_entities_stay_over_their_words() -> None:
    formatted = tidy(parse_html("  😀\ta\r\u202eb <b>fett\r\n</b>\n \n"))
    assert formatted.text == "😀 ab fett"
    assert formatted.entities == [{"type": "bold", "offset": 6, "length": 4}]


def test_an_entity_of_trailing_space_goes_and_leading_space_in_an_entity_stays() -> None:
    formatted = tidy(parse_html("<u> x</u> <b> </b>"))
    assert formatted.text == " x"
    assert formatted.entities == [{"type": "underline", "offset": 0, "length": 2}]


@given(st.text(alphabet=st.sampled_from("ab \n\t\r\u2028😀")), st.text(alphabet=st.sampled_from("ab \n\t\r😀")))
def test_tidied_entities_lie_within_the_text(before: str, within: str) -> None:
    formatted = tidy(parse_html(f"{html.escape(before)}<b>{within}</b> "))
    assert all(
        entity["offset"] >= 0 and entity["offset"] + entity["length"] <= utf16_length(formatted.text)
        for entity in formatted.entities
    )
    assert formatted == tidy(FormattedText(formatted.text, formatted.entities))


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u200d", "\u3000\u2800", "\ufeff", "\U000e0020"])
def test_a_text_of_nothing_to_be_seen_is_empty(text: str) -> None:
    assert is_empty(text)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("/start", [(0, 6)]),
        ("😀 /allow@transfer_bot 7 /x", [(3, 19), (25, 2)]),
        ("a/start //start </start /start/ /ключ", []),
        ("/startю", []),
    ],
)
def test_commands_are_found_where_telegram_finds_them(text: str, commands: list[tuple[int, int]]) -> None:
    assert [(entity["offset"], entity["length"]) for entity in command_entities(text)] == commands


@pytest.mark.parametrize("separator", ["\n", " ", ""])
def test_a_text_that_is_too_long_is_cut_into_messages_that_are_not(separator: str) -> None:
    codes = [f"{number:08d}-{number:08d}" for number in range(500)]
    parts = split(separator.join(codes))
    assert len(parts) > 1
    assert all(len(part) <= TEXT_LIMIT for part in parts)
    assert separator.join(parts) == separator.join(codes)


def test_no_surrogate_pair_is_cut_in_two() -> None:
    assert split("a" + "😀" * TEXT_LIMIT) == ["a" + "😀" * 2047, "😀" * 2048, "😀"]
