"""What has ended is forgotten after a month: how people were called in it, and the cards that told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.invitation import InvitationState
from bot.storage.database import Database
from bot.storage.group_chats import group_chats
from bot.storage.housekeeping import REQUEST_LIFE, Housekeeping
from bot.storage.invitations import invitations, joinings
from bot.storage.shared_cards import shared_cards
from bot.storage.work import SqlStore, SqlWork
from bot.storage.wrong_codes import wrong_codes
from bot.usecases.group_chat_rows import GroupChatState
from bot.usecases.records import CardKind, Place, Role
from bot.usecases.shared_card_rows import SharedKind
from tests.storage.support import ANA, MAI, rows
from tests.support.clock import MovableClock

BOSS = 42
KIM = Place(1009, 1009, None, "en")
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def shown(work: SqlWork, kind: SharedKind, subject_id: int, *, behind: bool = False) -> None:
    """Boss has a card that says all, or is still to say more."""
    work.shared_cards.add(kind, subject_id, Place(BOSS, BOSS, None, "en"))
    copy_id = work.shared_cards.find(kind, subject_id, BOSS)
    assert copy_id is not None
    work.cards.note_shown(CardKind.SHARED, copy_id, message_id=5, rendered=1, complete=not behind)


async def left(database: Database) -> set[tuple[str, int]]:
    return {(row["kind"], row["subject_id"]) for row in await rows(database, shared_cards)}


async def test_of_invitations_that_have_ended_only_what_answers_an_old_link_is_left(
    database: Database, store: SqlStore, clock: MovableClock
) -> None:
    now = clock.now()
    long_ago = now - REQUEST_LIFE - SECOND

    def change(work: SqlWork) -> None:
        # Open, ended long ago, ended long ago and not said yet, ended a month ago.
        for state, expires_at in (
            (InvitationState.OPEN, now + DAY),
            (InvitationState.USED_UP, long_ago),
            (InvitationState.EXPIRED, long_ago),
            (InvitationState.REVOKED, now - REQUEST_LIFE),
        ):
            link = work.invitations.begin(
                BOSS, role=Role.MEMBER, uses=1, life=DAY, bot_username="demo_bot", now=expires_at - DAY
            )
            work.invitations.make_link(link)
            found = work.invitations.lock(link)
            assert found is not None
            values = {"made_at": expires_at - DAY, "expires_at": expires_at, "for_user_id": 7, "for_name": "Sam"}
            work.invitations.save(replace(found, state=state, **values))  # type: ignore[arg-type]  # of each field
            shown(work, SharedKind.INVITATION, link, behind=link == 3)
        used = work.invitations.find(2)
        assert used is not None
        for place, at, gone in ((ANA, long_ago, False), (MAI, long_ago, True), (KIM, now - REQUEST_LIFE, True)):
            joining = work.invitations.add_joining(used, place.user_id, "name", at)
            shown(work, SharedKind.JOINED, joining)
            if gone:
                work.invitations.note_removed(place.user_id, BOSS)

    await store.write(change)
    hashes = [row["token_hash"] for row in await rows(database, invitations)]
    await Housekeeping(SqlStore(database, now=clock.now), clock).tidy()
    after = await rows(database, invitations)
    assert [row["for_name"] for row in after] == ["Sam", "", "", "Sam"]
    assert [row["token_hash"] for row in after] == hashes
    assert None not in hashes
    assert [row["username"] for row in await rows(database, joinings)] == ["", "", "name"]
    kept = {(SharedKind.INVITATION, number) for number in (1, 3, 4)}
    # The card of who is still a member can remove them, and that of who was removed lately may say so yet.
    assert await left(database) == kept | {(SharedKind.JOINED, 1), (SharedKind.JOINED, 3)}


async def test_who_wanted_the_bot_in_a_group_and_who_sent_wrong_codes_is_forgotten(
    database: Database, store: SqlStore, clock: MovableClock
) -> None:
    now = clock.now()
    long_ago, lately = now - REQUEST_LIFE - SECOND, now - REQUEST_LIFE

    def change(work: SqlWork) -> None:
        chats = (
            (GroupChatState.WAITING, long_ago, None, None),
            (GroupChatState.ALLOWED, long_ago, long_ago, None),
            (GroupChatState.REFUSED, long_ago, lately, None),
            (GroupChatState.LEFT, long_ago, None, None),
            (GroupChatState.LEFT, lately, None, 4),
        )
        for chat_id, (state, asked_at, answered_at, card) in enumerate(chats, start=-50):
            group = work.group_chats.add(chat_id, "Team", state)
            named = {"added_by": 7, "added_by_name": "Sam", "added_by_username": "sam"}
            times = {"asked_at": asked_at, "answered_at": answered_at, "shown_with": card}
            work.group_chats.write(replace(group, **named, **times))  # type: ignore[arg-type]  # of each field
            if card is None:
                shown(work, SharedKind.GROUP_CHAT, group.id)
        for told_at in (long_ago, lately):
            shown(work, SharedKind.WRONG_CODES, work.wrong_codes.tell(MAI.user_id, told_at))

    await store.write(change)
    await Housekeeping(SqlStore(database, now=clock.now), clock).tidy()
    names = [(row["added_by_name"], row["added_by_username"]) for row in await rows(database, group_chats)]
    assert names == [("Sam", "sam"), ("", ""), ("Sam", "sam"), ("", ""), ("Sam", "sam")]
    assert [row["id"] for row in await rows(database, wrong_codes)] == [2]
    kept = {(SharedKind.GROUP_CHAT, number) for number in (1, 3, 4)}
    assert await left(database) == kept | {(SharedKind.WRONG_CODES, 2)}
