"""The import log as people read it: one's own, or everyone's, in pages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import NotAllowed
from bot.usecases.actor import Actor
from bot.usecases.permissions import UseCase, may, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Page, Place

#: Imports on one page.
PAGE_SIZE = 6


@dataclass(frozen=True, slots=True)
class ReadLog:
    """``before`` and ``after`` are ids of rows: what is older than the one, or newer than the other."""

    where: Place
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """``whole``: these are everyone's imports. ``may_switch``: the reader may see everyone's here."""

    page: Page
    whole: bool
    may_switch: bool


def read_own_log(work: UnitOfWork, actor: Actor, command: ReadLog) -> LogPage:
    """A page of the actor's own imports."""
    require(actor, UseCase.READ_OWN_LOG)
    return LogPage(_page(work, command, actor.user_id), whole=False, may_switch=_may_see_whole(actor, command.where))


def read_whole_log(work: UnitOfWork, actor: Actor, command: ReadLog) -> LogPage:
    """A page of everyone's imports. Raises ``NotAllowed`` where others look on, too."""
    require(actor, UseCase.READ_WHOLE_LOG)
    if not command.where.private:
        raise NotAllowed("everyone's imports are shown in private only")
    return LogPage(_page(work, command, None), whole=True, may_switch=True)


def _may_see_whole(actor: Actor, where: Place) -> bool:
    return where.private and may(actor, UseCase.READ_WHOLE_LOG)


def _page(work: UnitOfWork, command: ReadLog, user_id: int | None) -> Page:
    page = work.log.page(user_id=user_id, size=PAGE_SIZE, before=command.before, after=command.after)
    if page.rows or (command.before is None and command.after is None):
        return page
    # Nothing lies there: no button of ours leads to such a place.
    return work.log.page(user_id=user_id, size=PAGE_SIZE)
