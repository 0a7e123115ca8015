"""Every state of an import that there can be, as far as it decides what events do, and every event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

from bot.domain.import_events import (
    Answered,
    CancelWanted,
    Claimed,
    ClaimReleased,
    Event,
    GoOn,
    HeldTooLong,
    KeyLost,
    LookAgain,
    MaybeSent,
    NameFound,
    ProvenAbsent,
    ProxyGivenUp,
    ProxyIntended,
    ProxyMissing,
    ProxyRetried,
    ProxySet,
    RecordFound,
    RecordsUnreadable,
    Recovered,
    StationChanged,
    WaitChanged,
)
from bot.domain.import_state import UNDER_WAY, ImportState, ProxyStatus, Status
from bot.domain.import_transitions import ATTEMPTS, HOLD_AFTER, PROOF_WITHIN, RESTRICTED_SECONDS, TRIED_FOR
from bot.domain.outcome import Imported, NotSent, Refused, Unknown

CONFIRMED = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = CONFIRMED + timedelta(hours=1)
LATE = CONFIRMED + max(HOLD_AFTER, PROOF_WITHIN) + timedelta(hours=2)
ATTEMPT = 2

REFUSED = Refused(110002, "The transfer code is wrong")
PROXY_REFUSED = Refused(2002, "Proxy information does not exist")
AWAY = NotSent(None, "no connection")
RESTRICTED = NotSent(1008, "restricted")
CUT = Unknown(None, "cut")
SYSTEM_ERROR = Unknown(1004, "System error")

#: Each kind of event in all the ways that matter, with the words that the diagram has for it.
EVENTS: Sequence[tuple[str, Event]] = [
    ("committed before it is sent", Claimed(NOW)),
    ("not sent in time", ClaimReleased(ATTEMPT, NOW)),
    ("answered with a profile", Answered(ATTEMPT, Imported(7), NOW)),
    ("refused", Answered(ATTEMPT, REFUSED, NOW)),
    ("proxy refused", Answered(ATTEMPT, PROXY_REFUSED, NOW)),
    ("certainly not done", Answered(ATTEMPT, AWAY, NOW)),
    ("certainly not done", Answered(ATTEMPT, RESTRICTED, NOW)),
    ("refused", Answered(ATTEMPT, RESTRICTED, NOW, restricted_for=RESTRICTED_SECONDS)),
    ("no clear answer", Answered(ATTEMPT, CUT, NOW)),
    ("no clear answer", Answered(ATTEMPT, SYSTEM_ERROR, NOW)),
    ("an earlier attempt's answer", Answered(ATTEMPT - 1, REFUSED, NOW)),
    ("an earlier claim given back", ClaimReleased(ATTEMPT - 1, NOW)),
    ("the process died", Recovered()),
    ("maybe sent already", MaybeSent(NOW)),
    ("in the list of received profiles", RecordFound(500, "Shop", 7, NOW)),
    ("in the list of received profiles", RecordFound(500, "Shop", None, NOW)),
    ("proven absent", ProvenAbsent(0, NOW)),
    ("proven absent", ProvenAbsent(ATTEMPTS, NOW)),
    ("the list can't be read", RecordsUnreadable(0.0, LATE)),
    ("the list can't be read", RecordsUnreadable(TRIED_FOR, NOW)),
    ("the list can't be read for a day", RecordsUnreadable(TRIED_FOR, LATE)),
    ("Cancel", CancelWanted(NOW)),
    ("held", HeldTooLong(NOW)),
    ("held", HeldTooLong(LATE)),
    ("Keep waiting", GoOn(NOW)),
    ("waits", WaitChanged("away")),
    ("waits no longer", WaitChanged(None)),
    ("Check again", LookAgain()),
    ("name found", NameFound("Shop")),
    ("name not found", NameFound("")),
    ("another station", StationChanged("home")),
    ("proxy about to be set", ProxyIntended()),
    ("proxy set", ProxySet()),
    ("proxy missing", ProxyMissing()),
    ("proxy missing", ProxyMissing(101049, "The link is wrong")),
    ("Set the proxy again", ProxyRetried()),
    ("Leave it", ProxyGivenUp()),
    ("the key was lost", KeyLost(NOW)),
]


def flaws(state: ImportState) -> list[str]:
    """What of a state can't be."""
    status = state.status
    ended = status not in UNDER_WAY
    linked = status is Status.IMPORTED and state.takes_link
    rules = {
        "an end has a moment": ended == (state.finished_at is not None),
        "only what is queued is held": not state.held or status is Status.QUEUED,
        "what is wanted cancelled is not queued": status is not Status.QUEUED or not state.cancel_wanted,
        "only what is not sent waits for something": state.waiting_for is None
        or status in {Status.QUEUED, Status.SENDING},
        "what can be sent has no verdict": status not in {Status.QUEUED, Status.SENDING} or state.verdict is None,
        "what has been sent was claimed": status is not Status.SENDING
        or (state.attempts > 0 and state.sent_at is not None),
        "no more attempts are unanswered than there were": state.unanswered <= state.attempts,
        "only an imported profile has a proxy to set": linked == (state.proxy_status is not None),
        "only an imported profile is known": status is Status.IMPORTED
        or (state.profile_id, state.profile_name, state.record_id) == (None, "", None),
        "what may be sent or found has its code": state.code_kept or status not in UNDER_WAY,
        "with a lost key the code is lost": not state.key_lost
        or (not state.code_kept and status in {Status.FAILED, Status.UNKNOWN}),
        "a verdict is an end without a profile": state.verdict in {None, Status.FAILED, Status.CANCELLED},
        "a proxy is set again only in a profile that is known": state.proxy_status
        not in {ProxyStatus.PENDING, ProxyStatus.SETTING, ProxyStatus.SET}
        or state.profile_id is not None,
    }
    return [rule for rule, kept in rules.items() if not kept]


def states() -> Iterator[ImportState]:
    """Every state that has no flaws."""
    for status in Status:
        imported = status is Status.IMPORTED
        lost = status in {Status.FAILED, Status.UNKNOWN}
        for attempts, unanswered, restricted, flags, waiting_for, verdict, takes_link, proxy, profile, code in product(
            [0, ATTEMPT],
            [0, 1],
            [0, 2],
            product([False, True], repeat=3),
            [None, "away"],
            [None, Status.FAILED, Status.CANCELLED],
            [False, True],
            [None, *ProxyStatus] if imported else [None],
            [(7, ""), (7, "Shop"), (None, "Shop")] if imported else [(None, "")],
            # Whether the code is kept, and whether it went with the key.
            [(True, False), (False, False), (False, True)] if lost else [(True, False)],
        ):
            without_proxy, cancel_wanted, held = flags
            state = ImportState(
                status,
                waiting_since=CONFIRMED,
                attempts=attempts,
                unanswered=unanswered,
                restricted=restricted,
                without_proxy=without_proxy,
                cancel_wanted=cancel_wanted,
                held=held,
                waiting_for=waiting_for,
                verdict=verdict,
                sent_at=CONFIRMED if attempts else None,
                finished_at=None if status in UNDER_WAY else NOW,
                profile_id=profile[0],
                profile_name=profile[1],
                proxy_status=proxy,
                takes_link=takes_link,
                code_kept=code[0],
                key_lost=code[1],
                station="office",
            )
            if not flaws(state):
                yield state
