"""Codes that somebody has already: in the import log, or left for somebody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.transfer_code import TransferCode
from bot.usecases.buttons import DraftedCode
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import LeftCode, LoggedImport, StoredDraft


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """``taken`` are rows of the log, ``left`` what waits in handoffs, or was taken from one."""

    taken: tuple[LoggedImport, ...] = ()
    left: tuple[LeftCode, ...] = ()

    @property
    def codes(self) -> frozenset[TransferCode]:
        rows = frozenset(row.code for row in self.taken if row.code is not None)
        return rows | frozenset(each.code for each in self.left)

    def __bool__(self) -> bool:
        return bool(self.taken or self.left)


def find_known(work: UnitOfWork, codes: Sequence[TransferCode], stored: StoredDraft | None = None) -> KnownCodes:
    """Those of the codes that somebody has already; what was taken into this draft is its own."""
    if not codes:
        return KnownCodes()
    taken = tuple(work.log.living(codes))
    known = {row.code for row in taken}
    return KnownCodes(taken, left_codes(work, [code for code in codes if code not in known], stored))


def left_codes(
    work: UnitOfWork, codes: Collection[TransferCode], stored: StoredDraft | None = None
) -> tuple[LeftCode, ...]:
    """Those of the codes that were left for somebody, with who has left them and for whom."""
    waiting = work.held_codes.handoffs_of(codes) if codes else {}
    found: list[LeftCode] = []
    for handoff_id in sorted(set(waiting.values())):
        handoff = work.handoffs.find(handoff_id)
        if handoff is None:
            continue
        theirs = {each.code: each for each in handoff.codes}
        people = {handoff.giver_id, handoff.receiver_id, *(each.state.taker_id for each in handoff.codes)}
        names = work.users.names([person for person in people if person is not None])
        for code, of_handoff in waiting.items():
            each = theirs.get(code)
            if of_handoff != handoff_id or each is None:
                continue
            if stored is not None and each.state.draft_id == stored.id:
                continue
            found.append(LeftCode(code, handoff_id, handoff.giver_id, handoff.receiver_id, each.state.taker_id, names))
    return tuple(found)


def in_drafts_of_others(
    work: UnitOfWork, codes: Sequence[TransferCode], user_id: int
) -> tuple[frozenset[TransferCode], tuple[DraftedCode, ...]]:
    """Those of the codes that somebody else has in an open draft, and how that is told."""
    found = work.held_codes.in_drafts_of_others(codes, user_id) if codes else {}
    names = work.users.names(set(found.values())) if found else {}
    return frozenset(found), tuple(DraftedCode(code.masked, names.get(by, "")) for code, by in found.items())
