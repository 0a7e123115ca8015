"""The bot in group chats, as a process: brought there by a stranger, allowed, refused, killed and removed."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from tests.end_to_end.office import TIMEOUT, Office, asked
from tests.end_to_end.process import PATIENCE
from tests.standins.telegram_state import Chat
from tests.support.world import button_of

TEAM, SHOPS = -1002000000001, -1002000000002


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def seen(office: Office, group: Chat, text: str) -> None:
    """Wait until the bot's newest message in the group says this."""
    await office.telegram.settled(lambda: text in group.answer.text, PATIENCE, chat=group)


async def test_a_strangers_groups_are_answered_and_an_import_outlives_its_group(office: Office) -> None:
    bot = await office.start()
    telegram, mai, sam = office.telegram, await office.newcomer(), office.phone("Sam")
    team = telegram.add_group(TEAM, "Team", privacy=True, added_by=sam.person)
    await office.ana.sees(f"Sam ({sam.person.id}) wants me in the group chat “Team”.")
    telegram.say(mai.person, "/import", team)
    await telegram.handled(PATIENCE)
    assert [message for message in team.messages if message.from_bot] == []
    await office.ana.tap("Allow", until="I may work in the group chat “Team”. Ana has allowed it.")
    await seen(office, team, "Reply to this message with a transfer code")

    # Killed before it could leave, it does so when it is back.
    telegram.fail("leaveChat", 500, "Internal Server Error: restart", times=1000)
    shops = telegram.add_group(SHOPS, "Shops", added_by=sam.person)
    await office.ana.tap("Refuse", until="I have left the group chat “Shops”.")
    bot.kill()
    assert await bot.ended() < 0
    assert shops.closed is None
    telegram.heal("leaveChat")
    await office.start()
    await telegram.settled(lambda: shops.closed, PATIENCE)

    code = office.browser.offer("Shop Berlin")
    telegram.say(mai.person, code, team, reply_to=team.answer)
    await seen(office, team, asked(Step.PROXY))
    telegram.press(mai.person, team.card, button_of(team.card, "Keep"))
    await seen(office, team, "Import this profile?")
    office.browser.import_seconds = TIMEOUT / 2
    telegram.press(mai.person, team.card, button_of(team.card, "✅ Import"))
    await office.browser.is_sent(code, PATIENCE)
    telegram.membership.change(sam.person, team, "kicked")
    await mai.sees("I was removed from the group chat “Team”")
    await mai.sees("“Shop Berlin”")
    assert office.row(code)["status"] == "imported"
    assert {row["chat_id"]: row["state"] for row in office.rows("group_chats")} == {TEAM: "left", SHOPS: "refused"}
