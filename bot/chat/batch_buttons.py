"""Presses on a batch's card: cancel, wait on, look again, and what to do next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.chat.callbacks import Press
from bot.chat.cards import can_be_retried
from bot.chat.desk import Handling
from bot.chat.texts import talk
from bot.transfer.draft import DefaultGroup, Draft, GroupAnswer, ListedGroup, begin, last_choices
from bot.transfer.outcome import PROXY_REFUSALS
from bot.transfer.records import Batch, CardKind

_NO_GROUP = 110004
#: Of a card that was never changed; no button carries less.
_FIRST = 1


async def pressed(handling: Handling, press: Press) -> None:
    """A press on a batch's card.

    What acts on the batch itself may come from a card that has been edited since: progress does that every other
    second, and a Cancel that missed for it would let imports go out that nobody wants. It changes rows only where they
    still stand as the button says, so that a second press changes nothing. What opens a draft leaves no such trace in
    the rows: it takes the card as it is now, of a batch that has ended, and moves its revision on, so that a press
    that comes again opens no second draft.
    """
    batch = await handling.work.batches.find(press.id)
    if batch is None or batch.where.chat_id != handling.turn.chat_id or press.action not in _ACTIONS:
        handling.popup = talk.old_button(handling.t)
        return
    if batch.where.user_id != handling.turn.person_id:
        handling.popup = talk.not_yours(handling.t)
        return
    if not _FIRST <= press.revision <= batch.card.revision:
        handling.popup = talk.old_button(handling.t)
        return
    if press.action in _OPENING and not (batch.ended and press.revision == batch.card.revision):
        await _point_to_now(handling, batch)
        return
    await _ACTIONS[press.action](handling, batch)


async def _point_to_now(handling: Handling, batch: Batch) -> None:
    if await _another_is_open(handling):
        return
    handling.popup = talk.old_button(handling.t)
    if batch.card.message_id != handling.turn.message_id:
        await handling.work.batches.bump(batch.id, below=True)


async def _cancel(handling: Handling, batch: Batch) -> None:
    await _done(handling, batch, await handling.work.batches.cancel(batch.id, handling.now))
    if handling.popup is None:
        handling.popup = talk.noted_cancel(handling.t)


async def _go_on(handling: Handling, batch: Batch) -> None:
    await _done(handling, batch, await handling.work.batches.go_on(batch.id, handling.now))


async def _look(handling: Handling, batch: Batch) -> None:
    await _done(handling, batch, await handling.work.batches.look_again(batch.id), again=True)
    if handling.popup is None:
        handling.popup = talk.looking(handling.t)


async def _proxy(handling: Handling, batch: Batch) -> None:
    await _done(handling, batch, await handling.work.batches.retry_proxy(batch.id), again=True)


async def _leave(handling: Handling, batch: Batch) -> None:
    await _done(handling, batch, await handling.work.batches.give_up_proxy(batch.id))


async def _done(handling: Handling, batch: Batch, changed: bool, *, again: bool = False) -> None:
    """After a change: have the card shown, secrets that nobody needs any more wiped, and the importer woken."""
    if not changed:
        handling.popup = talk.old_button(handling.t)
        return
    await handling.work.batches.bump(batch.id, again=again)
    await handling.work.batches.wipe_if_ended(batch.id)
    handling.afterwards(handling.desk.wake_importer)


# --- what to do next --------------------------------------------------------------------------------------------------


async def _again(handling: Handling, batch: Batch) -> None:
    """The codes that did not go through, with the same choices, apart from the one that was at fault."""
    rows = [row for row in batch.rows if can_be_retried(row)]
    taken = {row.code for row in await handling.work.log.living([row.code.text for row in rows])}
    rows = [row for row in rows if row.code not in taken]
    if not rows:
        handling.popup = talk.old_button(handling.t)
        return
    draft = replace(_choices(handling, batch), codes=tuple(row.code for row in rows))
    codes = {row.error_code for row in rows}
    if _NO_GROUP in codes:
        draft = replace(draft, group=None)
    if codes & PROXY_REFUSALS:
        draft = replace(draft, proxy=None)
    await _open(handling, batch, draft, {row.code.text: row.id for row in rows})


async def _same(handling: Handling, batch: Batch) -> None:
    await _open(handling, batch, _choices(handling, batch), {})


async def _another(handling: Handling, batch: Batch) -> None:
    await _open(handling, batch, Draft(), {})


def _choices(handling: Handling, batch: Batch) -> Draft:
    group: GroupAnswer = DefaultGroup()
    if batch.group_id is not None:
        group = ListedGroup(batch.group_id, batch.group_title)
    remembered = last_choices(Draft(group=group, proxy=batch.proxy, bypass=batch.bypass))
    return begin(remembered, secrets_welcome=handling.turn.private)


async def _open(handling: Handling, batch: Batch, draft: Draft, retries: Mapping[str, int]) -> None:
    if await _another_is_open(handling):
        return
    await handling.work.drafts.open_new(handling.turn.where, draft, handling.now, retries)
    await handling.work.batches.bump(batch.id)


async def _another_is_open(handling: Handling) -> bool:
    """Whether the person has a draft open here already, to which they are then pointed."""
    stored = await handling.work.drafts.find_open(handling.turn.person_id, handling.turn.chat_id)
    if stored is None:
        return False
    handling.popup = talk.finish_first(handling.t)
    await handling.work.cards.show_again(CardKind.DRAFT, stored.id)
    return True


_OPENING: Mapping[str, Callable[[Handling, Batch], Awaitable[None]]] = {
    "again": _again,
    "same": _same,
    "another": _another,
}
_ACTIONS: Mapping[str, Callable[[Handling, Batch], Awaitable[None]]] = {
    "cancel": _cancel,
    "go_on": _go_on,
    "look": _look,
    "proxy": _proxy,
    "leave": _leave,
    **_OPENING,
}
