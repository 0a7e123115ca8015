"""One handoff in the place of the list in which it stands, with what its reader can do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat import words
from bot.chat.callbacks import HANDOFF, Press, button
from bot.chat.group_chats.texts import not_yours
from bot.chat.handoffs import entry_texts, standing_texts
from bot.chat.handoffs.list_texts import Listed
from bot.chat.handoffs.notice import reader_of, waiting_buttons
from bot.chat.handoffs.receipt import card_of
from bot.chat.handoffs.receipt_texts import gone, reassign
from bot.chat.translator import Html
from bot.chat.update_context import Popup, UpdateContext
from bot.usecases.buttons import Problem
from bot.usecases.handoff_lists import HandoffView, ShowHandoff, show_handoff
from bot.usecases.permissions import UseCase, require
from bot.usecases.records import Buttons

#: What turns a list's pages and leads back to it, and what opens an entry.
LIST, SHOW = "list", "show"
#: The list, the number of its page and for whom it was made; with as many digits as the database takes for a number.
_ARGUMENT = re.compile(r"([a-z])([0-9]{1,6})_([0-9]{1,18})", re.ASCII)
_LISTING: Mapping[Listed, UseCase] = {
    Listed.INBOX: UseCase.LIST_INBOX,
    Listed.GIVEN: UseCase.LIST_GIVEN,
    Listed.ALL: UseCase.LIST_ALL_HANDOFFS,
}


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
    require(ctx.actor, UseCase.SHOW_HANDOFF if source is None else _LISTING[source.listed])
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
    require(ctx.actor, UseCase.SHOW_HANDOFF)
    if not press.argument:
        ctx.explain(Problem.OLD_BUTTON)
    elif is_for_presser(ctx, press):
        show(ctx, press)


def show(ctx: UpdateContext, press: Press) -> None:
    """Show the entry in the message that was pressed, with the way back to its list."""
    source = source_of(press)
    if source is None:
        return
    view = show_handoff(ctx.work, ctx.actor, ShowHandoff(press.id))
    back = [list_button(words.back(ctx.t), source)]
    if view is None:
        is_kept = ctx.work.handoffs.find(press.id) is not None
        ctx.edit(standing_texts.for_somebody_else(ctx.t) if is_kept else gone(ctx.t), [back])
    elif view.owned or (view.may_assign and not view.for_reader):
        card = card_of(ctx.t, view, ctx.actor.time_zone, source.listed)
        # In a group chat others would read what its buttons lead to.
        ctx.edit(Html(card.text), [*(card.buttons if ctx.incoming.private else []), back])
    else:
        said, rows = _for_reader(ctx, view, source)
        ctx.edit(said, [*rows, back])


def _for_reader(ctx: UpdateContext, view: HandoffView, source: Source) -> tuple[Html, Buttons]:
    """What waits for the actor, or did; admins may give to one person what is for the team."""
    t, work, actor, handoff = ctx.t, ctx.work, ctx.actor, view.handoff
    reader = reader_of(work, handoff, actor.user_id, ctx.incoming.chat_id)
    said = entry_texts.entry(t, view, work.handoffs.proposal(handoff.id), reader, actor.time_zone)
    notice = work.handoff_notices.of_person(handoff.id, actor.user_id)
    if notice is not None and notice.later_at is not None and handoff.waiting:
        said = Html(f"{said}\n\n{entry_texts.put_off(t, notice.later_at, actor.time_zone)}")
    rows = waiting_buttons(t, view, notice, actor.user_id, str(source))
    if view.may_assign and handoff.movable and ctx.incoming.private:
        press = Press(HANDOFF, handoff.id, handoff.version, "reassign", source.listed)
        rows = [*rows, [button(reassign(t), press)]]
    return said, rows


def list_button(label: Html, source: Source) -> tuple[str, str]:
    return button(label, Press(HANDOFF, 0, 0, LIST, str(source)))
