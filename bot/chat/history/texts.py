"""A page of the import log, and how to find something in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat import words
from bot.chat.imports.people import giver, person
from bot.chat.imports.texts import LONGEST_NAME, outcome
from bot.chat.translator import Html, Translator, cut
from bot.usecases.log_search import MOST_PEOPLE
from bot.usecases.log_search_rows import LOOKED_THROUGH
from bot.usecases.records import LoggedImport


def history(
    t: Translator, rows: Sequence[LoggedImport], time_zone: str, *, everyone: bool, reader: int = 0, search: str = ""
) -> Html:
    """A page of the import log, or of what of it was looked for; ``reader`` is who reads it."""
    if not rows:
        return _nothing(t, search, everyone=everyone)
    entries = (_entry(t, row, time_zone, everyone=everyone, reader=reader) for row in rows)
    return Html("\n\n".join([_title(t, search, everyone=everyone), *entries]))


def _title(t: Translator, search: str, *, everyone: bool) -> Html:
    if not search:
        return t("<b>All imports</b>, newest first") if everyone else t("<b>Your imports</b>, newest first")
    sought = cut(search, LONGEST_NAME)
    if everyone:
        return t("<b>All imports</b> with “{search}”, newest first", search=sought)
    return t("<b>Your imports</b> with “{search}”, newest first", search=sought)


def _nothing(t: Translator, search: str, *, everyone: bool) -> Html:
    if not search:
        return t("There are no imports yet.") if everyone else t("You have not imported anything yet.")
    sought = cut(search, LONGEST_NAME)
    if everyone:
        return t("I found no imports with “{search}”.", search=sought)
    return t("I found no imports of yours with “{search}”.", search=sought)


def looked_through(t: Translator) -> Html:
    """Not every profile's name was looked at."""
    return t("By name of profile I searched the newest {count} imports only.", count=t.number(LOOKED_THROUGH))


def many_people(t: Translator) -> Html:
    """Not everybody who is called so was looked for."""
    return t(
        "More than {count} people are called so, and I searched for {count} of them. Type more of the name.",
        count=t.number(MOST_PEOPLE),
    )


def how_to_find(t: Translator) -> Html:
    return t(
        "To find imports, send /history and what you are looking for:\n"
        "• who imported it or gave the code: <code>/history Kim</code>, or their @username or ID\n"
        "• the profile's number, or part of its name: <code>/history Shop</code>\n"
        "• the last four digits of the code: <code>/history 7101</code>"
    )


def all_again(t: Translator, search: str) -> Html:
    """Shows all imports again, not only what was looked for."""
    return t("✖ {name}", name=search)


def not_searched(t: Translator) -> Html:
    """What was typed may hold a password."""
    return t("This may hold a password, so I did not search for it.")


def _entry(t: Translator, row: LoggedImport, time_zone: str, *, everyone: bool, reader: int) -> Html:
    told: Mapping[str, object] = {
        "sign": words.SIGNS[row.status],
        "when": t.moment(row.created_at, time_zone),
        "code": row.code_mask,
    }
    head = t("{sign} {when} · {code}", **told)
    if everyone or row.user_id != reader:
        head = t("{head} · {name}", head=head, name=person(t, row.user_id, row.user_name))
    if (given := giver(row)) is not None:
        if given.user_id == reader:
            head = t("{head} · from you", head=head)
        else:
            head = t("{head} · from {name}", head=head, name=person(t, given.user_id, given.name))
    said = [head, outcome(t, row)]
    if row.group_title:
        said.append(t("Group: {title}", title=cut(row.group_title, LONGEST_NAME)))
    return Html("\n".join(said))
