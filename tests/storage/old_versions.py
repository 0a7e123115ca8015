"""Databases as earlier versions have left them: with rows in every state, and secrets in plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, MetaData, text

from bot.domain.import_state import ProxyStatus, Status
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.unlocking import unlock
from tests.storage.support import NOW, STATION

#: In no other test, so that they can be looked for in the files of a server that others use too.
PASSWORD = "plum-Tarn-0003-password"
DRAFT_PASSWORD = "plum-Tarn-0003-draft"
LINK = "https://extract.example/plum-tarn-0003-link"
DRAFT_LINK = "https://extract.example/plum-tarn-0003-draft"
SECRETS = (PASSWORD, DRAFT_PASSWORD, LINK, DRAFT_LINK)
#: Of the draft that is open.
DRAFT_CODES = ("31415926-90000002", "31415926-90000001")
#: Of an import that failed, and is tried again.
TWICE = "31415926-80000000"

CUSTOM = {"kind": "custom", "host": "203.0.113.7", "port": 1080, "type": "socks5", "user": "ana"}
EXTRACTION = {"kind": "extraction", "type": "http", "format": "ip:port", "method": "invalid"}
#: Every status with every status of a proxy.
KINDS = tuple((status, link) for status in Status for link in (None, *ProxyStatus))

Rows = Sequence[Mapping[str, Any]]


def code(number: int) -> str:
    return f"31415926-{number:08}"


def _card(user: int, thread: int | None = None) -> dict[str, Any]:
    return {
        "user_id": user, "chat_id": user, "thread_id": thread, "language": "en", "message_id": 40 + user,
        "below": False, "revision": 3, "shown_revision": 2,
    }  # fmt: skip


def _draft(number: int, state: str, user: int, proxy: dict[str, Any] | None, thread: int | None = None) -> Any:
    answers = {
        "group": {"kind": "listed", "id": 7, "title": "店铺"}, "proxy": proxy, "bypass": ["example.com"],
        "changing": None, "former": None, "page": 0, "search": "", "notice": None,
    }  # fmt: skip
    times = {"created_at": NOW, "updated_at": NOW}
    return {"id": number, **_card(user, thread), "state": state, "answers": answers, **times}


def _batch(number: int, proxy: dict[str, Any]) -> Any:
    return {
        "id": number, **_card(1), "draft_id": number, "group_id": 6 + number, "group_title": f"Shops {number}",
        "proxy": proxy, "bypass": [f"{number}.example"], "confirmed_at": NOW, "waited": True, "announced": False,
    }  # fmt: skip


def _import(number: int, batch: int, transfer_code: str, status: str, link: str | None) -> Any:
    return {
        "id": number, "transfer_code": transfer_code, "status": status, "proxy_status": link, "user_id": 1,
        "user_name": "Ana", "chat_id": 1, "thread_id": 8, "group_id": 6 + batch, "group_title": f"Shops {batch}",
        "proxy": "extraction", "draft_id": batch, "batch_id": batch, "retry_of": None, "station": STATION,
        "profile_id": 5, "profile_name": "店铺", "record_id": 6, "error_code": 1008, "error_message": "<b>",
        "waiting_for": "away", "waiting_since": NOW, "held": False, "cancel_wanted": True, "without_proxy": True,
        "verdict": "failed", "attempts": 3, "unanswered": 2, "restricted": 1, "created_at": NOW, "sent_at": NOW,
        "finished_at": NOW,
    }  # fmt: skip


def old_rows(revision: str) -> Mapping[str, Rows]:
    """What stands in the tables, in an order in which it can be written."""
    imports = [_import(number, 1, code(number), *kind) for number, kind in enumerate(KINDS, start=1)]
    imports += [
        _import(100, 2, TWICE, "failed", None),
        _import(101, 2, TWICE, "queued", None) | {"retry_of": 100},
        _import(102, 2, code(102), "imported", None),
    ]
    if revision != "0001":
        imports = [row | {"version": row["id"]} for row in imports]
    return {
        "drafts": [
            _draft(1, "confirmed", 1, None),
            _draft(2, "confirmed", 1, None),
            _draft(3, "open", 1, CUSTOM),
            _draft(4, "open", 2, EXTRACTION, thread=77),
            _draft(5, "cancelled", 2, None),
        ],
        "draft_codes": [
            {"id": 1, "draft_id": 3, "transfer_code": DRAFT_CODES[0], "retry_of": None},
            {"id": 2, "draft_id": 3, "transfer_code": DRAFT_CODES[1], "retry_of": 100},
        ],
        "batches": [_batch(1, EXTRACTION), _batch(2, CUSTOM)],
        "imports": imports,
        "secrets": [
            {"id": 1, "draft_id": None, "batch_id": 1, "name": "link", "value": LINK},
            {"id": 2, "draft_id": None, "batch_id": 2, "name": "password", "value": PASSWORD},
            {"id": 3, "draft_id": 3, "batch_id": None, "name": "password", "value": DRAFT_PASSWORD},
            {"id": 4, "draft_id": 4, "batch_id": None, "name": "link", "value": DRAFT_LINK},
        ],
        "handled_updates": [{"update_id": 7, "handled_at": NOW}],
    }


async def make_old(database: Database, revision: str, rows: Mapping[str, Rows] | None = None) -> Mapping[str, Rows]:
    """An empty database becomes one of this revision, with these rows in it."""
    await unlock(database)
    await migrate(database, revision, safely=False)
    written = old_rows(revision) if rows is None else rows

    def fill(connection: Connection) -> None:
        there = MetaData()
        there.reflect(connection)
        for name, values in written.items():
            connection.execute(there.tables[name].insert(), values)
            if connection.dialect.name == "postgresql" and "id" in values[0]:
                # As it is where the ids were not given.
                connection.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))

    await database.write(fill)
    return written
