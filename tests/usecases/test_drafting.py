"""What a draft's buttons and /cancel do, without Telegram."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.draft import DefaultGroup, ListedGroup, Step, step
from bot.domain.draft_answers import Back, Change, GroupPicked, ProxyKindPicked
from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import Group
from bot.domain.proxy import Direct, Keep
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode, mask
from bot.storage.tables import drafts, imports
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.drafting import (
    AnswerDraft,
    DraftButton,
    ShowCard,
    answer,
    cancel_draft,
    confirm,
    show_card,
)
from bot.usecases.records import DraftState
from tests.usecases.conversation import ANA, CODE, KEEP, MAI, OTHER, Conversation, in_group

DONE = ButtonResult()
OLD = ButtonResult(Problem.OLD_BUTTON)
GROUPS = (Group(1, "Default group"), Group(7, "Shops"))

Press = Callable[[Conversation, DraftButton], Awaitable[ButtonResult]]


async def give(conversation: Conversation, button: DraftButton) -> ButtonResult:
    return await conversation.do(answer, AnswerDraft(button, Change(Step.PROXY)))


async def put_away(conversation: Conversation, button: DraftButton) -> ButtonResult:
    return await conversation.do(cancel_draft, button)


async def import_it(conversation: Conversation, button: DraftButton) -> ButtonResult:
    return await conversation.do(confirm, button)


every_button = pytest.mark.parametrize("press", [give, put_away, import_it])


# --- answers ----------------------------------------------------------------------------------------------------------


async def test_an_answer_makes_the_next_draft(conversation: Conversation) -> None:
    await conversation.ready()
    assert await conversation.answer(Change(Step.PROXY)) == DONE
    assert step(await conversation.draft()) is Step.PROXY
    assert await conversation.answer(ProxyKindPicked("direct")) == DONE
    assert (await conversation.draft()).proxy == Direct()
    assert await conversation.reposted() == []


async def test_what_is_picked_from_a_list_that_is_known_has_its_name_at_once(conversation: Conversation) -> None:
    await conversation.ready()
    await conversation.list_read(Listing.GROUPS, *GROUPS)
    await conversation.answer(Change(Step.GROUP))
    await conversation.answer(GroupPicked(7))
    assert (await conversation.draft()).group == ListedGroup(7, "Shops")


async def test_a_list_that_the_next_question_does_not_need_changes_nothing(conversation: Conversation) -> None:
    """The group was picked from a list that had it: whether it is still there is looked at by the last question."""
    await conversation.ready()
    await conversation.list_read(Listing.GROUPS, Group(1, "Default group"), Group(9, "Ads"))
    await conversation.answer(Change(Step.GROUP))
    await conversation.answer(GroupPicked(9))
    await conversation.answer(Change(Step.PROXY))
    await conversation.list_read(Listing.GROUPS, *GROUPS)
    assert (await conversation.draft()).group == ListedGroup(9, "Ads")
    await conversation.answer(ProxyKindPicked("direct"))
    assert (await conversation.draft()).group is None


@pytest.mark.parametrize("given", [None, KEEP, Back()])
async def test_an_answer_to_what_is_not_asked_is_an_old_button(conversation: Conversation, given: None) -> None:
    stored = await conversation.ready()
    assert await conversation.answer(given) == OLD
    assert (await conversation.stored()).draft == stored.draft


@pytest.mark.parametrize("kind", ["custom", "extraction"])
async def test_a_secret_is_asked_for_in_private_only(conversation: Conversation, kind: str) -> None:
    group = conversation.of(ANA, in_group(ANA))
    for somewhere, result in ((conversation, DONE), (group, OLD)):
        await somewhere.ready(CODE if somewhere is group else OTHER)
        await somewhere.answer(Change(Step.PROXY))
        assert await somewhere.answer(ProxyKindPicked(kind)) == result


# --- whose button, and of which card ----------------------------------------------------------------------------------


@every_button
async def test_a_button_of_another_revision_does_nothing(conversation: Conversation, press: Press) -> None:
    await conversation.ready()
    button = await conversation.button()
    before = await conversation.everything()
    for revision in (button.revision - 1, button.revision + 1):
        assert await press(conversation, replace(button, revision=revision)) == OLD
    assert await conversation.everything() == before


@every_button
async def test_an_old_button_on_another_message_has_the_card_shown_below(
    conversation: Conversation, press: Press
) -> None:
    stored = await conversation.ready()
    assert await press(conversation, replace(await conversation.button(message_id=77), revision=99)) == OLD
    assert await conversation.reposted() == [f"draft {stored.id}"]


@every_button
async def test_somebody_elses_button_does_nothing(conversation: Conversation, press: Press) -> None:
    group = conversation.of(ANA, in_group(ANA))
    await group.ready()
    before = await conversation.everything()
    other = conversation.of(MAI, in_group(MAI))
    assert await press(other, replace(await group.button(), where=other.where)) == ButtonResult(Problem.NOT_YOURS)
    assert await conversation.everything() == before


@every_button
async def test_a_button_from_another_chat_or_of_no_draft_does_nothing(conversation: Conversation, press: Press) -> None:
    await conversation.ready()
    button = await conversation.button()
    before = await conversation.everything()
    assert await press(conversation, replace(button, where=in_group(ANA))) == OLD
    assert await press(conversation, replace(button, draft_id=99)) == OLD
    assert await conversation.everything() == before


@every_button
async def test_a_button_of_a_cancelled_draft_says_that_its_card_is_finished(
    conversation: Conversation, press: Press
) -> None:
    await conversation.ready()
    button = await conversation.button()
    await conversation.do(cancel_draft, button)
    assert await press(conversation, button) == ButtonResult(Problem.ENDED_CARD)


@every_button
async def test_a_button_of_a_draft_that_has_ended_leads_to_the_one_that_is_open(
    conversation: Conversation, press: Press
) -> None:
    await conversation.ready()
    button = await conversation.button()
    await conversation.do(cancel_draft, button)
    current = await conversation.ready(OTHER)
    assert await press(conversation, button) == OLD
    assert await conversation.reposted() == [f"draft {current.id}"]


@every_button
@pytest.mark.parametrize(("message_id", "reposted"), [(None, []), (77, ["batch 1"])])
async def test_a_button_of_a_confirmed_draft_leads_to_its_batch(
    conversation: Conversation, press: Press, message_id: int | None, reposted: list[str]
) -> None:
    await conversation.ready()
    button = await conversation.button()
    await conversation.do(confirm, button)
    assert await press(conversation, replace(button, message_id=message_id)) == OLD
    assert await conversation.reposted() == reposted
    assert len(await conversation.rows(imports)) == 1


# --- cancel -----------------------------------------------------------------------------------------------------------


async def test_a_cancelled_draft_is_closed_and_forgets_its_codes(conversation: Conversation) -> None:
    stored = await conversation.ready()
    assert await conversation.do(cancel_draft, await conversation.button()) == DONE
    assert await conversation.open_draft() is None
    closed = await conversation.store.read(lambda work: work.drafts.find(stored.id))
    assert closed is not None
    assert (closed.state, closed.draft.codes) == (DraftState.CANCELLED, ())


async def test_the_card_is_shown_again_where_a_draft_is_open(conversation: Conversation) -> None:
    await conversation.do(show_card, ShowCard(conversation.where))
    assert await conversation.rows(drafts) == []
    stored = await conversation.ready()
    await conversation.do(show_card, ShowCard(conversation.where))
    assert await conversation.reposted() == [f"draft {stored.id}"]


# --- import -----------------------------------------------------------------------------------------------------------


async def test_confirming_moves_the_draft_to_the_log_and_wakes_the_station(conversation: Conversation) -> None:
    await conversation.ready(CODE, OTHER)
    conversation.signals.clear()
    assert await conversation.do(confirm, await conversation.button()) == DONE
    rows = await conversation.rows(imports)
    assert [(row["user_name"], row["code_mask"], row["transfer_code"], row["status"]) for row in rows] == [
        ("Ana", mask(CODE), None, Status.QUEUED),
        ("Ana", mask(OTHER), None, Status.QUEUED),
    ]
    assert await conversation.open_draft() is None
    assert conversation.signals == ["imports_queued", "chat_behind 1001"]


async def test_what_was_chosen_is_remembered(conversation: Conversation) -> None:
    await conversation.ready()
    await conversation.do(confirm, await conversation.button())
    user = await conversation.store.read(lambda work: work.users.find(ANA.user_id))
    assert user is not None
    assert (user.last.group, user.last.proxy) == (DefaultGroup(), Keep())


async def test_a_draft_that_is_not_complete_cannot_be_confirmed(conversation: Conversation) -> None:
    await conversation.ready()
    await conversation.answer(Change(Step.PROXY))
    assert await conversation.do(confirm, await conversation.button()) == OLD
    assert await conversation.rows(imports) == []


async def test_a_code_that_somebody_has_by_now_is_told_and_left_out(conversation: Conversation) -> None:
    mai = conversation.of(MAI)
    await conversation.ready(CODE, OTHER)
    await mai.confirmed(CODE)
    result = await conversation.do(confirm, await conversation.button())
    assert result.problem is None
    assert [(row.user_name, row.code) for row in result.taken] == [("Mai", TransferCode(CODE))]
    rows = await conversation.rows(imports)
    owners = [(row["user_id"], row["code_mask"]) for row in rows]
    assert owners == [(MAI.user_id, mask(CODE)), (ANA.user_id, mask(OTHER))]


async def test_where_every_code_is_taken_the_draft_asks_for_another(conversation: Conversation) -> None:
    mai = conversation.of(MAI)
    stored = await conversation.ready()
    await mai.confirmed(CODE)
    conversation.signals.clear()
    result = await conversation.do(confirm, await conversation.button())
    assert [row.code for row in result.taken] == [TransferCode(CODE)]
    draft = await conversation.draft()
    assert step(draft) is Step.CODES
    assert draft.notice is None
    assert await conversation.reposted() == [f"draft {stored.id}"]
    assert conversation.signals == []
    user = await conversation.store.read(lambda work: work.users.find(ANA.user_id))
    assert user is not None
    assert user.last.proxy is None
