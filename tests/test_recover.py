"""``transfer-bot recover``: the same answers as in the chat, at the terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.app import App
from bot.errors import Refused
from bot.recovering import recover_at_terminal
from bot.settings import Settings
from bot.storage.work import SqlWork
from bot.usecases.records import Role
from bot.usecases.recovery_rows import Decision, Recovery
from tests.standins.ixbrowser import FakeIxBrowser
from tests.support.http_ixbrowser import served
from tests.support.world import settings_for


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Those of a bot that has started on a copy of another one's database."""
    first = tmp_path / "first"
    first.mkdir()
    app = App(settings_for(first))
    await app.prepare()
    await app.store.write(_let_in)
    await app.close()
    for name in ("bot.db", "bot.db.key"):
        shutil.copy(first / name, tmp_path / name)
    settings = settings_for(tmp_path, admin_ids=frozenset({1001}))
    await (app := App(settings)).prepare()
    await app.close()
    return settings


def _let_in(work: SqlWork) -> None:
    work.users.keep(1002, "Mai", "vi", work.now)
    work.users.set_role(1002, Role.MEMBER, 1001, work.now)


async def recovery(settings: Settings) -> Recovery | None:
    app = App(settings)
    await app.prepare()
    found = await app.store.read(lambda work: work.recoveries.current())
    await app.close()
    return found


async def test_members_and_account_are_asked_for_and_the_bot_goes_on(settings: Settings) -> None:
    browser = FakeIxBrowser()
    said: list[str] = []
    asked: list[str] = []
    code = browser.offer("Shop")
    browser.receive(code, 1, None)
    async with served(browser) as local:
        here = settings.model_copy(update={"ixbrowser_url": local.url})

        def yes(question: str) -> bool:
            asked.append(question)
            return True

        await recover_at_terminal(here, said.append, yes)
        assert said[:3] == ["Who may use the bot:", "  1001    admin by ADMIN_IDS", "  1002  Mai  member"]
        assert len(asked) == 2
        [shown] = [line for line in said if "Shop" in line]
        assert shown.startswith("  office: Shop, ")
        assert shown.endswith(", te****@example.com")
        found = await recovery(here)
        assert found is not None
        assert (found.members_confirmed, found.decision, found.settled) == (True, Decision.GOING_ON, False)
        # Nothing is asked twice.
        await recover_at_terminal(here, said.append, yes)
        assert said[-1].startswith("There is nothing to be answered.")
    await browser.close()


async def test_a_no_stops_and_can_be_changed(settings: Settings) -> None:
    browser = FakeIxBrowser()
    async with served(browser) as local:
        here = settings.model_copy(update={"ixbrowser_url": local.url})
        with pytest.raises(Refused, match="The members are not confirmed"):
            await recover_at_terminal(here, lambda _: None, lambda _: False)
        with pytest.raises(Refused, match="Stopped"):
            await recover_at_terminal(here, lambda _: None, lambda question: "people" in question)
        found = await recovery(here)
        assert found is not None
        assert (found.members_confirmed, found.decision) == (True, Decision.STOPPED)
        await recover_at_terminal(here, lambda _: None, lambda _: True)
    await browser.close()


async def test_an_ixbrowser_that_is_not_there_is_told(settings: Settings) -> None:
    here = settings.model_copy(update={"ixbrowser_url": "http://127.0.0.1:9"})
    with pytest.raises(Refused, match="ixBrowser can't be read"):
        await recover_at_terminal(here, lambda _: None, lambda _: True)
