"""``transfer-bot recover``: what admins answer in the chat after the database was restored, at the terminal."""

from __future__ import annotations

from collections.abc import Callable

from bot.errors import BrowserError, Refused, StorageError
from bot.ixbrowser.client import LocalApi
from bot.opened_database import database_of
from bot.settings import Settings
from bot.storage.holding import refuse_other_bot
from bot.storage.migrate import current, newest
from bot.storage.unlocking import look_for_key
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.recovery import RecoveryView, confirm_for, decide_for, note_newest, view
from bot.usecases.recovery_rows import Decision, NewestRecord

Say = Callable[[str], None]
Ask = Callable[[str], bool]


async def recover_at_terminal(settings: Settings, say: Say, ask: Ask) -> None:
    """Ask what is still to be answered, whether the bot serves or not.

    Raises ``Refused`` where something stays to be answered, and ``StorageError``.
    """
    file = settings.database_file
    if file is not None and not file.exists():
        raise Refused(f"There is no database yet: {file} is made when the bot starts.")
    database = database_of(settings)
    browser = LocalApi(settings.ixbrowser_url, timeout=settings.ixbrowser_timeout)
    try:
        await refuse_other_bot(database, settings.bot_id)
        if await current(database) != newest():
            raise StorageError("the database is not up to date: start the bot once before")
        await look_for_key(database)
        store = SqlStore(database, admins=settings.admin_ids)
        found = await store.read(_view)
        if found is None or (found.recovery.members_confirmed and found.recovery.decision is Decision.GOING_ON):
            say("There is nothing to be answered. After a restore, start the bot once before.")
            return
        if not found.recovery.members_confirmed:
            await _members(store, found, say, ask)
        if found.recovery.decision is not Decision.GOING_ON:
            await _account(store, browser, say, ask)
    finally:
        await browser.close()
        await database.close()


async def _members(store: SqlStore, found: RecoveryView, say: Say, ask: Ask) -> None:
    say("Who may use the bot:")
    for user_id, name in found.admins.items():
        say(f"  {user_id}  {name}  admin by ADMIN_IDS")
    for user in found.members:
        if user.id not in found.admins:
            say(f"  {user.id}  {user.name}  {user.role}")
    if not ask("Are these the right people? Type yes to confirm them:"):
        raise Refused("The members are not confirmed: only the admins in ADMIN_IDS can use the bot.")
    if not await store.write(_confirm, found.members_digest):
        raise Refused("The list has changed meanwhile: look at it once more.")
    say("The members are confirmed.")


async def _account(store: SqlStore, browser: LocalApi, say: Say, ask: Ask) -> None:
    try:
        records = await browser.received_records()
    except BrowserError as error:
        raise Refused(f"ixBrowser can't be read ({error}): open it, log in, and call this once more.") from None
    await store.write(note_newest, records)
    shown = await store.read(_view)
    say("The last profile that ixBrowser has received:")
    for each in shown.newest if shown is not None else ():
        say(f"  {_record(each)}")
    go_on = ask("Is this the right ixBrowser account? Type yes to go on, anything else to stop:")
    await store.write(_decide, go_on)
    if not go_on:
        raise Refused("Stopped: nothing is sent to ixBrowser until somebody says so, in the chat or here.")
    say("The bot goes on once it has read twice what ixBrowser has received.")


def _view(work: SqlWork) -> RecoveryView | None:
    recovery = work.recoveries.current()
    return None if recovery is None else view(work, recovery.generation)


def _confirm(work: SqlWork, shown: str) -> bool:
    recovery, found = work.recoveries.lock(), _view(work)
    if recovery is None or found is None or found.members_digest != shown:
        return False
    confirm_for(work, recovery, None)
    return True


def _decide(work: SqlWork, go_on: bool) -> None:
    recovery = work.recoveries.lock()
    if recovery is not None and recovery.decision is not Decision.GOING_ON:
        decide_for(work, recovery, None, go_on=go_on)


def _record(each: NewestRecord) -> str:
    if each.is_empty:
        return f"{each.station}: none yet"
    when = "" if each.received_at is None else f", {each.received_at.astimezone():%Y-%m-%d %H:%M}"
    return f"{each.station}: {each.name}{when}" + (f", {each.account}" if each.account else "")
