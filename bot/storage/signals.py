"""Signals of a transaction: collected while it runs, delivered in the event loop once its commit was tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.usecases.import_rows import ImportRow
from bot.usecases.import_story import log_end


def _ignore(*_: object) -> None:
    """What is done with a signal that nobody listens to."""


class Signal(StrEnum):
    """The names of the signals. All but ``CHATS_BEHIND`` are those of ``SignalHandlers``' fields, too."""

    CHATS_BEHIND = "chats_behind"
    IMPORTS_QUEUED = "imports_queued"
    IMPORTS_TO_VERIFY = "imports_to_verify"
    LINKS_TO_SET = "links_to_set"
    GROUPS_REQUESTED = "groups_requested"
    LISTS_REQUESTED = "lists_requested"
    LISTS_PUBLISHED = "lists_published"
    FEED_BEHIND = "feed_behind"
    MENUS_DUE = "menus_due"


@dataclass(slots=True)
class SignalHandlers:
    """Who is woken by which signal, in the event loop; ``chat_behind`` is called with the chat's id.

    ``import_ended`` is called with the row, where its commit is known to be done, and for no other process's.
    """

    chat_behind: Callable[[int], None] = _ignore
    imports_queued: Callable[[], None] = _ignore
    imports_to_verify: Callable[[], None] = _ignore
    links_to_set: Callable[[], None] = _ignore
    groups_requested: Callable[[], None] = _ignore
    lists_requested: Callable[[], None] = _ignore
    lists_published: Callable[[], None] = _ignore
    feed_behind: Callable[[], None] = _ignore
    menus_due: Callable[[], None] = _ignore
    import_ended: Callable[[ImportRow], None] = log_end


@dataclass(slots=True)
class CollectedSignals:
    """The signals of one transaction, each once. ``others`` are those that are not about a chat."""

    chats: set[int] = field(default_factory=set)
    others: set[Signal] = field(default_factory=set)
    ended: list[ImportRow] = field(default_factory=list)

    def chat_behind(self, chat_id: int) -> None:
        self.chats.add(chat_id)

    def imports_queued(self) -> None:
        self.others.add(Signal.IMPORTS_QUEUED)

    def imports_to_verify(self) -> None:
        self.others.add(Signal.IMPORTS_TO_VERIFY)

    def links_to_set(self) -> None:
        self.others.add(Signal.LINKS_TO_SET)

    def groups_requested(self) -> None:
        self.others.add(Signal.GROUPS_REQUESTED)

    def lists_requested(self) -> None:
        self.others.add(Signal.LISTS_REQUESTED)

    def lists_published(self) -> None:
        self.others.add(Signal.LISTS_PUBLISHED)

    def feed_behind(self) -> None:
        self.others.add(Signal.FEED_BEHIND)

    def menus_due(self) -> None:
        self.others.add(Signal.MENUS_DUE)

    def import_ended(self, row: ImportRow) -> None:
        self.ended.append(row)

    def clear(self) -> None:
        self.chats.clear()
        self.others.clear()
        self.ended.clear()

    def names(self) -> set[Signal]:
        """What other processes are told, who look for themselves which chats it is."""
        return self.others | ({Signal.CHATS_BEHIND} if self.chats else set())

    def deliver(self, handlers: SignalHandlers, *, committed: bool) -> None:
        """``committed`` is False where the commit failed, or its answer was lost.

        Whoever is woken looks for themselves, so they are woken then too. An end is told as a fact.
        """
        for row in self.ended if committed else ():
            handlers.import_ended(row)
        for signal in self.others:
            handler: Callable[[], None] = getattr(handlers, signal)
            handler()
        # Last, since what is shown then may depend on the others.
        for chat_id in self.chats:
            handlers.chat_behind(chat_id)
