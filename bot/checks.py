"""``transfer-bot check``: a table that says of every part that it is right, or what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.app import REFUSED_BY_TELEGRAM, database_of
from bot.chat.transport import Transport
from bot.domain.error_codes import LOGGED_OUT
from bot.errors import BrowserError, BrowserNotRunning, BrowserRefusal, SettingError, StorageError
from bot.ixbrowser.client import LocalApi
from bot.process_lock import is_held
from bot.settings import NO_ADMIN, Settings
from bot.storage.database import Database
from bot.storage.holding import is_served
from bot.storage.lock_session import refuse_pooler
from bot.storage.migrate import current, is_up_to_date
from bot.storage.owner import served_bot
from bot.storage.unlocking import look_for_key
from bot.storage.users import SqlUsers
from bot.usecases.rebinding import other_bot


@dataclass(frozen=True, slots=True)
class Finding:
    right: bool
    said: str


async def check(settings: Settings) -> int:
    """Print the table; 0 when all is right, 1 when not."""
    parts: Sequence[tuple[str, Callable[[Settings], Awaitable[Finding]]]] = (
        ("Settings", _settings),
        ("Telegram", _telegram),
        ("ixBrowser", _ixbrowser),
        ("Database", _database),
    )
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    right = True
    for name, look in parts:
        found = await look(settings)
        right = right and found.right
        table.add_row("ok" if found.right else "TO DO", name, found.said)
    Console(highlight=False, markup=False).print(table)
    return 0 if right else 1


async def _settings(settings: Settings) -> Finding:
    if settings.warnings:
        return Finding(right=False, said="\n".join(settings.warnings))
    return Finding(right=True, said=f"all readable; this computer is called {settings.station}")


async def _telegram(settings: Settings) -> Finding:
    proxy = None if settings.telegram_proxy is None else settings.telegram_proxy.get_secret_value()
    bot = Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        request=Transport(connections=1, proxy=proxy),
        get_updates_request=Transport(connections=1, proxy=proxy),
    )
    try:
        async with bot:
            return Finding(right=True, said=f"the token is accepted, the bot is @{bot.username}")
    except InvalidToken:
        return Finding(right=False, said=REFUSED_BY_TELEGRAM)
    except TelegramError as error:
        return Finding(
            right=False,
            said=f"can't be reached ({type(error).__name__}): look at the network; where Telegram is blocked,"
            " set TELEGRAM_PROXY",
        )


async def _ixbrowser(settings: Settings) -> Finding:
    browser = LocalApi(settings.ixbrowser_url, timeout=settings.ixbrowser_timeout)
    try:
        groups = await browser.ping()
    except BrowserNotRunning:
        return Finding(
            right=False, said=f"not running at {settings.ixbrowser_url}: start it on this computer, and log in"
        )
    except BrowserRefusal as refusal:
        if refusal.code == LOGGED_OUT:
            return Finding(right=False, said="running, but logged out: log in to ixBrowser")
        return Finding(right=False, said=f"running, but it refuses ({refusal}): look into ixBrowser")
    except BrowserError:
        return Finding(
            right=False, said=f"what answers at {settings.ixbrowser_url} is not ixBrowser: look at IXBROWSER_URL"
        )
    finally:
        await browser.close()
    return Finding(right=True, said=f"running and logged in, {groups} group{'' if groups == 1 else 's'}")


async def _database(settings: Settings) -> Finding:
    file = settings.database_file
    if file is not None and not file.exists():
        said = f"will be made at {file}"
        return Finding(right=bool(settings.admin_ids), said=said if settings.admin_ids else NO_ADMIN)
    database = None
    try:
        database = database_of(settings)
        revision = await current(database)
        up_to_date = is_up_to_date(revision)
        if up_to_date:
            await look_for_key(database)
        admin = revision is not None and await _has_admin(database)
        noted = await database.read(served_bot)
        served = await (asyncio.to_thread(is_held, file) if file is not None else database.read(is_served))
        if file is None:
            await asyncio.to_thread(refuse_pooler, database.engine)
    except (SettingError, StorageError) as error:
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


async def _has_admin(database: Database) -> bool:
    return await database.read(lambda connection: SqlUsers(connection).has_admin())
