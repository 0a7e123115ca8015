"""Which answer to a draft's question each of its buttons gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from bot.chat.callbacks import Press
from bot.domain.draft import Step
from bot.domain.draft_answers import (
    Answer,
    Back,
    BypassOff,
    Change,
    CodeTakenOut,
    DefaultGroupPicked,
    ExpiryPicked,
    FormatPicked,
    GroupPicked,
    HandOverWanted,
    IpPolicyPicked,
    ListedPicked,
    MeaningPicked,
    MeantAnswered,
    MethodPicked,
    NewGroupWanted,
    NoteCleared,
    PageTurned,
    ProxyKindPicked,
    ReadingPicked,
    ReceiverPicked,
    SearchCleared,
    TypePicked,
)
from bot.domain.proxy import ExtractionMethod, ProxyType, TextFormat

#: What the database keeps as a number.
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)

_PLAIN: Mapping[str, Answer] = {
    "default": DefaultGroupPicked(),
    "new_group": NewGroupWanted(),
    "all": SearchCleared(),
    "no_bypass": BypassOff(),
    "back": Back(),
    "hand": HandOverWanted(),
    "team": ReceiverPicked(None),
    "no_note": NoteCleared(),
}

#: Formats and methods by their place, since their names have characters that a button does not carry.
FORMATS: Sequence[TextFormat] = tuple(TextFormat)
METHODS: Sequence[ExtractionMethod] = tuple(ExtractionMethod)


_NUMBERED: Mapping[str, Callable[[int], Answer]] = {
    "group": GroupPicked,
    "take_out": CodeTakenOut,
    "meaning": MeaningPicked,
    "meant": lambda number: MeantAnswered(bool(number)),
    "page": PageTurned,
    "receiver": ReceiverPicked,
    "expiry": lambda hours: ExpiryPicked(hours or None),
    "pick": ListedPicked,
    "reading": ReadingPicked,
    "new_ip": lambda number: IpPolicyPicked(bool(number)),
    "format": lambda number: FormatPicked(FORMATS[number]),
    "method": lambda number: MethodPicked(METHODS[number]),
}

_NAMED: Mapping[str, Callable[[str], Answer]] = {
    "proxy": ProxyKindPicked,
    "type": lambda name: TypePicked(ProxyType(name)),
    "change": lambda name: Change(Step(name)),
}


def answer_of(press: Press) -> Answer | None:
    """The answer that a draft's button gives, None for one that gives none."""
    if not press.argument:
        return _PLAIN.get(press.action)
    try:
        if press.action in _NUMBERED and _NUMBER.fullmatch(press.argument):
            return _NUMBERED[press.action](int(press.argument))
        if press.action in _NAMED:
            return _NAMED[press.action](press.argument)
    except (ValueError, IndexError):
        pass
    return None
