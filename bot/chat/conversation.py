"""The conversation over a draft: what somebody types or presses becomes the next draft, or the import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from bot.chat import callbacks
from bot.chat.callbacks import Press
from bot.chat.keyboards import SECRET_KINDS
from bot.chat.texts import notices, results, talk
from bot.chat.update_context import UpdateContext
from bot.domain.draft import (
    PROXY_TEXT_STEPS,
    SECRET_STEPS,
    Draft,
    Notice,
    Step,
    begin,
    last_choices,
    step,
)
from bot.domain.draft_answers import Answer, CodesSent, ProxyKindPicked, Typed
from bot.domain.draft_transitions import apply, noticed
from bot.domain.hosts import is_evident, is_ip
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import Unclear, read_link, read_proxy
from bot.domain.remote_lists import apply_remote_lists, needs
from bot.domain.transfer_code import TransferCode, count_codes, find_codes, looks_like_code, without_codes
from bot.errors import InputError, OldButton
from bot.usecases.records import CardKind, DraftState, StoredDraft


def typed(ctx: UpdateContext) -> None:
    """A text that is no command."""
    incoming = ctx.incoming
    stored = ctx.work.drafts.find_open(incoming.user_id, incoming.chat_id)
    asked = None if stored is None else step(stored.draft)
    codes = find_codes(incoming.text)
    if codes and not _is_secret_asked_for(asked, incoming.text):
        take_codes(ctx, stored, codes)
    elif not incoming.to_bot:
        return
    elif stored is not None:
        _take_text(ctx, stored)
    elif _is_secret_unasked_for(None, incoming.text):
        ctx.say(notices.notice(ctx.t, Notice("unasked_secret")))
        _delete(ctx)
    elif looks_like_code(incoming.text):
        ctx.say(notices.notice(ctx.t, Notice("almost_code")))
    else:
        ctx.say(talk.no_draft(ctx.t))


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
    except InputError:
        return False


def _proxies(text: str) -> Sequence[Custom]:
    """Every way in which a text can be read as a proxy."""
    try:
        reading = read_proxy(text)
    except InputError:
        return ()
    return reading.readings if isinstance(reading, Unclear) else (reading.proxy,)


def take_codes(ctx: UpdateContext, stored: StoredDraft | None, codes: Sequence[TransferCode]) -> None:
    """Codes begin a draft or join the open one; those that somebody has already are told."""
    incoming = ctx.incoming
    taken = ctx.work.log.living([code.text for code in codes])
    if taken:
        ctx.say(results.taken(ctx.t, taken, incoming.user_id))
    known = {row.code for row in taken}
    free = tuple(code for code in codes if code not in known)
    if not free:
        if stored is not None:
            ctx.work.cards.show_again(CardKind.DRAFT, stored.id)
        return
    if _is_secret_unasked_for(None, without_codes(incoming.text)):
        ctx.say(notices.notice(ctx.t, Notice("unasked_secret")))
        _delete(ctx)
    answer = CodesSent(free, count_codes(incoming.text) - len(known), almost=looks_like_code(incoming.text))
    if stored is not None:
        change(ctx, stored, answer, below=True)
        return
    draft = _settled(ctx, apply(begin(ctx.user.last, secrets_welcome=incoming.private), answer))
    ctx.work.drafts.open_new(incoming.where, draft, ctx.now)


def _take_text(ctx: UpdateContext, stored: StoredDraft) -> None:
    """What is typed answers the question; a secret is deleted from the chat, also where it can't be used."""
    asked = step(stored.draft)
    text = ctx.incoming.text
    unasked = asked not in SECRET_STEPS and _is_secret_unasked_for(asked, text)
    if unasked:
        _refuse(ctx, stored, "unasked_secret")
    elif asked in SECRET_STEPS and not ctx.incoming.private:
        _refuse(ctx, stored, "not_in_private")
    else:
        draft = change(ctx, stored, Typed(text), below=True)
        if step(draft) is Step.GROUP_MAKING:
            ctx.work.signals.groups_requested()
    if unasked or asked in SECRET_STEPS:
        _delete(ctx)


def _refuse(ctx: UpdateContext, stored: StoredDraft, reason: str) -> None:
    """Leave the draft as it is but for a remark."""
    draft = noticed(stored.draft, InputError(reason))
    ctx.work.drafts.change(stored, draft, ctx.now, below=True)


def _delete(ctx: UpdateContext) -> None:
    """Have the message deleted that was just typed."""
    if ctx.incoming.message_id is not None:
        refused = talk.secret_stays(ctx.t)
        ctx.work.outbox.delete_secret(ctx.incoming.where, ctx.incoming.message_id, refused, ctx.now)


def _settled(ctx: UpdateContext, draft: Draft) -> Draft:
    """The draft with what the lists that are known anyway answer by themselves; the rest comes when it is shown."""
    return apply_remote_lists(draft, ctx.deps.lists.now(needs(draft)))


def change(ctx: UpdateContext, stored: StoredDraft, answer: Answer, *, below: bool) -> Draft:
    """Apply an answer and write the next draft; what can't be used becomes a remark on the card.

    Raises ``OldButton`` when the question is not asked any more.
    """
    try:
        draft = _settled(ctx, apply(stored.draft, answer))
    except InputError as mistake:
        draft = noticed(stored.draft, mistake)
    if not ctx.work.drafts.change(stored, draft, ctx.now, below=below):
        raise OldButton("somebody else was first")
    return draft


def begin_import(ctx: UpdateContext) -> None:
    """``/import``, or a button that begins one: with codes behind it, or asking for one."""
    incoming = ctx.incoming
    stored = ctx.work.drafts.find_open(incoming.user_id, incoming.chat_id)
    codes = find_codes(incoming.text)
    if codes:
        take_codes(ctx, stored, codes)
    elif stored is not None:
        ctx.work.cards.show_again(CardKind.DRAFT, stored.id)
    else:
        draft = begin(ctx.user.last, secrets_welcome=incoming.private)
        ctx.work.drafts.open_new(incoming.where, draft, ctx.now)


def cancel(ctx: UpdateContext) -> None:
    """``/cancel``."""
    incoming = ctx.incoming
    stored = ctx.work.drafts.find_open(incoming.user_id, incoming.chat_id)
    if stored is not None:
        _close(ctx, stored)
        ctx.work.cards.show_again(CardKind.DRAFT, stored.id)
    waiting = ctx.work.batches.under_way(incoming.user_id, incoming.chat_id)
    for batch_id in waiting:
        ctx.work.batches.bump(batch_id, below=True)
    if waiting:
        ctx.say(talk.still_under_way(ctx.t))
    elif stored is None:
        ctx.say(talk.nothing_to_cancel(ctx.t))


def _close(ctx: UpdateContext, stored: StoredDraft) -> None:
    ctx.work.drafts.close(stored.id, DraftState.CANCELLED, ctx.now)


# --- presses ----------------------------------------------------------------------------------------------------------


def pressed(ctx: UpdateContext, press: Press) -> None:
    """A press on a draft's card."""
    stored = ctx.work.drafts.find(press.id)
    if stored is None or stored.where.chat_id != ctx.incoming.chat_id:
        ctx.popup = talk.old_button(ctx.t)
        return
    if stored.where.user_id != ctx.incoming.user_id:
        ctx.popup = talk.not_yours(ctx.t)
        return
    if stored.state is not DraftState.OPEN:
        _point_to_now(ctx, stored)
        return
    try:
        _act(ctx, stored, press)
    except OldButton:
        ctx.popup = talk.old_button(ctx.t)
        if stored.card.message_id != ctx.incoming.message_id:
            ctx.work.cards.show_again(CardKind.DRAFT, stored.id)


def _point_to_now(ctx: UpdateContext, stored: StoredDraft) -> None:
    """An old card was pressed: show the one that counts now, if there is any."""
    ctx.popup = talk.ended_card(ctx.t)
    now = ctx.work.drafts.find_open(ctx.incoming.user_id, ctx.incoming.chat_id)
    if now is not None:
        ctx.popup = talk.old_button(ctx.t)
        ctx.work.cards.show_again(CardKind.DRAFT, now.id)
        return
    batch = ctx.work.batches.of_draft(stored.id)
    if batch is None:
        return
    # What was confirmed has the card now: a second tap on Import finds it there, an older card finds it below.
    ctx.popup = talk.old_button(ctx.t)
    if batch.card.message_id != ctx.incoming.message_id:
        ctx.work.batches.bump(batch.id, below=True)


def _act(ctx: UpdateContext, stored: StoredDraft, press: Press) -> None:
    if press.revision != stored.card.revision:
        raise OldButton("another revision")
    if press.action == "import":
        _confirm(ctx, stored)
        return
    if press.action == "cancel":
        _close(ctx, stored)
        return
    answer = callbacks.answer_of(press)
    if answer is None or (_asks_secret(answer) and not stored.where.private):
        raise OldButton("no such button")
    change(ctx, stored, answer, below=False)


def _asks_secret(answer: Answer) -> bool:
    return isinstance(answer, ProxyKindPicked) and answer.kind in SECRET_KINDS


def _confirm(ctx: UpdateContext, stored: StoredDraft) -> None:
    """Move the draft to the import log. A code that somebody else has by now is told, and left out."""
    if step(stored.draft) is not Step.CONFIRM:
        raise OldButton("not complete")
    confirmed = ctx.work.batches.confirm(stored, ctx.user.name, ctx.now)
    if confirmed.taken:
        ctx.say(results.taken(ctx.t, confirmed.taken, ctx.incoming.user_id))
    if confirmed.batch_id is None:
        draft = replace(stored.draft, codes=(), notice=Notice("all_taken"))
        ctx.work.drafts.change(stored, draft, ctx.now, below=True)
        return
    ctx.work.users.remember(ctx.incoming.user_id, last_choices(stored.draft))
    ctx.work.signals.imports_queued()
