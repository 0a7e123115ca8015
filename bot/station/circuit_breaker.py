"""Whether ixBrowser takes imports now, and when it is asked again while it does not."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.error_codes import AWAY, DAILY_LIMIT, RESTRICTED
from bot.station.background_worker import IDLE, BackOff
from bot.usecases.import_queue import LIMITED_FOR
from bot.usecases.ports import Clock

#: Seconds that always lie between two tries while waiting.
SHORTEST = 5.0

#: Seconds after waiting for which a row that could not be sent lets others go first.
LET_BY = 30.0


class CircuitBreaker:
    """While the station waits, one row at a time is sent as a probe, until an answer comes that is not a wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reason: str | None = None
        #: Rows of an earlier process may still be said to wait.
        self._over_is_news = True
        #: Whether the queued rows are still to be given ``reason``.
        self.reason_changed = False
        self._pauses = BackOff(SHORTEST)
        self._last_answer = 0.0
        self._next_try = 0.0
        self._probe: int | None = None
        self._tried: set[int] = set()
        self._let_by_until = 0.0
        self._restricted_since: dict[int, float] = {}

    @property
    def reason(self) -> str | None:
        """Why the queued rows wait, in the words of ``WaitChanged``."""
        return self._reason

    def last(self) -> Collection[int]:
        """The rows that were tried in vain, and let all others go before them.

        They do so for a while after the waiting too: what stands in their way may be their own.
        """
        if self._reason is None and self._clock.awake() >= self._let_by_until:
            self._tried.clear()
        return tuple(self._tried)

    def allowed(self, free: int) -> int:
        """How many rows may be sent now, of ``free`` that could be."""
        if self._reason is None:
            return free
        return min(free, 1) if self._probe is None and self._clock.awake() >= self._next_try else 0

    def pause(self) -> float:
        """Seconds until ``allowed`` may say otherwise by itself."""
        remaining = self._next_try - self._clock.awake()
        return min(remaining, IDLE) if self._reason is not None and remaining > 0 else IDLE

    def try_sooner(self) -> None:
        """Somebody has asked for something: try as soon as is decent.

        A day's limit does not end sooner for that; what has come is told of it, since no try will do so soon.
        """
        if self._reason == str(DAILY_LIMIT):
            self.reason_changed = True
        else:
            self._next_try = min(self._next_try, self._last_answer + SHORTEST)

    def taken(self, row_id: int) -> None:
        """A row has been taken to be sent; while waiting, as the probe."""
        if self._reason is None:
            return
        self._probe = row_id
        if row_id in self._tried:
            # All have had their turn.
            self._tried.clear()

    def not_sent(self, row_id: int, code: int | None) -> None:
        """ixBrowser could not be asked, or says that it cannot be asked now."""
        was_probe = self._probe == row_id
        if code == DAILY_LIMIT:
            self.limited(LIMITED_FOR.total_seconds())
        elif self._reason is None or was_probe:
            self._wait(AWAY if code is None else str(code), self._pauses.next())
        self.reason_changed = True
        if was_probe:
            self._probe = None
        if code != RESTRICTED:
            self._tried.add(row_id)
            self._restricted_since.pop(row_id, None)

    def closed(self, code: int | None) -> None:
        """Something else has asked, and met the same as ``not_sent`` tells of."""
        if self._reason is None:
            self._wait(AWAY if code is None else str(code), self._pauses.next())
            self.reason_changed = True

    def limited(self, seconds: float) -> None:
        """The daily limit of the plan is reached, and nothing is tried for so long."""
        self._wait(str(DAILY_LIMIT), seconds)
        self.reason_changed = True

    def _wait(self, reason: str, seconds: float) -> None:
        self._last_answer = self._clock.awake()
        self._next_try = self._last_answer + seconds
        self._reason = reason
        self._over_is_news = True

    def answered(self, row_id: int) -> None:
        """An answer that is not a wait; or one that is not known to have been. It counts where it is the probe's.

        Others that come while waiting belong to requests from before.
        """
        if self._reason is not None and self._probe != row_id:
            return
        if self._reason is not None:
            self._let_by_until = self._clock.awake() + LET_BY
        self.reason_changed = self.reason_changed or self._over_is_news
        self._over_is_news = False
        self._reason = self._probe = None
        self._pauses.reset()
        self._restricted_since.clear()

    def not_tried(self, row_id: int) -> None:
        """A row that was taken has not been sent, for reasons of its own."""
        if self._probe == row_id:
            self._probe = None

    def restricted_for(self, row_id: int, *, first: bool) -> float:
        """Seconds since the row's first answer 1008 in a row; ``first``: it is this one."""
        now = self._clock.awake()
        if first:
            self._restricted_since[row_id] = now
        return now - self._restricted_since.setdefault(row_id, now)
