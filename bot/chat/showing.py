"""What a chat is still to be told: read from its rows, put into it, and noted as shown.

Showing is at least once: what was put into the chat and not yet noted when the program dies is put there again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from telegram.error import BadRequest

from bot.chat.behind import Behind, needed, read_behind, waited_for
from bot.chat.cards import Card
from bot.chat.drafting.card import draft_card, still_loading
from bot.chat.edit_pauses import EditPauses
from bot.chat.group_chats import cards as group_chats
from bot.chat.group_chats import texts
from bot.chat.imports.card import batch_card
from bot.chat.messages import Messages
from bot.chat.notes import put
from bot.chat.request_batcher import RequestBatcher
from bot.chat.shared_cards import RenderedCard, drop, find_failing
from bot.chat.shown_changes import Change, note_all
from bot.chat.translator import translator
from bot.domain.draft import Step
from bot.domain.remote_lists import Listing
from bot.errors import StorageError
from bot.usecases import remote_lists
from bot.usecases.code_display import SHOWN_FOR
from bot.usecases.ports import Clock, Store, UnitOfWork
from bot.usecases.prompting import end_prompt, prompt_change
from bot.usecases.records import Batch, CardKind, Note, NoteKind, Place, Shown, StoredDraft
from bot.usecases.station_lists import StationList, lists_known

_LOG = logging.getLogger(__name__)

#: Seconds that a card waits for a list of which there is no good answer, before it says so.
PATIENCE = 0.3
#: A result that comes later than this after the confirming tap is a new message: an edit does not make a phone ring.
SOON = timedelta(seconds=10)


class Showing:
    """Brings chats up to date.

    ``tell`` is called with a chat in which there is more to do; ``tell_at`` where that is so at a later time, which is
    given in seconds awake.
    """

    def __init__(
        self,
        messages: Messages,
        store: Store,
        clock: Clock,
        tell: Callable[[int], None],
        tell_at: Callable[[int, float], None],
    ) -> None:
        self._tell_at = tell_at
        self._messages = messages
        self._store = store
        self._clock = clock
        self._tell = tell
        self._pauses = EditPauses(clock)
        # Set, and replaced by another, when a list has come.
        self._published = asyncio.Event()
        # Chats that are served at the same time share their transactions.
        self._reading = RequestBatcher(self._read)
        self._noting = RequestBatcher(self._note)

    async def bring_up_to_date(self, chat_id: int) -> float | None:
        """Say and show everything that is behind; the seconds after which there is more to show, None without such.

        Raises what ``Messages`` raises, and ``StorageError``.
        """
        published = self._published
        behind = await self._reading.ask(chat_id)
        now = self._clock.now()
        for note in behind.notes:
            if note.due_at is None or note.due_at <= now:
                await self._say(note)
            else:
                self._tell_at(chat_id, self._clock.awake() + (note.due_at - now).total_seconds())
        behind = await self._with_lists(chat_id, behind, published)
        for stored in behind.drafts:
            await self._show_draft(stored, behind)
        pauses = [await self._show_shared(each) for each in behind.shared]
        pauses += [await self._show_batch(batch, behind.names) for batch in behind.batches]
        return min((pause for pause in pauses if pause is not None), default=None)

    def lists_published(self) -> None:
        """A list has come, or an answer that there is none."""
        self._published.set()
        self._published = asyncio.Event()

    async def rest(self) -> None:
        """Wait until no transaction is under way."""
        await self._reading.rest()
        await self._noting.rest()

    async def _read(self, chat_ids: Sequence[int]) -> Sequence[Behind]:
        try:
            return await self._store.read(read_behind, chat_ids)
        except StorageError:
            raise
        except Exception:
            # One card of one chat must not keep all others from being shown.
            failing = await find_failing(self._store, chat_ids)
            if not failing:
                raise
            return await self._store.read(read_behind, chat_ids, failing)

    async def _note(self, changes: Sequence[Change]) -> Sequence[None]:
        await self._store.write(note_all, changes)
        return [None] * len(changes)

    async def _say(self, note: Note) -> None:
        try:
            if note.kind is NoteKind.SHOW_CODES:
                await self._begin_to_show(note)
                return
            await put(note, self._messages, self._store)
        except BadRequest as refusal:
            # It would be refused for ever, and everything behind it would wait.
            _LOG.error("Telegram refuses a message in chat %s, it is dropped: %s", note.chat_id, refusal)
        await self._noting.ask(Change(lambda work, _: work.outbox.done(note.id)))

    async def _begin_to_show(self, note: Note) -> None:
        """Send the message in which codes are to be shown. They come into it when it is noted that they have to go."""
        message_id = await self._messages.send(note.chat_id, note.thread_id, note.text, [], silent=note.silent)
        now = self._clock.now()
        await self._noting.ask(Change(lambda work, _: work.outbox.reveal(note, message_id, now, now + SHOWN_FOR)))
        self._tell(note.chat_id)

    async def _with_lists(self, chat_id: int, behind: Behind, published: asyncio.Event) -> Behind:
        """What is behind, read again until the lists have come that could not be shown, or it has lasted too long.

        ``published`` was taken before ``behind`` was read: a list that came meanwhile has set it.
        """
        until = self._clock.awake() + PATIENCE
        while (wanted := waited_for(behind, self._clock.now())) and (left := until - self._clock.awake()) > 0:
            if any(not behind.lists[listing].is_requested(self._clock.now()) for listing in wanted):
                await self._store.write(remote_lists.request_lists, wanted)
            await self._clock.wait(published, left)
            published = self._published
            behind = await self._reading.ask(chat_id)
        return behind

    async def _show_draft(self, stored: StoredDraft, behind: Behind) -> None:
        now = self._clock.now()
        if remote_lists.is_changed_by(stored, behind.lists, now):
            # It has come to need a list while that was being written.
            await self._store.write(remote_lists.answer_draft, stored.id)
            self._tell(stored.where.chat_id)
            return
        used = {name: behind.lists[name] for name in needed(stored)}
        lists = lists_known(used, now)
        t = translator(stored.where.language)
        people = behind.people[stored.id]
        card = draft_card(t, stored, lists, people)
        card = group_chats.with_buttons_of_groups(t, stored, card, lists, people)
        card = group_chats.owned(t, stored.where, card, behind.names)
        if stored.continues is not None:
            card = group_chats.continuing(t, stored, card, behind.continued.get(stored.continues))
        prompt = prompt_change(stored)
        whole = not still_loading(stored, lists)

        def over(work: UnitOfWork) -> None:
            end_prompt(work, stored, prompt.over)

        # Until its person is asked as well, the card shows less than its row.
        complete = whole and prompt.asked is None
        message_id = await self._show(
            CardKind.DRAFT, stored.id, stored.where, stored.card, card, complete=complete, made_of=used, also=over
        )
        if prompt.asked is not None:
            prompt_id = await self._ask(stored, prompt.asked, behind.names.get(stored.where.user_id, ""))

            def note(work: UnitOfWork, current: bool) -> None:
                if prompt_id is not None and prompt.asked is not None:
                    work.prompts.sent(stored.id, prompt.asked, prompt_id)
                rendered, complete = stored.card.revision, whole and current
                work.cards.note_shown(
                    CardKind.DRAFT, stored.id, message_id=message_id, rendered=rendered, complete=complete
                )

            await self._noting.ask(Change(note, {name: each.shown for name, each in used.items()}))

    async def _ask(self, stored: StoredDraft, asked: Step, name: str) -> int | None:
        """Ask for what is to be typed in a group chat; the message, None where Telegram refuses it."""
        where, t = stored.where, translator(stored.where.language)
        said = texts.prompt(t, asked, where.user_id, name)
        try:
            return await self._messages.ask(
                where.chat_id, where.thread_id, said, texts.placeholder(t, asked), reply_to=stored.card.reply_to
            )
        except BadRequest as refusal:
            _LOG.error("Telegram refuses the prompt of draft %s: %s", stored.id, refusal)
            return None

    async def _show_shared(self, rendered: RenderedCard) -> float | None:
        """Show somebody's copy of a card; the seconds for which that has to wait instead, None when it need not."""
        copy = rendered.copy
        if rendered.can_be_dropped:
            await self._noting.ask(drop(copy))
            return None
        pause = self._pauses.left(CardKind.SHARED, copy.id, copy.card, going_on=rendered.going_on)
        if pause is None:
            loud = rendered.rings
            await self._show(CardKind.SHARED, copy.id, copy.where, copy.card, rendered.card, complete=True, loud=loud)
        return pause

    async def _show_batch(self, batch: Batch, names: Mapping[int, str]) -> float | None:
        """Show a batch; the seconds for which that has to wait instead, None when it need not."""
        pause = self._pauses.left(CardKind.BATCH, batch.id, batch.card, going_on=not batch.ended)
        if pause is not None:
            return pause
        announce = batch.ended and not batch.announced
        late = batch.waited or self._clock.now() - batch.confirmed_at > SOON
        shown = batch.card
        if announce and late:
            shown = replace(shown, repost=True)
        t = translator(batch.where.language)
        card = group_chats.owned(t, batch.where, batch_card(t, batch), names)
        # Who waits for a result, or is asked after a day, may have put the phone away; anybody else has just tapped.
        loud = (announce and late) or any(row.held for row in batch.rows)
        await self._show(
            CardKind.BATCH, batch.id, batch.where, shown, card, complete=True, announced=announce, loud=loud
        )
        return None

    async def _show(
        self,
        kind: CardKind,
        row_id: int,
        where: Place,
        shown: Shown,
        card: Card,
        *,
        complete: bool,
        made_of: Mapping[Listing, StationList] | None = None,
        announced: bool = False,
        loud: bool = False,
        also: Callable[[UnitOfWork], None] = lambda _: None,
    ) -> int | None:
        """Put a card into the chat, and note that, and what is ``also`` to be noted with it; the card's message."""
        message_id: int | None
        try:
            message_id = await self._place(where, shown, card, silent=not loud)
        except BadRequest as refusal:
            _LOG.error("Telegram refuses the card of %s %s: %s", kind, row_id, refusal)
            message_id = shown.message_id
        replaced = shown.message_id if shown.message_id != message_id else None
        # What changes while it is sent is shown in the same message: nobody is rung twice for one thing.
        rang = loud and kind is CardKind.SHARED and shown.message_id != message_id

        def note(work: UnitOfWork, current: bool) -> None:
            also(work)
            whole = complete and current
            noted = work.cards.note_shown(
                kind, row_id, message_id=message_id, rendered=shown.revision, complete=whole, rang=rang
            )
            if announced:
                work.batches.note_announced(row_id)
            if replaced is not None and (
                gone := replaced if noted else _but_tapped(work, row_id, replaced, message_id)
            ):
                work.outbox.delete_card(where, gone, work.now)
            if replaced is not None or not current:
                work.signals.chat_behind(where.chat_id)

        lists = made_of or {}
        shown_lists = {listing: each.shown for listing, each in lists.items()}
        await self._noting.ask(Change(note, shown_lists, remote_lists.stale(lists, self._clock.now())))
        return message_id

    async def _place(self, where: Place, shown: Shown, card: Card, *, silent: bool) -> int:
        """Put the card into the chat; its message."""
        old = None if shown.repost else shown.message_id
        if old is not None and await self._messages.edit(where.chat_id, old, card.text, card.buttons):
            return old
        return await self._messages.send(
            where.chat_id, where.thread_id, card.text, card.buttons, reply_to=shown.reply_to, silent=silent
        )


def _but_tapped(work: UnitOfWork, draft_id: int, old: int, new: int | None) -> int | None:
    """Of the two messages of a draft that was confirmed meanwhile the one on which that was not tapped."""
    stored = work.drafts.find(draft_id)
    return new if stored is not None and stored.card.message_id == old else old
