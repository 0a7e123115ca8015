"""Whether backups are made; for the program itself."""

from __future__ import annotations

from bot.usecases.ports import UnitOfWork


def note_backup(work: UnitOfWork, failure: str | None) -> bool:
    """A backup was made (None), or failed for this reason; whether that is news."""
    before = work.backups.failure()
    if failure is None or failure != before:
        work.backups.note(failure, work.now)
    return failure != before
