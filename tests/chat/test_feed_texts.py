"""The sentences of the team's feed: they fit, show values as they are, and are there in every language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.chat.feed import texts
from bot.chat.feed.card import feed_card, moving_card
from bot.chat.translator import Html, plain, translator
from bot.domain.import_state import Status
from bot.domain.loudness import Loudness
from bot.usecases.feed_rows import Feed, FeedKind, HandedOver
from bot.usecases.feed_telling import BatchEnded, Counts, Together
from bot.usecases.records import LoggedImport
from tests.chat.test_texts import LONG_ROW, NASTY, NOON, T, logged, shown

WIDE = "🛒" * 128
CODE = "7668••••-••••7101"


def rows(count: int, **changes: object) -> list[LoggedImport]:
    return [logged(id=number, **changes) for number in range(count)]


def failed(count: int) -> list[LoggedImport]:
    """Each for a reason of its own."""
    wide: dict[str, object] = {**LONG_ROW, "status": Status.FAILED}
    return [logged(**wide | {"id": number, "error_code": 4711 + number}) for number in range(count)]


NAMED: dict[str, Callable[[], Html]] = {
    "a profile": lambda: texts.batch(T, BatchEnded("Ana", rows(1), [], [])),
    "whose it is": lambda: texts.batch(T, BatchEnded(NASTY, rows(2, profile_name="", group_id=None), [], [])),
    "a group": lambda: texts.batch(T, BatchEnded("Ana", rows(2, profile_name=""), [], [])),
    "whose code was wrong": lambda: texts.batch(T, BatchEnded(NASTY, [], rows(1, error_code=110002), [])),
    "a reason": lambda: texts.batch(T, BatchEnded("Ana", [], rows(1, error_code=4711, error_message=NASTY), [])),
    "whose end is not known": lambda: texts.batch(T, BatchEnded(NASTY, [], [], rows(1))),
    "who hands over": lambda: texts.handed_over(T, HandedOver(NASTY, "Lee", (CODE,), 1)),
    "to whom": lambda: texts.handed_over(T, HandedOver("Kim", NASTY, (CODE,), 1)),
    "to all": lambda: texts.handed_over(T, HandedOver(NASTY, None, (CODE,), 1)),
    "who has done what": lambda: texts.together(T, Together([Counts(NASTY, 1, 2, 3, 4)])),
    "elsewhere": lambda: texts.elsewhere(T, NASTY, same_chat=False),
}
LONG: dict[str, Callable[[], Html]] = {
    "imported": lambda: texts.batch(T, BatchEnded(WIDE, rows(500, **LONG_ROW), [], [])),
    "all sorts": lambda: texts.batch(T, BatchEnded(WIDE, rows(500, **LONG_ROW), failed(500), rows(500))),
    "handed over": lambda: texts.handed_over(T, HandedOver(WIDE, WIDE, (CODE,) * 10, 500)),
    "many people": lambda: texts.together(T, Together([Counts(WIDE, 10**6, 10**6, 10**6, 10**6)] * 100)),
}


@pytest.mark.parametrize("say", NAMED.values(), ids=NAMED)
def test_a_value_is_shown_as_it_is_and_not_as_a_tag(say: Callable[[], Html]) -> None:
    said = say()
    assert NASTY in shown(said)
    assert NASTY in plain(said)
    assert NASTY not in said


@pytest.mark.parametrize("say", LONG.values(), ids=LONG)
def test_every_text_fits_into_a_message(say: Callable[[], Html]) -> None:
    assert shown(say())


def test_reasons_are_counted_and_the_rest_is_one_line() -> None:
    said = shown(texts.batch(T, BatchEnded("Ana", [], [*failed(5), *failed(1)], [])))
    assert [line[:10] for line in said.splitlines()] == [
        "❌ Ana coul",
        "❌ 2 failed",
        "❌ 1 failed",
        "❌ 1 failed",
        "❌ 2 failed",
    ]
    assert said.endswith("❌ 2 failed for other reasons")


def test_what_waited_is_counted_by_person_without_what_there_is_none_of() -> None:
    people = [Counts("Ana", imported=3, unknown=1), Counts("Kim", handed_over=2), Counts("Mai", failed=1)]
    assert shown(texts.together(T, Together(people))).splitlines() == [
        "📋 7 more:",
        "• Ana: 3 imported, 1 not known",
        "• Kim: 2 handed over",
        "• Mai: 1 failed",
    ]
    assert shown(texts.together(T, Together([Counts(f"P{n}", 1) for n in range(23)]))).endswith("and 3 more people")


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans", "vi"])
def test_the_cards_are_there_in_every_language_and_say_how_each_kind_is_told(language: str) -> None:
    t = translator(language)
    seen: set[str] = set()
    for loudness in Loudness:
        feed = Feed(-1, 7, language, NOON, loudness, loudness, loudness, 4)
        *kinds, [(_, stop)] = feed_card(t, feed).buttons
        assert stop == "e:0:4:stop"
        assert [data for [(_, data)] in kinds] == [f"e:0:4:{kind}:{loudness.next}" for kind in FeedKind]
        seen |= {label for [(label, _)] in kinds}
        assert {data for _, data in moving_card(t, feed, "", same_chat=True).buttons[0]} == {
            "e:0:4:move",
            "e:0:4:keep",
        }
    assert len(seen) == len(FeedKind) * len(Loudness)
    assert max(map(len, seen)) <= 24
