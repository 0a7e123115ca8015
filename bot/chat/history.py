"""The import log in the chat: one's own, or for admins everyone's, in pages."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.chat.callbacks import HISTORY, Press
from bot.chat.texts import talk, words
from bot.chat.translator import plain
from bot.chat.update_context import UpdateContext
from bot.usecases.records import Buttons, Page

#: Imports on one page, where their names leave room for so many.
SIZE = 6
#: Characters of HTML, in Telegram's way of counting, that are certain to fit into a message.
ROOM = 4000

_MINE, _ALL = "mine", "all"
#: Before or after a row, or nothing; with as many digits as the database takes for a number.
_PLACE = re.compile(r"(?:[ab][0-9]{1,18})?", re.ASCII)


def command(ctx: UpdateContext) -> None:
    """``/history``."""
    _show(ctx, _MINE, _page(ctx, _MINE))


def pressed(ctx: UpdateContext, press: Press) -> None:
    """``mine`` or ``all``, with where to go on: ``b7`` is what is older than row 7, ``a7`` what is newer.

    The button names the person for whom the page was made.
    """
    whose, way, row_id = press.action, press.argument[:1], press.argument[1:]
    if press.id != ctx.incoming.user_id:
        ctx.popup = talk.not_yours(ctx.t)
        return
    allowed = whose == _MINE or (whose == _ALL and _sees_everyone(ctx))
    if not allowed or _PLACE.fullmatch(press.argument) is None:
        ctx.popup = talk.old_button(ctx.t)
        return
    number = int(row_id) if way else None
    page = _page(ctx, whose, before=number if way == "b" else None, after=number if way == "a" else None)
    if not page.rows:
        # Nothing lies there: no button of ours leads to such a place.
        page = _page(ctx, whose)
    _show(ctx, whose, page, edit_message_id=ctx.incoming.message_id, turning_back=way == "a")


def _sees_everyone(ctx: UpdateContext) -> bool:
    """Only where nobody else looks on."""
    return ctx.incoming.private and ctx.deps.is_admin(ctx.user)


def _page(ctx: UpdateContext, whose: str, *, before: int | None = None, after: int | None = None) -> Page:
    person = None if whose == _ALL else ctx.incoming.user_id
    return ctx.work.log.page(user_id=person, size=SIZE, before=before, after=after)


def _show(
    ctx: UpdateContext,
    whose: str,
    page: Page,
    *,
    edit_message_id: int | None = None,
    turning_back: bool = False,
) -> None:
    text = _text(ctx, whose, page)
    while len(text.encode("utf-16-le")) // 2 > ROOM and len(page.rows) > 1:
        # What is left out is on the page beside, on the side towards which the pages are turned.
        if turning_back:
            page = replace(page, rows=page.rows[1:], newer=True)
        else:
            page = replace(page, rows=page.rows[:-1], older=True)
        text = _text(ctx, whose, page)
    ctx.work.outbox.say(
        ctx.incoming.where,
        text,
        ctx.now,
        buttons=_buttons(ctx, page, whose),
        edit_message_id=edit_message_id,
    )


def _text(ctx: UpdateContext, whose: str, page: Page) -> str:
    return talk.history(ctx.t, page.rows, ctx.user.time_zone, everyone=whose == _ALL)


def _buttons(ctx: UpdateContext, page: Page, whose: str) -> Buttons:
    t = ctx.t

    def one(label: str, action: str, argument: str = "") -> tuple[str, str]:
        return plain(label), str(Press(HISTORY, ctx.incoming.user_id, 0, action, argument))

    turn = []
    if page.newer:
        turn.append(one(f"‹ {words.back(t)}", whose, f"a{page.rows[0].id}"))
    if page.older:
        turn.append(one(f"{words.next_(t)} ›", whose, f"b{page.rows[-1].id}"))
    rows = [turn] if turn else []
    if _sees_everyone(ctx):
        rows.append([one(words.everyone(t), _ALL) if whose == _MINE else one(words.mine(t), _MINE)])
    return rows
