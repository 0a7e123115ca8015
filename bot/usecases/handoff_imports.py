"""What becomes of a handoff by the imports of its codes, for the use cases that change these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.handoff import RETURNED, Confirmed, HandoffStatus, ImportEnded
from bot.domain.import_state import UNDER_WAY, Status
from bot.domain.transfer_code import TransferCode
from bot.usecases.handoff_changes import change_each, show
from bot.usecases.handoff_rows import Handoff
from bot.usecases.import_rows import ImportRow
from bot.usecases.ports import UnitOfWork

_NOT_ARRIVED = frozenset({Status.FAILED, Status.CANCELLED})


def follow_confirm(work: UnitOfWork, handoff: Handoff, draft_id: int, rows: Mapping[TransferCode, int]) -> None:
    """The draft into which codes of a handoff, read under lock, were taken is confirmed: these are their imports."""
    confirmed = {
        each.id: Confirmed(rows[each.code])
        for each in handoff.codes
        if each.code is not None and each.code in rows and each.state.draft_id == draft_id
    }
    change_each(work, handoff, confirmed)


def follow_imports(work: UnitOfWork, rows: Sequence[ImportRow]) -> None:
    """Imports of codes that were left by somebody stand so now, or are known better than before."""
    of_handoff: dict[int, list[ImportRow]] = {}
    for row in rows:
        if row.handoff_id is not None:
            of_handoff.setdefault(row.handoff_id, []).append(row)
    for handoff_id, theirs in sorted(of_handoff.items()):
        handoff = work.handoffs.lock(handoff_id)
        if handoff is None:
            continue
        ended = {row.id: ImportEnded(row.state.status, key_lost=row.state.key_lost) for row in theirs}
        events = {code.id: ended[code.state.import_id] for code in handoff.codes if code.state.import_id in ended}
        settled = _is_settled(work, handoff, theirs)
        if not change_each(work, handoff, events, settled=settled):
            # One whose end is not known, and will not be by itself, keeps nobody waiting for what has come back.
            last = settled and any(row.state.status is Status.UNKNOWN for row in theirs)
            show(work, handoff_id, ring=last and bool(handoff.with_status(*RETURNED)))


def _is_settled(work: UnitOfWork, handoff: Handoff, rows: Sequence[ImportRow]) -> bool:
    """Whether none of its imports is under way, of which these have changed; False also where nothing has come back."""
    if not handoff.with_status(*RETURNED) and not any(row.state.status in _NOT_ARRIVED for row in rows):
        return False
    if any(row.state.status in UNDER_WAY for row in rows):
        return False
    known = {row.id for row in rows}
    others = {code.state.import_id for code in handoff.with_status(HandoffStatus.IMPORTING)} - known
    return not any(row.status in UNDER_WAY for row in work.log.rows([each for each in others if each is not None]))
