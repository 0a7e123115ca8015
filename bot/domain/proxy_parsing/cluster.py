"""A proxy around an address, with the ways to read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.logins import Login
from bot.domain.proxy_parsing.told import Told
from bot.domain.proxy_parsing.ways import Way
from bot.domain.proxy_parsing.words import goes_first, is_secret, may_go_last
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

    ``loose`` says that nothing but a space joins its login on, ``fixed`` that it stands in front as in a URL, where
    the user always goes first.
    """

    spans: tuple[Span, ...]
    ways: tuple[Way, ...] = field(repr=False)
    evident: bool
    mistake: InputError | None = None
    loose: bool = False
    fixed: bool = False

    @property
    def is_bare(self) -> bool:
        return not any(way.login.user or way.login.password for way in self.ways)

    def readings(self, told: Told, type_: ProxyType | None) -> Iterator[Custom]:
        users = [told.user, *([told.longer_user] if told.user and told.longer_user else [])]
        for way, user in product(self.ways, users):
            for login in _logins(replace(told, user=user), way.login, fixed=self.fixed):
                yield Custom(way.host, way.port, way.type or login.type or type_, login.user, login.password)

    def contradicted(self, told: Told) -> InputError | None:
        """Why the proxy can't be used where labels call the user of its login the password, and that may be so."""
        for login in (way.login for way in self.ways):
            sure = told.signed or not goes_first(login.user, login.password or "")
            if sure and _calls_turned(told, login) and not _is_turned(told, login, fixed=self.fixed):
                return InputError("unreadable")
        return None


def _logins(told: Told, login: Login, *, fixed: bool) -> list[Login]:
    if not _calls_turned(told, login):
        return _merged(told, login)
    if _is_turned(told, login, fixed=fixed):
        return [replace(login, user=(login.password or "").rstrip(",;"), password=login.user)]
    return [replace(login, password=None)]


def _merged(told: Told, login: Login) -> list[Login]:
    """The login of labels and of what stands around the address; both, where each is whole and they differ."""
    if not told.explains_login:
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


def _calls_turned(told: Told, login: Login) -> bool:
    """Whether labels say that the password of a row goes first: "host:port:Pw1:ana, login ana"."""
    user, last = (told.user or "").rstrip(",;)"), (login.password or "").rstrip(",;")
    if told.open or not login.user or not last or login.user == last:
        return False
    by_password = told.password == login.user and user in ("", last)
    return by_password or (user == last and told.password in (None, login.user))


def _is_turned(told: Told, login: Login, *, fixed: bool) -> bool:
    """Whether such labels are to be believed: one with nothing but a space behind it may be a word of a sentence."""
    both = bool(told.user) and told.password is not None
    sure = told.signed or is_secret(login.user)
    return not fixed and (both or may_go_last(login.user, login.password or "", sure=sure))
