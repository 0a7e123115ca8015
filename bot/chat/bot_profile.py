"""What Telegram itself shows of the bot, in each language: commands, descriptions, the menu's button.

Telegram goes by the language of the app, not by the one that somebody has chosen here. Each call costs, so that only
what differs from what Telegram has is set. In private everybody with a role has the commands of that, and anybody else
those of a stranger; in group chats all have those of members.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    MenuButtonCommands,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chat.catalogue import catalogue_file
from bot.chat.help.texts import commands_of, description, short_description
from bot.chat.languages import LANGUAGES, SOURCE, Language
from bot.chat.translator import LOCALES, plain, translator
from bot.usecases.ports import Store, UnitOfWork
from bot.usecases.records import Role

_LOG = logging.getLogger(__name__)

#: Under this name it is noted that Telegram has all of it.
_EDITION = "edition"
#: How the commands of one person's chat are named.
_OF_PERSON = re.compile(r"commands of ([0-9]+)(?: (\w+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Text:
    """``name`` says what it is, for the log and for noting that Telegram has it.

    ``user_id`` is whose chat it is for, if it is for one alone.
    """

    name: str
    content: object
    publish: Callable[[], Awaitable[bool]]
    user_id: int | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.content).encode()).hexdigest()


async def publish(bot: Bot, store: Store, roles: Mapping[int, Role]) -> None:
    """Set what Telegram does not have yet; each of these people sees the commands of their role.

    Raises what can be tried again. What Telegram refuses is only logged, and tried at the next start. Where it is
    cancelled nothing is noted, since the database may be what does not answer: the same is set once more then.
    """
    noted = await store.read(_noted)
    edition = await asyncio.to_thread(_edition, bot, roles)
    if noted.get(_EDITION) == edition:
        return
    # The catalogues are read for it: beside the loop, in which the first updates are handled meanwhile.
    texts = await asyncio.to_thread(lambda: list(_texts(bot, roles)))
    now = {text.name: text.digest for text in texts}
    had = {name: digest for name, digest in noted.items() if now.get(name) == digest}
    gone = {name: digest for name, digest in noted.items() if name not in now and _OF_PERSON.fullmatch(name)}
    known = had | gone
    try:
        await _set([text for text in texts if text.name not in had], known)
        await _take_back(bot, gone, known)
    except TelegramError:
        await _keep(store, known, noted)
        raise
    if known == now:
        known[_EDITION] = edition
    await _keep(store, known, noted)


async def _keep(store: Store, known: Mapping[str, str], noted: Mapping[str, str]) -> None:
    if known != noted:
        await store.write(_note, known, noted)


async def _set(texts: Sequence[_Text], known: dict[str, str]) -> None:
    without_chat: set[int] = set()
    for text in texts:
        if text.user_id in without_chat:
            continue
        try:
            await text.publish()
        except (BadRequest, Forbidden) as refusal:
            if text.user_id is None:
                _LOG.warning("%s could not be put into Telegram's menu: %s", text.name, refusal)
                continue
            # Somebody who has never written to the bot has no chat with it yet; it is tried again when they do.
            _LOG.info("%s does not see the commands of their role yet: %s", text.user_id, refusal)
            without_chat.add(text.user_id)
        else:
            known[text.name] = text.digest


async def _take_back(bot: Bot, names: Collection[str], known: dict[str, str]) -> None:
    """Take the commands of those back who have no role any more."""
    for name in names:
        found = _OF_PERSON.fullmatch(name)
        if found is None:
            continue
        user_id, language = int(found[1]), found[2] or ""
        try:
            await bot.delete_my_commands(BotCommandScopeChat(user_id), language)
        except (BadRequest, Forbidden) as refusal:
            # There is no such chat any more.
            _LOG.info("the commands of %s can't be taken back: %s", user_id, refusal)
        known.pop(name)


def _edition(bot: Bot, roles: Mapping[int, Role]) -> str:
    """What all of the texts are made of, which is known without reading the catalogues, and seldom changes."""
    english = [(text.name, text.digest) for text in _texts(bot, roles, [SOURCE])]
    made_of = hashlib.sha256(json.dumps(english).encode())
    for language in LANGUAGES:
        file = catalogue_file(LOCALES, language.locale)
        made_of.update(file.read_bytes() if file.is_file() else b"-")
    return made_of.hexdigest()


def _texts(bot: Bot, roles: Mapping[int, Role], languages: Sequence[Language] = LANGUAGES) -> Iterator[_Text]:
    """What people need first comes first, in case that Telegram takes only some of it now."""
    yield from _commands(bot, "commands", None, BotCommandScopeDefault(), None, languages)
    yield from _commands(bot, "commands in groups", Role.MEMBER, BotCommandScopeAllGroupChats(), None, languages)
    for user_id, role in sorted(roles.items()):
        yield from _commands(bot, f"commands of {user_id}", role, BotCommandScopeChat(user_id), user_id, languages)
    yield _Text("menu button", "commands", lambda: bot.set_chat_menu_button(menu_button=MenuButtonCommands()))
    for language in languages:
        t, code = translator(language.tag), language.telegram
        long, short = plain(description(t)), plain(short_description(t))
        yield _Text(f"description {code}".strip(), long, _Described(bot.set_my_description, long, code))
        yield _Text(f"short description {code}".strip(), short, _Described(bot.set_my_short_description, short, code))


def _commands(  # noqa: PLR0917 - all of what sets one menu apart from another
    bot: Bot,
    name: str,
    role: Role | None,
    scope: BotCommandScope,
    user_id: int | None,
    languages: Sequence[Language],
) -> Iterator[_Text]:
    for language in languages:
        t, code = translator(language.tag), language.telegram
        described = [(each, plain(what)) for each, what in commands_of(t, role)]
        yield _Text(f"{name} {code}".strip(), described, _Commanded(bot, described, scope, code), user_id)


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


def _note(work: UnitOfWork, known: Mapping[str, str], noted: Mapping[str, str]) -> None:
    work.published_texts.note({name: digest for name, digest in known.items() if noted.get(name) != digest})
    for name in noted.keys() - known.keys():
        work.published_texts.drop(name)
