from __future__ import annotations

from bot.demo.hints import Hints
from bot.demonstration import saying


def test_each_result_brings_another_hint_until_there_are_none() -> None:
    hints = Hints(saying("en"), lambda: ["11111111-11111111", "22222222-22222222"])

    given = [hints.after(results) for results in range(1, 7)]

    assert None not in given[:5]
    assert len(set(given[:5])) == 5
    assert given[5] is None


def test_there_is_a_hint_after_a_result_alone() -> None:
    hints = Hints(saying("en"), lambda: ["11111111-11111111", "22222222-22222222"])

    assert hints.after(0) is None
    assert hints.after(2) is not None
    assert hints.after(2) is None


def test_a_hint_names_codes_that_are_fresh_when_it_is_given() -> None:
    fresh = ["11111111-11111111", "22222222-22222222"]
    hints = Hints(saying("en"), lambda: fresh)
    fresh[:] = ["33333333-33333333", "44444444-44444444"]

    hint = hints.after(1)

    assert hint is not None
    assert "33333333-33333333" in hint
