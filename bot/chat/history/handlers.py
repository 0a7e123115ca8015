"""The import log in the chat, in pages that are turned by buttons."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.chat import words
from bot.chat.callbacks import HISTORY, Press, button
from bot.chat.history import texts
from bot.chat.translator import Html, width
from bot.chat.update_context import UpdateContext
from bot.errors import NotAllowed
from bot.usecases.buttons import Problem
from bot.usecases.history import LogPage, ReadLog, read_own_log, read_whole_log
from bot.usecases.records import Buttons, Role

#: Characters of HTML, in Telegram's way of counting, that are certain to fit into a message.
ROOM = 4000

_MINE, _ALL = "mine", "all"
_READ = {_MINE: read_own_log, _ALL: read_whole_log}
#: Before or after a row, or nothing; with as many digits as the database takes for a number.
_ARGUMENT = re.compile(r"(?:[ab][0-9]{1,18})?", re.ASCII)


def command(ctx: UpdateContext) -> None:
    """``/history``: one's own; who only looks on has none, and begins with everyone's."""
    begins_with_all = ctx.actor.role is Role.VIEWER and ctx.incoming.private
    read = read_whole_log if begins_with_all else read_own_log
    _show(ctx, read(ctx.work, ctx.actor, ReadLog(ctx.incoming.where)))


def pressed(ctx: UpdateContext, press: Press) -> None:
    """``mine`` or ``all``, with where to go on: ``b7`` is what is older than row 7, ``a7`` what is newer.

    The button names the person for whom the page was made.
    """
    if press.id != ctx.actor.user_id:
        ctx.explain(Problem.NOT_YOURS)
        return
    if press.action not in _READ or _ARGUMENT.fullmatch(press.argument) is None:
        ctx.explain(Problem.OLD_BUTTON)
        return
    way, row_id = press.argument[:1], int(press.argument[1:] or 0)
    turn = ReadLog(ctx.incoming.where, before=row_id if way == "b" else None, after=row_id if way == "a" else None)
    try:
        read = _READ[press.action](ctx.work, ctx.actor, turn)
    except NotAllowed:
        # In a group chat no button of ours leads there.
        ctx.explain(Problem.OLD_BUTTON)
        return
    _show(ctx, read, edit_message_id=ctx.incoming.message_id, turning_back=way == "a")


def _show(ctx: UpdateContext, read: LogPage, *, edit_message_id: int | None = None, turning_back: bool = False) -> None:
    text = _text(ctx, read)
    while width(text) > ROOM and len(read.page.rows) > 1:
        # What is left out is on the page beside, on the side towards which the pages are turned.
        page = read.page
        if turning_back:
            page = replace(page, rows=page.rows[1:], newer=True)
        else:
            page = replace(page, rows=page.rows[:-1], older=True)
        read = replace(read, page=page)
        text = _text(ctx, read)
    ctx.work.outbox.say(
        ctx.incoming.where, text, ctx.work.now, buttons=_buttons(ctx, read), edit_message_id=edit_message_id
    )


def _text(ctx: UpdateContext, read: LogPage) -> Html:
    return texts.history(ctx.t, read.page.rows, ctx.actor.time_zone, everyone=read.whole)


def _buttons(ctx: UpdateContext, read: LogPage) -> Buttons:
    t = ctx.t
    whose = _ALL if read.whole else _MINE

    def one(label: str, action: str, argument: str = "") -> tuple[str, str]:
        return button(label, Press(HISTORY, ctx.actor.user_id, 0, action, argument))

    turn = []
    if read.page.newer:
        turn.append(one(Html(f"‹ {words.previous(t)}"), whose, f"a{read.page.rows[0].id}"))
    if read.page.older:
        turn.append(one(Html(f"{words.next_(t)} ›"), whose, f"b{read.page.rows[-1].id}"))
    rows = [turn] if turn else []
    if read.may_switch:
        rows.append([one(words.mine(t), _MINE) if read.whole else one(words.everyone(t), _ALL)])
    return rows
