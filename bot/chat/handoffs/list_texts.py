"""The lists of what was left: what waits for somebody, what they have left, and what everybody has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from bot.chat.handoffs.entry_texts import heading
from bot.chat.handoffs.hand_over_texts import note_line
from bot.chat.handoffs.standing_texts import Reader, stands
from bot.chat.translator import Html, Translator, cut
from bot.usecases.handoff_lists import HandoffView

#: Characters of a note that are shown in a list.
LONGEST_NOTE = 60
#: Of a name on a button, so that a phone shows the code behind it too.
BESIDE_MASK = 16


class Listed(StrEnum):
    """Which list; its letter stands in what a button carries."""

    INBOX = "i"
    GIVEN = "g"
    ALL = "a"


_TITLES: Mapping[Listed, Callable[[Translator], Html]] = {
    Listed.INBOX: lambda t: t("<b>Codes that wait for you</b>, newest first"),
    Listed.GIVEN: lambda t: t("<b>Codes that you have left</b>, newest first"),
    Listed.ALL: lambda t: t("<b>Codes that everybody has left</b>, newest first"),
}
_EMPTY: Mapping[Listed, Callable[[Translator], Html]] = {
    Listed.INBOX: lambda t: t(
        "Nothing is waiting for you. When somebody leaves you a code, I'll tell you, and it is here until you take it."
    ),
    Listed.GIVEN: lambda t: t(
        "You haven't left any codes for others yet. To leave one, send it to me, and tap Hand over."
    ),
    Listed.ALL: lambda t: t(
        "Nobody has left any codes for others yet. To leave one, send it to me, and tap Hand over."
    ),
}


def empty(t: Translator, listed: Listed) -> Html:
    return _EMPTY[listed](t)


def page(t: Translator, listed: Listed, entries: Sequence[Html]) -> Html:
    return Html("\n\n".join([_TITLES[listed](t), *entries]))


def entry(t: Translator, number: int, view: HandoffView, reader_id: int, time_zone: str) -> Html:
    """One handoff in a list, by its number there."""
    handoff = view.handoff
    head = t("{number}. {what}", number=t.number(number), what=heading(t, view, reader_id))
    mask = handoff.codes[0].code_mask
    more = len(handoff.codes) - 1
    lines = [head, t("{code} and {count} more", code=mask, count=t.number(more)) if more else Html(mask)]
    if handoff.note:
        lines.append(note_line(t, cut(handoff.note, LONGEST_NOTE)))
    standing = stands(t, view, Reader(reader_id))
    when = t("Left: {when}", when=t.moment(handoff.created_at, time_zone))
    return Html("\n".join([*lines, when, *([] if standing is None else [standing])]))


def left_by_me(t: Translator) -> Html:
    return t("Left by me")


def left_by_everybody(t: Translator) -> Html:
    return t("Left by everybody")


def label(number: str, name: str, mask: str) -> str:
    """Of an entry on its button: its number, whose it is, and the first of its codes."""
    return f"{number}. {cut(name, BESIDE_MASK)} {mask}"
