"""What somebody types to find imports: what of it may be shown, and which rows it means."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.characters import one_line
from bot.domain.doubtful_words import HIDDEN, may_hold_secret
from bot.domain.transfer_code import find_codes, looks_like_code, plain_digits
from bot.usecases.log_search_rows import Sought
from bot.usecases.ports import UnitOfWork

#: Characters of what is typed that are looked at.
LONGEST_SEARCH = 100
#: People with a name who are looked for: each is a look into the log of their own.
MOST_PEOPLE = 20

#: More digits may be a whole code, or nearly one.
_MOST_DIGITS = 10
#: The last four digits of a code, alone or behind its mask, with the first four or without.
_ENDS = re.compile(r"(?:([0-9]{4})?[•*.…xX -]{1,12})?([0-9]{4})", re.ASCII)
#: A code that is looked for, by the ends of it that may be shown: short enough for a button.
_MASK = "{}…{}"
#: A person's or a profile's, with as many digits as the database takes. What begins with a nought is of a code.
_NUMBER = re.compile("[1-9][0-9]{0,17}", re.ASCII)


def searched(typed: str) -> str | None:
    """What is looked for, on one line, a transfer code masked; None where there is nothing, or it may hold a secret."""
    text = one_line(typed, LONGEST_SEARCH)
    codes = find_codes(text)
    if codes:
        return _MASK.format(codes[0].text[:4], codes[0].text[-4:])
    ends = _ENDS.fullmatch(plain_digits(text))
    if ends is not None and ends[1] and not {*"•*…"}.isdisjoint(text):
        return _MASK.format(*ends.groups())
    if not text or text == HIDDEN or may_hold_secret(text):
        return None
    digits = sum(map(str.isdigit, plain_digits(text)))
    return None if digits > _MOST_DIGITS and looks_like_code(text) else text


def sought(work: UnitOfWork, search: str) -> tuple[Sought, bool]:
    """Which rows are meant, and whether more people are called so than are looked for."""
    digits = plain_digits(search)
    ends = _ENDS.fullmatch(digits)
    if ends is not None and digits == _MASK.format(*ends.groups()):
        return Sought(first_digits=ends[1], last_digits=ends[2]), False
    people = work.users.called(search)
    wanted = Sought(user_ids=people[:MOST_PEOPLE], name=search)
    if _NUMBER.fullmatch(digits):
        number = int(digits)
        others = [user_id for user_id in wanted.user_ids if user_id != number]
        wanted = replace(wanted, user_ids=[number, *others], profile_id=number)
    if ends is not None:
        wanted = replace(wanted, first_digits=ends[1] or "", last_digits=ends[2])
    return wanted, len(people) > MOST_PEOPLE
