"""What the program's own log says of an attempt."""

from __future__ import annotations

import pytest

from bot.domain.outcome import Imported, NotSent, Outcome, Refused, Unknown, describe


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Imported(7), "profile 7"),
        (Refused(110001, "no such code 11112222-33334444"), "refusal 110001"),
        (NotSent(1010, "too fast"), "wait 1010"),
        (NotSent(None, "no connection"), "wait away"),
        (Unknown(1016, "time-out"), "unknown 1016"),
        (Unknown(None, "cut"), "unknown no answer"),
    ],
)
def test_an_outcome_is_logged_with_its_number_and_without_ixbrowsers_words(outcome: Outcome, words: str) -> None:
    assert describe(outcome) == words
