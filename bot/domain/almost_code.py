"""Messages that are probably meant as one transfer code and are not written like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from bot.domain.transfer_code import TransferCode, find_codes, looks_like_code, plain_digits

#: The digits of a code.
DIGITS = 16

_RUN = re.compile("[0-9]+")
#: What may stand between two runs of digits, and around all of them. A plus begins the number of a telephone.
_BETWEEN = re.compile(r"[\W_]{1,5}")
_AROUND = re.compile(r"[^\w+]*")
_INTERNET_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
#: Latin and Cyrillic letters that are taken for a nought or a one.
_LETTERS = str.maketrans("OoОоIlІі", "00001111")
#: Of the digits of a code at least so many are digits as it is written.
_FEWEST_WRITTEN = 10


@dataclass(frozen=True, slots=True)
class AlmostCode:
    """``digits`` is how many there are; ``code`` what was probably meant, None where they are too few or too many."""

    digits: int
    code: TransferCode | None = None
    is_card_number: bool = field(default=False, kw_only=True)

    @property
    def is_one_off(self) -> bool:
        """Whether there is a digit too few or too many."""
        return self.digits in (DIGITS - 1, DIGITS + 1)


def read_almost(text: str) -> AlmostCode | None:
    """What a message holds that is digits alone, in whatever pieces, as of one code that is not written as such.

    None for one with a code in it, with other words, and with digits that nobody meant as a code.
    """
    written = plain_digits(text).strip()
    if find_codes(text) or _INTERNET_ADDRESS.search(written):
        return None
    numbers = written.translate(_LETTERS)
    runs, rest = _RUN.findall(numbers), _RUN.split(numbers)
    if not runs or not all(map(_AROUND.fullmatch, (rest[0], rest[-1]))) or not all(map(_BETWEEN.fullmatch, rest[1:-1])):
        return None
    digits = "".join(runs)
    if numbers != written and sum(map(str.isdecimal, written)) < _FEWEST_WRITTEN:
        return None
    if len(digits) == DIGITS:
        if not _is_in_pieces_of_a_code(runs, rest[1:-1]):
            return None
        code = TransferCode(f"{digits[:8]}-{digits[8:]}")
        return AlmostCode(DIGITS, code, is_card_number=_is_card_number(digits))
    almost = AlmostCode(len(digits))
    # Twice as many are two codes.
    return almost if almost.is_one_off or (len(digits) < 2 * DIGITS and looks_like_code(text)) else None


def _is_in_pieces_of_a_code(runs: Sequence[str], between: Sequence[str]) -> bool:
    """Whether signs stand only after each four digits. A space or a line break may have come in anywhere."""
    ends = accumulate(len(run) for run in runs[:-1])
    return all(end % 4 == 0 or sign in (" ", "\n") for end, sign in zip(ends, between, strict=True))


def _is_card_number(digits: str) -> bool:
    """Whether the last digit is the check digit of a bank card's number (ISO/IEC 7812, Luhn)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[::-2]))) % 10 == 0
