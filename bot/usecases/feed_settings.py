"""Where the team's feed is, and how loud it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.loudness import Loudness
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import Problem
from bot.usecases.feed_rows import Feed, FeedKind
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place


@dataclass(frozen=True, slots=True)
class Begin:
    """Have the feed here, where the team has none."""


@dataclass(frozen=True, slots=True)
class Move:
    """Have it here, wherever it was."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave it where it is."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Tell something of this kind like this."""

    kind: FeedKind
    loudness: Loudness


@dataclass(frozen=True, slots=True)
class SetFeed:
    """``revision`` is the feed's that the pressed button shows; nothing was pressed to ``Begin``."""

    where: Place
    wish: Begin | Move | Keep | Stop | Change
    revision: int = 0


@dataclass(frozen=True, slots=True)
class FeedNow:
    """The feed as it is now, None where there is none, and whether that is ``here``.

    ``title`` is that of its group chat. ``problem`` is why a press did nothing.
    """

    feed: Feed | None = None
    here: bool = False
    title: str = ""
    problem: Problem | None = None


def set_feed(work: UnitOfWork, actor: Actor, command: SetFeed) -> FeedNow:
    """Begin, move, change or end the team's feed. In private there is none."""
    require(actor, UseCase.SET_FEED)
    where, wish = command.where, command.wish
    if where.private:
        return FeedNow(problem=Problem.OLD_BUTTON)
    feed = work.feed.find(lock=True)
    if isinstance(wish, Begin):
        if feed is None:
            work.feed.begin(where, work.now)
            _note(work, actor, where, "begun")
        return _now(work, where)
    if feed is None or feed.revision != command.revision:
        return replace(_now(work, where), problem=Problem.OLD_BUTTON)
    match wish:
        case Keep():
            pass
        case Move() if not feed.is_at(where):
            here = replace(feed, chat_id=where.chat_id, thread_id=where.thread_id, language=where.language)
            work.feed.write(here)
            _note(work, actor, where, "moved")
        # An old message does not say in which topic it stands.
        case Stop() if feed.chat_id == where.chat_id:
            work.feed.end()
            _note(work, actor, where, "ended")
        case Change() if feed.chat_id == where.chat_id:
            work.feed.write(_changed(feed, wish))
            _note(work, actor, where, f"{wish.kind}_{wish.loudness}")
        case _:
            return replace(_now(work, where), problem=Problem.OLD_BUTTON)
    return _now(work, where)


def _changed(feed: Feed, wish: Change) -> Feed:
    match wish.kind:
        case FeedKind.IMPORTED:
            return replace(feed, imported=wish.loudness)
        case FeedKind.HANDED_OVER:
            return replace(feed, handed_over=wish.loudness)
        case FeedKind.FAILED:
            return replace(feed, failed=wish.loudness)


def _note(work: UnitOfWork, actor: Actor, where: Place, detail: str) -> None:
    work.audit.note(AuditKind.FEED_CHANGED, actor.user_id, chat_id=where.chat_id, detail=detail)


def _now(work: UnitOfWork, where: Place) -> FeedNow:
    feed = work.feed.find()
    if feed is None:
        return FeedNow()
    group = work.group_chats.find(feed.chat_id)
    return FeedNow(feed, here=feed.is_at(where), title="" if group is None else group.title)
