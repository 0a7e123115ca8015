"""One handoff in the place of the list in which it stands, with what its reader can do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat import words
from bot.chat.callbacks import HANDOFF, Press, button
from bot.chat.group_chats.texts import not_yours
from bot.chat.handoffs import entry_texts, list_texts
from bot.chat.handoffs.list_texts import Listed
from bot.chat.handoffs.notice import reader_of, waiting_buttons
from bot.chat.translator import Html, Translator
from bot.chat.update_context import Popup, UpdateContext
from bot.usecases.buttons import Problem
from bot.usecases.given_handoffs import PARTS
from bot.usecases.handoff_lists import HandoffView, ShowHandoff, show_handoff
from bot.usecases.records import Buttons

#: What turns a list's pages and leads back to it, and what opens an entry.
LIST, SHOW = "list", "show"
#: The list, the number of its page and for whom it was made; with as many digits as the database takes for a number.
_ARGUMENT = re.compile(r"([a-z])([0-9]{1,6})_([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """A page, from 0, of a list that was made for somebody."""

    listed: Listed
    page: int
    user_id: int

    def __str__(self) -> str:
        return f"{self.listed}{self.page}_{self.user_id}"


def source_of(press: Press) -> Source | None:
    """The page that a button names; None where it names none."""
    found = _ARGUMENT.fullmatch(press.argument)
    if found is None or found[1] not in set(Listed):
        return None
    return Source(Listed(found[1]), int(found[2]), int(found[3]))


def is_for_presser(ctx: UpdateContext, press: Press) -> bool:
    """Whether what was pressed is the presser's to press; a list that was made for somebody is theirs alone."""
    if not press.argument:
        return True
    source = source_of(press)
    if source is None or (source.listed is Listed.ALL and not ctx.incoming.private):
        ctx.explain(Problem.OLD_BUTTON)
        return False
    if source.user_id != ctx.actor.user_id:
        ctx.explain(Problem.NOT_YOURS)
        name = ctx.work.users.names([source.user_id]).get(source.user_id)
        if name:
            ctx.popup = Popup(not_yours(ctx.t, name))
        return False
    return True


def show_pressed(ctx: UpdateContext, press: Press) -> None:
    """An entry was tapped."""
    if not press.argument:
        ctx.explain(Problem.OLD_BUTTON)
    elif is_for_presser(ctx, press):
        show(ctx, press)


def show(ctx: UpdateContext, press: Press) -> None:
    """Show the entry in the message that was pressed, with the way back to its list."""
    source = source_of(press)
    view = show_handoff(ctx.work, ctx.actor, ShowHandoff(press.id))
    if source is None:
        return
    back = list_button(words.back(ctx.t), source)
    if view is None:
        ctx.edit(entry_texts.gone(ctx.t), [[back]])
        return
    work, actor = ctx.work, ctx.actor
    reader = reader_of(work, view.handoff, actor.user_id, ctx.incoming.chat_id)
    proposal = work.handoffs.proposal(view.handoff.id)
    said = entry_texts.entry(ctx.t, view, proposal, reader, actor.time_zone)
    notice = work.handoff_notices.of_person(view.handoff.id, actor.user_id)
    if notice is not None and notice.later_at is not None and view.handoff.waiting:
        said = Html(f"{said}\n\n{entry_texts.put_off(ctx.t, notice.later_at, actor.time_zone)}")
    rows: list[tuple[tuple[str, str], ...]] = []
    if not view.owned:
        rows += map(tuple, waiting_buttons(ctx.t, view, notice, actor.user_id, str(source)))
    rows += map(tuple, given_buttons(ctx.t, view, private=ctx.incoming.private))
    ctx.edit(said, [*rows, [back]])


def list_button(label: Html, source: Source) -> tuple[str, str]:
    return button(label, Press(HANDOFF, 0, 0, LIST, str(source)))


def given_buttons(t: Translator, view: HandoffView, *, private: bool) -> Buttons:
    """What can be done with codes by whom they come back to, and by admins."""
    handoff = view.handoff

    def one(label: Html, action: str) -> tuple[str, str]:
        return button(label, Press(HANDOFF, handoff.id, handoff.version, action))

    first, second = [], []
    if view.owned and handoff.movable:
        first.append(one(list_texts.withdraw(t), "withdraw"))
    if view.owned and handoff.returned:
        second.append(one(words.import_count(t, 1), "import"))
        if private:
            second.append(one(words.show_code(t), "codes"))
    if view.may_assign and (handoff.movable or handoff.returned):
        first.append(one(list_texts.reassign(t), "reassign"))
    if view.may_assign and len(handoff.waiting) >= min(PARTS):
        first.append(one(list_texts.split(t), "split"))
    return [row for row in (second, first) if row]
