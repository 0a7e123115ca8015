"""What pressing a button can come to, whatever card it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.usecases.records import LeftCode, LoggedImport


class Problem(StrEnum):
    """Why a press did nothing, or not what its button says."""

    OLD_BUTTON = "old_button"
    NOT_YOURS = "not_yours"
    ENDED_CARD = "ended_card"
    FINISH_FIRST = "finish_first"
    NO_CODES_LEFT = "no_codes_left"
    NOT_A_MEMBER = "not_a_member"
    RESTORED = "restored"  # after a restore it is not known yet which codes have arrived


@dataclass(frozen=True, slots=True)
class ButtonResult:
    """``problem`` is None when it was done. ``taken`` are rows that have a code of the draft already.

    ``left`` are codes of it that wait for somebody, ``drafted`` those that somebody else has in a draft.
    """

    problem: Problem | None = None
    taken: tuple[LoggedImport, ...] = ()
    left: tuple[LeftCode, ...] = ()
    drafted: tuple[DraftedCode, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftedCode:
    """A code, masked, that somebody else has in a draft."""

    code_mask: str
    user_name: str
