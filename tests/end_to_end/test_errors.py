"""Whole conversations with the real process that meet an error of ixBrowser's: what was said, and what was logged."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.chat.imports.texts import reason
from bot.chat.translator import plain, translator
from bot.domain.draft import Step
from tests.end_to_end.office import TIMEOUT, Office, Phone, asked, open_office
from tests.end_to_end.process import PATIENCE
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_checks import MESSAGES
from tests.standins.ixbrowser_faults import Fault, Reply, cut_after, cut_before, refusal, spoiled
from tests.standins.ixbrowser_world import NO_PROXY, Offer
from tests.standins.telegram_state import Message
from tests.support.error_codes import PROXY_REFUSALS

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONFIRM = "Import this profile?"

#: The refusals that the reference names for the import.
NAMED = (1000, 1005, 1007, 1014, 110001, 110002, 110003, 110004)


@pytest.fixture(scope="module")
def group(busy_office: Office) -> int:
    return busy_office.browser.add_group("Shops")


async def at_confirm(office: Office, code: str) -> Phone:
    """Somebody who has chosen everything."""
    phone = await office.newcomer()
    await phone.walk((code, asked(Step.GROUP)), ("[Shops]", asked(Step.PROXY)), ("[Keep]", CONFIRM))
    return phone


def assert_failed(office: Office, code: str, error: int, said: Message) -> None:
    """A row that tells the truth, and the sentence that goes with the error."""
    row = office.row(code)
    # The number stands behind all that is said.
    number = f" (error {error})"
    assert plain(reason(translator("en"), error, row["error_message"])).removesuffix(number) in said.text
    assert said.text.splitlines()[0].endswith(number)
    assert (row["status"], row["error_code"], row["attempts"]) == ("failed", error, 1)
    assert row["error_message"]
    assert (row["profile_id"], row["finished_at"] is not None) == (None, True)
    assert office.browser.made[code] == 0


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("error", NAMED)
async def test_a_refusal_is_told_in_plain_words_and_logged(busy_office: Office, error: int) -> None:
    code = busy_office.browser.offer()
    phone = await at_confirm(busy_office, code)
    busy_office.browser.fail(IMPORT, refusal(error))

    said = await phone.tap("Import", until="Not imported")

    assert_failed(busy_office, code, error, said)


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("error", sorted(PROXY_REFUSALS))
async def test_a_refused_proxy_is_told_and_can_be_chosen_anew(busy_office: Office, error: int) -> None:
    code = busy_office.browser.offer()
    phone = await busy_office.newcomer()
    await phone.walk((code, asked(Step.GROUP)), ("[Shops]", asked(Step.PROXY)), ("[Direct]", CONFIRM))
    busy_office.browser.fail(IMPORT, refusal(error, message=MESSAGES.get(error, "Proxy is wrong")))

    said = await phone.tap("Import", until="Not imported")

    assert_failed(busy_office, code, error, said)
    await phone.walk(("[Try again]", asked(Step.PROXY)), ("[Keep]", CONFIRM), ("[Import]", "Imported"))
    failed, done = [row for row in busy_office.rows() if row["code"] == code]
    assert (done["status"], done["retry_of"]) == ("imported", failed["id"])


@pytest.mark.usefixtures("group")
async def test_a_wrong_code_and_ones_own_are_refused_by_ixbrowser_itself(busy_office: Office) -> None:
    for code, error in (
        (busy_office.browser.unused_code(), 110002),
        (busy_office.browser.offer_own(), 110003),
    ):
        phone = await at_confirm(busy_office, code)
        said = await phone.tap("Import", until="Not imported")
        assert_failed(busy_office, code, error, said)


async def test_a_group_that_is_deleted_meanwhile_is_refused_and_asked_for_anew(busy_office: Office, group: int) -> None:
    code = busy_office.browser.offer()
    phone = await at_confirm(busy_office, code)
    title = busy_office.browser.groups.pop(group)

    said = await phone.tap("Import", until="Not imported")
    busy_office.browser.groups[group] = title

    assert_failed(busy_office, code, 110004, said)
    await phone.walk(("[Try again]", asked(Step.GROUP)), ("[Shops]", CONFIRM), ("[Import]", "Imported"))
    assert busy_office.browser.imports[-2:] == [{"transfer_code": code, "group_id": group}] * 2


#: An answer that proves nothing, and whether ixBrowser has imported all the same.
UNCLEAR: dict[str, tuple[Fault, bool]] = {
    **{f"{code}, imported": (refusal(code, done=True), True) for code in (1004, 1011, 1016)},
    **{f"{code}, not imported": (refusal(code), False) for code in (1004, 1011, 1016)},
    "a code that nobody knows": (refusal(999_999, done=True), True),
    "no answer in time": (Fault(after=TIMEOUT + 0.5), True),
    "cut after the import": (cut_after(), True),
    "cut before the import": (cut_before(), False),
    "half an answer": (spoiled(Reply.TRUNCATED), True),
    "an empty answer": (spoiled(Reply.EMPTY), True),
    "no JSON": (spoiled(Reply.NOT_JSON), True),
    "502 of something in between": (spoiled(Reply.BAD_GATEWAY, done=False), False),
}


@pytest.mark.usefixtures("group")
async def test_an_unclear_answer_is_settled_by_the_received_records_and_each_code_imported_once(
    busy_office: Office,
) -> None:
    """All of them side by side: proving that nothing was imported takes the time-out and two readings."""
    browser = busy_office.browser
    codes = {what: browser.offer(f"Shop, {what}") for what in UNCLEAR}
    phones = {what: await at_confirm(busy_office, code) for what, code in codes.items()}
    for what, (fault, _) in UNCLEAR.items():
        browser.fail(IMPORT, fault)
        await phones[what].tap("Import", until="Import")
        # The next fault is for the next person: this one's request has to arrive before.
        await browser.is_sent(codes[what], PATIENCE)

    for what, (_, imported_at_once) in UNCLEAR.items():
        # The name may come a moment after the result.
        said = await phones[what].sees(f"Shop, {what}")
        row = busy_office.row(codes[what])
        assert "Imported" in said.text, what
        assert (row["status"], row["error_code"]) == ("imported", None), what
        assert row["attempts"] == sent(busy_office, codes[what]) == (1 if imported_at_once else 2), what
        assert browser.profiles[row["profile_id"]]["name"] == f"Shop, {what}"
    assert browser.violations() == []


@pytest.mark.usefixtures("group")
async def test_an_import_whose_record_is_on_the_third_page_is_found_there(busy_office: Office) -> None:
    browser = busy_office.browser
    code = browser.offer("Shop on the third page")
    phone = await at_confirm(busy_office, code)

    def newer(action: str) -> None:
        if action == IMPORT:
            for number in range(20_000, 20_230):
                browser.records.append(browser.record_of(browser.unused_code(), Offer("Newer", NO_PROXY), number))

    browser.when_done = newer
    browser.fail(IMPORT, cut_after())
    said = await phone.tap("Import", until="Imported")
    browser.when_done = lambda _: None

    assert "Shop on the third page" in said.text
    assert (busy_office.row(code)["status"], sent(busy_office, code)) == ("imported", 1)
    assert browser.violations() == []


def sent(office: Office, code: str) -> int:
    return sum(body["transfer_code"] == code for body in office.browser.imports)


# --- ixBrowser is not there, or not now -------------------------------------------------------------------------------


#: What is told, and the error code that ixBrowser answers with meanwhile; None while it is closed.
WAITS: dict[str, int | None] = {
    "ixBrowser is not running": None,
    "ixBrowser is logged out": 1002,
    "ixBrowser is busy": 1010,
    "ixBrowser does not allow it right now": 1008,
}


async def test_what_ixbrowser_does_not_take_now_waits_is_told_and_goes_on_by_itself(tmp_path: Path) -> None:
    """Side by side, each with a bot of its own, since waiting takes at least five seconds."""

    async def wait(why: str, error: int | None) -> None:
        folder = tmp_path / str(error)
        folder.mkdir()
        async with open_office(folder) as office:
            bot = await office.start()
            office.browser.add_group("Shops")
            code = office.browser.offer("Shop Berlin")
            ana = office.ana
            await ana.walk((code, asked(Step.GROUP)), ("[Shops]", asked(Step.PROXY)), ("[Keep]", CONFIRM))
            if error is None:
                await office.station.stop()
            else:
                office.browser.always(IMPORT, refusal(error))
            said = await ana.tap("Import", until="Waiting")
            assert why in said.text
            row = office.row(code)
            assert (row["status"], row["finished_at"], office.browser.made[code]) == ("queued", None, 0)
            office.browser.heal()
            if error is None:
                await office.station.start()
            said = await ana.sees("Shop Berlin")
            assert "Imported" in said.text
            assert office.row(code)["status"] == "imported"
            assert office.browser.made[code] == 1
            office.keeps_secrets()
            bot.terminate()
            assert await bot.ended() == 0

    async with asyncio.TaskGroup() as group:
        for why, error in WAITS.items():
            group.create_task(wait(why, error), name=why)
