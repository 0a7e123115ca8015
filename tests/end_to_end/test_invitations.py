"""A stranger is let in by a link, by the real process, which is killed in between; the link is in no file."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from tests.end_to_end import leaks
from tests.end_to_end.office import Office, asked
from tests.end_to_end.process import PATIENCE
from tests.support.invitations import link_in

INVITES = "Ana invites you"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_link_outlives_the_process_and_is_shown_once_and_used_once(office: Office) -> None:
    bot = await office.start()
    mai, sam = office.phone("Mai"), office.phone("Sam")
    await office.ana.say("/invite", until="Invite somebody")
    # The link is made, and can't be shown before the process dies.
    office.telegram.fail("sendMessage", 502, "Bad Gateway", times=1000)
    office.telegram.press(office.ana.person, office.ana.chat.card, "Make link")
    await office.telegram.settled(lambda: office.ana.chat.card.text.startswith("✅ Forward"), PATIENCE)
    bot.kill()
    assert await bot.ended() < 0
    office.telegram.heal("sendMessage")

    second = await office.start()
    link = link_in(await office.ana.sees(INVITES))
    office.telegram.follow(mai.person, link)
    await mai.sees("Welcome, Mai!")
    await office.ana.sees("Mai (")
    office.telegram.follow(sam.person, link)
    await sam.sees("This invitation has been used already.")
    await mai.walk((office.browser.offer("Shop"), asked(Step.PROXY)), ("[Keep]", "Import this profile?"))
    await mai.tap("Import", until="Imported")

    said = [message.text for message in office.ana.chat.messages if "invit" in message.text]
    assert len([text for text in said if text.startswith("✅ This invitation has been used.")]) == 1
    assert not any(INVITES in text for text in said)
    token = link.partition("start=")[2]
    assert leaks.left(office.folder, office.look, {token, token.removeprefix("i_")}) == []
    assert leaks.told(bot.said + second.said, {token, token.removeprefix("i_")}, "what the bot has printed") == []
