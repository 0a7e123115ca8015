"""The six words of a moved bot's file."""

from __future__ import annotations

from math import log2

import pytest

from bot.domain.passphrase import COUNT, WORDS, new_passphrase, read_passphrase


def test_it_has_as_many_bits_as_it_says() -> None:
    assert len(set(WORDS)) == len(WORDS) == 4096
    assert COUNT * log2(len(WORDS)) == 72
    assert {len(word) for word in WORDS} == {4}


def test_each_is_another_one_of_six_words() -> None:
    made = {new_passphrase() for _ in range(50)}
    assert len(made) == 50
    assert all(len(words := each.split()) == COUNT and set(words) <= set(WORDS) for each in made)


@pytest.mark.parametrize("typed", ["{}", " {}\n", "{}\r"])
@pytest.mark.parametrize("between", [" ", "-", "  ", "\n", ", "])
def test_it_is_read_as_it_may_be_typed(typed: str, between: str) -> None:
    made = new_passphrase()
    assert read_passphrase(typed.format(made.replace(" ", between)).upper()) == made
