"""The import log as the station works it off, and as people change what is in it: functions over one transaction.

Each reads rows under lock, lets ``apply`` say what becomes of them, writes whole states, and has done what follows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.error_codes import DAILY_LIMIT, TOKEN_SHARED, WRONG_CODES
from bot.domain.import_events import (
    Answered,
    CancelWanted,
    Claimed,
    Event,
    HeldTooLong,
    KeyLost,
    MaybeSent,
    ProxyGivenUp,
    Recovered,
    StationChanged,
    WaitChanged,
)
from bot.domain.import_state import UNDER_WAY, Consequences, ImportState, Status, consequences
from bot.domain.import_transitions import HOLD_AFTER, apply
from bot.domain.outcome import NotSent
from bot.domain.proxy import SECRET_KINDS, Saved
from bot.usecases.conflicts import token_shared
from bot.usecases.feed import note_ended
from bot.usecases.handoff_imports import follow_imports
from bot.usecases.import_rows import ImportRow
from bot.usecases.ports import UnitOfWork
from bot.usecases.recovery_gates import reads_nothing, sends_nothing
from bot.usecases.wrong_codes import look_at_wrong_codes

_NOT_ARRIVED = frozenset({Status.FAILED, Status.CANCELLED})

#: A name that does not come within this time after the import is not looked up any more.
NAME_WITHIN = timedelta(days=1)

#: Between two tries while the plan's profiles of the day are used up: its day ends at an hour that nobody tells.
LIMITED_FOR = timedelta(hours=1)

#: What is waited for while a recovery holds back what is confirmed.
RESTORED = "restored"

#: A proxy that is missing for so long, with nobody asking for it to be set again, is given up.
MISSING_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of the sender has led to.

    ``claimed``: rows that are ``SENDING`` by now. ``unaddressed``: rows that are still ``QUEUED``, since the address of
    their saved proxy, which stands beside them, is looked up before they are claimed. ``full``: there may be more of
    them. ``held``: how many rows are held since this round. ``kept_back``: whether nothing is sent, since another
    process polls with the bot's token, for which the rows wait by now.
    """

    claimed: Sequence[ImportRow] = ()
    unaddressed: Sequence[tuple[ImportRow, Saved]] = ()
    full: bool = False
    held: int = 0
    kept_back: bool = False


# --- the sender -------------------------------------------------------------------------------------------------------


def recover(work: UnitOfWork, besides: Collection[int]) -> Sequence[ImportRow]:
    """Every row in ``SENDING`` that ``besides`` does not name is checked: nobody is sending it. Those rows, after."""
    return _record(work, work.imports.lock_sending(besides), lambda _: Recovered())


def limited_for(work: UnitOfWork) -> float:
    """Seconds until ixBrowser may be asked again that has said that the plan's daily limit is reached; 0 for now."""
    met_at = work.daily_limits.met_at()
    if met_at is None or met_at > work.now:
        return 0.0
    return max(0.0, (met_at + LIMITED_FOR - work.now).total_seconds())


def send_round(
    work: UnitOfWork,
    *,
    limit: int,
    last: Collection[int],
    besides: Collection[int],
    hold: bool,
    wait: WaitChanged | None,
) -> Round:
    """Hold what is too old, say what the queue waits for, and claim up to ``limit`` rows.

    ``last``: rows that let all others go first. ``besides``: rows that are in flight already.
    """
    if sends_nothing(work):
        _record(work, work.imports.lock_waiting_for_other(RESTORED), lambda _: WaitChanged(RESTORED))
        return Round()
    held: Sequence[ImportRow] = ()
    if hold:
        old = work.imports.lock_waiting_since_before(work.now - HOLD_AFTER)
        held = _record(work, old, lambda _: HeldTooLong(work.now))
    kept_back = token_shared(work)
    if kept_back:
        wait = WaitChanged(TOKEN_SHARED)
    if wait is not None:
        _record(work, work.imports.lock_waiting_for_other(wait.reason), lambda _: wait)
    if kept_back:
        return Round(held=len(held), kept_back=True)
    if limit <= 0:
        return Round(held=len(held))
    free = work.imports.lock_queued(limit, last=last, besides=besides)

    def event(row: ImportRow) -> Event:
        # An earlier version left rows in the queue although their people wanted them cancelled.
        return CancelWanted(work.now) if row.state.cancel_wanted else Claimed(work.now)

    unaddressed = [(row, row.proxy) for row in free if isinstance(row.proxy, Saved) and isinstance(event(row), Claimed)]
    left_alone = [row.id for row, _ in unaddressed]
    changed = _record(work, [row for row in free if row.id not in left_alone], event)
    claimed = [row for row in changed if row.state.status is Status.SENDING]
    return Round(claimed, unaddressed, full=len(free) == limit, held=len(held))


def claim(work: UnitOfWork, row_id: int) -> ImportRow | None:
    """Claim one row; None when it can't be claimed any more."""
    row = None if sends_nothing(work) or token_shared(work) else work.imports.lock(row_id)
    changed = [] if row is None else _record(work, [row], lambda _: Claimed(work.now))
    return next(iter(changed), None)


def record(work: UnitOfWork, row_id: int, event: Event) -> ImportRow | None:
    """What an event makes of a row: the row after it, changed or not. None when there is no such row."""
    row = work.imports.lock(row_id)
    if row is None:
        return None
    if isinstance(event, Answered) and isinstance(event.outcome, NotSent) and event.outcome.code == DAILY_LIMIT:
        work.daily_limits.note(work.now)
    return next(iter(_record(work, [row], lambda _: event)), row)


def show(work: UnitOfWork, row_id: int) -> None:
    """Have an imported row's card shown, although the profile's name is not known."""
    row = work.imports.lock(row_id)
    if row is not None and row.state.status is Status.IMPORTED:
        work.batches.mark_behind([row.batch_id], repost=False, waited=False, announce_again=False)
        work.signals.chat_behind(row.chat_id)
        note_ended(work, [row.batch_id])


def adopt(work: UnitOfWork, station: str | None = None) -> int:
    """Take over what waits under other stations' names, or under one, which nobody serves any more; how many rows."""
    rows = work.imports.lock_of_other_stations(station)
    return len(_record(work, rows, lambda _: StationChanged(work.station)))


def waiting_elsewhere(work: UnitOfWork) -> Mapping[str, int]:
    """How many imports each other station has still something to do for, by its name."""
    return work.imports.waiting_elsewhere()


def doubt_queued(work: UnitOfWork) -> int:
    """The database is older than what was done with it: all that is queued, at any station, is checked; how much."""
    return len(_record(work, work.imports.lock_all_queued(), lambda _: MaybeSent(work.now)))


def lose_key(work: UnitOfWork) -> int:
    """The key is lost with which codes and secrets were encrypted; how many imports could not be finished for it."""
    lost = _record(work, work.imports.lock_unfinished(), lambda _: KeyLost(work.now))
    return sum(row.state.key_lost for row in lost)


# --- looking ----------------------------------------------------------------------------------------------------------


def queued(work: UnitOfWork) -> Sequence[ImportRow]:
    return work.imports.queued()


def checking(work: UnitOfWork) -> Sequence[ImportRow]:
    return () if reads_nothing(work) else work.imports.checking()


def links_to_set(work: UnitOfWork) -> Sequence[ImportRow]:
    return () if sends_nothing(work) else work.imports.links_to_set()


def unnamed(work: UnitOfWork) -> Sequence[ImportRow]:
    return () if reads_nothing(work) else work.imports.unnamed(work.now - NAME_WITHIN)


def claimed_records(work: UnitOfWork, record_ids: Collection[int]) -> frozenset[int]:
    return work.imports.claimed_records(record_ids)


def claimed_profiles(work: UnitOfWork, profile_ids: Collection[int]) -> frozenset[int]:
    return work.imports.claimed_profiles(profile_ids)


# --- people, and the passing of time ----------------------------------------------------------------------------------


def change_batch(work: UnitOfWork, batch_id: int, event: Event) -> bool:
    """What an event makes of every row of a batch; whether it has changed any."""
    return bool(_record(work, work.imports.lock_batch(batch_id), lambda _: event))


def cancel_all_of(work: UnitOfWork, user_id: int) -> Sequence[ImportRow]:
    """Cancel what somebody has under way; what is sent already ends, and is not sent again. All of it, as it is then.

    That of which they wanted this already is not changed by it, and is there too.
    """
    rows = work.imports.lock_under_way_of(user_id)
    changed = {row.id: row for row in _record(work, rows, lambda _: CancelWanted(work.now))}
    return [changed.get(row.id, row) for row in rows]


def give_up_missing_proxies(work: UnitOfWork) -> int:
    """Give up the proxies that have been missing for too long; how many."""
    missing = work.imports.lock_proxies_missing_since_before(work.now - MISSING_FOR)
    return len(_record(work, missing, lambda _: ProxyGivenUp()))


# --- what all of them do ----------------------------------------------------------------------------------------------


def _record(work: UnitOfWork, rows: Sequence[ImportRow], event: Callable[[ImportRow], Event]) -> Sequence[ImportRow]:
    """Write what the events make of rows that were read under lock, and have done what follows. The changed rows."""
    pairs: list[tuple[ImportRow, ImportRow]] = []
    secrets_unneeded: list[int] = []
    chats: dict[int, int] = {}
    follows: dict[int, Consequences] = {}
    for row in rows:
        after = apply(row.state, event(row))
        if after != row.state:
            pairs.append((row, replace(row, state=after)))
            chats[row.batch_id] = row.chat_id
            follow = consequences(row.state, after)
            follows[row.batch_id] = follows.get(row.batch_id, Consequences()) | follow
            if follow.secrets_unneeded and row.proxy.kind in SECRET_KINDS:
                secrets_unneeded.append(row.id)
    changed = [row for _, row in pairs]
    if changed:
        work.imports.save(changed)
        work.imports.delete_secrets(secrets_unneeded)
        _follow_up(work, follows, chats)
        for was, row in pairs:
            if was.state.status in UNDER_WAY and row.state.status not in UNDER_WAY:
                work.signals.import_ended(row)
        over = {row.batch_id for row in changed if row.state.status not in UNDER_WAY}
        # One that is imported is told with its name.
        note_ended(work, {batch_id for batch_id in over if follows[batch_id].card_behind})
        _let_go_of_codes(work, pairs)
        wrong = [row.id for row in changed if row.state.status is Status.FAILED and row.state.error_code in WRONG_CODES]
        if wrong:
            look_at_wrong_codes(work, wrong)
    return changed


def _let_go_of_codes(work: UnitOfWork, pairs: Sequence[tuple[ImportRow, ImportRow]]) -> None:
    """What has ended without arriving is nobody's; who has left a code for another is told how its import stands."""
    ended = [now.id for was, now in pairs if now.state.status in _NOT_ARRIVED and was.state.status not in _NOT_ARRIVED]
    if ended:
        work.held_codes.release_imports(ended)
    given = [now for was, now in pairs if now.handoff_id is not None and _is_told(was.state, now.state)]
    if given:
        follow_imports(work, given)


def _is_told(before: ImportState, after: ImportState) -> bool:
    """Whether who has left the code is to know of the change: a name that comes after the profile counts too."""
    return before.status is not after.status or consequences(before, after).card_behind


def _follow_up(work: UnitOfWork, follows: Mapping[int, Consequences], chats: Mapping[int, int]) -> None:
    """What follows from changes, for each batch by its id, whose card stands in which chat."""
    # Batches for which the same follows in one statement: a wait that changes is that of every batch in the queue.
    behind: dict[tuple[bool, bool, bool], list[int]] = {}
    for batch_id, batch in follows.items():
        if batch.card_behind:
            behind.setdefault((batch.repost, batch.waited, batch.announce_again), []).append(batch_id)
            work.signals.chat_behind(chats[batch_id])
    for (repost, waited, again), batch_ids in behind.items():
        work.batches.mark_behind(batch_ids, repost=repost, waited=waited, announce_again=again)
    if any(batch.to_send for batch in follows.values()):
        work.signals.imports_queued()
    if any(batch.to_verify for batch in follows.values()):
        work.signals.imports_to_verify()
    if any(batch.link_to_set for batch in follows.values()):
        work.signals.links_to_set()
