"""Who has imported codes, and who has left them for that person."""

from __future__ import annotations

from bot.chat.imports.texts import LONGEST_NAME
from bot.chat.translator import Html, Translator, cut
from bot.domain.pseudonym import is_pseudonym
from bot.usecases.records import Batch, Given, LoggedImport

#: Digits of a pseudonym that are shown: enough to tell a few from one another.
SHOWN_DIGITS = 6


def person(t: Translator, user_id: int, name: str) -> str:
    """How somebody is called: by their name, by their id where there is none; an erased person by some digits."""
    if is_pseudonym(user_id):
        return t("erased person {number}", number=str(user_id)[-SHOWN_DIGITS:])
    return cut(name, LONGEST_NAME) or str(user_id)


def giver(row: LoggedImport) -> Given | None:
    """Who has left the code for its person; None where nobody else has."""
    return None if row.given is None or row.given.user_id == row.user_id else row.given


def given_by(t: Translator, batch: Batch) -> Html | None:
    """Who has left codes of a batch for its person, if somebody has: a draft has codes of one handoff at most."""
    given = [each for row in batch.rows if (each := giver(row)) is not None]
    if not given:
        return None
    name = person(t, given[0].user_id, given[0].name)
    if len(given) == len(batch.rows):
        return t("From {name}", name=name)
    return t("{count} of {total} from {name}", count=t.number(len(given)), total=t.number(len(batch.rows)), name=name)
