"""``transfer-bot demo``: the application that ``run`` serves, between a pretend Telegram and a pretend ixBrowser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from sqlalchemy import exists, func, select

from bot.app import App
from bot.chat.translator import plain, translator
from bot.demo import texts
from bot.demo.hints import Hints
from bot.demo.ixbrowser import DemoIxBrowser
from bot.demo.telegram import DemoTelegram
from bot.demo.telegram_request import InProcessRequest
from bot.demo.telegram_state import Person
from bot.demo.temporary_folder import temporary_folder
from bot.demo.terminal import Extras, chat
from bot.demo.terminal_input import stdin_lines
from bot.demo.terminal_screen import open_console
from bot.demo.texts import Say
from bot.domain.import_state import Status
from bot.external_systems import ExternalSystems
from bot.logs import set_up_logging
from bot.settings import demo_settings
from bot.storage.tables import batches, imports
from bot.storage.work import SqlWork
from bot.usecases.feed_telling import is_telling

#: Seconds between two looks whether the bot has come to rest.
LOOK_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Stage:
    """The application between the pretend Telegram and the pretend ixBrowser."""

    app: App
    telegram: DemoTelegram
    person: Person
    browser: DemoIxBrowser


async def demonstrate(
    language: str = "en", console: Console | None = None, lines: AsyncIterator[str] | None = None
) -> None:
    """Chat until the lines end, with somebody whose Telegram is in ``language``."""
    console = console or open_console()
    with temporary_folder() as folder:
        async with stage(folder, language) as on:
            t = saying(language)
            for line in (texts.own_database(t, on.app.settings.database_file), texts.codes_to_send(t)):
                console.print(line, highlight=False, markup=False, soft_wrap=True)
            for code, what in on.browser.codes(t):
                console.print(f"  {code}  {what}", highlight=False, markup=False)
            hints = Hints(t, lambda: on.browser.fresh_codes)
            extras = Extras(
                codes=lambda: on.browser.codes(t),
                log=lambda: import_log(on.app),
                off=lambda: _run(on, running=False),
                on=lambda: _run(on, running=True),
                hint=lambda: _hint(on.app, hints),
            )
            await chat(
                on.telegram,
                on.person,
                t=t,
                lines=lines or stdin_lines(),
                console=console,
                # What waits for the pretend ixBrowser goes on by itself once that runs, and is worth waiting for.
                idle=lambda: at_rest(on.app, waited_for=on.browser.running),
                extras=extras,
            )


def saying(language: str) -> Say:
    """What says the demo's own sentences in a language, as its terminal shows them."""
    t = translator(language)

    def say(message: str, /, **values: object) -> str:
        return plain(t(message, **values))

    return say


@asynccontextmanager
async def stage(folder: Path, language: str = "en", browser: DemoIxBrowser | None = None) -> AsyncIterator[Stage]:
    """The application between its stand-ins, serving while the block runs."""
    settings = demo_settings(folder)
    set_up_logging(settings.log_level, settings.secrets)
    browser = browser or DemoIxBrowser()
    telegram = DemoTelegram(settings.telegram_token.get_secret_value())
    person = telegram.add_person(min(settings.admin_ids), "Ana", language)
    outside = ExternalSystems(InProcessRequest(telegram), InProcessRequest(telegram), browser.transport())
    app = App(settings, outside)
    try:
        await app.prepare()
    except BaseException:
        await app.close()
        raise
    stop, ready = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(app.serve(stop, ready.set))
    try:
        await ready.wait()
        yield Stage(app, telegram, person, browser)
    finally:
        stop.set()
        await serving


async def _run(on: Stage, *, running: bool) -> None:
    on.browser.running = running
    if running:
        # At a computer somebody would wait for the next try; here they have just said that it is back.
        on.app.importer.imports_queued()


async def at_rest(app: App, *, waited_for: bool = False) -> None:
    """Wait until everything has been shown that can be, and nothing goes on.

    Imports that wait for ixBrowser go on when they are ``waited_for``, and not for whoever has to bring it back.
    """
    while True:
        await app.presenter.idle()
        if not await _is_busy(app, waited_for=waited_for):
            return
        await app.clock.wait(asyncio.Event(), LOOK_EVERY)


async def _is_busy(app: App, *, waited_for: bool) -> bool:
    waiting = (imports.c.status == Status.QUEUED, imports.c.waiting_for.is_not(None))
    waits = exists().where(imports.c.batch_id == batches.c.id, *waiting)
    going_on = select(batches.c.id).where(batches.c.announced.is_(False)).limit(1)
    if not waited_for:
        going_on = going_on.where(~waits)

    def busy(work: SqlWork) -> bool:
        told = app.presenter.shut.issuperset(work.cards.chats_behind())
        shown = work.connection.scalar(going_on) is None and told
        return not shown or bool(work.lists.requested()) or is_telling(work)

    return await app.store.read(busy)


async def _hint(app: App, hints: Hints) -> str | None:
    finished = select(func.count()).select_from(imports).where(imports.c.finished_at.is_not(None))
    return hints.after(await app.store.read(lambda work: work.connection.scalar(finished) or 0))


async def import_log(app: App) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """The import log as headings and rows, newest first."""
    headings = ("id", "code", "group", "proxy", "status", "profile", "error")
    newest_first = select(imports).order_by(imports.c.id.desc())
    rows = await app.store.read(lambda work: work.connection.execute(newest_first).all())
    return headings, [
        (
            str(row.id),
            row.code_mask,
            row.group_title or "Default group",
            row.proxy,
            row.status,
            f"{row.profile_id or ''} {row.profile_name}".strip(),
            str(row.error_code or ""),
        )
        for row in rows
    ]
