"""A person's language: sentences, numbers and dates in it, and the one place where values are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal

from bot.chat.catalogue import read_catalogue
from bot.chat.languages import Language, spoken
from bot.domain.characters import without_direction

LOCALES = Path(__file__).parent / "locales"


class Html(str):
    """Text that is HTML already: a sentence put into another."""

    __slots__ = ()


class Translator:
    """Says a sentence in one language. ``t("Profile {number}", number=7)`` translates first and fills in afterwards."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.locale = Locale.parse(language.locale)
        self._catalogue = read_catalogue(LOCALES, language.locale)

    def __call__(self, message: str, /, **values: object) -> Html:
        """The sentence with its values, every one of them escaped unless it is HTML already.

        Marks in a value that turn the direction of writing round are left out: they would reach what stands behind it.
        """
        return self._fill(self._catalogue.one(message), values)

    def many(self, one: str, other: str, count: int, /, **values: object) -> Html:
        """The sentence in the plural form that ``count`` takes; ``{count}`` is the number as the language writes it."""
        message = self._catalogue.plural(one, other, count)
        return self._fill(message, {"count": self.number(count), **values})

    def sentences(self, *some: Html) -> Html:
        """Sentences behind one another."""
        return Html(self.language.after_sentence.join(some))

    def items(self, some: Iterable[object]) -> Html:
        """Values behind one another, escaped as in a sentence."""
        return Html(self.language.between_items.join(_safe(each) for each in some))

    def number(self, value: int) -> str:
        return _number(value, self.language.locale)

    def moment(self, moment: datetime, time_zone: str) -> str:
        """Day and time where the person is; where the computer is, with the zone, while that is not known."""
        zone = zone_of(time_zone)
        local = moment.astimezone(zone)
        said = format_datetime(local, self.language.moment, locale=self.locale)
        return said if zone is not None else f"{said} {offset(local)}"

    @staticmethod
    def _fill(message: str, values: dict[str, object]) -> Html:
        return Html(message.format_map({name: _safe(value) for name, value in values.items()}))


def _safe(value: object) -> Html:
    return value if isinstance(value, Html) else Html(escape(without_direction(str(value)), quote=False))


# Babel takes longer over a number than everything else does over its sentence.
@lru_cache(maxsize=1024)
def _number(value: int, locale: str) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=16)
def _translator(language: Language) -> Translator:
    return Translator(language)


def translator(tag: str) -> Translator:
    """The translator for a language as Telegram names it (``pt-br``); English for what the bot does not speak."""
    return _translator(spoken(tag))


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this name; None where there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset(moment: datetime) -> str:
    """How far the moment's zone is from UTC, as people write it: ``UTC+3``."""
    minutes = round((moment.utcoffset() or timedelta()) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


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


def plain(text: str) -> str:
    """A text for a button or a pop-up, where HTML is not read: what ``Translator`` has escaped is as it was typed."""
    if not isinstance(text, Html):
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
