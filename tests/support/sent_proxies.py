"""What of a chosen proxy arrives at ixBrowser, and what of it stays in the chat."""

from __future__ import annotations

from typing import Any

from tests.standins.telegram_state import Person
from tests.support.world import World

#: What the import's ``proxy_config`` says of a bypass list that is off.
NO_BYPASS = {"enable_bypass": "0", "bypass_list": ""}


def custom(
    kind: str = "socks5", host: str = "203.0.113.7", port: str = "1080", user: str = "ana", password: str = "hunter2"
) -> dict[str, Any]:
    address = {"proxy_type": kind, "proxy_ip": host, "proxy_port": port}
    return {"proxy_mode": 2} | address | {"proxy_user": user, "proxy_password": password} | NO_BYPASS


async def sent(world: World, code: str, person: Person) -> dict[str, Any] | None:
    """Confirm; the ``proxy_config`` that arrived, None where none did."""
    card = await world.tap("✅ Import", person)
    assert "Imported" in card.text, card.text
    [body] = [body for body in world.browser.imports if body["transfer_code"] == code]
    assert body.keys() <= {"transfer_code", "group_id", "proxy_config"}
    return body.get("proxy_config")


def gone(world: World, person: Person, *texts: str) -> bool:
    """Whether every message that said this has been deleted from the chat, and there was one."""
    messages = world.telegram.chat(person.id).messages
    return all([m.deleted for m in messages if not m.from_bot and m.text == text] == [True] for text in texts)
