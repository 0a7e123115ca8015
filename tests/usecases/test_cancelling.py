"""What /cancel does, and what it asks."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.domain.import_state import Status
from bot.storage.tables import imports
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.cancelling import (
    CancelChosen,
    Cancellable,
    CancelOpen,
    cancel_chosen_batch,
    cancel_chosen_draft,
    cancel_open,
)
from tests.usecases.conversation import ANA, CODE, MAI, OTHER, Conversation, in_group, private


async def test_what_alone_can_be_meant_is_cancelled_at_once(conversation: Conversation) -> None:
    stored = await conversation.ready()
    found = await conversation.do(cancel_open, CancelOpen(conversation.where))
    assert found == Cancellable(cancelled=True)
    assert await conversation.open_draft() is None
    assert await conversation.reposted() == [f"draft {stored.id}"]


async def test_without_anything_nothing_is_asked(conversation: Conversation) -> None:
    await conversation.confirmed(status=Status.IMPORTED)
    assert await conversation.do(cancel_open, CancelOpen(conversation.where)) == Cancellable()


async def test_where_imports_wait_nothing_is_cancelled_before_it_is_said_which(conversation: Conversation) -> None:
    batch = await conversation.confirmed(status=Status.QUEUED)
    stored = await conversation.ready(OTHER)
    found = await conversation.do(cancel_open, CancelOpen(conversation.where))
    assert found.draft is not None
    assert (found.cancelled, found.draft.id, [each.id for each in found.batches]) == (False, stored.id, [batch.id])
    assert await conversation.open_draft() is not None
    assert [row["status"] for row in await conversation.rows(imports)] == [Status.QUEUED]


async def test_of_a_batch_only_what_has_not_ended_can_be_cancelled(conversation: Conversation) -> None:
    batch = await conversation.confirmed(CODE, OTHER, status=Status.QUEUED)
    ended = update(imports).where(imports.c.id == batch.rows[0].id).values(status=Status.IMPORTED)
    await conversation.database.write(lambda connection: connection.execute(ended))
    found = await conversation.do(cancel_open, CancelOpen(conversation.where))
    assert [row.code_mask for each in found.batches for row in each.cancellable] == [batch.rows[1].code_mask]
    chosen = CancelChosen(conversation.where, batch.id)
    assert await conversation.do(cancel_chosen_batch, chosen) == ButtonResult()
    assert await conversation.do(cancel_chosen_batch, chosen) == ButtonResult(Problem.OLD_BUTTON)
    assert await conversation.of(MAI, conversation.where).do(cancel_chosen_batch, chosen) == ButtonResult(
        Problem.NOT_YOURS
    )


async def test_cancel_is_about_ones_own_in_this_chat(conversation: Conversation) -> None:
    await conversation.ready()
    for actor, where in ((ANA, in_group(ANA)), (MAI, private(MAI))):
        assert await conversation.of(actor, where).do(cancel_open, CancelOpen(where)) == Cancellable()
    assert await conversation.open_draft() is not None


async def test_a_chosen_draft_is_cancelled_however_it_has_changed_since(conversation: Conversation) -> None:
    stored = await conversation.ready()
    await conversation.type(OTHER)
    assert await conversation.do(cancel_chosen_draft, CancelChosen(conversation.where, stored.id)) == ButtonResult()
    assert await conversation.open_draft() is None


@pytest.mark.parametrize(
    ("whose", "problem"),
    [("another's", Problem.NOT_YOURS), ("ended", Problem.ENDED_CARD), ("unknown", Problem.OLD_BUTTON)],
)
async def test_only_ones_own_open_draft_can_be_chosen(conversation: Conversation, whose: str, problem: Problem) -> None:
    stored = await conversation.ready()
    chosen = CancelChosen(conversation.where, stored.id)
    who = conversation
    if whose == "another's":
        who = conversation.of(MAI, conversation.where)
    elif whose == "ended":
        await conversation.do(cancel_chosen_draft, chosen)
    else:
        chosen = CancelChosen(conversation.where, stored.id + 1)
    assert await who.do(cancel_chosen_draft, chosen) == ButtonResult(problem)
