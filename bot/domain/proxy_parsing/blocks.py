"""A text's labels, one block for each proxy that they tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.domain.proxy_parsing.addresses import find_addresses
from bot.domain.proxy_parsing.label_values import Label
from bot.domain.proxy_parsing.lines import line_start
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.vocabulary import Part


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a text, and the labels in it."""

    start: int
    end: int
    labels: tuple[Label, ...]


def blocks_of(view: View, labels: Sequence[Label]) -> list[Block]:
    """The text in blocks: a new one begins where a label comes again, and with it another proxy."""
    starts = [0]
    groups: list[list[Label]] = [[]]
    seen: set[tuple[object, ...]] = set()
    for label in labels:
        key = _key(label)
        before = groups[-1]
        if key is not None and key in seen and _is_another(view, before, label):
            starts.append(_start(view, before, label))
            groups.append([])
            seen = set()
        if key is not None:
            seen.add(key)
        groups[-1].append(label)
    ends = [*starts[1:], len(view.plain)]
    return [Block(start, end, tuple(group)) for start, end, group in zip(starts, ends, groups, strict=True)]


def _key(label: Label) -> tuple[object, ...] | None:
    """What may stand once in a block; None for a label that says nothing of a proxy."""
    if label.part in (Part.OTHER, Part.TYPE) or label.start == label.end:
        return None
    if label.part is Part.PORT:
        return (label.part, label.qualifier.lower() if is_type(label.qualifier) else "")
    if label.part is Part.HOST:
        return (label.part, label.name)
    return (label.part,)


def _is_another(view: View, before: Sequence[Label], label: Label) -> bool:
    """Whether a label that comes again begins another proxy, rather than telling the same twice, or otherwise."""
    former = next(each for each in reversed(before) if _key(each) == _key(label))
    if view.plain[former.start : former.end] == view.plain[label.start : label.end] and label.part is Part.HOST:
        return False
    if label.part is Part.HOST:
        return True
    if any(each.part is Part.HOST for each in takewhile(lambda each: each is not former, reversed(before))):
        return True
    # Without a host of their own: there is one where an address stands between. "Admin port" is another of the same.
    return bool(find_addresses(view.plain[former.end : label.begin]))


def _start(view: View, before: Sequence[Label], label: Label) -> int:
    """Where the block of a label begins: an address may stand above it."""
    floor = before[-1].end
    found = find_addresses(view.plain[floor : label.begin])
    at = floor + found[0].start if found else label.begin
    return max(floor, line_start(view.plain, at))
