"""The times by which it is known that a call is not under way any more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProofTimes:
    """All in seconds.

    Within ``timeout`` a call is answered, or given up. Whatever ixBrowser still does for it is done, and shows in its
    lists, no later than ``timeout`` and ``grace`` together after it was sent; ``grace`` also lies between two readings
    that prove that nothing was done. ``others_send_for`` is for how long an earlier process may still send when this
    one begins.
    """

    timeout: float
    grace: float
    others_send_for: float = 0.0

    @property
    def lasts(self) -> float:
        return self.timeout + self.grace
