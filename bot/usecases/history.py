"""The import log as people read it: one's own, or everyone's, in pages, all of it or what is looked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.errors import NotAllowed
from bot.usecases.actor import Actor
from bot.usecases.log_search import sought
from bot.usecases.permissions import UseCase, may, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Page, Place

#: Imports on one page.
PAGE_SIZE = 6


@dataclass(frozen=True, slots=True)
class ReadLog:
    """``before`` and ``after`` are ids of rows: what is older than the one, or newer than the other.

    ``search`` is what is looked for, as ``log_search.searched`` gives it; empty for all of it.
    """

    where: Place
    before: int | None = None
    after: int | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class LogPage:
    """``whole``: these are everyone's imports. ``may_switch``: the reader may see everyone's here.

    What was looked for is ``search``. ``partly``: profiles' names were looked at in the newest imports only.
    ``many_people``: more people are called so than were looked for.
    """

    page: Page
    whole: bool
    may_switch: bool
    search: str = ""
    partly: bool = False
    many_people: bool = False


def read_own_log(work: UnitOfWork, actor: Actor, command: ReadLog) -> LogPage:
    """A page of what the actor has imported, or given to others who imported it."""
    require(actor, UseCase.READ_OWN_LOG)
    return _read(work, command, actor.user_id, may_switch=_may_see_whole(actor, command.where))


def read_whole_log(work: UnitOfWork, actor: Actor, command: ReadLog) -> LogPage:
    """A page of everyone's imports. Raises ``NotAllowed`` where others look on, too."""
    require(actor, UseCase.READ_WHOLE_LOG)
    if not command.where.private:
        raise NotAllowed("everyone's imports are shown in private only")
    return _read(work, command, None, may_switch=True)


def _may_see_whole(actor: Actor, where: Place) -> bool:
    return where.private and may(actor, UseCase.READ_WHOLE_LOG)


def _read(work: UnitOfWork, command: ReadLog, user_id: int | None, *, may_switch: bool) -> LogPage:
    read = _page(work, command, user_id, may_switch=may_switch)
    if read.page.rows or (command.before is None and command.after is None):
        return read
    # Nothing lies there: no button of ours leads to such a place.
    return _page(work, replace(command, before=None, after=None), user_id, may_switch=may_switch)


def _page(work: UnitOfWork, command: ReadLog, user_id: int | None, *, may_switch: bool) -> LogPage:
    turn = {"before": command.before, "after": command.after}
    whole = user_id is None
    if not command.search:
        return LogPage(work.log.page(user_id=user_id, size=PAGE_SIZE, **turn), whole, may_switch)
    wanted, many = sought(work, command.search)
    found = work.log_search.find(wanted, user_id=user_id, size=PAGE_SIZE, **turn)
    return LogPage(found.page, whole, may_switch, command.search, found.partly, many)
