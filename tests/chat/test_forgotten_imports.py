"""The log forgets by setting: what people see of it, and that nobody sends a code again for that."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.settings import NAMES, load_settings
from bot.storage.tables import imports
from tests.standins.telegram import TOKEN
from tests.support.chatting import imported, said, timed

DAY = 86_400


async def test_a_code_whose_import_is_forgotten_is_known_all_the_same(tmp_path: Path) -> None:
    async with timed(tmp_path, forget_rows_days=31) as (world, clock):
        code = world.browser.offer("Shop Berlin")
        card = await imported(world, code)
        [row] = await world.rows(imports)
        clock.jump(40 * DAY)
        await world.app.housekeeping.tidy()
        assert await world.rows(imports) == []
        assert "Shop Berlin" not in (await world.say("/history")).text

        await world.say(code)
        mask = f"{code[:4]}••••-••••{code[-4:]}"
        told = f"{mask} was already imported: profile {row['profile_id']}. By whom is not in the log any more."
        assert told in said(world)
        assert world.browser.made[code] == 1
        # Its old card says so when it is pressed, and does nothing.
        world.telegram.press(world.ana, card, card.button("Another code"))
        await world.rest()
        assert "out of date" in world.popups()[-1]


async def test_a_card_whose_chat_is_forgotten_does_nothing_any_more(tmp_path: Path) -> None:
    async with timed(tmp_path, forget_chats_days=1, forget_codes_days=1) as (world, clock):
        code = world.browser.offer("Shop Berlin")
        card = await imported(world, code)
        clock.jump(2 * DAY)
        await world.app.housekeeping.tidy()
        [row] = await world.rows(imports)
        assert (row["chat_id"], row["transfer_code"], row["user_id"]) == (0, None, world.ana.id)
        world.telegram.press(world.ana, card, card.button("Another code"))
        await world.rest()
        assert "out of date" in world.popups()[-1]
        assert "Shop Berlin" in (await world.say("/history")).text
        assert "already imported by you" in (await world.say(code)).text


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    return monkeypatch


def test_nothing_is_forgotten_unless_it_is_set(settings: pytest.MonkeyPatch) -> None:
    assert load_settings(None).retention == {}
    for name, typed in (("CODES", "90 days"), ("CHATS", "off"), ("ROWS", "365")):
        settings.setenv(f"FORGET_{name}_DAYS", typed)
    assert load_settings(None).retention == {"codes": timedelta(days=90), "rows": timedelta(days=365)}


@pytest.mark.parametrize(
    ("name", "typed"),
    [("FORGET_CODES_DAYS", "0.5"), ("FORGET_CHATS_DAYS", "-1"), ("FORGET_ROWS_DAYS", "30"), ("FORGET_ROWS_DAYS", "x")],
)
def test_what_cannot_be_is_refused(name: str, typed: str, settings: pytest.MonkeyPatch) -> None:
    settings.setenv(name, typed)
    with pytest.raises(SettingError, match=f"^{name} is wrong: write for how many days"):
        load_settings(None)
