"""A text without what can't be seen, and where each of its characters stood."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.characters import without_marks

_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_STOPS = {"。": ".", "｡": ".", "\u3000": " "}


@dataclass(frozen=True, slots=True)
class Tidy:
    """A text as it is read.

    ``plain`` has one character for each that can be seen: full-width signs and the digits of any script are ASCII
    there, every line break is a newline, accents are one with their letter. ``typed`` gives the text itself.
    """

    plain: str
    _given: str = field(repr=False)
    _origin: tuple[int, ...] = field(repr=False)

    def typed(self, start: int, end: int) -> str:
        """What was typed there."""
        return without_marks(self._given[slice(*self.span(start, end))])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where that stands in the text that was given."""
        return (self._origin[start], self._origin[end]) if start < end else (self._origin[start],) * 2

    def with_signs(self, signs: Mapping[tuple[int, int], str]) -> Tidy:
        """The text with one sign in ``plain`` for what stands at each of these places."""
        plain: list[str] = []
        origin: list[int] = []
        at = 0
        for (start, end), sign in sorted(signs.items()):
            plain += self.plain[at:start], sign
            origin += self._origin[at : start + 1]
            at = end
        return Tidy("".join([*plain, self.plain[at:]]), self._given, (*origin, *self._origin[at:]))


def tidy(text: str) -> Tidy:
    """The text with where everything stood."""
    plain: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        if not without_marks(character):
            continue
        if character == "\n" and index and text[index - 1] == "\r":
            continue
        if plain and unicodedata.combining(character):
            composed = unicodedata.normalize("NFC", plain[-1] + character)
            if len(composed) == 1:
                plain[-1] = composed
                continue
        plain.append(_plain(character))
        origin.append(index)
    return Tidy("".join(plain), text, (*origin, len(text)))


def _plain(character: str) -> str:
    if character in _LINE_BREAKS:
        return "\n"
    if character.isascii():
        return character
    if character in _STOPS:
        return _STOPS[character]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0)
    return " " if character.isspace() else character
