"""A pretend Telegram at a time of its own, and a person who has started the bot."""

from __future__ import annotations

import pytest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person
from tests.support.telegram_clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def telegram(clock: Clock) -> FakeTelegram:
    telegram = FakeTelegram(now=clock)
    telegram.add_person(7, "Ana", "ana")
    return telegram


@pytest.fixture
def ana(telegram: FakeTelegram) -> Person:
    ana = telegram.chat(7).person
    assert ana
    return ana
