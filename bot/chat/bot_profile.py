"""What Telegram itself shows of the bot, in each language: commands, descriptions, the menu's button.

Telegram goes by the language of the app, not by the one that somebody has chosen here. Each call costs, so that only
what differs from what Telegram has is set.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat, BotCommandScopeDefault, MenuButtonCommands
from telegram.error import BadRequest, Forbidden

from bot.chat.help.texts import ADMIN_COMMANDS, COMMANDS, command, description, short_description
from bot.chat.languages import LANGUAGES
from bot.chat.translator import plain, translator
from bot.usecases.ports import Store, UnitOfWork

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Text:
    """``name`` says what it is, for the log and for noting that Telegram has it. ``admin`` is whose chat it is for."""

    name: str
    content: object
    publish: Callable[[], Awaitable[bool]]
    admin: int | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.content).encode()).hexdigest()


async def publish(bot: Bot, store: Store, admins: Sequence[int]) -> None:
    """Set what Telegram does not have yet; each of these admins sees their commands too.

    Raises what can be tried again. What Telegram refuses is only logged, and tried at the next start.
    """
    noted = await store.read(_noted)
    # The catalogues are read for it: beside the loop, in which the first updates are handled meanwhile.
    texts = await asyncio.to_thread(lambda: list(_texts(bot, admins)))
    taken: list[_Text] = []
    try:
        for text in texts:
            if noted.get(text.name) != text.digest:
                await _set(text, taken)
    finally:
        if taken:
            await store.write(_note, taken)


async def _set(text: _Text, taken: list[_Text]) -> None:
    try:
        await text.publish()
    except (BadRequest, Forbidden) as refusal:
        if text.admin is not None:
            # Somebody who has never written to the bot has no chat with it yet; it is tried again when they do.
            _LOG.info("admin %s does not see the admins' commands yet: %s", text.admin, refusal)
        else:
            _LOG.warning("%s could not be put into Telegram's menu: %s", text.name, refusal)
    else:
        taken.append(text)


def _texts(bot: Bot, admins: Sequence[int]) -> Iterator[_Text]:
    """What people need first comes first, in case that Telegram takes only some of it now."""
    yield from _commands(bot, "commands", COMMANDS, BotCommandScopeDefault(), None)
    for admin in admins:
        scope = BotCommandScopeChat(admin)
        yield from _commands(bot, f"commands of {admin}", [*COMMANDS, *ADMIN_COMMANDS], scope, admin)
    yield _Text("menu button", "commands", lambda: bot.set_chat_menu_button(menu_button=MenuButtonCommands()))
    for language in LANGUAGES:
        t, code = translator(language.tag), language.telegram
        long, short = plain(description(t)), plain(short_description(t))
        yield _Text(f"description {code}".strip(), long, _Described(bot.set_my_description, long, code))
        yield _Text(f"short description {code}".strip(), short, _Described(bot.set_my_short_description, short, code))


def _commands(bot: Bot, name: str, names: Sequence[str], scope: BotCommandScope, admin: int | None) -> Iterator[_Text]:
    for language in LANGUAGES:
        t, code = translator(language.tag), language.telegram
        described = [(each, plain(command(t, each))) for each in names]
        yield _Text(f"{name} {code}".strip(), described, _Commanded(bot, described, scope, code), admin)


@dataclass(frozen=True, slots=True)
class _Described:
    method: Callable[..., Awaitable[bool]]
    text: str
    language: str

    def __call__(self) -> Awaitable[bool]:
        return self.method(self.text, language_code=self.language)


@dataclass(frozen=True, slots=True)
class _Commanded:
    bot: Bot
    described: Sequence[tuple[str, str]]
    scope: BotCommandScope
    language: str

    def __call__(self) -> Awaitable[bool]:
        commands = [BotCommand(name, described) for name, described in self.described]
        return self.bot.set_my_commands(commands, self.scope, self.language)


def _noted(work: UnitOfWork) -> dict[str, str]:
    return dict(work.published_texts.all())


def _note(work: UnitOfWork, texts: Sequence[_Text]) -> None:
    for text in texts:
        work.published_texts.note(text.name, text.digest)
