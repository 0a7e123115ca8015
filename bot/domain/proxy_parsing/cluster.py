"""A proxy around an address, with the ways to read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.told import Told, merged
from bot.domain.proxy_parsing.ways import Way
from bot.errors import InputError

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scope:
    """A stretch of a text; ``guess`` says that words beside an address may be its login."""

    start: int
    end: int
    guess: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """A proxy with the ways to read it; ``mistake`` is why its type can't be used.

    ``loose`` says that nothing but a space joins its login on.
    """

    spans: tuple[Span, ...]
    ways: tuple[Way, ...] = field(repr=False)
    evident: bool
    mistake: InputError | None = None
    loose: bool = False

    @property
    def is_bare(self) -> bool:
        return not any(way.login.user or way.login.password for way in self.ways)

    def readings(self, told: Told, type_: ProxyType | None) -> Iterator[Custom]:
        for way in self.ways:
            for login in merged(told, way.login):
                yield Custom(way.host, way.port, way.type or login.type or type_, login.user, login.password)
