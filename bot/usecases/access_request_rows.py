"""Rows of requests to be let in, and what the use cases need of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.access_request import AccessRequest


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as Telegram described them then. An empty ``username`` is none."""

    user_id: int
    name: str
    username: str
    language: str


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request with its row. ``crowd_id`` is the crowd with which it shares a card, None where it has its own."""

    id: int
    asker: Asker
    crowd_id: int | None
    request: AccessRequest


@dataclass(frozen=True, slots=True)
class Crowd:
    """How the requests of a crowd stand. ``last_id`` is the newest one that waits."""

    waiting: int
    allowed: int
    refused: int
    last_id: int


class AccessRequests(Protocol):
    """A person has at most one request that waits. The number of a crowd is that of its first request."""

    def lock(self) -> None:
        """Let nobody else add a request before this transaction has ended."""

    def add(self, asker: Asker, request: AccessRequest) -> int:
        """Add one; its number."""

    def put_into_crowd(self, request_id: int, crowd_id: int) -> None: ...

    def find(self, request_id: int) -> StoredRequest | None: ...

    def newest_of(self, user_id: int) -> StoredRequest | None: ...

    def count_waiting(self) -> int: ...

    def count_cards(self, since: datetime) -> int:
        """The requests with a card of their own that wait, or have come since then."""

    def find_crowd(self, since: datetime) -> int | None:
        """The newest crowd that has begun since then, and has somebody who waits."""

    def crowd(self, crowd_id: int) -> Crowd: ...

    def next_of_crowd(self, crowd_id: int, without_card_in: int | None = None) -> int | None:
        """The oldest one that waits; of those alone, if wanted, that have no card in this chat."""

    def waiting_cards(self) -> tuple[Sequence[int], Sequence[int]]:
        """The requests with a card of their own that wait, and the crowds in which somebody does."""

    def lock_one(self, request_id: int) -> StoredRequest | None:
        """The request; until this transaction has ended nobody else answers it."""

    def lock_waiting_of(self, user_id: int) -> StoredRequest | None: ...

    def lock_crowd(self, crowd_id: int, last_id: int) -> Sequence[StoredRequest]:
        """Those of a crowd that wait, up to this number."""

    def lock_asked_before(self, moment: datetime) -> Sequence[StoredRequest]:
        """Those that wait and came before this moment, or then."""

    def save(self, request_id: int, request: AccessRequest) -> None: ...
