"""What is noted in the audit: each thing once, with ids and nothing else; and the pages in which it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from operator import add
from typing import Any

import pytest

from bot.domain.import_state import Status
from bot.storage.audit import audit
from bot.storage.work import SqlStore
from bot.usecases import denials
from bot.usecases.audit import AuditKind
from bot.usecases.audit_reading import PAGE_SIZE, PEOPLE_SIZE, ListAudited, ReadAudit, list_audited, read_audit
from bot.usecases.cancelling import CancelChosen, cancel_chosen_batch
from bot.usecases.code_display import ShowCodes, show_codes
from bot.usecases.denials import HOUR, note_strangers
from bot.usecases.drafting import confirm
from bot.usecases.imports import cancel_imports
from bot.usecases.members import ChangeRole, RemoveMember, change_role, remove_member
from bot.usecases.records import Role
from tests.usecases.conversation import ANA, BOSS, MAI, NOW, Conversation, in_group, private

SAM = 1003


async def noted(conversation: Conversation) -> Sequence[tuple[Any, ...]]:
    """Kind, who, to whom, in which chat, of which row, and the word beside it."""
    names = ("kind", "actor_id", "subject_id", "chat_id", "object_id", "detail")
    return [tuple(row[name] for name in names) for row in await conversation.rows(audit)]


async def test_what_was_confirmed_and_cancelled_is_noted_once(conversation: Conversation) -> None:
    stored = await conversation.ready()
    button = await conversation.button()
    for _ in range(2):
        await conversation.do(confirm, button)
    batch = await conversation.store.read(lambda work: work.batches.of_draft(stored.id))
    assert batch is not None
    for _ in range(2):
        await conversation.do(cancel_imports, conversation.batch_button(batch))
        await conversation.do(cancel_chosen_batch, CancelChosen(conversation.where, batch.id))
    assert await noted(conversation) == [
        ("confirmed", ANA.user_id, None, ANA.user_id, batch.id, ""),
        ("cancelled", ANA.user_id, None, ANA.user_id, batch.id, ""),
    ]


async def test_what_was_chosen_in_a_list_is_cancelled_and_noted_in_its_chat(conversation: Conversation) -> None:
    group = conversation.of(ANA, in_group(ANA))
    batch = await group.confirmed()
    await group.do(cancel_chosen_batch, CancelChosen(group.where, batch.id))
    assert [(row[0], row[3]) for row in await noted(group)] == [
        ("confirmed", group.where.chat_id),
        ("cancelled", group.where.chat_id),
    ]


async def test_what_did_nothing_is_not_noted(conversation: Conversation) -> None:
    batch = await conversation.confirmed(status=Status.IMPORTED)
    stored = await conversation.ready("55556666-77778888")
    before = await noted(conversation)
    other = conversation.of(MAI, conversation.where)
    for each in (conversation, other):
        await each.do(cancel_imports, each.batch_button(batch))
        await each.do(cancel_chosen_batch, CancelChosen(each.where, batch.id))
    await other.do(show_codes, ShowCodes(await other.button(), "hidden"))
    await other.do(confirm, await other.button())
    assert await noted(conversation) == before
    await conversation.do(show_codes, ShowCodes(await conversation.button(), "hidden"))
    assert await noted(conversation) == [*before, ("codes_shown", ANA.user_id, None, ANA.user_id, stored.id, "")]


async def test_who_was_let_in_and_out_is_noted_once(conversation: Conversation) -> None:
    boss = conversation.of(BOSS)
    for user_id in (7, 7, 42):
        await boss.do(change_role, ChangeRole(user_id, Role.MEMBER, None, BOSS.user_id))
    for user_id in (7, 7, 42):
        await boss.do(remove_member, RemoveMember(user_id, Role.MEMBER, BOSS.user_id))
    assert await noted(boss) == [
        ("allowed", BOSS.user_id, 7, BOSS.user_id, None, "member"),
        ("removed", BOSS.user_id, 7, BOSS.user_id, None, ""),
    ]


# --- strangers --------------------------------------------------------------------------------------------------------


async def test_a_stranger_is_noted_once_an_hour(conversation: Conversation) -> None:
    for minutes in (0, 1, 59, 60, 61, 120):
        store = SqlStore(conversation.database, now=partial(add, NOW, timedelta(minutes=minutes)))
        await store.write(note_strangers, [(SAM, SAM), (SAM, SAM)])
    assert [row["at"] - NOW for row in await conversation.rows(audit)] == [timedelta(0), HOUR, 2 * HOUR]
    assert set(await noted(conversation)) == {("denied", SAM, None, SAM, None, "")}


async def test_a_crowd_of_strangers_is_noted_within_bounds(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(denials, "MOST_AN_HOUR", 5)
    for crowd in range(3):
        some = [(2000 + crowd * 3 + number, 2000) for number in range(3)]
        await conversation.store.write(note_strangers, some)
    assert [row["actor_id"] for row in await conversation.rows(audit)] == [2000, 2001, 2002, 2003, 2004]
    later = SqlStore(conversation.database, now=lambda: NOW + HOUR + timedelta(seconds=1))
    await later.write(note_strangers, [(3000, 3000)])
    assert len(await conversation.rows(audit)) == 6


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
async def boss(conversation: Conversation) -> Conversation:
    """Ana, a member by now, has confirmed 13 imports, 2 to 14; Boss has let her in before, and removed Mai after."""
    await conversation.store.write(
        lambda work: work.audit.note(AuditKind.ALLOWED, BOSS.user_id, subject_id=ANA.user_id, detail="member")
    )
    for number in range(13):
        await conversation.confirmed(f"1111{number:04}-00000000", status=Status.IMPORTED)
    await conversation.let_in(MAI)
    boss = conversation.of(BOSS)
    await boss.do(remove_member, RemoveMember(MAI.user_id, Role.MEMBER))
    return boss


async def page(boss: Conversation, **given: Any) -> tuple[list[int], bool, bool]:
    read = await boss.do(read_audit, ReadAudit(private(BOSS), **given))
    assert read is not None
    return [entry.id for entry in read.entries], read.newer, read.older


async def test_pages_are_turned_from_the_entries_at_their_ends(boss: Conversation) -> None:
    first = [*range(15, 15 - PAGE_SIZE, -1)]
    assert await page(boss) == (first, False, True)
    assert await page(boss, before=first[-1]) == ([5, 4, 3, 2, 1], True, False)
    assert await page(boss, after=5) == (first, False, True)
    assert await page(boss, after=3) == ([*range(13, 3, -1)], True, True)


@pytest.mark.parametrize("turn", [{"before": 1}, {"after": 15}])
async def test_where_nothing_lies_the_first_page_is_shown(boss: Conversation, turn: dict[str, int]) -> None:
    assert await page(boss, **turn) == await page(boss)


async def test_a_page_is_of_one_person_and_of_one_kind(boss: Conversation) -> None:
    assert (await page(boss, person_id=BOSS.user_id))[0] == [15, 1]
    assert (await page(boss, person_id=ANA.user_id, kind="allowed"))[0] == [1]
    assert (await page(boss, kind="removed"))[0] == [15]
    assert (await page(boss, kind="confirmed", before=4))[0] == [3, 2]
    assert await page(boss, kind="of_tomorrow") == ([], False, False)


async def test_names_are_those_of_now(boss: Conversation) -> None:
    await boss.store.write(lambda work: work.users.keep(ANA.user_id, "Ana Maria", "en", NOW))
    read = await boss.do(read_audit, ReadAudit(private(BOSS), person_id=ANA.user_id))
    assert read is not None
    assert read.names == {ANA.user_id: "Ana Maria"}


async def test_who_occurs_is_listed_and_searched_by_name(boss: Conversation) -> None:
    async def people(search: str = "", skip: int = 0) -> tuple[list[int], bool]:
        found = await boss.do(list_audited, ListAudited(private(BOSS), search, skip))
        assert found is not None
        return list(found.people), found.more

    assert set((await people())[0]) == {BOSS.user_id, MAI.user_id, ANA.user_id}
    assert (await people())[0][-1] == ANA.user_id
    assert await people("AN") == ([ANA.user_id], False)
    assert await people("nobody") == ([], False)
    await boss.store.write(note_strangers, [(2000 + number, 2000 + number) for number in range(PEOPLE_SIZE)])
    assert await people() == ([*range(2000 + PEOPLE_SIZE - 1, 1999, -1)], True)
    assert len((await people(skip=PEOPLE_SIZE))[0]) == 3


@pytest.mark.parametrize(("use_case", "command"), [(read_audit, ReadAudit), (list_audited, ListAudited)])
async def test_where_others_look_on_nothing_is_shown(
    boss: Conversation, use_case: Callable[..., Any], command: Callable[..., Any]
) -> None:
    assert await boss.do(use_case, command(in_group(BOSS))) is None
