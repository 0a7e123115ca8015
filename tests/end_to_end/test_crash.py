"""Killed at a moment that matters, and started again: nothing is lost, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.domain.draft import Step
from tests.end_to_end.office import TIMEOUT, Office, asked
from tests.end_to_end.process import PATIENCE, BotProcess
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import slow
from tests.standins.ixbrowser_world import TakesExtraction

CONFIRM = "Import this profile?"
SET = "profile-update-proxy-for-api-extraction"
LINK = "https://proxies.example/next?key=not-for-logs"
KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def kill_when(office: Office, bot: BotProcess, action: str, *, done: bool) -> None:
    """Kill the bot when ixBrowser has got such a request, or has done what was asked."""

    def look(what: str) -> None:
        if what == action:
            bot.kill()

    if done:
        office.browser.when_done = look
    else:
        office.browser.when_asked = look


async def restarted(office: Office, bot: BotProcess) -> BotProcess:
    assert await bot.ended() < 0
    office.browser.when_asked = office.browser.when_done = lambda _: None
    return await office.start()


async def test_an_import_that_ends_after_the_kill_is_found_and_not_sent_again(office: Office) -> None:
    bot = await office.start()
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", CONFIRM))
    # It ends when the next process serves already, and shows in the records later still.
    office.browser.fail(IMPORT, slow(before=TIMEOUT / 2))
    office.browser.late_records = TIMEOUT / 3
    kill_when(office, bot, IMPORT, done=False)
    office.telegram.press(office.ana.person, office.ana.chat.card, "✅ Import")

    await restarted(office, bot)

    said = await office.ana.sees("Shop Berlin")
    assert "Imported" in said.text
    row = office.row(code)
    assert (row["status"], row["attempts"]) == ("imported", 1)
    assert office.browser.imports == [{"transfer_code": code}]
    assert office.browser.violations() == []


async def test_an_import_that_was_done_and_not_answered_before_the_kill_is_found(office: Office) -> None:
    bot = await office.start()
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", CONFIRM))
    kill_when(office, bot, IMPORT, done=True)
    office.telegram.press(office.ana.person, office.ana.chat.card, "✅ Import")

    await restarted(office, bot)

    await office.ana.sees("Imported")
    assert office.row(code)["status"] == "imported"
    assert len(office.browser.imports) == office.browser.made[code] == 1


MOMENTS = {
    "before the look": ("profile-list", False, 0.0),
    "after the look": ("profile-list", True, 0.0),
    "long before it is set": (SET, False, TIMEOUT),
    "after it is set": (SET, True, 0.0),
}


def dealt_round() -> Sequence[Any]:
    """Each moment on one kind of database, by turns; on the other as well where the long tests are asked for."""
    return [
        pytest.param(
            kind, *moment, id=f"{kind}-{name}", marks=[] if kind == KINDS[number % len(KINDS)] else pytest.mark.long
        )
        for number, (name, moment) in enumerate(MOMENTS.items())
        for kind in KINDS
    ]


@pytest.mark.parametrize(("kind", "action", "done", "takes"), dealt_round(), indirect=["kind"])
async def test_a_kill_between_import_and_proxy_forgets_nothing_and_sets_no_proxy_twice(
    office: Office, action: str, done: bool, takes: float
) -> None:
    bot = await office.start()
    office.browser.takes_extraction = TakesExtraction.IGNORED
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk(
        (code, asked(Step.PROXY)),
        ("[Extraction link]", asked(Step.LINK)),
        (LINK, asked(Step.LINK_TYPE)),
        ("[http]", asked(Step.FORMAT)),
        ("[ip:port]", asked(Step.METHOD)),
        ("[At every opening]", CONFIRM),
    )
    office.browser.fail(SET, slow(before=takes))
    kill_when(office, bot, action, done=done)
    office.telegram.press(office.ana.person, office.ana.chat.card, "✅ Import")

    await restarted(office, bot)

    await office.telegram.settled(
        lambda: "Imported" in office.ana.chat.card.text and "Setting" not in office.ana.chat.card.text, PATIENCE
    )
    row = office.row(code)
    assert (row["status"], row["proxy_status"]) == ("imported", "set")
    assert office.browser.profiles[row["profile_id"]]["proxy_url"] == LINK
    assert [asked for asked, _ in office.browser.requests].count(SET) == 1
    assert office.browser.made[code] == len(office.browser.imports) == 1
    assert office.rows("secrets") == []


async def test_what_was_said_while_the_bot_was_dead_is_answered_in_order(office: Office) -> None:
    bot = await office.start()
    await office.ana.say("/help", until="How to import")
    bot.kill()
    await bot.ended()
    codes = [office.browser.offer() for _ in range(3)]
    for code in codes:
        office.telegram.say(office.ana.person, code)

    await office.start()

    await office.ana.sees(asked(Step.PROXY))
    await office.ana.walk(("203.0.113.7:1080", asked(Step.CUSTOM_TYPE)), ("[http]", "Import these 3 profiles?"))
    await office.ana.tap("Import 3", until="All 3 imported")
    assert {row["code"] for row in office.rows()} == set(codes)
    assert len({row["batch_id"] for row in office.rows()}) == 1
