"""Forgetting a person: what they have under way is settled as when a member is removed, then they are erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.import_state import UNDER_WAY
from bot.errors import Refused
from bot.usecases.admins import all_admins
from bot.usecases.audit import NOBODY
from bot.usecases.erasing import erase_settled, may_be_erased
from bot.usecases.handoff_ends import hand_to_heir
from bot.usecases.import_queue import cancel_all_of
from bot.usecases.invitation_ends import revoke_of
from bot.usecases.leaving import end_administering, end_importing
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done. ``before`` and ``after`` count rows by their tables: those that named the person, and those that
    have the pseudonym now. ``handed_on``: handoffs of theirs that are an admin's now, ``heir``.
    """

    before: Mapping[str, int]
    after: Mapping[str, int]
    cancelled: int
    drafts_closed: int
    given_back: int
    handed_on: int
    heir: int | None


def may_be_forgotten(work: UnitOfWork, user_id: int) -> bool:
    """Whether there is anything to forget. Raises ``Refused`` where that can't be done now."""
    if not may_be_erased(work, user_id):
        return False
    count = work.erasing.count_sent(user_id)
    if count:
        raise Refused(
            f"{user_id} has imports of which it is not known how they end ({count}): start the bot, and let them end"
            " first."
        )
    return True


def forget(work: UnitOfWork, user_id: int, pseudonym: int) -> Forgotten | None:
    """Settle and erase; None where nothing is known of them. Raises ``Refused`` as above, and changes nothing then."""
    if not may_be_forgotten(work, user_id):
        return None
    before = work.erasing.counts(user_id)
    cancelled = cancel_all_of(work, user_id)
    if any(row.state.status in UNDER_WAY for row in cancelled):
        raise Refused(f"{user_id} has imports that can't be cancelled: start the bot, and let them end first.")
    drafts = len(work.drafts.open_of(user_id))
    given_back = len(work.handoffs.unfinished_of(user_id))
    end_importing(work, user_id)
    revoke_of(work, user_id, NOBODY)
    end_administering(work, user_id)
    owned, heir = work.handoffs.owned_by(user_id), _heir(work, user_id)
    if owned and heir is None:
        raise Refused(f"{user_id} has left codes, and there is no admin who could have them: make somebody one first.")
    if heir is not None:
        hand_to_heir(work, user_id, heir)
    erase_settled(work, user_id, pseudonym)
    after = work.erasing.counts(pseudonym)
    return Forgotten(before, after, len(cancelled), drafts, given_back, len(owned), heir if owned else None)


def _heir(work: UnitOfWork, user_id: int) -> int | None:
    """The admin who has what they have left: one whom the bot can write to, where there is one."""
    admins = [each for each in all_admins(work) if each != user_id]
    silent = {person.user_id for person in work.unreachable.all()}
    return next((each for each in admins if each not in silent), admins[0] if admins else None)
