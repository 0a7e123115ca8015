"""Signals of a transaction: collected while it runs, delivered in the event loop after its commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


def _ignore(*_: object) -> None:
    """What is done with a signal that nobody listens to."""


class _Signal(Enum):
    IMPORTS_QUEUED = auto()
    IMPORTS_TO_VERIFY = auto()
    LINKS_TO_SET = auto()
    GROUPS_REQUESTED = auto()
    LISTS_REQUESTED = auto()
    LISTS_PUBLISHED = auto()
    MENUS_DUE = auto()


@dataclass(slots=True)
class SignalHandlers:
    """Who is woken by which signal, in the event loop; ``chat_behind`` is called with the chat's id."""

    chat_behind: Callable[[int], None] = _ignore
    imports_queued: Callable[[], None] = _ignore
    imports_to_verify: Callable[[], None] = _ignore
    links_to_set: Callable[[], None] = _ignore
    groups_requested: Callable[[], None] = _ignore
    lists_requested: Callable[[], None] = _ignore
    lists_published: Callable[[], None] = _ignore
    menus_due: Callable[[], None] = _ignore


@dataclass(slots=True)
class CollectedSignals:
    """The signals of one transaction, each once."""

    chats: set[int] = field(default_factory=set)
    others: set[_Signal] = field(default_factory=set)

    def chat_behind(self, chat_id: int) -> None:
        self.chats.add(chat_id)

    def imports_queued(self) -> None:
        self.others.add(_Signal.IMPORTS_QUEUED)

    def imports_to_verify(self) -> None:
        self.others.add(_Signal.IMPORTS_TO_VERIFY)

    def links_to_set(self) -> None:
        self.others.add(_Signal.LINKS_TO_SET)

    def groups_requested(self) -> None:
        self.others.add(_Signal.GROUPS_REQUESTED)

    def lists_requested(self) -> None:
        self.others.add(_Signal.LISTS_REQUESTED)

    def lists_published(self) -> None:
        self.others.add(_Signal.LISTS_PUBLISHED)

    def menus_due(self) -> None:
        self.others.add(_Signal.MENUS_DUE)

    def clear(self) -> None:
        self.chats.clear()
        self.others.clear()

    def deliver(self, handlers: SignalHandlers) -> None:
        told: Mapping[_Signal, Callable[[], None]] = {
            _Signal.IMPORTS_QUEUED: handlers.imports_queued,
            _Signal.IMPORTS_TO_VERIFY: handlers.imports_to_verify,
            _Signal.LINKS_TO_SET: handlers.links_to_set,
            _Signal.GROUPS_REQUESTED: handlers.groups_requested,
            _Signal.LISTS_REQUESTED: handlers.lists_requested,
            _Signal.LISTS_PUBLISHED: handlers.lists_published,
            _Signal.MENUS_DUE: handlers.menus_due,
        }
        for signal in self.others:
            told[signal]()
        # Last, since what is shown then may depend on the others.
        for chat_id in self.chats:
            handlers.chat_behind(chat_id)
