"""The conversation over a draft: what somebody types or presses becomes the next draft, or the import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from bot.chat import callbacks
from bot.chat.callbacks import Press
from bot.chat.desk import Handling
from bot.chat.keyboards import SECRET_KINDS
from bot.chat.texts import notices, results, talk
from bot.errors import OldButton, PersonMistake
from bot.transfer.answers import Answer, CodesSent, ProxyKindPicked, Typed
from bot.transfer.code import TransferCode, count_codes, find_codes, looks_like_code, without_codes
from bot.transfer.draft import (
    PROXY_TEXT_STEPS,
    SECRET_STEPS,
    Draft,
    Notice,
    Step,
    begin,
    last_choices,
    step,
)
from bot.transfer.hosts import is_evident, is_ip
from bot.transfer.lists import needs, settle
from bot.transfer.proxy import Custom
from bot.transfer.proxy_text import Unclear, read_link, read_proxy
from bot.transfer.records import CardKind, DraftState, StoredDraft
from bot.transfer.transitions import apply, noticed


async def typed(handling: Handling) -> None:
    """A text that is no command."""
    turn = handling.turn
    stored = await handling.work.drafts.find_open(turn.person_id, turn.chat_id)
    asked = None if stored is None else step(stored.draft)
    codes = find_codes(turn.text)
    if codes and not _is_secret_asked_for(asked, turn.text):
        await take_codes(handling, stored, codes)
    elif not turn.to_bot:
        return
    elif stored is not None:
        await _take_text(handling, stored)
    elif _is_secret_unasked_for(None, turn.text):
        await handling.say(notices.notice(handling.t, Notice("unasked_secret")))
        await _delete(handling)
    elif looks_like_code(turn.text):
        await handling.say(notices.notice(handling.t, Notice("almost_code")))
    else:
        await handling.say(talk.no_draft(handling.t))


def _is_secret_asked_for(asked: Step | None, text: str) -> bool:
    """Whether a text is the secret that is asked for, even if it holds what looks like a transfer code."""
    if asked is Step.PASSWORD:
        return any(map(str.isalpha, text)) and len(text.split()) == 1
    if asked is Step.LINK:
        return _is_link(text)
    return asked in PROXY_TEXT_STEPS and bool(_proxies(text))


def _is_secret_unasked_for(asked: Step | None, text: str) -> bool:
    """Whether a text holds a proxy with its password, or an extraction link, although nobody asked for one."""
    # Where domains are asked for, a page's address is one of those.
    if asked is not Step.BYPASS and _is_link(text) and urlsplit(text.strip()).query:
        return True
    # The name of a group can be read as a proxy as well; with a login it hardly is one, if it has an address of numbers
    # in it or is a single word.
    alone = len(text.split()) == 1
    return any(
        proxy.password and (is_ip(proxy.host or "") or (alone and is_evident(proxy.host or "")))
        for proxy in _proxies(text)
    )


def _is_link(text: str) -> bool:
    try:
        return bool(read_link(text))
    except PersonMistake:
        return False


def _proxies(text: str) -> Sequence[Custom]:
    """Every way in which a text can be read as a proxy."""
    try:
        reading = read_proxy(text)
    except PersonMistake:
        return ()
    return reading.readings if isinstance(reading, Unclear) else (reading.proxy,)


async def take_codes(handling: Handling, stored: StoredDraft | None, codes: Sequence[TransferCode]) -> None:
    """Codes begin a draft or join the open one; those that somebody has already are told."""
    turn = handling.turn
    taken = await handling.work.log.living([code.text for code in codes])
    if taken:
        await handling.say(results.taken(handling.t, taken, turn.person_id))
    known = {row.code for row in taken}
    free = tuple(code for code in codes if code not in known)
    if not free:
        if stored is not None:
            await handling.work.cards.show_again(CardKind.DRAFT, stored.id)
        return
    if _is_secret_unasked_for(None, without_codes(turn.text)):
        await handling.say(notices.notice(handling.t, Notice("unasked_secret")))
        await _delete(handling)
    answer = CodesSent(free, count_codes(turn.text) - len(known), almost=looks_like_code(turn.text))
    if stored is not None:
        await change(handling, stored, answer, below=True)
        return
    draft = _settled(handling, apply(begin(handling.user.last, secrets_welcome=turn.private), answer))
    await handling.work.drafts.open_new(turn.where, draft, handling.now)


async def _take_text(handling: Handling, stored: StoredDraft) -> None:
    """What is typed answers the question; a secret is deleted from the chat, also where it can't be used."""
    asked = step(stored.draft)
    text = handling.turn.text
    unasked = asked not in SECRET_STEPS and _is_secret_unasked_for(asked, text)
    if unasked:
        await _refuse(handling, stored, "unasked_secret")
    elif asked in SECRET_STEPS and not handling.turn.private:
        await _refuse(handling, stored, "not_in_private")
    else:
        draft = await change(handling, stored, Typed(text), below=True)
        if step(draft) is Step.GROUP_MAKING:
            handling.afterwards(handling.desk.wake_groups)
    if unasked or asked in SECRET_STEPS:
        await _delete(handling)


async def _refuse(handling: Handling, stored: StoredDraft, reason: str) -> None:
    """Leave the draft as it is but for a remark."""
    draft = noticed(stored.draft, PersonMistake(reason))
    await handling.work.drafts.change(stored, draft, handling.now, below=True)


async def _delete(handling: Handling) -> None:
    """Have the message deleted that was just typed."""
    if handling.turn.message_id is not None:
        refused = talk.secret_stays(handling.t)
        await handling.work.outbox.delete_secret(handling.turn.where, handling.turn.message_id, refused, handling.now)


def _settled(handling: Handling, draft: Draft) -> Draft:
    """The draft with what the lists that are known anyway answer by themselves; the rest comes when it is shown."""
    return settle(draft, handling.desk.catalogue.now(needs(draft)))


async def change(handling: Handling, stored: StoredDraft, answer: Answer, *, below: bool) -> Draft:
    """Apply an answer and write the next draft; what can't be used becomes a remark on the card.

    Raises ``OldButton`` when the question is not asked any more.
    """
    try:
        draft = _settled(handling, apply(stored.draft, answer))
    except PersonMistake as mistake:
        draft = noticed(stored.draft, mistake)
    if not await handling.work.drafts.change(stored, draft, handling.now, below=below):
        raise OldButton("somebody else was first")
    return draft


async def begin_import(handling: Handling) -> None:
    """``/import``, or a button that begins one: with codes behind it, or asking for one."""
    turn = handling.turn
    stored = await handling.work.drafts.find_open(turn.person_id, turn.chat_id)
    codes = find_codes(turn.text)
    if codes:
        await take_codes(handling, stored, codes)
    elif stored is not None:
        await handling.work.cards.show_again(CardKind.DRAFT, stored.id)
    else:
        draft = begin(handling.user.last, secrets_welcome=turn.private)
        await handling.work.drafts.open_new(turn.where, draft, handling.now)


async def cancel(handling: Handling) -> None:
    """``/cancel``."""
    turn = handling.turn
    stored = await handling.work.drafts.find_open(turn.person_id, turn.chat_id)
    if stored is not None:
        await _close(handling, stored)
        await handling.work.cards.show_again(CardKind.DRAFT, stored.id)
    waiting = await handling.work.batches.under_way(turn.person_id, turn.chat_id)
    for batch_id in waiting:
        await handling.work.batches.bump(batch_id, below=True)
    if waiting:
        await handling.say(talk.still_under_way(handling.t))
    elif stored is None:
        await handling.say(talk.nothing_to_cancel(handling.t))


async def _close(handling: Handling, stored: StoredDraft) -> None:
    await handling.work.drafts.close(stored.id, DraftState.CANCELLED, handling.now)


# --- presses ----------------------------------------------------------------------------------------------------------


async def pressed(handling: Handling, press: Press) -> None:
    """A press on a draft's card."""
    stored = await handling.work.drafts.find(press.id)
    if stored is None or stored.where.chat_id != handling.turn.chat_id:
        handling.popup = talk.old_button(handling.t)
        return
    if stored.where.user_id != handling.turn.person_id:
        handling.popup = talk.not_yours(handling.t)
        return
    if stored.state is not DraftState.OPEN:
        await _point_to_now(handling, stored)
        return
    try:
        await _act(handling, stored, press)
    except OldButton:
        handling.popup = talk.old_button(handling.t)
        if stored.card.message_id != handling.turn.message_id:
            await handling.work.cards.show_again(CardKind.DRAFT, stored.id)


async def _point_to_now(handling: Handling, stored: StoredDraft) -> None:
    """An old card was pressed: show the one that counts now, if there is any."""
    handling.popup = talk.ended_card(handling.t)
    now = await handling.work.drafts.find_open(handling.turn.person_id, handling.turn.chat_id)
    if now is not None:
        handling.popup = talk.old_button(handling.t)
        await handling.work.cards.show_again(CardKind.DRAFT, now.id)
        return
    batch = await handling.work.batches.of_draft(stored.id)
    if batch is None:
        return
    # What was confirmed has the card now: a second tap on Import finds it there, an older card finds it below.
    handling.popup = talk.old_button(handling.t)
    if batch.card.message_id != handling.turn.message_id:
        await handling.work.batches.bump(batch.id, below=True)


async def _act(handling: Handling, stored: StoredDraft, press: Press) -> None:
    if press.revision != stored.card.revision:
        raise OldButton("another revision")
    if press.action == "import":
        await _confirm(handling, stored)
        return
    if press.action == "cancel":
        await _close(handling, stored)
        return
    answer = callbacks.answer_of(press)
    if answer is None or (_asks_secret(answer) and not stored.where.private):
        raise OldButton("no such button")
    await change(handling, stored, answer, below=False)


def _asks_secret(answer: Answer) -> bool:
    return isinstance(answer, ProxyKindPicked) and answer.kind in SECRET_KINDS


async def _confirm(handling: Handling, stored: StoredDraft) -> None:
    """Move the draft to the import log. A code that somebody else has by now is told, and left out."""
    if step(stored.draft) is not Step.CONFIRM:
        raise OldButton("not complete")
    confirmed = await handling.work.batches.confirm(stored, handling.user.name, handling.now)
    if confirmed.taken:
        await handling.say(results.taken(handling.t, confirmed.taken, handling.turn.person_id))
    if confirmed.batch_id is None:
        draft = replace(stored.draft, codes=(), notice=Notice("all_taken"))
        await handling.work.drafts.change(stored, draft, handling.now, below=True)
        return
    await handling.work.users.remember(handling.turn.person_id, last_choices(stored.draft))
    handling.afterwards(handling.desk.wake_importer)
