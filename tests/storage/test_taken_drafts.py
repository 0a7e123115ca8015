"""Drafts into which codes of somebody else's were taken: what their person has added is their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.domain.draft import Draft
from bot.domain.draft_answers import CodeTakenOut
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.usecases.code_display import codes_of
from bot.usecases.drafting_messages import take_text
from bot.usecases.records import DraftState, StoredDraft
from bot.usecases.sent_messages import TakeText
from tests.support.team import ANA, CODES, KIM, LEE, Team, private

ONE, TWO, THREE, *_ = CODES


@pytest.fixture
async def team(database: Database) -> AsyncIterator[Team]:
    team = Team(database)
    await team.gather()
    yield team
    assert await team.faults() == []


async def taken_with_one_more(team: Team) -> tuple[int, StoredDraft]:
    """Two codes that Kim has taken into a draft, to which they have added one of their own."""
    handoff_id = await team.leave(ANA, KIM, ONE, TWO)
    await team.take(KIM, handoff_id)
    await team.store.write(take_text, KIM, TakeText(private(KIM), THREE, addressed=True, message_id=70))
    stored = await team.open_draft(KIM)
    assert stored is not None
    assert [code.text for code in stored.draft.codes] == [ONE, TWO, THREE]
    return handoff_id, stored


@pytest.mark.parametrize("end", ["withdraw", "reassign", "cancel", "wait"])
async def test_however_it_ends_a_code_of_their_own_can_be_seen_again(team: Team, end: str) -> None:
    handoff_id, stored = await taken_with_one_more(team)
    match end:
        case "withdraw":
            await team.withdraw(ANA, handoff_id)
        case "reassign":
            await team.reassign(ANA, handoff_id, LEE)
        case "cancel":
            await team.cancel(KIM)
        case _:
            await team.tidy(timedelta(hours=5))
    ended = await team.stored(stored.id)
    assert ended.state != "open"
    assert await team.read(codes_of, stored.id) == [TransferCode(THREE)]


async def test_nobody_sees_codes_again_that_went_on_to_others_in_parts(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE, TWO)
    await team.take(KIM, handoff_id)
    stored = await team.open_draft(KIM)
    assert stored is not None
    await team.cancel(KIM)
    assert await team.read(codes_of, stored.id) == []
    assert (await team.stored(stored.id)).draft.codes == ()


async def test_what_changes_a_draft_and_its_handoff_locks_the_handoff_first(team: Team) -> None:
    """As taking it back does, which ends the draft: else each of the two could wait for what the other has locked."""
    handoff_id = await team.leave(ANA, KIM, ONE, TWO)
    await team.take(KIM, handoff_id)
    stored = await team.open_draft(KIM)
    assert stored is not None
    statements: list[str] = []
    event.listen(team.database.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    await team.answer(KIM, stored, CodeTakenOut(1))
    read = next(at for at, statement in enumerate(statements) if "FROM handoffs" in statement)
    written = next(at for at, statement in enumerate(statements) if statement.startswith("UPDATE drafts"))
    assert read < written


@pytest.mark.parametrize("handed_over", [False, True])
async def test_what_asks_in_private_shows_no_codes_of_a_group_chat_that_are_somebody_elses(
    team: Team, handed_over: bool
) -> None:
    if handed_over:
        stored = await team.draft(KIM, ONE, codes_deleted=True)
    else:
        handoff_id = await team.leave(ANA, KIM, ONE)
        await team.take(KIM, handoff_id)
        found = await team.open_draft(KIM)
        assert found is not None
        stored = found
    asking = Draft((TransferCode(ONE), TransferCode(TWO)), codes_deleted=True)
    sent = {TransferCode(TWO): 71}
    private_id = await team.store.write(
        lambda work: work.drafts.open_new(private(KIM), asking, team.now, continues=stored.id, sent_in=sent)
    )
    if handed_over:
        await team.hand_over(KIM, stored, LEE)
    else:
        await team.withdraw(ANA, handoff_id)
    assert (await team.stored(private_id)).state is DraftState.CANCELLED
    assert await team.read(codes_of, private_id) == [TransferCode(TWO)]
