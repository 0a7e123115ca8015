"""What a button carries: ``kind:id:revision:action[:argument]``, 64 bytes at most. Input from outside, as any other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.draft import Step
from bot.domain.draft_answers import (
    Answer,
    Back,
    BypassOff,
    Change,
    DefaultGroupPicked,
    FormatPicked,
    GroupPicked,
    IpPolicyPicked,
    ListedPicked,
    MethodPicked,
    NewGroupWanted,
    PageTurned,
    ProxyKindPicked,
    ReadingPicked,
    SearchCleared,
    TypePicked,
)
from bot.domain.proxy import ExtractionMethod, ProxyType, TextFormat

DRAFT = "d"
BATCH = "b"
HISTORY = "h"
#: A button that belongs to no row, as under the greeting.
ANYWHERE = "n"

#: What the database keeps as a number.
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_FORM = re.compile(r"([dbhn]):([0-9]{1,18}):([0-9]{1,9}):([a-z_]{1,16})(?::([A-Za-z0-9_]{1,24}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Press:
    """A button, written and read. ``id`` and ``revision`` are 0 where they mean nothing."""

    kind: str
    id: int
    revision: int
    action: str
    argument: str = ""

    def __str__(self) -> str:
        text = f"{self.kind}:{self.id}:{self.revision}:{self.action}"
        return f"{text}:{self.argument}" if self.argument else text


def read(data: str | None) -> Press | None:
    """The press, or None for what no button of ours can carry."""
    found = _FORM.fullmatch(data or "")
    if found is None:
        return None
    kind, row_id, revision, action, argument = found.groups()
    return Press(kind, int(row_id), int(revision), action, argument or "")


_PLAIN: Mapping[str, Answer] = {
    "default": DefaultGroupPicked(),
    "new_group": NewGroupWanted(),
    "all": SearchCleared(),
    "no_bypass": BypassOff(),
    "back": Back(),
}

#: Formats and methods by their place, since their names have characters that a button does not carry.
FORMATS: Sequence[TextFormat] = tuple(TextFormat)
METHODS: Sequence[ExtractionMethod] = tuple(ExtractionMethod)


_NUMBERED: Mapping[str, Callable[[int], Answer]] = {
    "group": GroupPicked,
    "page": PageTurned,
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
