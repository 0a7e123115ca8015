"""Secrets taken out of text: those that are known to the letter, and whatever has the look of one.

Every pattern is bounded or begins where the last one ended, so that the time is linear in the text. Where a pattern
can't tell how far a secret reaches it hides too much rather than too little.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote, unquote_plus

from bot.domain.transfer_code import mask

HIDDEN: Final = "•••"

#: A known secret shorter than this is left to the patterns: as a word of its own it would be found everywhere.
_SHORTEST: Final = 4

#: What a parameter of a URL is called whose value is a secret.
_SECRET_KEY: Final = re.compile("password|secret|scram_[a-z]+_key")

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def escape_controls(text: str) -> str:
    """The text with line breaks, terminal codes, marks that turn the writing round and lone surrogates spelled out."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class Redactor:
    """Masks secrets in text; ``secrets`` are those known to the letter: bot tokens, passwords, URLs holding one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {part for secret in secrets for part in _parts(secret) if len(part) >= _SHORTEST}
        longest_first = sorted(known, key=lambda part: (-len(part), part))
        self._known = re.compile("|".join(map(_spelled, longest_first)), re.IGNORECASE | re.DOTALL) if known else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        text = _TOKEN.sub(rf"\1{HIDDEN}", text)
        text = _LINK.sub(_origin_only, text)
        text = _USER_INFO.sub(_without_password, text)
        text = _KEYED.sub(rf"\1{HIDDEN}", text)
        text = _BEFORE_PROXY.sub(rf"\1:{HIDDEN}\2", text)
        text = _BEHIND_PROXY.sub(rf"\1:{HIDDEN}", text)
        return _CODE.sub(_masked_code, text)


# --- what is known to the letter --------------------------------------------------------------------------------------


def _parts(secret: str) -> Iterator[str]:
    """The secret itself, and what in it is as bad to give away."""
    yield secret
    if _TOKEN.fullmatch(secret):
        yield secret.partition(":")[2]
    if "://" not in secret:
        return
    beyond = secret.partition("://")[2]
    user_info = re.split("[/?#]", beyond, maxsplit=1)[0].rpartition("@")[0]
    password = user_info.partition(":")[2]
    yield password
    yield unquote(password)
    yield base64.b64encode(unquote(user_info).encode(errors="replace")).decode()
    for parameter in beyond.partition("?")[2].split("&"):
        key, _, value = parameter.partition("=")
        if _SECRET_KEY.search(unquote(key)):
            # Forms write a space as a plus; PostgreSQL does not.
            yield from (value, unquote(value), unquote_plus(value))


def _spelled(part: str) -> str:
    """A pattern for a text in whichever ways JSON, URLs, HTML, ``repr`` and their nestings write its characters.

    No two of its alternatives match the same at one place: that is what keeps a near miss from taking for ever.
    """
    pattern = ""
    for run in re.findall(r"\\+|[^\\]", part):
        if run.startswith("\\"):
            pattern += r"(?:(?:%5c|&\#92;|\\{1,8}(?:u005c|x5c))++|\\{1,128}+)"
        else:
            # Backslashes before an escape can't be told from those that belong to the text.
            pattern += _spellings(run, slashes=r"\\{0,8}" if pattern.endswith("}+)") else r"\\{1,8}")
    return pattern


def _spellings(character: str, slashes: str) -> str:
    utf8 = character.encode("utf-8", "surrogatepass")
    utf16 = character.encode("utf-16-be", "surrogatepass")
    spellings = [
        r"\\{0,8}" + re.escape(character),
        "".join(f"%{byte:02x}" for byte in utf8),
        slashes + r"\\{1,8}".join(f"x{byte:02x}" for byte in utf8),
        slashes + r"\\{1,8}".join(f"u{utf16[i : i + 2].hex()}" for i in range(0, len(utf16), 2)),
        f"{slashes}U{ord(character):08x}",
        f"{slashes}x{ord(character):02x}",
        rf"&\#(?:{ord(character)}|x0?{ord(character):x});",
    ]
    if (name := html.escape(character)) != character:
        spellings.append(re.escape(name))
    if character == " ":
        spellings.append(r"\+")
    if character in _IN_SHORT:
        spellings.append(slashes + _IN_SHORT[character])
    return "(?:" + "|".join(dict.fromkeys(spellings)) + ")"


_IN_SHORT: Final = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}


# --- what has the look of a secret ------------------------------------------------------------------------------------

_TOKEN = re.compile(r"(?<![0-9])([0-9]{6,}(?::|%3A))[A-Za-z0-9_-]{30,}", re.IGNORECASE)

_SLASHES = r"(?:(?:\\{0,8}/){2}|%2F%2F)"
_LINK = re.compile(
    rf"(https?(?::|%3A){_SLASHES})((?:[^\s\"'<>]|'(?=[\w%=&/-]))*)",
    re.IGNORECASE,
)
_PATH = re.compile(r"[/?#\\]|%2F|%3F|%23|%5C", re.IGNORECASE)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:[0-9]{1,5}(?![0-9]))?")
_USER_INFO = re.compile(rf"(?<!http)(?<!https)((?::|%3A){_SLASHES})(?!/)(\S{{1,512}})(?:@|%40)", re.IGNORECASE)

_KEYED = re.compile(
    r"""(
            (?:password|passwd|pwd|proxy_url)
            \\{0,8}["']? \s{0,3} [:=] \s{0,3}
        )
        (?:
            "(?:[^"\\]|\\.)*(?:"|\Z)
            | '(?:[^'\\]|\\.)*(?:'|\Z)
            | \\{1,8}(?:"|').{0,2000}?\\{1,8}(?:"|')
            | [^\s&]+
        )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)

_IPV4 = r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}:[0-9]{1,5}(?![0-9])"
_BEFORE_PROXY = re.compile(
    rf"([^\s:@/'\"]{{1,128}}):(?![/\\])\S{{1,128}}?(@(?=[\w.-]{{1,253}}:[0-9]{{1,5}}(?![0-9]))|:(?={_IPV4}))"
)
_BEHIND_PROXY = re.compile(rf"({_IPV4})[:@]\S+")

_DIGIT = (
    r"(?:\d|\\{1,8}u(?:003|ff1)[0-9]|\\{1,8}x3[0-9]|%3[0-9]"
    r"|%EF%BC%9[0-9]|\\{1,8}xef\\{1,8}xbc\\{1,8}x9[0-9])"
)
#: A dash, however it is written, and what may stand around it. A dash that was lost makes it no less of a secret.
_BETWEEN = (
    r"(?:[^\w\"'{}\[\]():,;=<>/|\\%&@#*!?.]|[\u30fc\uff70]|\\{1,8}(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[nrt])|%[0-9a-f]{2})"
)
_CODE = re.compile(f"({_DIGIT}{{8}})(?:{_BETWEEN}{{1,12}}({_DIGIT}{{8}}))+", re.IGNORECASE)


def _origin_only(found: re.Match[str]) -> str:
    """A link as far as its host and port; less, where it can't be told which part that is."""
    scheme, run = found[1], found[2]
    path = _PATH.search(run)
    authority, rest = (run[: path.start()], run[path.start() :]) if path else (run, "")
    user_info, at, address = authority.rpartition("@")
    host = _HOST.match(address)
    if host is None or re.search(r"\w", address[host.end() :]) or "@" in rest or "%40" in rest:
        return scheme + HIDDEN
    user, colon, _ = user_info.partition(":")
    known_as = (f"{user}:{HIDDEN}@" if colon else f"{HIDDEN}@") if at else ""
    return scheme + known_as + address + (f"/{HIDDEN}" if re.search(r"[^/\\.,;:)\]}']", rest) else rest)


def _without_password(found: re.Match[str]) -> str:
    user, colon, _ = found[2].partition(":")
    return f"{found[1]}{user}:{HIDDEN}@" if colon else f"{found[1]}{HIDDEN}@"


def _masked_code(found: re.Match[str]) -> str:
    halves = ("".join(str(int(digit[-1])) for digit in re.findall(_DIGIT, found[i], re.IGNORECASE)) for i in (1, 2))
    return mask("-".join(halves))
