"""People whose roles change while they do something, on databases with one writer and with several."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from bot.domain.import_state import Status
from bot.domain.transfer_code import TransferCode
from bot.errors import NotAllowed
from bot.storage.database import Database
from bot.storage.housekeeping import CODE_LIFE, Housekeeping
from bot.storage.kept_codes import kept_code_imports, kept_codes
from bot.storage.tables import drafts, imports, users
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.actor import Actor, Person, identify
from bot.usecases.drafting import DraftButton, confirm
from bot.usecases.drafting_messages import take_text
from bot.usecases.kept_code_rows import KeptList
from bot.usecases.members import Change, ChangeRole, RemoveMember, change_role, remove_member
from bot.usecases.records import Role
from bot.usecases.sent_messages import TakeText
from tests.storage.support import ANA, CODE, MAI, NOW, OTHER, confirmed, draft_of, opened, rewrite, rows
from tests.support.clock import MovableClock

VIEWER, MEMBER, ADMIN = Role
NAMES = {ANA.user_id: "Ana", MAI.user_id: "Mai"}


class Meeting:
    """Two transactions that wait for one another once, for a moment where only one of them can be under way."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2)

    def wait(self) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(0.3)


@pytest.fixture
async def admins(store: SqlStore) -> None:
    """Ana and Mai, and nobody else; both were seen just now, so that nothing is written when they do something."""

    def let_in(work: SqlWork) -> None:
        for user_id, name in NAMES.items():
            work.users.keep(user_id, name, "en", NOW)
            work.users.set_role(user_id, ADMIN, 1, NOW)
            work.users.note_seen(user_id, work.now)

    await store.write(let_in)


def acting(work: SqlWork, user_id: int, meeting: Meeting) -> Actor:
    """Who acts, as the gate finds it out; the other has got as far by then."""
    actor = identify(work, Person(user_id, NAMES[user_id], "en"))
    meeting.wait()
    return actor


async def left(database: Database) -> Sequence[int]:
    return [row["id"] for row in await rows(database, users) if row["role"] == ADMIN]


@pytest.mark.usefixtures("admins")
async def test_of_two_admins_who_remove_one_another_one_stays(database: Database, store: SqlStore) -> None:
    meeting = Meeting()

    def remove(work: SqlWork, by: int, other: int) -> Change:
        return remove_member(work, acting(work, by, meeting), RemoveMember(other, ADMIN)).change

    pair = ((ANA.user_id, MAI.user_id), (MAI.user_id, ANA.user_id))
    ended = await asyncio.gather(*(store.write(remove, *each) for each in pair), return_exceptions=True)
    assert [type(each) for each in ended if each is not Change.DONE] == [NotAllowed]
    assert len(await left(database)) == 1


@pytest.mark.parametrize("role", [None, MEMBER])
@pytest.mark.usefixtures("admins")
async def test_of_two_admins_who_both_leave_one_stays(database: Database, store: SqlStore, role: Role | None) -> None:
    meeting = Meeting()

    def leave(work: SqlWork, user_id: int) -> Change:
        actor = acting(work, user_id, meeting)
        if role is None:
            return remove_member(work, actor, RemoveMember(user_id, ADMIN)).change
        return change_role(work, actor, ChangeRole(user_id, role, ADMIN)).change

    ended = await asyncio.gather(*(store.write(leave, user_id) for user_id in NAMES))
    assert sorted(ended) == [Change.DONE, Change.LAST_ADMIN]
    assert len(await left(database)) == 1


async def meanwhile_removed(store: SqlStore, act: Callable[[SqlWork, Actor], object]) -> None:
    """Mai does something, and is removed between its beginning and its end, unless that has to wait."""
    began, gone = threading.Event(), threading.Event()

    def acting_slowly(work: SqlWork) -> None:
        actor = identify(work, Person(MAI.user_id, "Mai", "en"))
        began.set()
        gone.wait(0.3)
        act(work, actor)

    def removal(work: SqlWork) -> Change:
        boss = Actor(ANA.user_id, "Ana", ADMIN, "en")
        return remove_member(work, boss, RemoveMember(MAI.user_id, ADMIN)).change

    async def remove() -> Change:
        await asyncio.to_thread(began.wait)
        changed = await store.write(removal)
        gone.set()
        return changed

    _, changed = await asyncio.gather(store.write(acting_slowly), remove())
    assert changed is Change.DONE


@pytest.mark.usefixtures("admins")
async def test_whoever_is_removed_while_they_confirm_leaves_nothing_in_the_queue(
    database: Database, store: SqlStore
) -> None:
    stored = await opened(store, draft_of(CODE), MAI)
    button = DraftButton(MAI, 5, stored.id, stored.card.revision)
    await meanwhile_removed(store, lambda work, actor: confirm(work, actor, button))
    assert [row["status"] for row in await rows(database, imports)] == [Status.CANCELLED]
    assert len(await rows(database, kept_code_imports)) == 1


@pytest.mark.usefixtures("admins")
async def test_whoever_is_removed_while_they_write_leaves_no_draft(database: Database, store: SqlStore) -> None:
    """What they do is done before that, or not at all."""
    await meanwhile_removed(store, lambda work, actor: take_text(work, actor, TakeText(MAI, CODE, addressed=True)))
    assert [row["state"] for row in await rows(database, drafts)] == ["put_away"]


async def test_two_admins_let_the_same_person_in_at_once(database: Database, store: SqlStore) -> None:
    meeting = Meeting()

    def allow(work: SqlWork, by: int) -> Change:
        actor = Actor(by, "Admin", ADMIN, "en")
        meeting.wait()
        return change_role(work, actor, ChangeRole(7, MEMBER, None)).change

    ended = await asyncio.gather(store.write(allow, 1), store.write(allow, 2))
    # The person is told once.
    assert sorted(ended) == [Change.DONE, Change.UNCHANGED]
    assert [(row["id"], row["role"]) for row in await rows(database, users)] == [(7, MEMBER)]


async def test_what_is_counted_of_somebody(database: Database, store: SqlStore) -> None:
    first = await confirmed(store, draft_of(CODE, OTHER))
    await confirmed(store, draft_of("99999999-00000000"), MAI)
    await rewrite(database, first.rows[0].id, status=Status.IMPORTED, station="another")
    await rewrite(database, first.rows[1].id, station="another")

    def look(work: SqlWork) -> None:
        assert work.log.counts([ANA.user_id, MAI.user_id, 7]) == {ANA.user_id: 2, MAI.user_id: 1}
        assert work.log.counts([]) == {}
        assert [work.log.waiting(user_id) for user_id in (ANA.user_id, MAI.user_id, 7)] == [1, 1, 0]

    await store.read(look)
    locked = await store.write(lambda work: work.imports.lock_under_way_of(ANA.user_id))
    assert [row.id for row in locked] == [first.rows[1].id]


async def test_lists_of_kept_codes_are_forgotten_when_the_codes_are(database: Database, clock: MovableClock) -> None:
    store, now = SqlStore(database, now=clock.now), clock.now()
    batch = await confirmed(store, draft_of(CODE, OTHER))
    ids = [row.id for row in batch.rows]

    def keep(work: SqlWork) -> Sequence[int]:
        old = work.kept_codes.add(ANA.user_id, MAI.user_id, ids, now - CODE_LIFE - timedelta(seconds=1))
        young = work.kept_codes.add(ANA.user_id, MAI.user_id, ids[1:], now - CODE_LIFE)
        assert [row.code for row in work.log.of_kept(old)] == [TransferCode(CODE), TransferCode(OTHER)]
        return old, young

    old, young = await store.write(keep)
    await Housekeeping(store, clock).tidy()

    def look(work: SqlWork) -> None:
        assert work.kept_codes.find(old) is None
        assert work.log.of_kept(old) == []
        assert work.kept_codes.find(young) == KeptList(ANA.user_id, MAI.user_id)
        assert [row.code for row in work.log.of_kept(young)] == [TransferCode(OTHER)]

    await store.read(look)
    assert len(await rows(database, kept_codes)) == len(await rows(database, kept_code_imports)) == 1
