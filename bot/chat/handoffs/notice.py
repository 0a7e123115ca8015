"""What one person is told of codes that wait for them, and of what became of those."""

from __future__ import annotations

from bot.chat import words
from bot.chat.callbacks import HANDOFF, Press, button
from bot.chat.cards import Card
from bot.chat.handoffs import entry_texts as texts
from bot.chat.handoffs.receipt_texts import gone
from bot.chat.handoffs.standing_texts import Reader
from bot.chat.texts import problem
from bot.chat.translator import Html, Translator
from bot.domain.handoff import HandoffStatus
from bot.usecases.buttons import Problem
from bot.usecases.handoff_lists import HandoffView, view_of
from bot.usecases.handoff_people import may_receive
from bot.usecases.handoff_rows import Handoff, HandoffNotice
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Buttons
from bot.usecases.recovery_gates import sends_nothing

TAKE, DECLINE, LATER = "take", "decline", "later"


def notice_card(work: UnitOfWork, t: Translator, notice_id: int) -> Card:
    """The notice with this number, for the person whose it is."""
    notice = work.handoff_notices.find(notice_id)
    handoff = None if notice is None else work.handoffs.find(notice.handoff_id)
    if notice is None or handoff is None:
        return Card(gone(t), (), past=True)
    if handoff.waiting and sends_nothing(work):
        return Card(problem(t, Problem.RESTORED), ())
    view = view_of(work, handoff, notice.user_id)
    user = work.users.find(notice.user_id)
    time_zone = "" if user is None else user.time_zone
    # Who may not import any more sees what they have been told of, and nothing new.
    can_take = may_receive(work, notice.user_id)
    buttons = waiting_buttons(t, view, notice, notice.user_id) if can_take else ()
    reader = reader_of(work, handoff, notice.user_id, notice.user_id)
    if buttons and notice.later_at is not None:
        closed = [
            Html(f"<b>{texts.heading(t, view, notice.user_id)}</b>"),
            texts.put_off(t, notice.later_at, time_zone),
        ]
        return Card(Html("\n".join(closed)), buttons)
    said = texts.entry(t, view, work.handoffs.proposal(handoff.id), reader, time_zone)
    # What is being imported changes again and again.
    going_on = bool(handoff.with_status(HandoffStatus.IMPORTING))
    return Card(said, buttons, going_on=going_on, past=not (can_take and handoff.waiting and view.for_reader))


def waiting_buttons(
    t: Translator, view: HandoffView, notice: HandoffNotice | None, reader_id: int, argument: str = ""
) -> Buttons:
    """What its reader can do with what waits for them; ``argument`` is where else than on a notice it stands."""
    handoff = view.handoff
    if not (handoff.waiting and view.for_reader):
        return ()

    def one(label: Html, action: str) -> tuple[str, str]:
        return button(label, Press(HANDOFF, handoff.id, handoff.version, action, argument))

    below = []
    if handoff.receiver_id == reader_id:
        below.append(one(texts.decline(t), DECLINE))
    if notice is not None and not notice.later_used:
        below.append(one(texts.later(t), LATER))
    return [[one(words.take(t), TAKE)], *([below] if below else [])]


def reader_of(work: UnitOfWork, handoff: Handoff, user_id: int, chat_id: int) -> Reader:
    """Somebody who reads of a handoff in a chat."""
    taken = {code.state.draft_id for code in handoff.codes if code.state.taker_id == user_id}
    drafts = [work.drafts.find(draft_id) for draft_id in taken if draft_id is not None]
    here = all(stored is None or stored.where.chat_id == chat_id for stored in drafts)
    return Reader(user_id, draft_here=here)
