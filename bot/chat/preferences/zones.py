"""Time zones by what people call the place where they are: a city, a country, or the hours, like ``UTC+3``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.core import get_global

from bot.chat.languages import LANGUAGES, Language
from bot.chat.preferences.cities import CITIES
from bot.chat.translator import Translator, offset, zone_of
from bot.domain.plain_letters import plain_letters

#: Zones that are offered to who has not said where they are, by the language.
LIKELY: Final[Mapping[str, Sequence[str]]] = {
    "en": ("Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles"),
    "ru": ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Almaty", "Europe/Kyiv"),
    "zh-hans": ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore"),
    "vi": ("Asia/Ho_Chi_Minh", "Asia/Bangkok", "Asia/Singapore", "Asia/Tokyo"),
}

_HOURS: Final = re.compile(r"(?:utc|gmt)?\s*([+-])\s*([0-9]{1,2})(?::?(00|30|45))?", re.ASCII | re.IGNORECASE)
#: Zones that are not whole hours from UTC, in which many people live.
_BETWEEN_HOURS: Final[Mapping[str, Sequence[str]]] = {
    "+3:30": ("Asia/Tehran",),
    "+4:30": ("Asia/Kabul",),
    "+5:30": ("Asia/Kolkata", "Asia/Colombo"),
    "+5:45": ("Asia/Kathmandu",),
    "+6:30": ("Asia/Yangon",),
    "+9:30": ("Australia/Adelaide", "Australia/Darwin"),
    "-3:30": ("America/St_Johns",),
}
_MINUSES: Final = str.maketrans("−–—", "---")


def find(typed: str, language: Language) -> Sequence[str]:
    """The zones that may be meant: those that are called exactly so, or else those whose names have it in them.

    The names in the person's own language are looked through first.
    """
    wanted = _plain(typed)
    if hours := _HOURS.fullmatch(typed.strip().translate(_MINUSES)):
        return _known(_of_hours(hours[1], int(hours[2]), hours[3]))
    if named := [zone for zone in _zones() if zone.casefold() == typed.strip().replace(" ", "_").casefold()]:
        return _known(map(_name_here, named))
    if not wanted or (len(wanted) < 2 and typed.isascii()):
        return []
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for each in (language, *(other for other in LANGUAGES if other is not language)):
            found = {_name_here(zone): None for name, zone in _names(each) if fits(name, wanted)}
            if known := _known(found):
                # Of a country's zones those of its big cities come first.
                return sorted(known, key=lambda zone: zone not in CITIES)
    return []


def city(t: Translator, zone: str) -> str:
    """What a zone is called after, in the person's language."""
    if zone.startswith("Etc/"):
        return ""
    # Babel has the cities under names that do not change, such as ``Europe/Kiev``.
    for name in (zone, *_older_names().get(zone, ())):
        if known := t.locale.time_zones.get(name, {}).get("city"):
            return str(known)
    return zone.rpartition("/")[2].replace("_", " ")


def label(t: Translator, zone: str, now: datetime) -> str:
    """City and offset of a zone, as on a button."""
    known = zone_of(zone)
    hours = offset(now.astimezone(known)) if known is not None else ""
    return " · ".join(part for part in (city(t, zone), hours) if part)


def _of_hours(sign: str, hours: int, minutes: str | None) -> Iterable[str]:
    if minutes in {"30", "45"}:
        return _BETWEEN_HOURS.get(f"{sign}{hours}:{minutes}", ())
    # In these names the sign is the other way round.
    return [f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"] if hours else ["Etc/UTC"]


def _known(zones: Iterable[str]) -> Sequence[str]:
    return [zone for zone in zones if zone_of(zone) is not None]


@lru_cache(maxsize=1)
def _zones() -> Sequence[str]:
    """Every zone with a place."""
    return sorted(zone for zone in get_global("zone_territories") if "/" in zone and zone[:4] != "Etc/")


@lru_cache(maxsize=1024)
def _name_here(zone: str) -> str:
    newest = get_global("zone_aliases").get(zone, zone)
    return newest if zone_of(newest) is not None else zone


@lru_cache(maxsize=1)
def _older_names() -> Mapping[str, Sequence[str]]:
    older: dict[str, list[str]] = {}
    for name, newest in get_global("zone_aliases").items():
        older.setdefault(newest, []).append(name)
    return older


@lru_cache(maxsize=len(LANGUAGES))
def _names(language: Language) -> Sequence[tuple[str, str]]:
    """Every name of a place in a language, as it is compared, and its zone."""
    return [(_plain(name), zone) for name, zone in _all_names(language)]


def _all_names(language: Language) -> Iterator[tuple[str, str]]:
    locale = Locale.parse(language.locale)
    for zone in _zones():
        yield zone.rpartition("/")[2], zone
    for zone, about in locale.time_zones.items():
        if "city" in about and "/" in zone:
            yield about["city"], zone
    for zone, cities in CITIES.items():
        for name in cities:
            yield name, zone
    for territory, zones in get_global("territory_zones").items():
        country = locale.territories.get(territory)
        if country is not None:
            yield from ((country, zone) for zone in zones)


def _plain(name: str) -> str:
    """A name as it is compared: small letters without marks, and nothing but letters and digits."""
    return "".join(each for each in plain_letters(name) if each.isalnum())
