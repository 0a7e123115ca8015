"""What Telegram shows of the bot: set in each language, and only where it differs from what Telegram has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.chat import bot_profile
from bot.chat import translator as translator_module
from bot.chat.catalogue import Catalogue
from bot.chat.help.texts import (
    ADMIN_COMMANDS,
    COMMANDS,
    STRANGER_COMMANDS,
    VIEWER_COMMANDS,
    description,
    short_description,
)
from bot.chat.languages import LANGUAGES
from bot.chat.translator import translator
from bot.errors import StorageError
from bot.usecases.ports import UnitOfWork
from bot.usecases.rebinding import rebind
from bot.usecases.records import Role
from bot.usecases.roles import give_role
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import hanging_calls
from tests.support.world import ADMIN, MEMBER, World, running, settings_for

CODES = ("", "ru", "zh", "vi")
#: Commands for strangers, for groups and for the admin, both descriptions, in each language; and the button.
ALL = 5 * len(CODES) + 1


def set_calls(telegram: FakeTelegram) -> list[str]:
    return [method for method, _ in telegram.calls if method.startswith("set")]


def of(user_id: int) -> dict[str, object]:
    return {"type": "chat", "chat_id": user_id}


def commands(telegram: FakeTelegram, scope: dict[str, object] | None, language: str = "") -> list[str]:
    return [entry["command"] for entry in telegram.menu(scope, language)]


def noted(work: UnitOfWork) -> Sequence[str]:
    return list(work.published_texts.all())


async def published(world: World, calls: int) -> None:
    await world.telegram.settled(lambda: len(set_calls(world.telegram)) >= calls)
    await world.say("/help")


async def test_each_language_has_its_texts(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path)) as world:
        await published(world, ALL)
        telegram = world.telegram
        assert [each.telegram for each in LANGUAGES] == list(CODES)
        for language in LANGUAGES:
            t, code = translator(language.tag), language.telegram
            assert commands(telegram, None, code) == list(STRANGER_COMMANDS)
            assert commands(telegram, {"type": "all_group_chats"}, code) == list(COMMANDS)
            assert commands(telegram, of(ADMIN), code) == [*COMMANDS, *ADMIN_COMMANDS]
            assert telegram.profile.descriptions[code] == description(t)
            assert telegram.profile.short_descriptions[code] == short_description(t)
        assert telegram.profile.menu_button == "commands"


async def test_what_telegram_has_is_not_set_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await published(world, ALL)
        await world.say("/start")  # with which an admin's commands are looked at once more
    assert len(set_calls(telegram)) == ALL
    monkeypatch.setattr(bot_profile, "description", short_description)
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await published(world, ALL + len(CODES))
    assert set_calls(telegram)[ALL:] == ["setMyDescription"] * len(CODES)


async def test_what_telegram_refuses_keeps_nothing_else_from_being_set(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = FakeTelegram()
    telegram.fail("setMyDescription", 400, "Bad Request: no")
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await published(world, ALL)
    assert "description could not be put into Telegram's menu: No" in caplog.text
    assert "" not in telegram.profile.descriptions
    assert set(telegram.profile.short_descriptions) == set(CODES)
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await published(world, ALL + 1)
    assert set(telegram.profile.descriptions) == set(CODES)
    assert len(set_calls(telegram)) == ALL + 1


async def test_of_an_admin_who_never_wrote_telegram_is_asked_once_a_start(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    for _ in range(2):
        async with running(settings_for(tmp_path, admin_ids=frozenset({ADMIN, 4711})), telegram=telegram) as world:
            await published(world, ALL + 1)
    assert len(set_calls(telegram)) == ALL + 2


async def test_where_telegram_has_everything_no_catalogue_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await published(world, ALL)
    translator_module._translator.cache_clear()
    read: list[str] = []

    def note(_folder: Path, locale: str) -> Catalogue:
        read.append(locale)
        return Catalogue({}, int)

    monkeypatch.setattr(translator_module, "read_catalogue", note)
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.say("/help")
    translator_module._translator.cache_clear()
    assert read == ["en"]
    assert len(set_calls(telegram)) == ALL


async def test_everybody_has_the_commands_of_their_role_and_of_none_no_longer(tmp_path: Path) -> None:
    telegram = FakeTelegram()

    def has(names: Sequence[str]) -> bool:
        return commands(telegram, of(MEMBER), "vi") == list(names)

    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await published(world, ALL)
        for was, role, names in ((None, Role.VIEWER, VIEWER_COMMANDS), (Role.VIEWER, Role.MEMBER, COMMANDS)):
            await world.app.store.write(partial(give_role, was=was), ADMIN, MEMBER, role)
            await telegram.settled(partial(has, names))
        telegram.fail("deleteMyCommands", 429, "Too Many Requests: retry after 1", retry_after=1)
        await world.app.store.write(partial(give_role, was=Role.MEMBER), ADMIN, MEMBER, None)
        await telegram.settled(lambda: not any(commands(telegram, of(MEMBER), code) for code in CODES))
        assert commands(telegram, of(ADMIN))
        # It is noted in a transaction of its own, which comes after the calls.
        async with asyncio.timeout(10):
            while any(str(MEMBER) in name for name in await world.app.store.read(noted)):
                await world.rest()
    calls = len(set_calls(telegram))
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.say("/help")
    # What was done is noted, so that nothing is done again.
    assert len(set_calls(telegram)) == calls
    assert [method for method, _ in telegram.calls].count("deleteMyCommands") == len(CODES) + 1


async def test_another_bot_is_told_everything(world: World) -> None:
    await published(world, ALL)
    await world.app.store.write(rebind, 4711)
    assert await world.app.store.read(lambda work: dict(work.published_texts.all())) == {}


async def test_what_is_being_set_when_the_bot_stops_does_not_keep_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as until_stopped:
        async with asyncio.timeout(10), running(settings_for(tmp_path)) as world:
            await published(world, ALL)
            store = world.app.store
            write = store.write

            async def fail_or_write(function: Any, *args: Any, **kwargs: Any) -> Any:
                if function is bot_profile._note:
                    raise StorageError("another program is using the database")
                return await write(function, *args, **kwargs)

            monkeypatch.setattr(store, "write", fail_or_write)
            hanging = until_stopped.enter_context(hanging_calls(world, "setMyCommands"))
            await write(partial(give_role, was=None), ADMIN, MEMBER, Role.MEMBER)
            await world.telegram.settled(lambda: hanging)
