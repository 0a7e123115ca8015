"""A person's language: sentences by gettext, numbers and dates by Babel, and the one place where values are escaped."""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_decimal

from bot.domain.characters import without_direction

LOCALES = Path(__file__).parent / "locales"
#: The language that the sentences are written in.
SOURCE = "en"


class Html(str):
    """Text that is HTML already: a sentence put into another."""

    __slots__ = ()


class Translator:
    """Says a sentence in one language. ``t("Profile {number}", number=7)`` translates first and fills in afterwards."""

    def __init__(self, code: str) -> None:
        # Telegram writes ``pt-br`` and ``zh-hans``; a catalogue's folder is ``pt_BR``, or the language alone.
        language, dash, region = code.partition("-")
        names = [f"{language}_{region.upper()}", language] if dash else [language]
        self._translation = gettext.translation("messages", LOCALES, languages=names, fallback=True)
        try:
            self._locale = Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            self._locale = Locale.parse(SOURCE)

    def __call__(self, message: str, /, **values: object) -> Html:
        """The sentence with its values, every one of them escaped unless it is HTML already.

        Marks in a value that turn the direction of writing round are left out: they would reach what stands behind it.
        """
        return self._fill(self._translation.gettext(message), values)

    def many(self, one: str, other: str, count: int, /, **values: object) -> Html:
        """The sentence in the plural form that ``count`` takes; ``{count}`` is the number as the language writes it."""
        message = self._translation.ngettext(one, other, count)
        return self._fill(message, {"count": self.number(count), **values})

    def number(self, value: int) -> str:
        return format_decimal(value, locale=self._locale)

    def moment(self, moment: datetime, time_zone: str) -> str:
        """Day and time where the person is; where the computer is while that is not known."""
        try:
            local = moment.astimezone(ZoneInfo(time_zone) if time_zone else None)
        except (ZoneInfoNotFoundError, ValueError):
            local = moment.astimezone()
        return format_datetime(local, "d MMM HH:mm", locale=self._locale)

    @staticmethod
    def _fill(message: str, values: dict[str, object]) -> Html:
        safe = {
            name: value if isinstance(value, Html) else escape(without_direction(str(value)), quote=False)
            for name, value in values.items()
        }
        return Html(message.format_map(safe))


@lru_cache(maxsize=64)
def translator(code: str) -> Translator:
    """The translator for a language as Telegram names it (``pt-br``); English for what there is no catalogue of."""
    return Translator(code or SOURCE)


def width(text: str) -> int:
    """How long Telegram takes a text to be: an emoji counts twice, as in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """A name or message from outside, no wider than there is room for."""
    if width(text) <= most:
        return text
    units = text[:most].encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)]
    return f"{units.decode('utf-16-le', 'ignore')}…"


def fitting(lines: Iterable[Html], room: int) -> Sequence[Html]:
    """The first of the lines, as many as are no wider together than there is room for."""
    some: list[Html] = []
    for line in lines:
        room -= width(line)
        if room < 0:
            break
        some.append(line)
    return some


def sentences(*some: Html) -> Html:
    """Sentences behind one another."""
    return Html(" ".join(some))


def plain(text: str) -> str:
    """A text for a button or a pop-up, where HTML is not read: what ``Translator`` has escaped is as it was typed."""
    if not isinstance(text, Html):
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
