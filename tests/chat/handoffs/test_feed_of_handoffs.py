"""What the team's feed tells of codes that are left for somebody."""

from __future__ import annotations

from pathlib import Path

from bot.domain.transfer_code import mask
from tests.support.groups import say
from tests.support.handoffs import a_team, leave


async def test_what_is_left_is_told_and_shows_no_code(tmp_path: Path) -> None:
    async with a_team(tmp_path) as world:
        group = world.telegram.add_group(-1001, "Shops", added_by=world.ana)
        await world.rest()
        await say(world, group, "/feed")
        code = world.browser.offer()
        await leave(world, code)
        await leave(world, world.browser.offer(), world.browser.offer(), to="The team")
        await world.rest()

        one, several = [message for message in group.messages if message.text.startswith("🤝")]
        assert one.text.splitlines() == ["🤝 Ana left 1 code for Mai", f"• {mask(code)}"]
        assert several.text.splitlines()[0] == "🤝 Ana left 2 codes for the team"
        assert (one.silent, several.silent) == (True, True)
        assert code not in "".join(message.text for message in group.messages)
