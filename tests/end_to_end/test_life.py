"""How the process begins and ends: what keeps it from serving, and what becomes of work in hand when it is stopped."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import time

import pytest

from bot.domain.draft import Step
from bot.domain.transfer_code import TransferCode
from tests.end_to_end.office import TIMEOUT, Office, asked
from tests.end_to_end.process import PATIENCE, RUNNING
from tests.end_to_end.test_disk import locked
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import Fault
from tests.standins.ixbrowser_world import TakesExtraction

SET = "profile-update-proxy-for-api-extraction"
#: Seconds, for tests that have to wait for more than one time-out.
SHORT = 1.0
NOT_RIGHT, WRONG_SETTING, ALREADY_RUNNING, TOO_NEW = 1, 2, 3, 4


async def two_under_way(office: Office) -> tuple[str, str]:
    """Two imports that Ana has confirmed: the first is being sent, the second waits for its turn."""
    first, second = office.browser.offer("Shop Berlin"), office.browser.offer("Shop Hanoi")
    await office.ana.walk((f"{first} {second}", asked(Step.PROXY)), ("[Keep]", "Import these 2 profiles?"))
    await office.ana.tap("Import 2", until="Importing")
    await office.browser.is_sent(first, PATIENCE)
    return first, second


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_a_signal_lets_the_import_in_flight_end_and_leaves_the_rest_queued(
    office: Office, number: signal.Signals
) -> None:
    bot = await office.start(IXBROWSER_CONCURRENCY=1)
    office.browser.import_seconds = TIMEOUT / 2
    first, second = await two_under_way(office)

    bot.send(number)
    # The second signal comes while the import is waited for, and changes nothing.
    await bot.says("Stopping")
    bot.send(number)

    assert await bot.ended(TIMEOUT + 5) == 0
    assert "Traceback" not in bot.said
    assert (office.row(first)["status"], office.row(second)["status"]) == ("imported", "queued")
    assert (office.browser.made[first], office.browser.made[second]) == (1, 0)
    assert "1 of 2 done" in office.ana.chat.card.text

    await office.start()
    await office.ana.sees("All 2 imported")
    assert office.browser.violations() == []


async def test_an_import_that_is_never_answered_does_not_keep_the_process_from_ending(office: Office) -> None:
    bot = await office.start()
    code = office.browser.offer()
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", "Import this profile?"))
    office.browser.fail(IMPORT, Fault(after=60))
    await office.ana.tap("Import", until="Importing")
    await office.browser.is_sent(code, PATIENCE)

    began = time.monotonic()
    bot.terminate()

    assert await bot.ended() == 0
    assert time.monotonic() - began < TIMEOUT + 5
    assert office.row(code)["status"] in {"sending", "checking"}
    await office.start()
    await office.ana.sees("Imported")
    assert office.browser.made[code] == 1


async def test_it_is_gone_in_time_although_another_program_holds_the_database(office: Office) -> None:
    bot = await office.start(IXBROWSER_TIMEOUT=SHORT)
    codes = done, unanswered = office.browser.offer(), office.browser.offer()
    await office.ana.walk((" ".join(codes), asked(Step.PROXY)), ("[Keep]", "Import these 2 profiles?"))
    office.browser.fail(IMPORT, Fault(before=0.3), Fault(after=60))
    await office.ana.tap("Import 2", until="Importing")
    await office.browser.is_sent(done, PATIENCE)
    await office.browser.is_sent(unanswered, PATIENCE)

    with locked(office.database):
        # A result waits for being noted, and somebody for an answer.
        office.telegram.say(office.ana.person, "/help")
        began = time.monotonic()
        bot.terminate()
        assert await bot.ended() == 0
        assert time.monotonic() - began < SHORT + 5
    assert {office.row(code)["status"] for code in codes} == {"sending"}

    await office.start(IXBROWSER_TIMEOUT=SHORT)
    await office.ana.sees("All 2 imported")
    assert office.browser.violations() == []


async def test_it_is_gone_in_time_although_everything_hangs_and_goes_on_at_the_next_start(office: Office) -> None:
    bot = await office.start(IXBROWSER_TIMEOUT=SHORT)
    office.browser.add_group("Shops")
    office.browser.takes_extraction = TakesExtraction.IGNORED
    mai, eva = await office.newcomer(), await office.newcomer("Eva")
    linked, last = office.browser.offer(), office.browser.offer()
    await office.ana.walk(
        (linked, asked(Step.GROUP)),
        ("[Shops]", asked(Step.PROXY)),
        ("[Extraction link]", asked(Step.LINK)),
        ("https://proxies.example/next?key=not-for-logs", asked(Step.LINK_TYPE)),
        ("[http]", asked(Step.FORMAT)),
        ("[ip:port]", asked(Step.METHOD)),
        ("[At every opening]", "Import this profile?"),
    )
    await eva.walk((last, asked(Step.GROUP)), ("[Shops]", asked(Step.PROXY)), ("[Keep]", "Import this profile?"))
    await mai.walk((office.browser.offer(), asked(Step.GROUP)), ("[➕ New group]", asked(Step.GROUP_TITLE)))

    for action in (SET, "group-create"):
        office.browser.always(action, Fault(after=60))
    await office.ana.tap("Import", until="Imported")
    office.browser.import_seconds = SHORT / 2
    await eva.tap("Import", until="Importing")
    await mai.say("Ads", until="Ads")
    await office.browser.asked(lambda: {SET, "group-create"} <= {name for name, _ in office.browser.requests}, PATIENCE)
    office.telegram.down = True

    began = time.monotonic()
    bot.terminate()
    # The second signal comes when nothing is waited for any more but that Eva can be told.
    await bot.says(f"{TransferCode(last)} is imported")
    await bot.says("its group was not made")
    bot.terminate()

    assert await bot.ended() == 0
    assert time.monotonic() - began < SHORT + 5
    assert "one more time" not in bot.said
    assert office.row(last)["status"] == "imported"

    office.browser.heal()
    office.telegram.down = False
    await office.start(IXBROWSER_TIMEOUT=SHORT)
    await mai.sees(asked(Step.PROXY))
    await eva.sees("Imported")
    await office.telegram.settled(lambda: office.row(linked)["proxy_status"] == "set", PATIENCE)
    requests = [name for name, _ in office.browser.requests]
    assert (requests.count(SET), requests.count("group-create")) == (1, 1)


async def test_a_second_process_with_the_same_database_or_token_ends_before_it_touches_anything(office: Office) -> None:
    await office.start()
    other_token = "7000000002:AAF-another-stand-in-for-the-api-000"
    elsewhere = office.folder / "elsewhere.db"

    same_database = await office.spawn(TELEGRAM_TOKEN=other_token)
    same_token = await office.spawn(DATABASE_URL=f"sqlite:///{elsewhere}")

    assert await same_database.ended() == ALREADY_RUNNING
    assert str(office.database) in same_database.said
    assert await same_token.ended() == ALREADY_RUNNING
    assert "TELEGRAM_TOKEN" in same_token.said
    assert not elsewhere.exists()
    assert [method for method, _ in office.telegram.calls].count("getMe") == 1
    assert "Traceback" not in same_database.said + same_token.said
    # The first one has not noticed.
    await office.ana.say("/help", until="How to import a profile")


async def test_a_token_that_telegram_does_not_take_ends_the_process_with_a_sentence(office: Office) -> None:
    bot = await office.spawn(TELEGRAM_TOKEN="7000000001:AAF-no-longer-the-right-one-0000000")

    assert await bot.ended() == WRONG_SETTING
    assert "TELEGRAM_TOKEN is not accepted by Telegram" in bot.said
    assert "Traceback" not in bot.said
    assert "no-longer-the-right-one" not in bot.said


async def test_a_token_that_is_revoked_while_running_ends_the_process_with_a_sentence(office: Office) -> None:
    bot = await office.start()
    token = office.telegram.token

    office.telegram.revoke()

    assert await bot.ended() == WRONG_SETTING
    assert "TELEGRAM_TOKEN is not accepted by Telegram" in bot.said
    assert "Traceback" not in bot.said
    assert token not in bot.said


async def test_telegram_out_of_reach_at_the_start_is_waited_for(office: Office) -> None:
    office.telegram.down = True
    bot = await office.spawn()
    await bot.says("Telegram can't be reached")
    assert RUNNING not in bot.said

    office.telegram.down = False

    await bot.ready()
    await office.ana.say("/help", until="How to import a profile")


async def test_it_can_be_stopped_while_telegram_is_out_of_reach(office: Office) -> None:
    office.telegram.down = True
    bot = await office.spawn()
    await bot.says("Telegram can't be reached")

    bot.terminate()

    assert await bot.ended(TIMEOUT + 5) == 0
    assert "Traceback" not in bot.said


async def test_a_database_that_can_not_be_made_ends_the_process_with_a_sentence(office: Office) -> None:
    in_the_way = office.folder / "file"
    in_the_way.touch()

    bot = await office.spawn(DATABASE_URL=f"sqlite:///{in_the_way / 'bot.db'}")

    assert await bot.ended() == NOT_RIGHT
    assert "The bot can't start: the " in bot.said
    assert str(in_the_way) in bot.said
    assert "Traceback" not in bot.said


async def test_a_database_of_a_newer_version_ends_the_process_with_a_sentence_and_is_not_changed(
    office: Office,
) -> None:
    with contextlib.closing(sqlite3.connect(office.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = office.rows("sqlite_schema")

    bot = await office.spawn()

    assert await bot.ended() == TOO_NEW
    assert "written by a newer version of this program" in bot.said
    assert "Traceback" not in bot.said
    assert office.rows("sqlite_schema") == before
    assert [row["version_num"] for row in office.rows("alembic_version")] == ["9999"]


async def test_a_file_that_is_no_database_ends_the_process_with_a_sentence(office: Office) -> None:
    office.database.write_text("a shopping list, long enough to be looked at as a database" * 10)

    bot = await office.spawn()

    assert await bot.ended() == NOT_RIGHT
    assert "is not a database" in bot.said
    assert "Traceback" not in bot.said
