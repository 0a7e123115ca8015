"""``transfer-bot check``: a table that says of every part that it is right, or what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.app import REFUSED_BY_TELEGRAM
from bot.chat.transport import Transport
from bot.domain.error_codes import LOGGED_OUT
from bot.errors import BrowserError, BrowserRefusal, Retired, SettingError, StorageError
from bot.ixbrowser.client import LocalApi
from bot.ixbrowser.listener import Listener, find_listener, port_of
from bot.opened_database import database_of
from bot.process_lock import is_held
from bot.setting_values import is_another_computer
from bot.settings import NO_ADMIN, Settings
from bot.storage.database import Database
from bot.storage.holding import is_served
from bot.storage.lock_session import refuse_pooler
from bot.storage.migrate import current, is_up_to_date
from bot.storage.owner import served_bot
from bot.storage.retirement import refuse_retired
from bot.storage.unlocking import look_for_key
from bot.storage.unreachable import SqlUnreachable
from bot.storage.users import SqlUsers
from bot.usecases.rebinding import other_bot
from bot.usecases.records import Role, User
from bot.usecases.unreachable import Why


@dataclass(frozen=True, slots=True)
class Finding:
    """``warning`` is what works, and is a risk all the same."""

    right: bool
    said: str = ""
    warning: str = ""


async def check(settings: Settings) -> int:
    """Print the table; 0 when all is right, 1 when not."""
    parts: Sequence[tuple[str, Callable[[Settings], Awaitable[Finding | None]]]] = (
        ("Settings", _settings),
        ("Telegram", _telegram),
        ("ixBrowser", _ixbrowser),
        ("Database", _database),
        ("Admins", _admins),
    )
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    right = True
    for name, look in parts:
        found = await look(settings)
        if found is None:
            continue
        right = right and found.right
        if found.said:
            table.add_row("ok" if found.right else "TO DO", name, found.said)
        if found.warning:
            table.add_row("warning", name, found.warning)
    Console(highlight=False, markup=False).print(table)
    return 0 if right else 1


async def _settings(settings: Settings) -> Finding:
    warning = "\n".join(settings.risks)
    if settings.warnings:
        return Finding(right=False, said="\n".join(settings.warnings), warning=warning)
    return Finding(right=True, said=f"all readable; this computer is called {settings.station}", warning=warning)


async def _telegram(settings: Settings) -> Finding:
    bot = Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        request=Transport(connections=1, proxy=settings.telegram_proxy_url),
        get_updates_request=Transport(connections=1, proxy=settings.telegram_proxy_url),
    )
    try:
        async with bot:
            return Finding(right=True, said=f"the token is accepted, the bot is @{bot.username}")
    except InvalidToken:
        return Finding(right=False, said=REFUSED_BY_TELEGRAM)
    except TelegramError as error:
        return Finding(
            right=False,
            said=f"can't be reached ({type(error).__name__}): {_way_to_telegram(settings)}",
        )


def _way_to_telegram(settings: Settings) -> str:
    default = Settings.model_fields["telegram_api_url"].default
    named = ["TELEGRAM_API_URL"] if settings.telegram_api_url != default else []
    named += ["TELEGRAM_PROXY"] if settings.telegram_proxy is not None else []
    if named:
        return f"look at the network, and at {' and '.join(named)}"
    return "look at the network; where Telegram is blocked, set TELEGRAM_PROXY"


async def _ixbrowser(settings: Settings) -> Finding:
    browser = LocalApi(settings.ixbrowser_url, timeout=settings.ixbrowser_timeout)
    try:
        groups = await browser.ping()
    except BrowserRefusal as refusal:
        if refusal.code == LOGGED_OUT:
            return Finding(right=False, said="running, but logged out: log in to ixBrowser")
        return Finding(right=False, said=f"running, but it refuses ({refusal}): look into ixBrowser")
    except BrowserError:
        said = _instead_of_ixbrowser(settings.ixbrowser_url, await find_listener(settings.ixbrowser_url))
        return Finding(right=False, said=said)
    finally:
        await browser.close()
    return Finding(right=True, said=f"running and logged in, {groups} group{'' if groups == 1 else 's'}")


_LOOK = "look at IXBROWSER_URL, and at the port in ixBrowser's settings"
_INSTEAD = {
    Listener.NOBODY: "not running: nothing answers {where}. Start ixBrowser on this computer, and log in; if its"
    " settings show another port, write that one into IXBROWSER_URL",
    Listener.UNKNOWN_HOST: "no computer called {host} can be found: look at IXBROWSER_URL",
    Listener.SILENT: "something listens {where} and does not answer: start ixBrowser again; if that does not help,"
    " {look}",
    Listener.IXBROWSER: "running {where}, but its answer can't be read: check again, and update ixBrowser if it stays"
    " so",
    Listener.OTHER_API: "what answers {where} is not ixBrowser but another program with an interface like it: {look}",
    Listener.WEB_SERVER: "what answers {where} is not ixBrowser but a web server: {look}",
    Listener.NO_HTTP: "what answers {where} is not ixBrowser, and speaks no HTTP: {look}",
    Listener.TLS: "what answers {where} speaks TLS, which ixBrowser itself does not: {look}; where a server with TLS is"
    " in front of ixBrowser, write https://",
    Listener.NO_TLS: "what answers {where} speaks no TLS: write http:// in IXBROWSER_URL, which is what ixBrowser"
    " speaks",
    Listener.UNTRUSTED: "what answers {where} has a certificate that this computer does not trust: look at it there",
}
_NOBODY_ELSEWHERE = (
    "nothing answers {where}. ixBrowser listens to its own computer alone: run the bot on that one, and leave"
    " IXBROWSER_URL out"
)


def _instead_of_ixbrowser(url: str, listener: Listener) -> str:
    """What there is to do where ixBrowser does not answer, by who listens at its address."""
    address = httpx.URL(url)
    elsewhere = listener is Listener.NOBODY and is_another_computer(url)
    said = _NOBODY_ELSEWHERE if elsewhere else _INSTEAD[listener]
    return said.format(where=f"at {address.host}, port {port_of(address)}", host=address.host, look=_LOOK)


async def _database(settings: Settings) -> Finding:
    file = settings.database_file
    if file is not None and not file.exists():
        said = f"will be made at {file}"
        return Finding(right=bool(settings.admin_ids), said=said if settings.admin_ids else NO_ADMIN)
    database = None
    try:
        database = database_of(settings)
        refuse_retired(file, database.url)
        revision = await current(database)
        up_to_date = is_up_to_date(revision)
        if up_to_date:
            await look_for_key(database)
        admin = revision is not None and await _has_admin(database)
        noted = await database.read(served_bot)
        served = await (asyncio.to_thread(is_held, file) if file is not None else database.read(is_served))
        if file is None:
            await asyncio.to_thread(refuse_pooler, database.engine)
    except (Retired, SettingError, StorageError) as error:
        return Finding(right=False, said=str(error))
    finally:
        if database is not None:
            await database.close()
    if noted is not None and noted != settings.bot_id:
        return Finding(right=False, said=str(other_bot(noted, settings.bot_id)))
    if not admin and not settings.admin_ids:
        return Finding(right=False, said=NO_ADMIN)
    state = "up to date" if up_to_date else "will be brought up to date when the bot starts"
    now = ", served by a bot now" if served else ""
    return Finding(right=True, said=f"{file or 'reachable'}, {state}{now}")


async def _admins(settings: Settings) -> Finding | None:
    """The admins whom the bot can't tell anything; None where there is none, or it is not known."""
    file = settings.database_file
    if file is not None and not file.exists():
        return None
    database = None
    try:
        database = database_of(settings)
        if not is_up_to_date(await current(database)):
            return None
        found = await database.read(lambda connection: _unreachable_admins(connection, settings.admin_ids))
    except (SettingError, StorageError):
        # Said of the database already.
        return None
    finally:
        if database is not None:
            await database.close()
    return Finding(right=True, warning="\n".join(found)) if found else None


_UNREACHABLE = {
    Why.NEVER_STARTED: "has never started the bot: ask them to open it and press Start",
    Why.BLOCKED: "has blocked the bot: ask them to open it and press Restart",
    Why.OTHER: "can't be written to: ask them to open the bot and press Start, or take them out of ADMIN_IDS",
}


def _unreachable_admins(connection: Connection, by_settings: Collection[int]) -> Sequence[str]:
    users = {user.id: user for user in SqlUsers(connection).list_allowed()}
    admins = {user.id for user in users.values() if user.role is Role.ADMIN}.union(by_settings)
    found = [person for person in SqlUnreachable(connection).all() if person.user_id in admins]
    return [f"{_called(users.get(person.user_id), person.user_id)} {_UNREACHABLE[person.why]}" for person in found]


def _called(user: User | None, user_id: int) -> str:
    return f"{user.name} ({user_id})" if user is not None and user.name else str(user_id)


async def _has_admin(database: Database) -> bool:
    return await database.read(lambda connection: SqlUsers(connection).has_admin())
