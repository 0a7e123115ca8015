"""A proxy around an address, with the ways to read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.logins import Login
from bot.domain.proxy_parsing.told import Told
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
        users = [told.user, *([told.longer_user] if told.user and told.longer_user else [])]
        for way, user in product(self.ways, users):
            for login in _merged(replace(told, user=user), way.login):
                yield Custom(way.host, way.port, way.type or login.type or type_, login.user, login.password)


def _merged(told: Told, login: Login) -> list[Login]:
    """The login of labels and of what stands around the address; both, where each is whole and they differ."""
    login, is_turned = _turned(told, login)
    if not told.explains_login or is_turned:
        return [login]
    user = login.user if told.user is None else told.user
    if told.open:
        labelled = replace(login, user=user, password=None)
        other = login.password and login.user and user != login.user
        return [login, labelled] if other else [labelled]
    if told.user is None and login.user and login.password and login.password != told.password:
        return [login, replace(login, password=told.password)]  # "host:port:ana:pass and my mail password: Pw1secret"
    if told.password is None:
        if user == login.user:
            return [login]
        labelled = replace(login, user=user, password=None if user else "")
        return [labelled, login] if login.user and login.password else [labelled]
    labelled = replace(login, user=user, password=told.password)
    whole = login.password and told.user is not None and login != labelled
    return [login, labelled] if whole else [labelled]


def _turned(told: Told, login: Login) -> tuple[Login, bool]:
    """The login of a row, turned where labels say that its password goes first: "host:port:Pw1:ana, login ana"."""
    user, last = (told.user or "").rstrip(",;)"), (login.password or "").rstrip(",;")
    if told.open or not login.user or not last or login.user == last:
        return login, False
    by_password = told.password == login.user and user in ("", last)
    by_user = user == last and told.password in (None, login.user)
    return (replace(login, user=last, password=login.user), True) if by_password or by_user else (login, False)
