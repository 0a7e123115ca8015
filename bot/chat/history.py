"""The import log in the chat: one's own, or for admins everyone's, in pages."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.chat.callbacks import HISTORY, Press
from bot.chat.desk import Handling
from bot.chat.language import plain
from bot.chat.texts import talk, words
from bot.transfer.records import Buttons, Page

#: Imports on one page, where their names leave room for so many.
SIZE = 6
#: Characters of HTML, in Telegram's way of counting, that are certain to fit into a message.
ROOM = 4000

_MINE, _ALL = "mine", "all"
#: Before or after a row, or nothing; with as many digits as the database takes for a number.
_PLACE = re.compile(r"(?:[ab][0-9]{1,18})?", re.ASCII)


async def command(handling: Handling) -> None:
    """``/history``."""
    await _show(handling, _MINE, await _page(handling, _MINE))


async def pressed(handling: Handling, press: Press) -> None:
    """``mine`` or ``all``, with where to go on: ``b7`` is what is older than row 7, ``a7`` what is newer.

    The button names the person for whom the page was made.
    """
    whose, way, row_id = press.action, press.argument[:1], press.argument[1:]
    if press.id != handling.turn.person_id:
        handling.popup = talk.not_yours(handling.t)
        return
    allowed = whose == _MINE or (whose == _ALL and _sees_everyone(handling))
    if not allowed or _PLACE.fullmatch(press.argument) is None:
        handling.popup = talk.old_button(handling.t)
        return
    number = int(row_id) if way else None
    page = await _page(handling, whose, before=number if way == "b" else None, after=number if way == "a" else None)
    if not page.rows:
        # Nothing lies there: no button of ours leads to such a place.
        page = await _page(handling, whose)
    await _show(handling, whose, page, edit_message_id=handling.turn.message_id, turning_back=way == "a")


def _sees_everyone(handling: Handling) -> bool:
    """Only where nobody else looks on."""
    return handling.turn.private and handling.desk.is_admin(handling.user)


async def _page(handling: Handling, whose: str, *, before: int | None = None, after: int | None = None) -> Page:
    person = None if whose == _ALL else handling.turn.person_id
    return await handling.work.log.page(user_id=person, size=SIZE, before=before, after=after)


async def _show(
    handling: Handling,
    whose: str,
    page: Page,
    *,
    edit_message_id: int | None = None,
    turning_back: bool = False,
) -> None:
    text = _text(handling, whose, page)
    while len(text.encode("utf-16-le")) // 2 > ROOM and len(page.rows) > 1:
        # What is left out is on the page beside, on the side towards which the pages are turned.
        if turning_back:
            page = replace(page, rows=page.rows[1:], newer=True)
        else:
            page = replace(page, rows=page.rows[:-1], older=True)
        text = _text(handling, whose, page)
    await handling.work.outbox.say(
        handling.turn.where,
        text,
        handling.now,
        buttons=_buttons(handling, page, whose),
        edit_message_id=edit_message_id,
    )


def _text(handling: Handling, whose: str, page: Page) -> str:
    return talk.history(handling.t, page.rows, handling.user.time_zone, everyone=whose == _ALL)


def _buttons(handling: Handling, page: Page, whose: str) -> Buttons:
    t = handling.t

    def one(label: str, action: str, argument: str = "") -> tuple[str, str]:
        return plain(label), str(Press(HISTORY, handling.turn.person_id, 0, action, argument))

    turn = []
    if page.newer:
        turn.append(one(f"‹ {words.back(t)}", whose, f"a{page.rows[0].id}"))
    if page.older:
        turn.append(one(f"{words.next_(t)} ›", whose, f"b{page.rows[-1].id}"))
    rows = [turn] if turn else []
    if _sees_everyone(handling):
        rows.append([one(words.everyone(t), _ALL) if whose == _MINE else one(words.mine(t), _MINE)])
    return rows
