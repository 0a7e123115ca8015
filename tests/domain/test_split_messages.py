"""Texts that came as several messages, as each of Telegram's programs cuts them."""

from __future__ import annotations

import pytest

from bot.domain.split_messages import TEXT_LIMIT, join_parts
from bot.domain.transfer_code import find_codes

A, B = "11112222-33334444", "55556666-77778888"
LINES = "one more line of words\n" * 200


def full(end: str, filler: str = "=" * TEXT_LIMIT) -> str:
    """As much as one message takes, with this at its end."""
    return filler[: TEXT_LIMIT - len(end)] + end


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        # Where there was nothing better to cut at, on every program.
        (["=" * TEXT_LIMIT, "user:secret"], "=user:secret"),
        ([full("hunter"), "2@203.0.113.7"], "=hunter2@203.0.113.7"),
        # Before a line break or a space, which the message then does not have.
        ([LINES[:3900] + "host 203.0.113.7", "port 1080"], "host 203.0.113.7\nport 1080"),
        (["words " * 600 + "203.0.113.7", "1080 ana"], "203.0.113.7 1080 ana"),
        # Telegram Desktop, where a line ends with the message.
        ([full("\n203.0.113.7:1080", LINES), "203.0.113.8:1080"], "203.0.113.7:1080\n203.0.113.8:1080"),
        # Telegram Desktop in a long word: behind a separator.
        (["=" * 3000 + "203.0.113.7:", "1080"], "203.0.113.7:1080"),
        # iOS, behind a dot: in an address, and in a sentence.
        ([LINES[:4000] + "\nana:hunter2@203.0.", "113.7:1080"], "ana:hunter2@203.0.113.7:1080"),
        ([LINES[:4000] + "\ngate.provider.", "example:1080"], "gate.provider.example:1080"),
        ([LINES[:4000] + "\nThat is all.", "Then a word."], "That is all.\nThen a word."),
        # Other programs leave the space where it is.
        ([LINES[:3900] + "one ", "two"], "one two"),
        # Three of them.
        (["=" * TEXT_LIMIT, "+" * TEXT_LIMIT, "end"], "+end"),
    ],
)
def test_what_stood_between_two_parts_is_found_again(parts: list[str], whole: str) -> None:
    assert join_parts(parts).endswith(whole)


def test_a_code_is_whole_wherever_it_is_cut() -> None:
    for text in (f"{A},{B}", f"{A} - {B}", A.replace("-", " - ")):
        for cut in range(len(text) + 1):
            for filler in ("=" * TEXT_LIMIT, LINES, "words " * 900):
                parts = [full(text[:cut], filler), text[cut:]]
                # As a message has them: without spaces at either end.
                assert find_codes(join_parts([part.strip() for part in parts])) == find_codes(text), parts


def test_two_codes_between_which_a_space_is_missing_are_two() -> None:
    assert join_parts([full(f" {A}", LINES), B]).endswith(f"{A}\n{B}")
