"""What can go wrong with a request to the stand-in of ixBrowser, as values that a test lines up."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never


class NotRunning(Exception):
    """Nothing listens: the connection is refused."""


class ConnectionCut(Exception):
    """The connection is cut without an answer."""


class Reply(StrEnum):
    """What is answered instead of the truth."""

    TRUE = "true"
    CUT = "cut"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    NOT_JSON = "not_json"
    BAD_GATEWAY = "bad_gateway"


@dataclass(frozen=True, slots=True)
class Fault:
    """One request's fate: a pause of ``before`` seconds, the work if ``done``, a pause of ``after`` seconds, a reply.

    A ``code`` other than 0 is answered as a refusal, with its own ``message`` and HTTP ``status`` if given.
    """

    before: float = 0.0
    done: bool = True
    after: float = 0.0
    reply: Reply = Reply.TRUE
    code: int = 0
    message: str | None = None
    status: int | None = None


NO_FAULT = Fault()


def refusal(
    code: int, status: int | None = None, *, message: str | None = None, before: float = 0.0, done: bool = False
) -> Fault:
    """A refusal with this code; with ``done`` a lying one, after which the work is done all the same."""
    return Fault(before=before, done=done, code=code, status=status, message=message)


def cut_before(*, before: float = 0.0) -> Fault:
    """The connection is cut, and nothing is done."""
    return Fault(before=before, done=False, reply=Reply.CUT)


def cut_after(*, after: float = 0.0) -> Fault:
    """The work is done, and the connection is cut instead of an answer."""
    return Fault(after=after, reply=Reply.CUT)


def slow(*, before: float = 0.0, after: float = 0.0) -> Fault:
    """A true answer that takes its time: before the work is done, or after it."""
    return Fault(before=before, after=after)


def spoiled(reply: Reply, *, done: bool = True) -> Fault:
    """An answer that can't be read, of the kind ``reply``."""
    return Fault(done=done, reply=reply)


def spoil(reply: Reply, status: int, answer: bytes) -> tuple[int, bytes]:
    """The HTTP status and body that arrive where these were meant; ``ConnectionCut`` where none do."""
    match reply:
        case Reply.TRUE:
            return status, answer
        case Reply.CUT:
            raise ConnectionCut
        case Reply.TRUNCATED:
            return status, answer[: len(answer) // 2]
        case Reply.EMPTY:
            return status, b""
        case Reply.NOT_JSON:
            return status, b"Internal error: see the log for details"
        case Reply.BAD_GATEWAY:
            return 502, b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
        case _:
            assert_never(reply)


class FaultScript:
    """The faults to come: a queue for each action, used up in order, then one that stays until it is healed."""

    def __init__(self) -> None:
        self._next: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._lasting: dict[str, Fault] = {}

    def fail(self, action: str, *faults: Fault) -> None:
        self._next[action].extend(faults)

    def always(self, action: str, fault: Fault) -> None:
        self._lasting[action] = fault

    def heal(self, action: str | None = None) -> None:
        for script in (self._next, self._lasting):
            if action is None:
                script.clear()
            else:
                script.pop(action, None)

    def take(self, action: str) -> Fault:
        """The fault of the request that has just arrived."""
        if self._next[action]:
            return self._next[action].popleft()
        return self._lasting.get(action, NO_FAULT)
