"""A page of the import log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat import words
from bot.chat.imports.texts import LONGEST_NAME, outcome
from bot.chat.translator import Html, Translator, cut
from bot.usecases.records import LoggedImport


def history(t: Translator, rows: Sequence[LoggedImport], time_zone: str, *, everyone: bool) -> Html:
    """A page of the import log."""
    if not rows:
        return t("There are no imports yet.") if everyone else t("You have not imported anything yet.")
    title = t("<b>All imports</b>, newest first") if everyone else t("<b>Your imports</b>, newest first")
    return Html("\n\n".join([title, *(_entry(t, row, time_zone, everyone=everyone) for row in rows)]))


def _entry(t: Translator, row: LoggedImport, time_zone: str, *, everyone: bool) -> Html:
    told: Mapping[str, object] = {
        "sign": words.SIGNS[row.status],
        "when": t.moment(row.created_at, time_zone),
        "code": row.code_mask,
    }
    head = t("{sign} {when} · {code}", **told)
    if everyone:
        head = t("{head} · {name}", head=head, name=cut(row.user_name, LONGEST_NAME) or row.user_id)
    said = [head, outcome(t, row)]
    if row.group_title:
        said.append(t("Group: {title}", title=cut(row.group_title, LONGEST_NAME)))
    return Html("\n".join(said))
