"""A database of the version before, with imports under way: the start after the update sends nothing twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.storage.database import Database
from tests.end_to_end.office import GRACE, TIMEOUT, Office, Phone
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import ConnectionCut, Fault, cut_after, cut_before
from tests.storage.old_versions import make_old, old_rows

#: What that version has left: how each row stands, and what has become of the request that nobody got an answer to.
LEFT = (
    ("queued", None),
    ("sending", cut_before()),
    ("sending", cut_after()),
    ("checking", cut_before()),
    ("checking", cut_after()),
)


@pytest.fixture(scope="module")
def from_nothing() -> bool:
    return True


async def sent(office: Office, code: str, fault: Fault) -> None:
    """Send as the version before did, which has ended since."""
    office.browser.fail(IMPORT, fault)
    with suppress(ConnectionCut):
        await office.browser.handle(IMPORT, json.dumps({"transfer_code": code}).encode())


def rows_of(number: int, phone: Phone, code: str, status: str) -> Mapping[str, Mapping[str, Any]]:
    """Draft, batch and import of somebody, and who they are, as version 0002 has them."""
    user_id, before = phone.person.id, old_rows("0002")
    at = datetime.now(UTC) - timedelta(seconds=TIMEOUT + GRACE)
    attempts = 0 if status == "queued" else 1
    card = {"id": number, "user_id": user_id, "chat_id": user_id, "thread_id": None, "message_id": None}
    state = {
        "status": status, "attempts": attempts, "unanswered": attempts if status == "checking" else 0,
        "restricted": 0, "sent_at": at if attempts else None, "finished_at": None, "cancel_wanted": False,
        "without_proxy": False, "verdict": None, "waiting_for": None, "error_code": None, "error_message": "",
        "profile_id": None, "profile_name": "", "record_id": None,
    }  # fmt: skip
    who = {"user_id": user_id, "user_name": phone.person.first_name, "chat_id": user_id, "thread_id": None}
    what = {"id": number, "transfer_code": code, "draft_id": number, "batch_id": number, "group_id": None}
    times = {"created_at": at, "waiting_since": at}
    return {
        "users": {"id": user_id, "name": phone.person.first_name, "role": "member", "language": "en",
                  "time_zone": "", "created_at": at},
        "drafts": {**before["drafts"][0], **card, "created_at": at, "updated_at": at},
        "batches": {**before["batches"][0], **card, "draft_id": number, "group_id": None, "group_title": None,
                    "proxy": {"kind": "keep"}, "bypass": [], "confirmed_at": at},
        "imports": {**before["imports"][0], **who, **what, **times, **state, "group_title": None, "proxy": "keep"},
    }  # fmt: skip


async def test_what_was_under_way_before_an_update_is_made_once_and_everybody_is_told(office: Office) -> None:
    people = [office.ana, *(office.phone(name) for name in ("Mai", "Sam", "Eva", "Kim"))]
    codes = [office.browser.offer(f"Shop {phone.person.first_name}") for phone in people]
    # What the requests of before have done shows only once the bot of now has begun to send.
    begun, found = asyncio.Event(), []
    office.browser.late_records, office.browser.sleep = 1.0, lambda _: begun.wait()
    for number, (phone, code, (status, fault)) in enumerate(zip(people, codes, LEFT, strict=True), start=1):
        found.append(rows_of(number, phone, code, status))
        if fault is not None:
            await sent(office, code, fault)
    database = Database(f"sqlite:///{office.database}", "office")
    await make_old(database, "0002", {table: [rows[table] for rows in found] for table in found[0]})
    await database.close()

    office.browser.late_records = 0.0
    office.browser.when_asked = lambda action: begun.set() if action == IMPORT else None
    await office.start()
    for phone in people:
        assert "Imported" in (await phone.sees(f"Shop {phone.person.first_name}")).text
    assert [row["status"] for row in office.rows()] == ["imported"] * len(LEFT)
    assert office.browser.made == dict.fromkeys(codes, 1)
    # Only what had not arrived was sent again, and that after a look at what had.
    again = [code for code, (_, fault) in zip(codes, LEFT, strict=True) if fault == cut_before()]
    assert sorted(body["transfer_code"] for body in office.browser.imports) == sorted([*codes, *again])
    assert office.browser.violations() == []
