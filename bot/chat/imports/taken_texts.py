"""Who has a code already that somebody sends."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.imports import texts
from bot.chat.translator import Html, Translator, cut, fitting
from bot.domain.import_state import Status
from bot.usecases.records import LoggedImport


def taken(t: Translator, rows: Sequence[LoggedImport], user_id: int) -> Html:
    """Who has each of these codes already, as far as there is room for."""
    some = fitting((_taken(t, row, user_id) for row in rows[: texts.SHOWN_ROWS]), texts.ROOM)
    left = len(rows) - len(some)
    rest = [t.many("and {count} more code", "and {count} more codes", left)] if left else []
    return Html("\n".join([*some, *rest]))


def _taken(t: Translator, row: LoggedImport, user_id: int) -> Html:
    if row.forgotten:
        return _forgotten(t, row)
    who: str = t("you") if row.user_id == user_id else cut(row.user_name or str(row.user_id), texts.LONGEST_NAME)
    code = row.code_mask
    if row.status is Status.IMPORTED:
        return t("{code} was already imported by {who}: {profile}.", code=code, who=who, profile=texts.profile(t, row))
    if row.status is Status.UNKNOWN:
        return t("{code} was sent by {who}, and the result is unknown: check in ixBrowser.", code=code, who=who)
    if row.status is Status.QUEUED:
        return t("{code} was already sent by {who} and is waiting to be imported.", code=code, who=who)
    return t("{code} is being imported by {who} right now.", code=code, who=who)


def _forgotten(t: Translator, row: LoggedImport) -> Html:
    if row.status is Status.UNKNOWN:
        return t("{code} was sent before, and the result is unknown: check in ixBrowser.", code=row.code_mask)
    return t(
        "{code} was already imported: {profile}. By whom is not in the log any more.",
        code=row.code_mask,
        profile=texts.profile(t, row),
    )
