"""What the log tells of an import at its end: its whole story in one line, by ids, without code or secret."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.usecases.import_rows import ImportRow

_LOG = logging.getLogger(__name__)


def log_end(row: ImportRow) -> None:
    """Log the story of an import that has ended, once that is committed."""
    _LOG.info("%s", story(row))


def story(row: ImportRow) -> str:
    """The line; ``row`` is as it has ended. Seconds are by the time of day."""
    state = row.state
    unanswered = f" ({state.unanswered} unanswered)" if state.unanswered else ""
    parts = [
        "code not kept" if row.code is None else row.code.masked,
        f"queued {_moment(row.created_at)} by {row.user_id}",
        *([] if row.handoff_id is None else [f"left for them in handoff {row.handoff_id}"]),
        f"station {state.station}",
        f"attempts {state.attempts}{unanswered}",
        f"looks at the records {state.looks}",
        f"profile {'none' if state.profile_id is None else state.profile_id}",
        *([] if state.error_code is None else [f"error {state.error_code}"]),
        *(["cancel wanted"] if state.cancel_wanted else []),
        *(["key lost"] if state.key_lost else []),
        *_durations(row),
    ]
    return f"import {row.id} ended as {state.status}: {', '.join(parts)}"


def _durations(row: ImportRow) -> list[str]:
    ended = row.state.finished_at
    if ended is None:
        return []
    since = [f"{_seconds(row.created_at, ended)} from queued to its end"]
    if row.state.sent_at is None:
        return [*since, "never sent"]
    return [*since, f"{_seconds(row.state.sent_at, ended)} from when it was sent last"]


def _seconds(since: datetime, until: datetime) -> str:
    return f"{max(0.0, (until - since).total_seconds()):.1f} s"


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
