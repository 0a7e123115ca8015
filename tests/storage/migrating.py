"""What tests of migrations look at: a database's tables, rows and copies, and a migration of a version to come."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, insert, select, text

from bot.domain.access_request import new_request
from bot.domain.alert import AlertKind, Observed
from bot.domain.loudness import Loudness
from bot.domain.remote_lists import Listing
from bot.storage.database import Database
from bot.storage.holders import HUB, Holder
from bot.storage.migrate import migrations_folder, newest
from bot.storage.retention import forgotten_imports
from bot.storage.schema import metadata
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.access_request_rows import Asker
from bot.usecases.audit import AuditKind
from bot.usecases.feed_rows import Ended
from bot.usecases.group_chat_rows import GroupChatState
from bot.usecases.health_rows import BrowserState, Disk, Failure, HubHealth
from bot.usecases.private_links import PrivateLink
from bot.usecases.records import Place, Role
from bot.usecases.recovery_rows import Decision, Misfit, NewestRecord
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.unreachable import Unreachable, Why
from tests.storage.support import CODE, CUSTOM, EXTRACTION, NOW, OTHER, confirmed, draft_of, opened

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0

#: The newest revision that there is, and one more.
NOW_THERE = newest()
NEXT = f"{int(NOW_THERE) + 1:04}"

#: A migration that rebuilds a table on which others depend, as SQLite needs it for almost any change.
SECOND = f'''
"""Drafts have a mood."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{NOW_THERE}"


def changed_drafts():
    return op.batch_alter_table("drafts", recreate="always" if op.get_bind().dialect.name == "sqlite" else "never")


def upgrade() -> None:
    with changed_drafts() as drafts:
        drafts.add_column(sa.Column("mood", sa.Text(), nullable=False, server_default="calm"))
    make_index_on_expression()


def downgrade() -> None:
    with changed_drafts() as drafts:
        drafts.drop_column("mood")
    make_index_on_expression()


def make_index_on_expression() -> None:
    """A table that was rebuilt has lost it."""
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(
            "uq_drafts_takes_text", "drafts", ["user_id", "chat_id", sa.text("coalesce(thread_id, 0)")], unique=True,
            sqlite_where=sa.text("state = 'open' AND takes_text = 1"),
        )
'''
_UP = "    make_index_on_expression()\n\n\ndef downgrade"
THEN_FAILS = SECOND.replace(_UP, f'    op.execute("SELECT * FROM nowhere")\n{_UP}')
THEN_LOSES_PARENTS = SECOND.replace(_UP, f'    op.execute("DELETE FROM drafts")\n{_UP}')
THEN_HANGS = SECOND.replace(_UP, f'    print("in the middle", flush=True)\n    import time\n    time.sleep(600)\n{_UP}')


def folder_with(folder: Path, second: str) -> Path:
    """The migrations with one more behind them."""
    shutil.copytree(migrations_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{NEXT}_moods.py").write_text(second, "utf-8")
    return folder


async def fill(store: SqlStore) -> None:
    """Something in every table."""
    await confirmed(store, draft_of(CODE, proxy=EXTRACTION))
    stored = await opened(store, draft_of(OTHER, proxy=CUSTOM))

    def change(work: SqlWork) -> None:
        work.users.keep(1001, "Ana", "en", NOW)
        work.updates.is_new(7, NOW)
        work.outbox.say(stored.where, "Hello", NOW)
        work.lists.request(frozenset({Listing.GROUPS}), NOW)
        work.owner.note(7)
        work.published_texts.note({"commands": "abc"})
        work.polling.note(NOW)
        work.code_warnings.is_first(stored.where)
        work.private_links.add("a token", PrivateLink(1001, stored.id, NOW, used=False))
        work.deletion_offers.add(stored.where, [5], NOW)
        link = work.invitations.begin(
            1, role=Role.MEMBER, uses=1, life=timedelta(hours=1), bot_username="transfer_demo_bot", now=NOW
        )
        invitation = work.invitations.lock(link)
        assert invitation is not None
        work.invitations.make_link(link)
        work.invitations.add_joining(invitation, 1001, "ana", NOW)
        work.invitations.bar(1001, NOW)
        work.audit.note(AuditKind.ALLOWED, 1, subject_id=1001, chat_id=1, detail="member")
        work.shared_cards.add(SharedKind.JOINED, 7, stored.where)
        work.access_requests.add(Asker(7, "Sam", "sam", "en"), new_request(NOW))
        work.unreachable.note(Unreachable(1001, NOW, Why.BLOCKED))
        work.daily_limits.note(NOW)
        work.wrong_codes.tell(1001, NOW)
        work.imports.lock_queued(1, last=[], besides=[])
        work.group_chats.add(-1, "Team", GroupChatState.ALLOWED)
        work.kept_codes.add(1001, 1, [1], NOW)
        work.feed.begin(Place(1, -1, None, "en"), NOW)
        work.feed.add(1, Ended(imported=(1,)), NOW)
        handoff_id = work.handoffs.add(1001, 1, stored.draft, expires_at=NOW, now=NOW)
        work.handoffs.add_codes(handoff_id, stored.draft.codes, NOW)
        work.held_codes.hold(stored.draft.codes, handoff_id)
        work.handoff_notices.add(handoff_id, 1)
        work.health.note_hub(HubHealth("1.0", NOW, NOW, telegram_at=NOW, disk=Disk(1, 2)))
        work.health.note_browser(BrowserState.READY, NOW, 12)
        work.health.note_failure(Failure(NOW, "a1b2c3"))
        work.alerts.note("disk", Observed("room", "full", NOW, NOW))
        work.alerts.choose(1001, AlertKind.DISK, Loudness.OFF)
        work.backups.note(None, NOW)
        work.backups.note("disk_full", NOW)
        work.recoveries.begin(2, Misfit.OLDER, NOW)
        work.recoveries.note_newest(2, NewestRecord("office", "Shop"))
        work.recoveries.confirm_members(2, 1, NOW)
        work.recoveries.decide(2, Decision.GOING_ON, 1, NOW)
        work.recoveries.note_settled(2, NOW)
        gone = {"code_mask": "1111••••-••••4444", "status": "imported", "station": "office", "finished_at": NOW}
        work.connection.execute(insert(forgotten_imports), {**gone, "code_hash": b"h", "profile_id": 7})
        Holder(HUB).take(work.connection)

    await store.write(change)


async def content(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the models."""

    def look(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }

    return await database.read(look)


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that there is, whatever its revision, as the driver tells it."""

    def look(connection: Connection) -> dict[str, list[dict[str, Any]]]:
        there = MetaData()
        there.reflect(connection)
        return {
            table.name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=repr)
            for table in there.sorted_tables
        }

    return await database.read(look)


async def schema(database: Database) -> dict[str, Sequence[str]]:
    """What every table, index and constraint is made of, whatever the order and the line breaks."""
    if database.file is not None:
        return schema_of(database.file)
    parts = """
        SELECT table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
        UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        UNION SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass
    """

    def look(connection: Connection) -> dict[str, Sequence[str]]:
        # A key has the name of the index that PostgreSQL makes for it.
        found: dict[str, list[str]] = {}
        for name, part in connection.execute(text(parts)):
            found.setdefault(name, []).append(part)
        return {name: sorted(made_of) for name, made_of in found.items()}

    return await database.read(look)


def schema_of(file: Path) -> dict[str, Sequence[str]]:
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    comma = re.compile(r",(?![^(]*\))")
    return {
        name: sorted(" ".join(part.replace('"', "").split()) for part in comma.split(sql.removesuffix(")")))
        for name, sql in found
        if name not in ("alembic_version", "sqlite_sequence")
    }


def copies(file: Path) -> Sequence[str]:
    """What is left of the copies that migrations make."""
    return sorted(
        left.name for left in file.parent.iterdir() if "before-migration" in left.name or "restored" in left.name
    )


def url_of(database: Database) -> str:
    """The URL as it stands in the settings."""
    if database.file is not None:
        return f"sqlite:///{database.file}"
    return database.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")


#: For ``kill_within``: a migration hangs where it has written all that it has to write.
HANG_BEFORE_A_TABLE_GOES = """
import time
from alembic import op
def hang(name):
    print("in the middle", flush=True)
    time.sleep(600)
op.drop_table = hang
"""


def kill_within(url: str, folder: Path | None = None, *, also: str = "") -> None:
    """A process that migrates, killed while it is in the middle of it: as soon as it has said so.

    ``also``: what that process runs before; by default a migration of ``folder`` is what says so.
    """
    script = (
        "import asyncio, sys; from pathlib import Path; from bot.storage import migrate;"
        "from bot.storage.database import Database\n"
        f"{also}\n"
        "if len(sys.argv) > 2: migrate.migrations_folder = lambda: Path(sys.argv[2])\n"
        "asyncio.run(migrate.bring_up_to_date(Database(sys.argv[1], 'office')))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, url, *([] if folder is None else [str(folder)])],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.stdout is not None
    with process:
        try:
            assert process.stdout.readline() == "in the middle\n"
        finally:
            process.kill()
            process.wait(PATIENCE)
