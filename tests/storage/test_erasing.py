"""Erasing a person: nothing of them is left in any row, and what belongs to others is as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger

from bot.domain.access_request import new_request
from bot.domain.import_events import Answered, ProxyMissing
from bot.domain.import_state import Status
from bot.domain.outcome import Imported
from bot.domain.outcome import Refused as RefusedByBrowser
from bot.errors import Refused
from bot.storage.access_requests import access_requests
from bot.storage.audit import audit_erasures
from bot.storage.column_types import RowId
from bot.storage.database import Database
from bot.storage.erasing import GONE, OF_AUDIT, REPLACED
from bot.storage.feed import feed
from bot.storage.group_chats import group_chats
from bot.storage.invitations import invitations, joinings
from bot.storage.schema import metadata
from bot.storage.shared_cards import shared_cards
from bot.storage.tables import imports, secrets
from bot.storage.work import SqlStore
from bot.storage.wrong_codes import wrong_codes
from bot.usecases import import_queue
from bot.usecases.access_request_rows import Asker
from bot.usecases.audit import AuditKind
from bot.usecases.forgetting import forget
from bot.usecases.group_chat_rows import GroupChatState
from bot.usecases.private_links import PrivateLink
from bot.usecases.records import CardKind, NoteKind, Role
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.unreachable import Unreachable, Why
from tests.storage.migrating import everything
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    EXTRACTION,
    GROUP_CHAT,
    MAI,
    NOW,
    OTHER,
    another,
    confirmed,
    draft_of,
    rows,
)

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")

BOSS = 42
PSEUDONYM = 123456789012345678
#: A name that is in no other text.
NAME = "Mai-plum-4417"

#: What numbers of this size are that are no person's, and no chat's.
NO_PERSON = {"thread_id", "message_id", "reply_to", "prompt_message_id", "profile_id", "group_id", "record_id",
             "bot_id", "epoch", "turn", "disk_free", "disk_total"}  # fmt: skip


def test_every_column_that_names_somebody_is_seen_to() -> None:
    seen_to = {*GONE, *REPLACED, *OF_AUDIT, *audit_erasures.c}
    # Of a row that goes with its person it does not matter where that was.
    seen_to |= {column.table.c.chat_id for column in GONE if "chat_id" in column.table.c}
    seen_to |= {group_chats.c.chat_id, feed.c.chat_id}
    left = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, BigInteger)
        and column.type is not RowId
        and column.name not in NO_PERSON
        and column not in seen_to
    ]
    assert left == []


async def live(store: SqlStore) -> None:
    """Mai and Ana have done all that leaves something in the database, and Mai's imports have ended."""
    for where, name in ((MAI, NAME), (ANA, "Ana")):
        group = type(where)(where.user_id, GROUP_CHAT, None, "en")

        def change(work: Any, where: Any = where, name: str = name, group: Any = group) -> None:
            work.users.keep(where.user_id, name, where.language, NOW)
            work.users.set_role(where.user_id, Role.ADMIN, MAI.user_id, NOW)
            work.outbox.say(where, f"Hello {name}", NOW)
            work.code_warnings.is_first(group)
            work.private_links.add(f"a token of {name}", PrivateLink(where.user_id, 1, NOW, used=False))
            work.deletion_offers.add(where, [5], NOW)
            work.shared_cards.add(SharedKind.JOINED, 7, where)
            work.access_requests.add(Asker(where.user_id, name, f"{name}_", "en"), new_request(NOW))
            work.unreachable.note(Unreachable(where.user_id, NOW, Why.BLOCKED))
            link = work.invitations.begin(
                where.user_id, role=Role.MEMBER, uses=1, life=timedelta(hours=1), bot_username="demo_bot", now=NOW
            )
            invitation = work.invitations.lock(link)
            work.invitations.save(replace(invitation, for_user_id=where.user_id, for_name=name))
            work.invitations.add_joining(invitation, where.user_id, f"{name}_", NOW)
            work.invitations.bar(where.user_id, NOW)
            work.published_texts.note({f"commands of {where.user_id}": "abc"})
            work.audit.note(AuditKind.ALLOWED, where.user_id, subject_id=MAI.user_id, chat_id=where.chat_id)

        await store.write(change)
        for place in (where, group):
            await another(store, place)
    for where, code in ((MAI, CODE), (type(MAI)(MAI.user_id, GROUP_CHAT, None, "vi"), OTHER)):
        batch = await confirmed(store, draft_of(code, proxy=EXTRACTION if code == CODE else CUSTOM), where)
        row = await store.write(import_queue.claim, batch.rows[0].id)
        assert row is not None
        answer = Imported(5) if code == CODE else RefusedByBrowser(1014, "no")
        await store.write(import_queue.record, row.id, Answered(1, answer, NOW))
        if code == CODE:
            await store.write(import_queue.record, row.id, ProxyMissing(2002, "no proxy"))
    await confirmed(store, draft_of("99999999-00000000"), ANA)


def those_that_name(content: dict[str, list[dict[str, Any]]], *values: object) -> dict[str, list[dict[str, Any]]]:
    """The rows in which a value is one of these, or a text that has it."""

    def names(row: dict[str, Any]) -> bool:
        return any(value == each or (isinstance(value, str) and str(each) in value)
                   for value in row.values() for each in values)  # fmt: skip

    return {table: found for table, some in content.items() if (found := [row for row in some if names(row)])}


async def test_nothing_of_who_is_erased_is_left_and_others_keep_all_they_have(database: Database) -> None:
    store = SqlStore(database, now=lambda: NOW, admins=frozenset({BOSS}))
    await live(store)
    before = await everything(database)
    assert len(those_that_name(before, MAI.user_id, NAME)) > 8

    assert await store.write(forget, MAI.user_id, PSEUDONYM)
    after = await everything(database)
    assert those_that_name(after, MAI.user_id, NAME) == {}
    anas = those_that_name(before, ANA.user_id)
    assert {table: [row["id"] for row in some if "id" in row] for table, some in anas.items()} == {
        table: [row["id"] for row in some if "id" in row] for table, some in those_that_name(after, ANA.user_id).items()
    } | {"published_texts": []}

    [imported, refused, _] = await rows(database, imports)
    assert (imported["transfer_code"], imported["status"]) == (CODE, Status.IMPORTED)
    assert {imported["user_id"], imported["chat_id"], int(imported["user_name"]), refused["user_id"]} == {PSEUDONYM}
    assert refused["chat_id"] == GROUP_CHAT
    # Nobody can try it again.
    assert refused["code_encrypted"] is None
    assert await rows(database, secrets) == []
    # Nothing is to be shown in a chat that is nobody's.
    assert PSEUDONYM not in await store.read(lambda work: work.cards.chats_behind())


async def test_what_has_happened_once_does_not_happen_again(database: Database) -> None:
    store = SqlStore(database, now=lambda: NOW, admins=frozenset({BOSS}))
    await live(store)
    assert await store.write(forget, MAI.user_id, PSEUDONYM)
    before = await everything(database)
    assert not await store.write(forget, MAI.user_id, PSEUDONYM + 1)
    assert not await store.write(forget, 7, PSEUDONYM + 1)
    assert await everything(database) == before


@pytest.mark.parametrize(
    ("user_id", "admins", "why"),
    [
        (BOSS, {BOSS}, "is an admin by the setting ADMIN_IDS"),
        (MAI.user_id, set(), "is the only admin"),
    ],
)
async def test_who_can_not_be_erased_is_not(database: Database, user_id: int, admins: set[int], why: str) -> None:
    store = SqlStore(database, now=lambda: NOW, admins=frozenset(admins))
    await live(store)
    await store.write(lambda work: work.users.set_role(ANA.user_id, Role.MEMBER, BOSS, NOW))
    before = await everything(database)
    with pytest.raises(Refused, match=why):
        await store.write(forget, user_id, PSEUDONYM)
    assert await everything(database) == before


async def test_cards_about_them_are_deleted_in_others_chats_or_shown_without_their_name(database: Database) -> None:
    store = SqlStore(database, now=lambda: NOW, admins=frozenset({BOSS}))
    boss = type(MAI)(BOSS, BOSS, None, "en")

    def change(work: Any) -> None:
        asker = Asker(MAI.user_id, NAME, "", "en")
        request = work.access_requests.add(asker, new_request(NOW))
        work.access_requests.put_into_crowd(request, request)
        link = work.invitations.begin(
            BOSS, role=Role.MEMBER, uses=1, life=timedelta(hours=1), bot_username="demo_bot", now=NOW
        )
        invitation = work.invitations.lock(link)
        work.invitations.save(replace(invitation, for_user_id=MAI.user_id, for_name=NAME))
        joining = work.invitations.add_joining(invitation, MAI.user_id, "", NOW)
        group = work.group_chats.add(GROUP_CHAT, "Team", GroupChatState.WAITING)
        work.group_chats.write(replace(group, added_by=MAI.user_id, added_by_name=NAME))
        cards = [
            (SharedKind.ACCESS_REQUEST, request),
            (SharedKind.JOINED, joining),
            (SharedKind.WRONG_CODES, work.wrong_codes.tell(MAI.user_id, NOW)),
            (SharedKind.ACCESS_CROWD, request),
            (SharedKind.INVITATION, link),
            (SharedKind.GROUP_CHAT, group.id),
        ]
        for number, (kind, subject_id) in enumerate(cards):
            work.shared_cards.add(kind, subject_id, boss)
            copy_id = work.shared_cards.find(kind, subject_id, BOSS)
            work.cards.note_shown(CardKind.SHARED, copy_id, message_id=10 + number, rendered=1, complete=True)

    await store.write(change)
    assert await store.write(forget, MAI.user_id, PSEUDONYM)
    notes = await store.read(lambda work: work.outbox.waiting([BOSS]))
    assert [(note.kind, note.message_id) for note in notes] == [(NoteKind.DELETE, number) for number in (10, 11, 12)]
    behind = await store.read(lambda work: work.shared_cards.behind([BOSS]))
    assert [copy.kind for copy in behind] == [SharedKind.ACCESS_CROWD, SharedKind.INVITATION, SharedKind.GROUP_CHAT]


async def test_the_number_of_a_row_that_is_gone_is_not_given_again(store: SqlStore) -> None:
    """An old button, or a card that is still being shown, would be taken for one of the new row."""

    def numbers(work: Any) -> list[int]:
        link = work.invitations.begin(
            MAI.user_id, role=Role.MEMBER, uses=1, life=timedelta(hours=1), bot_username="demo_bot", now=NOW
        )
        joining = work.invitations.add_joining(work.invitations.lock(link), MAI.user_id, "", NOW)
        work.shared_cards.add(SharedKind.JOINED, joining, MAI)
        made = [
            link,
            joining,
            work.shared_cards.find(SharedKind.JOINED, joining, MAI.chat_id),
            work.access_requests.add(Asker(MAI.user_id, NAME, "", "en"), new_request(NOW)),
            work.wrong_codes.tell(MAI.user_id, NOW),
            work.group_chats.add(GROUP_CHAT, "Team", GroupChatState.WAITING).id,
        ]
        for table in (joinings, invitations, shared_cards, access_requests, wrong_codes, group_chats):
            work.connection.execute(table.delete())
        return made

    first, second = await store.write(numbers), await store.write(numbers)
    assert [after > before for before, after in zip(first, second, strict=True)] == [True] * len(first)
