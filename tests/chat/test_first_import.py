"""The main job from end to end: a code, a group, a proxy, a tap."""

from __future__ import annotations

from tests.support.world import World


async def test_a_code_a_group_a_proxy_and_a_tap_import_the_profile(world: World) -> None:
    group = world.browser.add_group("Shops")
    code = world.browser.offer("Shop Berlin")

    asked = await world.say(f"Here is the profile: {code}, thanks!")
    assert "Which group?" in asked.text
    assert "Which proxy?" in (await world.tap("Shops")).text
    assert "Import this profile?" in (await world.tap("Keep")).text
    result = await world.tap("Import")

    assert "Imported" in result.text
    assert "Shop Berlin" in result.text
    assert world.browser.imports == [{"transfer_code": code, "group_id": group}]
    [row] = await world.log()
    assert (row["status"], row["code"], row["group_title"]) == ("imported", code, "Shops")
    assert (row["user_id"], row["user_name"], row["proxy"]) == (world.ana.id, "Ana", "keep")
    assert row["profile_id"] == next(iter(world.browser.profiles))
