"""A proxy of a text, and which of several are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.proxy import Custom
from bot.errors import InputError

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """One proxy of a text: its places in the tidy text, and every way to read it, the likeliest first.

    ``mistake`` is why it can't be used. ``evident`` says that it is a proxy beyond doubt. ``labels`` are those of its
    places where labels tell a part of it.
    """

    start: int
    spans: tuple[Span, ...]
    readings: tuple[Custom, ...] = field(repr=False)
    evident: bool
    mistake: InputError | None = None
    labels: tuple[Span, ...] = ()

    @property
    def end(self) -> int:
        """Where the last of its places ends."""
        return max(end for _, end in self.spans)

    @property
    def has_login(self) -> bool:
        """Whether it can be read with a user, and a password that is told or to be asked for."""
        return any(way.user and way.password != "" for way in self.readings)


def without_doubles(found: Sequence[Found]) -> Iterator[Found]:
    """Proxies in their order; one that stands without its login first, and with it later, is one."""
    later: dict[str, list[int]] = {}
    for index, each in enumerate(found):
        for host in {reading.host or "" for reading in each.readings if reading.user or reading.password}:
            if each.mistake is None:
                later.setdefault(host, []).append(index)
    taken: set[int] = set()
    for index, each in enumerate(found):
        if index in taken:
            continue
        hosts = {reading.host or "" for reading in each.readings}
        bare = each.mistake is None and not any(reading.user or reading.password for reading in each.readings)
        other = next((at for host in hosts for at in later.get(host, ()) if at > index and at not in taken), None)
        if bare and other is not None:
            taken.add(other)
            yield _joined(each, found[other])
        else:
            yield each


def _joined(first: Found, other: Found) -> Found:
    hosts = {each.host for each in first.readings}
    with_login = [each for each in other.readings if each.host in hosts and (each.user or each.password)]
    addresses = {(each.host, each.port) for each in with_login}
    types = {each.type for each in first.readings}
    type_ = types.pop() if len(types) == 1 else None
    # Of the same host with another port either may be meant.
    bare = [each for each in first.readings if (each.host, each.port) not in addresses]
    readings = (*(replace(each, type=each.type or type_) for each in with_login), *bare)
    labels = (*first.labels, *other.labels)
    return replace(first, spans=(*first.spans, *other.spans), readings=readings, evident=True, labels=labels)
