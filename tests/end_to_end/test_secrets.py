"""The token, codes, passwords and links: found nowhere where they need not be, whatever goes wrong, while the bot runs.

The grep itself is ``Office.leaks``, which the fixtures of all these tests run through at their end, too.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace

import pytest

from bot.domain.draft import Step
from tests.end_to_end.office import Office, asked
from tests.end_to_end.process import sabotage
from tests.standins.ixbrowser_actions import IMPORT, RECORDS
from tests.standins.ixbrowser_faults import Fault, Reply, cut_after, refusal, spoiled
from tests.standins.ixbrowser_world import TakesExtraction

TOKEN = "7000000077:AAH-quince-Fell-of-the-one-that-was-planted"
PASSWORD = "plum-Tarn-4417"
SECOND_PASSWORD = "fig-Beck-7702"
PROXY = f"socks5://ana:{PASSWORD}@203.0.113.7:1080"
LINK = "https://proxies.example/next?key=sloe-Gill-9935"
CODE = "77310042-51982763"
PLANTED = f"{CODE} {LINK} {PROXY}"

CONFIRM = "Import this profile?"
ASK_LINK = [
    ("[Extraction link]", asked(Step.LINK)),
    (LINK, asked(Step.LINK_TYPE)),
    ("[http]", asked(Step.FORMAT)),
    ("[ip:port]", asked(Step.METHOD)),
    ("[At every opening]", CONFIRM),
]
SET = "profile-update-proxy-for-api-extraction"


@pytest.fixture
def planted(office: Office) -> Office:
    """An office with a bot of another token, which is as distinctive as the other secrets."""
    office.telegram.token = TOKEN
    office.settings |= {"TELEGRAM_TOKEN": TOKEN, "IXBROWSER_TIMEOUT": 1, "IXBROWSER_GRACE": 0.1}
    office.planted |= {PASSWORD, SECOND_PASSWORD, CODE, "sloe-Gill-9935"}
    return office


def copies(office: Office, text: str) -> int:
    """How often a text is in the database's file, once whatever has been written is there."""
    with contextlib.closing(sqlite3.connect(office.database)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    return office.database.read_bytes().count(text.encode())


async def test_when_the_imports_have_ended_only_their_spent_codes_are_left(planted: Office) -> None:
    bot = await planted.start()
    ana, mai = planted.ana, await planted.newcomer()
    planted.browser.takes_extraction = TakesExtraction.IGNORED
    codes = [planted.browser.offer() for _ in range(3)]
    await ana.walk((codes[0], asked(Step.PROXY)), ("[Custom]", asked(Step.CUSTOM)), (PROXY, CONFIRM))
    assert len(planted.rows("secrets")) == 1
    planted.keeps_secrets()

    await ana.tap("Import", until="Imported")
    await ana.walk((codes[1], "Type the password"), (SECOND_PASSWORD, CONFIRM), ("[Import]", "Imported"))
    await mai.walk((codes[2], asked(Step.PROXY)), *ASK_LINK, ("[Import]", "Imported"))
    await mai.telegram.settled(lambda: planted.row(codes[2])["proxy_status"] == "set")
    # Neither is a draft that nobody has finished a reason to keep what it held.
    await mai.walk((CODE, asked(Step.LINK)), ("[Cancel]", "Cancelled"))

    planted.keeps_secrets()
    assert bot.running
    assert planted.rows("secrets") == planted.rows("draft_codes") == []
    # The row in the log.
    assert [copies(planted, code) for code in codes] == [1, 1, 1]
    sent = [body.get("proxy_config", {}) for body in planted.browser.imports]
    assert [config.get("proxy_password") for config in sent] == [PASSWORD, SECOND_PASSWORD, None]
    typed = [message for phone in (ana, mai) for message in phone.chat.messages if not message.from_bot]
    kept = [message.text for message in typed if not message.deleted]
    assert not {PROXY, SECOND_PASSWORD, LINK} & set(kept)


async def test_what_is_waited_for_checked_or_refused_is_nowhere_in_plain_text(planted: Office) -> None:
    await planted.start()
    ana, browser = planted.ana, planted.browser
    await ana.walk((browser.offer(), asked(Step.PROXY)), ("[Custom]", asked(Step.CUSTOM)), (PROXY, CONFIRM))
    browser.fail(IMPORT, refusal(1014))
    await ana.tap("Import", until="Not imported")
    planted.keeps_secrets()

    checked, waiting = await planted.newcomer("Mai"), await planted.newcomer("Kim")
    await checked.walk((browser.offer(), asked(Step.PROXY)), ("[Custom]", asked(Step.CUSTOM)), (PROXY, CONFIRM))
    browser.fail(IMPORT, Fault(reply=Reply.CUT))
    browser.always(RECORDS, spoiled(Reply.EMPTY))
    await checked.tap("Import", until="checking whether the profile has arrived")
    planted.keeps_secrets()
    await waiting.walk((browser.offer(), asked(Step.PROXY)), *ASK_LINK)
    await planted.station.stop()
    await waiting.tap("Import", until="ixBrowser is not running")
    assert [row["status"] for row in planted.rows()] == ["failed", "checking", "queued"]
    assert len(planted.rows("secrets")) == 2
    planted.keeps_secrets()


async def test_whatever_goes_wrong_says_no_secret(planted: Office) -> None:
    """The two outside systems repeat what they were sent, don't answer, or break off; all with one bot."""
    bot = await planted.start()
    telegram, browser = planted.telegram, planted.browser
    faults = [
        (refusal(110002), "Not imported"),
        (refusal(110004), "Not imported"),
        (refusal(1016, done=True), "Imported"),
        (Fault(after=1.5), "Imported"),
        (cut_after(), "Imported"),
        (spoiled(Reply.TRUNCATED), "Imported"),
        (spoiled(Reply.BAD_GATEWAY), "Imported"),
    ]
    for fault, ending in faults:
        phone, code = await planted.newcomer(), browser.offer()
        await phone.walk((code, asked(Step.PROXY)), ("[Custom]", asked(Step.CUSTOM)), (PROXY, CONFIRM))
        browser.fail(IMPORT, replace(fault, message=f"no: {code} with {PROXY}, password {PASSWORD}"))
        telegram.fail("editMessageText", 400, f"Bad Request: message to edit not found: {PLANTED}")
        telegram.fail("answerCallbackQuery", 400, f"Bad Request: query is too old: {PLANTED}")
        await phone.tap("Import", until=ending)

    # A link that ixBrowser does not take at first.
    browser.takes_extraction = TakesExtraction.IGNORED
    browser.fail(SET, refusal(2000, message=f"no: {LINK}"))
    await planted.ana.walk((browser.offer(), asked(Step.PROXY)), *ASK_LINK, ("[Import]", "Imported"))
    await planted.ana.sees("only the proxy is missing")
    await planted.ana.tap("Set the proxy", until="Imported")
    await telegram.settled(lambda: planted.rows()[-1]["proxy_status"] == "set")

    # Telegram refuses, breaks off, and sends what can't be parsed.
    telegram.fail("getUpdates", 502, f"Bad Gateway: {PLANTED}")
    telegram.fail("deleteMessage", 400, f"Bad Request: message can't be deleted: {PLANTED}")
    telegram.raw_update({"message": {"text": PLANTED, "from": "nobody"}})
    telegram.raw_update({"callback_query": {"data": PLANTED, "id": [PASSWORD]}})
    await bot.says("can't be parsed and is skipped")
    telegram.fail("sendMessage", 400, f"Bad Request: can't parse entities in {PLANTED}")
    telegram.say(planted.ana.person, "/help")
    await bot.says("it is dropped")
    telegram.fail("sendMessage", 502, f"Bad Gateway: {PLANTED}")
    await planted.ana.say("/help", until="How to import")

    planted.keeps_secrets()
    assert bot.running
    assert planted.rows("secrets") == []
    # Of what can't be parsed python-telegram-bot logs a traceback, which is among what was looked through.
    assert "Traceback" in bot.said


UNSOUND_HANDLERS = f"""
import time
from bot.chat import gate
from bot.storage.users import SqlUsers

gate.HANDLE_WITHIN = 0.2
keep = SqlUsers.keep

def meddle(self, user_id, name, *others):
    if name == "Slow":
        time.sleep(1)
    if name == "Unlucky":
        raise ValueError("can't keep", {PLANTED!r})
    return keep(self, user_id, name, *others)

SqlUsers.keep = meddle
"""


async def test_a_handler_that_hangs_or_fails_says_no_secret(
    planted: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    slow, unlucky = planted.phone("Slow"), planted.phone("Unlucky")
    admins = f"{slow.person.id},{unlucky.person.id}"
    bot = await planted.start(ADMIN_IDS=admins, **sabotage(tmp_path_factory.mktemp("sabotage"), UNSOUND_HANDLERS))

    await slow.say(PLANTED, until="This took too long")
    await unlucky.say(PLANTED, until="Something went wrong")

    assert "ValueError" in bot.said
    assert "Traceback" in bot.said


CRASH = """
import asyncio, os, threading
import bot.app, bot.cli
from telegram.error import InvalidToken

token, url = os.environ["TELEGRAM_TOKEN"], os.environ["DATABASE_URL"]

def rejected():
    raise InvalidToken(f"The token `{{token}}` was rejected by the server.")

def chained():
    try:
        raise ValueError(f"{{url}} {planted}")
    except ValueError as error:
        raise RuntimeError(token, url, {planted!r}) from error

class Dropped:
    def __del__(self):
        {what}()

async def lost():
    {what}()

async def crash(*_, **__):
    thread = threading.Thread(target={what})
    thread.start()
    thread.join()
    Dropped()
    asyncio.create_task(lost())
    await asyncio.sleep(0)
    {what}()

def crash_at_once():
    {what}()

{where} = {how}
"""


@pytest.mark.parametrize(
    ("where", "how", "what"),
    [
        ("bot.app.App.serve", "crash", "rejected"),
        ("bot.app.App.prepare", "crash", "chained"),
        # Before the settings are known nothing is known to be secret but what has the look of it.
        ("bot.settings.load_settings", "crash_at_once", "chained"),
    ],
    ids=["the token is rejected", "the database fails", "the settings fail"],
)
async def test_a_crash_during_the_start_says_no_secret(
    planted: Office, tmp_path_factory: pytest.TempPathFactory, where: str, how: str, what: str
) -> None:
    code = CRASH.format(where=where, how=how, what=what, planted=PLANTED)
    bot = await planted.spawn(**sabotage(tmp_path_factory.mktemp("sabotage"), code))

    assert await bot.ended() == 1
    assert "The program ends with an error that nobody expected." in bot.said
    # Said where it ends the program, and before that of the thread, the destructor and the lost task.
    said = {"rejected": "InvalidToken: ", "chained": "RuntimeError: "}[what]
    assert bot.said.count(said) >= (4 if how == "crash" else 1)


@pytest.mark.parametrize("url", ["postgresql://ana:{}@127.0.0.1:1/bot", "postgresql://127.0.0.1:1/bot?password={}"])
async def test_a_database_server_that_is_not_there_is_said_without_its_password(planted: Office, url: str) -> None:
    bot = await planted.spawn(DATABASE_URL=url.format(PASSWORD))

    await bot.says("Waiting: the database's server can't be reached")
    bot.terminate()
    assert await bot.ended() == 0
    assert "Traceback" not in bot.said


async def test_a_secret_that_is_left_in_a_file_is_found(planted: Office) -> None:
    """What all these tests rely on."""
    assert planted.leaks() == []
    notes = planted.folder / "notes.txt"
    notes.write_text(f"{PASSWORD} and {CODE}")

    assert planted.leaks() == [
        "the code 7731••••-••••2763 is in the file notes.txt",
        f"the secret {PASSWORD!r} is in the file notes.txt",
    ]
    notes.unlink()
