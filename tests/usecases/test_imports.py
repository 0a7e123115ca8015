"""What the buttons of a confirmed batch do, without Telegram."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.draft import DefaultGroup, Step, step
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.ixbrowser_objects import Group
from bot.domain.proxy import Keep
from bot.domain.remote_lists import Listing
from bot.storage.tables import imports
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.imports import (
    BatchButton,
    OpenNext,
    another_code,
    can_be_retried,
    cancel_imports,
    keep_waiting,
    leave_proxy,
    look_again,
    retry_proxy,
    try_again,
)
from tests.usecases.conversation import ANA, CODE, MAI, NOW, OTHER, Conversation, in_group

DONE = ButtonResult()
OLD = ButtonResult(Problem.OLD_BUTTON)

UseCase = Callable[..., ButtonResult]
#: Each button that acts on the batch, the rows on which it does something, and what they are then.
CHANGES: list[tuple[UseCase, dict[str, Any], dict[str, Any]]] = [
    (cancel_imports, {"status": Status.QUEUED}, {"status": Status.CANCELLED}),
    (cancel_imports, {"status": Status.SENDING}, {"status": Status.SENDING, "cancel_wanted": True}),
    (keep_waiting, {"status": Status.QUEUED, "held": True}, {"held": False, "waiting_since": NOW}),
    (look_again, {"status": Status.UNKNOWN}, {"status": Status.CHECKING}),
    (
        retry_proxy,
        {"status": Status.IMPORTED, "profile_id": 7, "proxy_status": ProxyStatus.MISSING},
        {"proxy_status": ProxyStatus.PENDING},
    ),
    (
        leave_proxy,
        {"status": Status.IMPORTED, "profile_id": 7, "proxy_status": ProxyStatus.MISSING},
        {"proxy_status": ProxyStatus.GIVEN_UP},
    ),
]
OPENING: list[UseCase] = [try_again, another_code]
#: Who else than the presenter is woken.
WAKES: dict[UseCase, list[str]] = {
    keep_waiting: ["imports_queued"],
    look_again: ["imports_to_verify"],
    retry_proxy: ["links_to_set"],
}
IDS = [f"{use_case.__name__} {row['status']}" for use_case, row, _ in CHANGES]


def command_for(use_case: UseCase, button: BatchButton) -> object:
    return OpenNext(button) if use_case in OPENING else button


async def press(conversation: Conversation, use_case: UseCase, button: BatchButton) -> ButtonResult:
    return await conversation.do(use_case, command_for(use_case, button))


# --- on the batch -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("use_case", "before", "after"), CHANGES, ids=IDS)
async def test_a_button_changes_its_rows_once(
    conversation: Conversation, use_case: UseCase, before: dict[str, Any], after: dict[str, Any]
) -> None:
    batch = await conversation.confirmed(**before)
    conversation.signals.clear()
    assert await press(conversation, use_case, conversation.batch_button(batch)) == DONE
    [row] = await conversation.rows(imports)
    assert {name: row[name] for name in after} == after
    assert (await conversation.batch(batch.id)).card.revision == batch.card.revision + 1
    assert sorted(conversation.signals) == ["chat_behind 1001", *WAKES.get(use_case, [])]

    conversation.signals.clear()
    assert await press(conversation, use_case, conversation.batch_button(batch)) == OLD
    assert conversation.signals == []


@pytest.mark.parametrize("use_case", [look_again, retry_proxy])
async def test_what_is_looked_for_again_is_announced_again(conversation: Conversation, use_case: UseCase) -> None:
    row: dict[str, Any] = next(row for wanted, row, _ in CHANGES if wanted is use_case)
    batch = await conversation.confirmed(**row)
    await conversation.store.write(lambda work: work.batches.note_announced(batch.id))
    await press(conversation, use_case, conversation.batch_button(batch))
    assert not (await conversation.batch(batch.id)).announced


@pytest.mark.parametrize(("use_case", "row", "_after"), CHANGES, ids=IDS)
async def test_a_button_on_the_batch_may_be_from_an_older_revision(
    conversation: Conversation, use_case: UseCase, row: dict[str, Any], _after: object
) -> None:
    batch = await conversation.confirmed(**row)
    await conversation.store.write(lambda work: work.batches.bump(batch.id))
    assert await press(conversation, use_case, conversation.batch_button(batch)) == DONE


EVERY = [(use_case, row) for use_case, row, _ in CHANGES] + [(one, {"status": Status.CANCELLED}) for one in OPENING]


@pytest.mark.parametrize(("use_case", "row"), EVERY)
async def test_a_forged_button_or_somebody_elses_does_nothing(
    conversation: Conversation, use_case: UseCase, row: dict[str, Any]
) -> None:
    group = conversation.of(ANA, in_group(ANA))
    batch = await group.confirmed(**row)
    button = group.batch_button(batch)
    before = await conversation.everything()
    for forged in (
        replace(button, batch_id=99),
        replace(button, where=conversation.where),
        replace(button, revision=0),
        replace(button, revision=batch.card.revision + 1),
    ):
        assert await press(group, use_case, forged) == OLD
    other = conversation.of(MAI, in_group(MAI))
    assert await press(other, use_case, replace(button, where=other.where)) == ButtonResult(Problem.NOT_YOURS)
    assert await conversation.everything() == before


# --- what to do next --------------------------------------------------------------------------------------------------


async def test_the_codes_that_did_not_go_through_are_tried_again(conversation: Conversation) -> None:
    batch = await conversation.confirmed(CODE, OTHER, status=Status.CANCELLED)
    assert await press(conversation, try_again, conversation.batch_button(batch)) == DONE
    stored = await conversation.stored()
    assert [code.text for code in stored.draft.codes] == [CODE, OTHER]
    assert (stored.draft.group, stored.draft.proxy) == (DefaultGroup(), Keep())
    assert stored.retries == {row.code.text: row.id for row in batch.rows if row.code is not None}


@pytest.mark.parametrize(("error", "asked"), [(110004, Step.GROUP), (2002, Step.PROXY), (1014, Step.CONFIRM)])
async def test_the_choice_that_was_at_fault_is_asked_for_anew(
    conversation: Conversation, error: int, asked: Step
) -> None:
    batch = await conversation.confirmed(status=Status.FAILED, error_code=error)
    await press(conversation, try_again, conversation.batch_button(batch))
    assert step(await conversation.draft()) is asked


@pytest.mark.parametrize("error", [110001, 110002, 110003])
async def test_what_can_never_be_imported_is_not_tried_again(conversation: Conversation, error: int) -> None:
    batch = await conversation.confirmed(status=Status.FAILED, error_code=error)
    assert not any(map(can_be_retried, batch.rows))
    assert await press(conversation, try_again, conversation.batch_button(batch)) == OLD
    assert await conversation.open_draft() is None


async def test_a_code_that_somebody_has_meanwhile_is_not_tried_again(conversation: Conversation) -> None:
    batch = await conversation.confirmed(CODE, OTHER, status=Status.CANCELLED)
    await conversation.of(MAI).type(CODE)
    stored = await conversation.of(MAI).stored()
    complete = replace(stored, draft=replace(stored.draft, group=DefaultGroup(), proxy=Keep()))
    await conversation.store.write(lambda work: work.batches.confirm(complete, "Mai", NOW))
    await press(conversation, try_again, conversation.batch_button(batch))
    assert [code.text for code in (await conversation.draft()).codes] == [OTHER]


async def test_another_code_has_the_same_choices(conversation: Conversation) -> None:
    batch = await conversation.confirmed(status=Status.IMPORTED)
    await press(conversation, another_code, conversation.batch_button(batch))
    draft = await conversation.draft()
    assert (draft.codes, draft.group, draft.proxy) == ((), DefaultGroup(), Keep())


async def test_what_known_lists_answer_is_answered_at_once(conversation: Conversation) -> None:
    batch = await conversation.confirmed(status=Status.FAILED, error_code=110004)
    await conversation.list_read(Listing.GROUPS, Group(1, "Default group"))
    await press(conversation, try_again, conversation.batch_button(batch))
    assert (await conversation.draft()).group == DefaultGroup()


@pytest.mark.parametrize("use_case", OPENING)
async def test_a_second_press_opens_no_second_draft(conversation: Conversation, use_case: UseCase) -> None:
    batch = await conversation.confirmed(status=Status.CANCELLED)
    button = conversation.batch_button(batch)
    assert await press(conversation, use_case, button) == DONE
    stored = await conversation.stored()
    assert await press(conversation, use_case, button) == ButtonResult(Problem.FINISH_FIRST)
    assert (await conversation.stored()).id == stored.id
    assert await conversation.reposted() == [f"draft {stored.id}"]


@pytest.mark.parametrize("use_case", OPENING)
@pytest.mark.parametrize(("message_id", "reposted"), [(None, False), (77, True)])
async def test_while_it_is_under_way_its_card_is_pointed_to(
    conversation: Conversation, use_case: UseCase, message_id: int | None, reposted: bool
) -> None:
    batch = await conversation.confirmed(status=Status.QUEUED)
    button = conversation.batch_button(batch, message_id=message_id)
    assert await press(conversation, use_case, button) == OLD
    assert await conversation.open_draft() is None
    assert await conversation.reposted() == ([f"batch {batch.id}"] if reposted else [])


@pytest.mark.parametrize("use_case", OPENING)
async def test_an_open_draft_has_to_be_finished_first(conversation: Conversation, use_case: UseCase) -> None:
    batch = await conversation.confirmed(status=Status.CANCELLED)
    stored = await conversation.ready(OTHER)
    result = await press(conversation, use_case, conversation.batch_button(batch))
    assert result == ButtonResult(Problem.FINISH_FIRST)
    assert (await conversation.stored()).draft == stored.draft
    assert await conversation.reposted() == [f"draft {stored.id}"]
