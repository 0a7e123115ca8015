"""The import log in the chat, in pages that are turned by buttons, and what of it somebody is looking for."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.chat import words
from bot.chat.callbacks import HISTORY, MOST_BYTES, Press, button
from bot.chat.history import texts
from bot.chat.translator import Html, width
from bot.chat.update_context import UpdateContext
from bot.errors import NotAllowed
from bot.usecases.buttons import Problem
from bot.usecases.history import LogPage, ReadLog, read_own_log, read_whole_log
from bot.usecases.log_search import searched
from bot.usecases.records import Buttons, Role

#: Characters of HTML, in Telegram's way of counting, that are certain to fit into a message.
ROOM = 4000

_MINE, _ALL, _FIND = "mine", "all", "find"
_READ = {_MINE: read_own_log, _ALL: read_whole_log}
#: Before or after a row, or nothing; with as many digits as the database takes for a number.
_ARGUMENT = re.compile(r"(?:[ab][0-9]{1,18})?", re.ASCII)
#: The longest place in the log for which there has to be room on a button beside what is looked for.
_LONGEST_PLACE = "b9999999999"


def command(ctx: UpdateContext) -> None:
    """``/history``: one's own; who only looks on has none, and begins with everyone's.

    With something behind it that is looked for, by admins among everyone's as well.
    """
    typed = ctx.incoming.argument
    search = _fitting(ctx, searched(typed) or "")
    everyone = {Role.VIEWER, Role.ADMIN} if search else {Role.VIEWER}
    read = read_whole_log if ctx.actor.role in everyone and ctx.incoming.private else read_own_log
    found = read(ctx.work, ctx.actor, ReadLog(ctx.incoming.where, search=search))
    if typed and not search:
        # The page would look like an answer to it.
        ctx.say(texts.not_searched(ctx.t), [[_find(ctx, _whose(found))]])
        return
    _show(ctx, found)


def pressed(ctx: UpdateContext, press: Press) -> None:
    """``mine`` or ``all``, with where to go on: ``b7`` is what is older than row 7, ``a7`` what is newer.

    The button names the person for whom the page was made, and what they are looking for. ``find`` explains how to.
    """
    if press.id != ctx.actor.user_id:
        ctx.explain(Problem.NOT_YOURS)
        return
    if press.action == _FIND and press.argument in _READ:
        ctx.edit(texts.how_to_find(ctx.t), [[_one(ctx, words.back(ctx.t), press.argument)]])
        return
    search = searched(press.text) if press.text else ""
    if press.action not in _READ or search is None or _ARGUMENT.fullmatch(press.argument) is None:
        ctx.explain(Problem.OLD_BUTTON)
        return
    way, row_id = press.argument[:1], int(press.argument[1:] or 0)
    turn = ReadLog(
        ctx.incoming.where,
        before=row_id if way == "b" else None,
        after=row_id if way == "a" else None,
        search=_fitting(ctx, search),
    )
    try:
        read = _READ[press.action](ctx.work, ctx.actor, turn)
    except NotAllowed:
        # In a group chat no button of ours leads there.
        ctx.explain(Problem.OLD_BUTTON)
        return
    _show(ctx, read, edit_message_id=ctx.incoming.message_id, turning_back=way == "a")


def _fitting(ctx: UpdateContext, search: str) -> str:
    """As much of it as there is room for on a button that turns the page."""
    room = MOST_BYTES - len(f"{_press(ctx, _MINE, _LONGEST_PLACE)}~")
    text = search.encode()
    return search if len(text) <= room else text[:room].decode(errors="ignore").rstrip()


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
    t, actor = ctx.t, ctx.actor
    page = texts.history(
        t, read.page.rows, actor.time_zone, everyone=read.whole, reader=actor.user_id, search=read.search
    )
    limits = [texts.looked_through(t)] if read.partly else []
    limits += [texts.many_people(t)] if read.many_people else []
    return Html("\n\n".join([page, *limits]))


def _buttons(ctx: UpdateContext, read: LogPage) -> Buttons:
    t, rows, search = ctx.t, read.page.rows, read.search
    whose = _whose(read)
    turn = []
    if read.page.newer:
        turn.append(_one(ctx, Html(f"‹ {words.previous(t)}"), whose, f"a{rows[0].id}", search))
    if read.page.older:
        turn.append(_one(ctx, Html(f"{words.next_(t)} ›"), whose, f"b{rows[-1].id}", search))
    below = []
    if read.may_switch:
        mine, everyone = (words.mine(t), _MINE), (words.everyone(t), _ALL)
        label, other = mine if read.whole else everyone
        below.append(_one(ctx, label, other, search=search))
    if search:
        below.append(_one(ctx, texts.all_again(t, search), whose))
    elif rows:
        below.append(_find(ctx, whose))
    return [row for row in (turn, below) if row]


def _whose(read: LogPage) -> str:
    return _ALL if read.whole else _MINE


def _find(ctx: UpdateContext, whose: str) -> tuple[str, str]:
    return _one(ctx, words.find(ctx.t), _FIND, whose)


def _one(ctx: UpdateContext, label: str, action: str, argument: str = "", search: str = "") -> tuple[str, str]:
    return button(label, replace(_press(ctx, action, argument), text=search))


def _press(ctx: UpdateContext, action: str, argument: str) -> Press:
    return Press(HISTORY, ctx.actor.user_id, 0, action, argument)
