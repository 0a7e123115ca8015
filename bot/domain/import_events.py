"""What can happen to an import: the closed list of events.

An event carries every fact that its meaning depends on, since ``import_state.apply`` asks no clock: ``at`` is a moment
(aware, UTC), a number of seconds is time awake, and ``attempt`` is the number that a claim gave its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Claimed:
    """The station takes the import to send it; committed before anything is sent."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ClaimReleased:
    """Nothing was sent for this claim, and nothing will be."""

    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an attempt.

    ``restricted_for``: seconds since the first of the answers 1008 that the import was given in a row.
    """

    attempt: int
    outcome: Outcome
    at: datetime
    restricted_for: float = 0.0


@dataclass(frozen=True, slots=True)
class Recovered:
    """Nobody is sending the import any more, and whether it was sent is not known."""


@dataclass(frozen=True, slots=True)
class MaybeSent:
    """It may have been sent by somebody of whom this database knows nothing, since that is older than what was done."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RecordFound:
    """A received record shows the import; ``profile_id`` is None where it can't be told which profile it is.

    ``looks``: complete readings of the records in which it was looked for, up to this one.
    """

    record_id: int
    profile_name: str
    profile_id: int | None
    at: datetime
    looks: int = 0


@dataclass(frozen=True, slots=True)
class ProvenAbsent:
    """Two readings of the received records prove that it was not imported.

    ``unanswered_here``: attempts without an answer in this run of the program. ``looks``: as above.
    """

    unanswered_here: int
    at: datetime
    looks: int = 0


@dataclass(frozen=True, slots=True)
class RecordsUnreadable:
    """The received records could not be read, for ``tried_for`` seconds by now. ``looks``: as above."""

    tried_for: float
    at: datetime
    looks: int = 0


@dataclass(frozen=True, slots=True)
class CancelWanted:
    """Its person wants it cancelled."""

    at: datetime


@dataclass(frozen=True, slots=True)
class HeldTooLong:
    """It is time to see whether the import has waited so long that its person is asked first."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GoOn:
    """Its person lets it wait for another day."""

    at: datetime


@dataclass(frozen=True, slots=True)
class WaitChanged:
    """Queued imports wait for this: ``away``, ``shared``, the digits of an error number, or nothing any more (None)."""

    reason: str | None


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Its person wants the received records read once more, for which the code has to be kept.

    Its secrets are gone, so that it is not sent again.
    """


@dataclass(frozen=True, slots=True)
class NameFound:
    """The name of the imported profile."""

    name: str


@dataclass(frozen=True, slots=True)
class StationChanged:
    """Another station sees to the import from now on."""

    station: str


@dataclass(frozen=True, slots=True)
class KeyLost:
    """The key is lost with which the import's code and secrets were encrypted: neither can be read any more."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ProxyIntended:
    """The extraction link is about to be set; committed before the call is sent."""


@dataclass(frozen=True, slots=True)
class ProxySet:
    """The profile has its extraction link."""


@dataclass(frozen=True, slots=True)
class ProxyMissing:
    """The extraction link could not be set; ``error_code`` says why where ixBrowser refused it."""

    error_code: int | None = None
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class ProxyRetried:
    """Its person wants the extraction link set again."""


@dataclass(frozen=True, slots=True)
class ProxyGivenUp:
    """The extraction link is not set any more."""


Event = (
    Claimed
    | ClaimReleased
    | Answered
    | Recovered
    | MaybeSent
    | RecordFound
    | ProvenAbsent
    | RecordsUnreadable
    | CancelWanted
    | HeldTooLong
    | GoOn
    | WaitChanged
    | LookAgain
    | NameFound
    | StationChanged
    | KeyLost
    | ProxyIntended
    | ProxySet
    | ProxyMissing
    | ProxyRetried
    | ProxyGivenUp
)
