"""A commit that came through on PostgreSQL, and whose answer did not: its person is not told that nothing was done."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.chat import patient_store
from tests.support.chatting import ready_to_import, said
from tests.support.postgresql import own_server
from tests.support.postgresql_proxy import CutWay, opened
from tests.support.world import button_of, running, settings_for


async def test_an_import_that_was_queued_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_store, "WAITS", 0.5)
    with own_server(tcp=True, durable=True) as server:
        async with (
            opened(CutWay(server.url())) as way,
            running(settings_for(tmp_path, database_url=SecretStr(way.url))) as world,
        ):
            card = await ready_to_import(world, world.browser.offer())
            way.statement = b"INSERT INTO imports"
            world.telegram.press(world.ana, card, button_of(card, "✅ Import"))
            await world.telegram.settled(lambda: any("try again later" in text for text in said(world)))
            assert way.cut.is_set()
            told = next(text for text in said(world) if "try again later" in text)
            assert "I can't tell whether this was saved: the database's server can't be reached" in told
            assert world.browser.imports == []
            way.closed = False
            await world.telegram.settled(lambda: len(world.browser.imports) == 1)
            await world.rest()
