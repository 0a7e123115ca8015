"""Why a text is no proxy, as closely as can be told without showing what may be a password."""

from __future__ import annotations

import re

from bot.domain.hosts import read_host
from bot.domain.proxy_parsing.addresses import Grade, find_hosts, grade_of
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.survey import Survey
from bot.domain.proxy_parsing.types import SCHEME, read_type, words_alone
from bot.errors import InputError

LONGEST_SHOWN = 60
NOT_SHOWN = "…"

_LIKE_AN_ADDRESS = r"(?:[0-9]+(?:\.[0-9]+){2,}|\[[0-9A-Fa-f:.]*(?:%\w*)?\]|\[[0-9A-Fa-f:.]+\])"
_AT_THE_START = re.compile(rf"\s*(?:[A-Za-z0-9+.-]+://)?(?P<value>{_LIKE_AN_ADDRESS})(?=[\s:@|;,/]|\Z)")
_NAME_AT_THE_START = re.compile(r"\s*(?P<value>[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)+)[:|;, ][0-9]{1,5}(?![\w])")
_BEHIND_A_LOGIN = re.compile(
    rf"\s*(?:[A-Za-z0-9+.-]+://)?[^\s:@]+:[^\s:@]+@(?P<value>{_LIKE_AN_ADDRESS}|[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)+):[0-9]{{1,5}}\s*\Z"
)
_PORT = re.compile(
    r"[ \t]?[:|;,][ \t]?(?P<port>[^\s:@|;,/]*)|[ \t]+(?P<spaced>[0-9]\S*)|\n(?P<below>[0-9]+)\s*(?:\n|\Z)"
)
_RANGE = re.compile(r"[0-9]{1,5}-[0-9]{1,5}")


def why_not(survey: Survey) -> InputError:
    """What is wrong with a text that holds no proxy."""
    view, told = survey.rest, survey.told
    found = survey.mistake
    if found is None and told is not None and (told.label_count > 1 or told.hosts):
        found = InputError("no_port" if told.hosts and not told.ports else "no_address")
    found = found or _unsupported(view) or (_of_host(view) if _hosts(view) else _bad_address(view))
    if found is not None:
        return found
    if survey.link:
        return InputError("is_a_link")
    return InputError("no_address") if survey.passwords else _of_word(view.plain.strip())


def _of_word(text: str) -> InputError:
    """What is wrong with a text in which nothing is evident."""
    if any(map(str.isspace, text)):
        return InputError("unreadable")
    if "@" in text and read_host(text.rpartition("@")[2]):
        return InputError("no_port")
    # A login, or a host that needs a scheme to be one.
    return InputError("no_address" if ":" in text.strip(":") or "@" in text.strip("@") else "unreadable")


def _unsupported(view: View) -> InputError | None:
    for scheme in SCHEME.finditer(view.plain):
        try:
            read_type(scheme["scheme"])
        except InputError as mistake:
            return mistake
    if any(_hosts(view)):
        try:
            for found in words_alone(view.text.plain):
                read_type(found.word)
        except InputError as mistake:
            return mistake
    return None


def _hosts(view: View) -> list[tuple[int, int, str]]:
    return list(find_hosts(view.plain, 0, len(view.plain)))


def _of_host(view: View) -> InputError | None:
    """What is wrong with the port of the first evident host."""
    hosts = _hosts(view)
    best = max(hosts, key=lambda found: grade_of(found[2]))
    mistakes = [_of_port(view, *host) for host in hosts if grade_of(host[2]) is grade_of(best[2])]
    order = ("port_range", "port_out_of_range", "port_not_number", "no_port")
    return min(mistakes, key=lambda mistake: order.index(mistake.reason))


def _of_port(view: View, start: int, end: int, host: str) -> InputError:
    port = _PORT.match(view.plain, end)
    typed = "" if port is None else (port["port"] or port["spaced"] or port["below"] or "").rstrip(".,;!?)")
    behind = view.plain[port.end() :].strip() if port else ""
    before = view.plain[max(0, start - 1) : start]
    if not typed or (before == "@" and not typed[0].isdecimal()):
        return InputError("no_port")
    if _RANGE.fullmatch(typed):
        return InputError("port_range")
    if (port is not None and view.plain[port.end() : port.end() + 1] == "/") or not typed.isdecimal():
        return InputError("port_not_number")
    certain = grade_of(host) is Grade.IP or (not behind.strip("/") and before not in (":", "|", ";", ",", "@"))
    return InputError("port_out_of_range", value=typed[:LONGEST_SHOWN] if certain else NOT_SHOWN)


def _bad_address(view: View) -> InputError | None:
    """The address that is none; shown only where it can't be a part of a password."""
    plain = view.plain
    for pattern in (_AT_THE_START, _NAME_AT_THE_START, _BEHIND_A_LOGIN):
        if (match := pattern.match(plain)) and read_host(match["value"]) is None:
            return InputError("bad_address", value=view.typed(*match.span("value"))[:LONGEST_SHOWN])
    return (
        InputError("bad_address", value=NOT_SHOWN) if re.search(rf"(?<![\w.]){_LIKE_AN_ADDRESS}:[0-9]", plain) else None
    )
