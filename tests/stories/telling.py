"""What a story is, and what many of them have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr

from bot.chat.drafting import texts as drafting
from bot.domain.draft import Draft, Step
from bot.domain.transfer_code import mask
from tests.stories.phone import TITLES, Counts, Phone
from tests.support.migrated import emptied

Tell = Callable[[Phone], Awaitable[None]]

#: Where somebody talks with the bot. In a group it is in privacy mode.
PRIVATE, GROUP = "in private", "in a group"
CHATS = (PRIVATE, GROUP)
DATABASES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True, slots=True)
class Story:
    """``takes`` is what it takes of its person, in each of the chats in which it happens."""

    name: str
    tell: Tell
    takes: Mapping[str, Counts]


def story(takes: Counts, *, group: Counts | None = None) -> Callable[[Tell], Story]:
    """What it takes in private, and in a group where that is something else."""
    return partial(_made, takes={PRIVATE: takes, GROUP: group or takes})


def story_of_group(takes: Counts) -> Callable[[Tell], Story]:
    return partial(_made, takes={GROUP: takes})


def _made(tell: Tell, takes: Mapping[str, Counts]) -> Story:
    return Story(tell.__name__, tell, takes)


def settings_on(database: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the settings say of an empty database of this kind, where it is no file."""
    if database == "SQLite":
        return {}
    url = emptied(request.getfixturevalue("postgresql"), request.getfixturevalue("migrated_postgresql"))
    return {"database_url": SecretStr(url)}


async def has_imported_before(phone: Phone) -> None:
    """The first import of all, whose choices are remembered. It is another story."""
    phone.world.browser.add_group(TITLES[0])
    code = phone.code()
    with phone.in_private():
        await phone.send(code)
        await phone.tap("group", label=TITLES[0])
        await phone.tap("proxy", "keep")
        await phone.tap("import")
    await is_imported(phone, code)
    phone.count_from_here()


async def is_imported(phone: Phone, *codes: str) -> None:
    """These are, each once."""
    rows = {row["code"]: row["status"] for row in await phone.world.log()}
    assert {code: rows.get(code) for code in codes} == dict.fromkeys(codes, "imported")
    assert all(phone.world.browser.made[code] == 1 for code in codes)
    assert phone.world.browser.violations() == []


def shows_result(phone: Phone, *codes: str) -> None:
    """The card says what became of the codes, and offers the next."""
    assert phone.offers("another")
    assert all(mask(code) in phone.card.text for code in codes)


def asks(phone: Phone, step: Step) -> bool:
    return phone.says(drafting.question(phone.t, step, Draft()))
