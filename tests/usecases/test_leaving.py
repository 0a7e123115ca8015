"""What ends when somebody is removed, or may not import any more; and whose the codes are then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.draft import Draft
from bot.domain.import_state import Status
from bot.domain.transfer_code import TransferCode
from bot.storage.audit import audit
from bot.storage.kept_codes import kept_code_imports
from bot.storage.shared_cards import shared_cards
from bot.storage.tables import drafts, imports, outbox, secrets
from bot.storage.work import SqlWork
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.code_display import ShowCodes, show_codes
from bot.usecases.kept_codes import ShowKeptCodes, codes_to_show, show_kept_codes
from bot.usecases.leaving import LIST_LENGTH, Unsent
from bot.usecases.members import Change, ChangeRole, RemoveMember, RoleChanged, change_role, remove_member
from bot.usecases.private_continuation import FollowLink, Opening, go_on_in_private
from bot.usecases.private_links import PrivateLink
from bot.usecases.reachability import note_unreachable
from bot.usecases.records import CardKind, Place, Role
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.unreachable import Why
from tests.storage.support import CUSTOM
from tests.usecases.conversation import (
    ADMINS_BY_SETTINGS,
    ANA,
    BOSS,
    GROUP_CHAT,
    MAI,
    NOW,
    Conversation,
    in_group,
    private,
)

VIEWER, MEMBER, ADMIN = Role
CODES = [f"{number:08}-31415926" for number in range(6)]


@pytest.fixture
async def boss(conversation: Conversation) -> Conversation:
    await conversation.let_in(BOSS)
    await conversation.let_in(MAI)
    return conversation.of(BOSS)


async def removed(boss: Conversation, was: Role = MEMBER) -> RoleChanged:
    changed = await boss.do(remove_member, RemoveMember(ANA.user_id, was))
    assert changed.change is Change.DONE
    return changed


async def states(boss: Conversation) -> dict[int, str]:
    return {row["id"]: row["state"] for row in await boss.rows(drafts)}


# --- drafts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [None, VIEWER])
async def test_drafts_are_put_away_everywhere_with_their_secrets(boss: Conversation, role: Role | None) -> None:
    """In private, in two group chats and a topic, kept aside, and one that asks in private for a group chat's."""
    draft = Draft((TransferCode(CODES[0]),), proxy=CUSTOM)
    places = [private(ANA), private(ANA), in_group(ANA), Place(ANA.user_id, -7, None, "en"), Place(1001, -7, 3, "en")]
    ids = await boss.store.write(lambda work: [work.drafts.open_new(where, draft, NOW) for where in places])
    asking = await boss.store.write(lambda work: work.drafts.open_new(private(ANA), draft, NOW, continues=ids[2]))
    others = await boss.store.write(lambda work: work.drafts.open_new(in_group(MAI), draft, NOW))
    boss.signals.clear()
    if role is None:
        await removed(boss)
    else:
        await boss.do(change_role, ChangeRole(ANA.user_id, role, MEMBER))
    found = await states(boss)
    assert found == dict.fromkeys([*ids, asking], "put_away") | {others: "open"}
    assert {row["draft_id"] for row in await boss.rows(secrets)} == {others}
    assert {f"chat_behind {where.chat_id}" for where in places} <= set(boss.signals)


async def test_a_link_into_private_leads_nowhere_even_for_who_is_let_in_again(boss: Conversation) -> None:
    draft_id = await boss.store.write(lambda work: work.drafts.open_new(in_group(ANA), Draft(), NOW))
    link = PrivateLink(ANA.user_id, draft_id, NOW + timedelta(minutes=15), used=False)
    await boss.store.write(lambda work: work.private_links.add("t" * 32, link))
    await removed(boss)
    await boss.do(change_role, ChangeRole(ANA.user_id, MEMBER, None))
    assert await boss.of(ANA).do(go_on_in_private, FollowLink(private(ANA), "t" * 32)) is Opening.GONE


async def test_who_stays_a_member_goes_on(boss: Conversation) -> None:
    await boss.do(change_role, ChangeRole(ANA.user_id, ADMIN, MEMBER))
    draft_id = await boss.store.write(lambda work: work.drafts.open_new(private(ANA), Draft(), NOW))
    await boss.do(change_role, ChangeRole(ANA.user_id, MEMBER, ADMIN))
    assert await states(boss) == {draft_id: "open"}


async def test_who_was_removed_by_an_earlier_version_begins_anew(boss: Conversation) -> None:
    draft_id = await boss.store.write(lambda work: work.drafts.open_new(private(ANA), Draft(), NOW))
    await boss.store.write(lambda work: work.users.set_role(ANA.user_id, None, 1, NOW))
    await boss.do(change_role, ChangeRole(ANA.user_id, MEMBER, None))
    assert await states(boss) == {draft_id: "put_away"}


# --- the queue --------------------------------------------------------------------------------------------------------

#: Where an import stands, and where it does once its person is removed; whether its sending is given up after.
QUEUE: list[tuple[Status, dict[str, object], Status, bool]] = [
    (Status.QUEUED, {}, Status.CANCELLED, False),
    (Status.QUEUED, {"held": True}, Status.CANCELLED, False),
    (Status.QUEUED, {"unanswered": 1, "attempts": 1}, Status.CHECKING, True),
    (Status.SENDING, {"attempts": 1}, Status.SENDING, True),
    (Status.CHECKING, {"attempts": 1, "unanswered": 1}, Status.CHECKING, True),
    (Status.IMPORTED, {}, Status.IMPORTED, False),
    (Status.UNKNOWN, {}, Status.UNKNOWN, False),
]


async def test_what_is_queued_is_cancelled_and_what_was_sent_ends(boss: Conversation) -> None:
    """At every station; of somebody else nothing is touched."""
    ana = boss.of(ANA)
    for (status, fields, _, _), code in zip(QUEUE, [*CODES, "99999999-00000000"], strict=True):
        batch = await ana.confirmed(code)
        await boss.rewrite_batch(batch.id, status=status, station="another", **fields)
    other = await boss.of(MAI).confirmed("88888888-00000000")
    changed = await removed(boss)
    rows = {row["batch_id"]: row for row in await boss.rows(imports)}
    assert rows.pop(other.id)["status"] == Status.QUEUED
    assert [(row["status"], row["cancel_wanted"]) for row in rows.values()] == [(each[2], each[3]) for each in QUEUE]
    assert (changed.unsent.cancelled, changed.unsent.going_on) == (2, 3)


async def test_the_codes_are_kept_also_of_what_they_wanted_cancelled_already(boss: Conversation) -> None:
    batch = await boss.of(ANA).confirmed(CODES[0])
    await boss.rewrite_batch(batch.id, status=Status.CHECKING, cancel_wanted=True)
    changed = await removed(boss)
    assert (changed.unsent.cancelled, changed.unsent.going_on) == (0, 1)
    assert len(changed.unsent.kept) == 1
    # It turns out not to have arrived.
    await boss.rewrite_batch(batch.id, status=Status.CANCELLED)
    await boss.do(show_kept_codes, show(changed.unsent.kept[0]))
    assert await shown(boss) == [CODES[0]]


async def test_who_becomes_a_viewer_keeps_what_they_have_confirmed(boss: Conversation) -> None:
    await boss.of(ANA).confirmed(*CODES)
    before = await boss.rows(imports)
    await boss.do(change_role, ChangeRole(ANA.user_id, VIEWER, MEMBER))
    assert await boss.rows(imports) == before
    assert await boss.rows(kept_code_imports) == []


# --- the codes --------------------------------------------------------------------------------------------------------


async def shown(boss: Conversation, chat_id: int = BOSS.user_id) -> list[str]:
    """The codes that the presenter would show now in a chat, by every message that is to do so."""
    notes = await boss.store.read(lambda work: work.outbox.waiting([chat_id]))
    found = [await boss.store.read(codes_to_show, note) for note in notes]
    return [code.text for codes in found for code in codes]


def show(kept_id: int, where: Place | None = None) -> ShowKeptCodes:
    return ShowKeptCodes(where or private(BOSS), kept_id, "hidden")


async def test_the_codes_are_shown_to_the_admin_who_removed_and_no_row_holds_them(boss: Conversation) -> None:
    await boss.of(ANA).confirmed(*CODES)
    [kept_id] = (await removed(boss)).unsent.kept
    assert await boss.do(show_kept_codes, show(kept_id)) == ButtonResult()
    assert await shown(boss) == CODES
    [row] = await boss.rows(outbox)
    assert not any(code in repr(row) for code in CODES)
    [*_, noted] = await boss.rows(audit)
    assert (noted["kind"], noted["actor_id"], noted["subject_id"], noted["object_id"]) == (
        "kept_codes_shown",
        BOSS.user_id,
        ANA.user_id,
        kept_id,
    )


async def test_nobody_else_sees_them_nor_anybody_in_a_group_chat(boss: Conversation) -> None:
    await boss.of(ANA).confirmed(*CODES)
    [kept_id] = (await removed(boss)).unsent.kept
    await boss.let_in(MAI, ADMIN)
    before = await boss.everything()
    other = boss.of(replace(MAI, role=ADMIN))
    assert await other.do(show_kept_codes, show(kept_id, private(MAI))) == ButtonResult(Problem.NOT_YOURS)
    in_chat = show(kept_id, Place(BOSS.user_id, GROUP_CHAT, None, "en"))
    assert await boss.do(show_kept_codes, in_chat) == ButtonResult(Problem.OLD_BUTTON)
    assert await boss.do(show_kept_codes, show(kept_id + 1)) == ButtonResult(Problem.OLD_BUTTON)
    assert await boss.everything() == before


async def test_an_admin_who_ceases_to_be_one_in_between_sees_none(boss: Conversation) -> None:
    await boss.of(ANA).confirmed(*CODES)
    [kept_id] = (await removed(boss)).unsent.kept
    await boss.do(show_kept_codes, show(kept_id))
    [note] = await boss.store.read(lambda work: work.outbox.waiting([BOSS.user_id]))
    await boss.do(change_role, ChangeRole(BOSS.user_id, MEMBER, ADMIN))
    assert await boss.store.read(codes_to_show, note) == ()
    assert await boss.store.read(lambda work: work.outbox.waiting([BOSS.user_id])) == []


async def test_codes_that_have_arrived_or_that_somebody_has_sent_since_are_left_out(boss: Conversation) -> None:
    ana = boss.of(ANA)
    first = await ana.confirmed(CODES[0])
    await ana.confirmed(*CODES[1:3])
    await boss.rewrite_batch(first.id, status=Status.SENDING)
    [kept_id] = (await removed(boss)).unsent.kept
    await boss.do(show_kept_codes, show(kept_id))
    assert await shown(boss) == CODES[1:3]
    # What was on its way did not arrive.
    await boss.rewrite_batch(first.id, status=Status.CANCELLED)
    assert await shown(boss) == CODES[:3]
    await boss.of(MAI).confirmed(CODES[1])
    assert await shown(boss) == [CODES[0], CODES[2]]
    await boss.of(MAI).confirmed(CODES[0], CODES[2])
    assert await boss.do(show_kept_codes, show(kept_id)) == ButtonResult(Problem.NO_CODES_LEFT)


async def test_many_codes_are_in_several_lists(boss: Conversation) -> None:
    await boss.of(ANA).confirmed(*(f"{number:08}-00000000" for number in range(2 * LIST_LENGTH + 1)))
    kept = (await removed(boss)).unsent.kept
    for kept_id in kept:
        await boss.do(show_kept_codes, show(kept_id))
    assert len(kept) == 3
    assert await shown(boss) == [f"{number:08}-00000000" for number in range(2 * LIST_LENGTH + 1)]


async def test_with_nothing_in_the_queue_no_list_is_kept(boss: Conversation) -> None:
    assert (await removed(boss)).unsent == Unsent()


async def test_the_codes_of_an_admin_who_leaves_by_themselves_are_for_another_who_can_be_told(
    boss: Conversation,
) -> None:
    await boss.of(BOSS).confirmed(CODES[0])
    await boss.store.write(note_unreachable, min(ADMINS_BY_SETTINGS), Why.NEVER_STARTED)
    changed = await boss.do(remove_member, RemoveMember(BOSS.user_id, ADMIN))
    assert changed.unsent.kept_for == max(ADMINS_BY_SETTINGS)


# --- what stands in the chat ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [None, VIEWER])
async def test_codes_that_stand_in_the_chat_are_hidden_at_once(boss: Conversation, role: Role | None) -> None:
    ana = boss.of(ANA)
    await ana.ready(CODES[0])
    for _ in range(2):
        await ana.do(show_codes, ShowCodes(await ana.button(), "hidden"))
    [first, _] = await boss.store.read(lambda work: work.outbox.waiting([ANA.user_id]))
    later = NOW + timedelta(minutes=1)
    await boss.store.write(lambda work: work.outbox.reveal(first, 5, NOW, later))
    assert await shown(boss, ANA.user_id) == [CODES[0]] * 2
    if role is None:
        await removed(boss)
    else:
        await boss.do(change_role, ChangeRole(ANA.user_id, role, MEMBER))
    [hiding] = await boss.store.read(lambda work: work.outbox.waiting([ANA.user_id]))
    assert (hiding.kind, hiding.message_id, hiding.due_at) == ("hide_codes", 5, NOW)


@pytest.mark.parametrize("role", [None, VIEWER, MEMBER])
async def test_the_cards_of_admins_are_taken_away(boss: Conversation, role: Role | None) -> None:
    await boss.let_in(MAI, ADMIN)

    def add(work: SqlWork) -> None:
        for actor in (BOSS, MAI):
            work.shared_cards.add(SharedKind.JOINED, 7, private(actor))
        work.cards.note_pressed(CardKind.SHARED, 2, 55)

    await boss.store.write(add)
    if role is None:
        await boss.do(remove_member, RemoveMember(MAI.user_id, ADMIN))
    else:
        await boss.do(change_role, ChangeRole(MAI.user_id, role, ADMIN))
    assert [row["user_id"] for row in await boss.rows(shared_cards)] == [BOSS.user_id]
    assert [(row["kind"], row["chat_id"], row["message_id"]) for row in await boss.rows(outbox)] == [
        ("delete", MAI.user_id, 55)
    ]
