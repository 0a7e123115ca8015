"""Transfer codes: found in what people send, normalised, and masked where they are shown back.

A code is eight digits, a dash, eight digits. What counts as a digit, a dash or a space is generous, since phones,
keyboards and messengers change all three; the dash itself is not optional, because sixteen digits without one are as
likely to be the number of a bank card.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True, order=True)
class TransferCode:
    """Sixteen digits, written ``76686828-89727101``. A secret until it is used: its ``repr`` is masked."""

    text: str

    @property
    def masked(self) -> str:
        """What may be shown: ``7668••••-••••7101``."""
        return mask(self.text)

    def __repr__(self) -> str:
        return f"TransferCode({self.masked})"

    __str__ = __repr__


def mask(text: str) -> str:
    """A code's text with its inner eight digits hidden."""
    return f"{text[:4]}••••-••••{text[-4:]}"


def find_codes(text: str) -> tuple[TransferCode, ...]:
    """Every transfer code in a message, in the order of its first mention, each once."""
    return tuple(dict.fromkeys(TransferCode(mention.code) for mention in _mentions(plain_digits(text))))


def count_codes(text: str) -> int:
    """How often a transfer code is mentioned in a message, repeats included."""
    return len(_mentions(plain_digits(text)))


def without_codes(text: str) -> str:
    """What else is in a text than codes."""
    plain, rest, end = plain_digits(text), [], 0
    for mention in _mentions(plain):
        rest.append(plain[end : mention.start])
        end = mention.end
    return " ".join([*rest, plain[end:]]).strip()


def looks_like_code(text: str) -> bool:
    """Whether a message holds what was probably meant as a transfer code and isn't one.

    Codes that ``find_codes`` finds don't count. True for sixteen digits without a dash, a digit too few or too many, a
    third number joined on with a dash, the letters O and l among the digits, and for one half of a code alone.
    """
    plain = plain_digits(text)
    mentions = _mentions(plain)
    rest = list(plain)
    for mention in mentions:
        rest[mention.start : mention.end] = "x" * (mention.end - mention.start)
    left_over = "".join(rest)
    if _NEAR_MISS.search(left_over):
        return True
    if any(sum(map(str.isdigit, found.group())) >= 10 for found in _LETTERS_IN_IT.finditer(left_over)):
        return True
    return not mentions and [len(run) for run in _RUN.findall(left_over)] == [8]


class _Mention(NamedTuple):
    """One mention of a code, and where it stands in the plain text."""

    start: int
    end: int
    code: str


#: Signs that are typed, or put in by a keyboard, where a hyphen is meant, beside Unicode's own class of dashes: soft
#: hyphen, minus signs, hyphen bullet, box drawings, and the prolonged sound mark of Japanese keyboards.
_MORE_DASHES = frozenset("\u00ad\u02d7\u2043\u207b\u2212\u2500\u2501\u2796\u30fc\uff70")
_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))

_RUN = re.compile("[0-9]+")
_TIGHT = re.compile("-{1,2}")
_SPACED = re.compile(" *-{1,2} *")

_NEAR_MISS = re.compile(
    r"""(?<![0-9])(?:
        [0-9]{16}
        | [0-9]{8} (?:\W|_){1,5} [0-9]{8}
        | [0-9]{8} [ \n]{0,2} -{1,4} [ \n]{0,2} [0-9]{7,9}
        | [0-9]{7,9} [ \n]{0,2} -{1,4} [ \n]{0,2} [0-9]{8}
    )(?![0-9])""",
    re.VERBOSE,
)
#: Latin and Cyrillic letters that are taken for a nought or a one.
_LETTERS_IN_IT = re.compile(r"(?<!\w)[0-9OoОоIlІі|]{8} ?-{1,2} ?[0-9OoОоIlІі|]{8}(?!\w)")


def plain_digits(text: str) -> str:
    """The text with every decimal digit, dash, space and line break written the ASCII way, and no invisible marks."""
    return text if text.isascii() and text.isprintable() else "".join(map(_plain_character, text))


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character in _LINE_BREAKS:
        return "\n"
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Pd" or character in _MORE_DASHES:
        return "-"
    return "" if category == "Cf" or character in _VARIATION_SELECTORS else character


def _mentions(plain: str) -> list[_Mention]:
    """Every code in a plain text. One written without spaces goes before one with them."""
    found: list[_Mention] = []
    halves: list[re.Match[str]] = []
    for chain in _chains(plain, _RUN.finditer(plain), _TIGHT):
        # "2-76686828-89727101" is the second line of a list; three runs of eight are the number of a bank account.
        runs = chain[1:] if len(chain) == 3 and len(chain[0].group()) < 4 else chain
        if all(len(run.group()) == 8 for run in runs):
            if len(runs) == 2:
                found.append(_mention(*runs))
            elif len(runs) == 1:
                halves += runs
    for chain in _chains(plain, halves, _SPACED):
        if len(chain) % 2 == 0:
            found += map(_mention, chain[::2], chain[1::2])
    return sorted(found)


def _chains(plain: str, runs: Iterable[re.Match[str]], link: re.Pattern[str]) -> list[list[re.Match[str]]]:
    """The runs of digits, grouped by whether nothing but ``link`` stands between one and the next."""
    chains: list[list[re.Match[str]]] = []
    for run in runs:
        if chains and link.fullmatch(plain, chains[-1][-1].end(), run.start()):
            chains[-1].append(run)
        else:
            chains.append([run])
    return chains


def _mention(first: re.Match[str], second: re.Match[str]) -> _Mention:
    return _Mention(first.start(), second.end(), f"{first.group()}-{second.group()}")
