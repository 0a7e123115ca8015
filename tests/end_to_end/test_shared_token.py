"""Two programs with one token: the real process sends nothing to ixBrowser until the other one has ended."""

from __future__ import annotations

import asyncio

from bot.domain.draft import Step
from tests.end_to_end.office import Office, asked
from tests.end_to_end.process import sabotage
from tests.support.rival import rival

#: The times of a running bot are longer than a test may take.
SOONER = "from bot.chat import conflicts; conflicts.QUIET_FOR, conflicts.LASTING, conflicts.CALM_FOR = 2.0, 3.0, 4.0"


async def test_nothing_is_sent_while_another_program_polls_and_admins_are_told(office: Office) -> None:
    bot = await office.start(**sabotage(office.folder, SOONER))
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", "Import this profile?"))
    async with rival(office.telegram, lambda: asyncio.sleep(0.2)):
        await bot.says("nothing is sent to ixBrowser meanwhile")
        await office.ana.tap("Import", until="this bot is also running on another computer")
        await office.ana.sees("Stop one, or create a second bot")
        assert office.browser.made[code] == 0
    # Each poll that is answered is one without a conflict.
    async with asyncio.timeout(30):
        while office.row(code)["status"] != "imported":
            await office.ana.say("/help", until="How to import")
    await office.ana.sees("Imported")
    assert office.browser.made[code] == 1
    assert bot.said.count("goes on polling") == 1
    assert bot.said.count("imports are sent again") == 1
