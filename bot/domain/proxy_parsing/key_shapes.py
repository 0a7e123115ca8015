"""Keys that can be told by their look alone: tokens of well-known services, private keys, headers with a login."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

Span = tuple[int, int]

_TOKEN = re.compile(
    r"(?<![\w/=?&-])(?:"
    r"[0-9]{8,10}:[A-Za-z0-9_-]{30,}"  # a bot's in Telegram
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?"  # a JSON web token
    r"|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hf_[A-Za-z0-9]{20,}"
    r"|[rsp]k[-_](?=[\w-]*[0-9])[A-Za-z0-9_-]{16,}|xox[abeprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}"
    r"|EAA[A-Za-z0-9]{30,}|IGQV[\w-]{30,}|ya29\.[\w-]{20,}|shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{20,}|whsec_[A-Za-z0-9]{16,}"
    r"|SG\.[\w-]{16,}\.[\w-]{16,}|(?:dop|doo|dor)_v1_[0-9a-f]{32,}|npm_[A-Za-z0-9]{30,}"
    r")(?![\w/])"
)
#: The key of a licence: "AB12C-9DE3F-4GH5J-K6L7M".
_OF_LICENCE = re.compile(r"(?<![\w/-])(?P<value>[A-Z0-9]{4,6}(?:-[A-Z0-9]{4,6}){3,7})(?![\w/-])")
#: The key of a second factor in groups, as pages show it: "KVKF CRLB OJ2G 4Y3T".
_OF_SECOND_FACTOR = re.compile(r"(?<![\w-])(?P<value>[A-Za-z2-7]{4}(?:[ -][A-Za-z2-7]{4}){3,15})(?![\w-])")
_MIXED = re.compile(r"[A-Z]+[0-9]|[0-9]+[A-Z]")
_MIXED_GROUPS = 3
_BLOCK = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END|\Z)", re.DOTALL)
_HEADER = re.compile(r"authorization[\"']?[ \t]*[:=][ \t]*[\"']?[A-Za-z]+[ \t]+(?P<value>[^\s\"']{6,})", re.IGNORECASE)
_BASIC = re.compile(r"(?<!\w)basic[ \t]+(?P<value>[A-Za-z0-9+/]{6,}={0,2})(?![\w=])", re.IGNORECASE)
#: A login in the address of a server, other than a proxy: "ftp://ana:pass@host", "mongodb+srv://app:pass@host".
_OF_SERVER = re.compile(r"(?<!\w)[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,64}:(?P<value>[^\s/@]{1,64})@", re.IGNORECASE)
_OF_SHELL = re.compile(r"(?<!\w)(?:mysql|mysqldump|mariadb)[ \t][^\n]{0,80}?(?<!\S)-p(?P<value>\S{3,64})")
_COOKIE = re.compile(r"(?<!\w)cookie[ \t]*:[ \t]*[\w.-]{1,40}=(?P<value>[^\s;]{8,})", re.IGNORECASE)
_PAIR = re.compile(rb"[!-9;-~]+:[ -~]+")


def keys_in(plain: str) -> Iterator[Span]:
    """Where such keys stand."""
    for pattern in (_TOKEN, _BLOCK):
        yield from (match.span() for match in pattern.finditer(plain))
    for pattern in (_HEADER, _OF_SERVER, _OF_SHELL, _COOKIE):
        yield from (match.span("value") for match in pattern.finditer(plain))
    yield from (match.span("value") for match in _OF_LICENCE.finditer(plain) if _is_licence(match["value"]))
    yield from (match.span("value") for match in _OF_SECOND_FACTOR.finditer(plain) if _is_in_groups(match["value"]))
    yield from (match.span("value") for match in _BASIC.finditer(plain) if _holds_login(match["value"]))


def _is_licence(value: str) -> bool:
    """Whether its groups are of letters and digits, as those of no product's number are."""
    return sum(_MIXED.match(group) is not None for group in value.split("-")) >= _MIXED_GROUPS


def _is_in_groups(value: str) -> bool:
    """Whether groups are in one case, with digits among letters in one of them at least."""
    groups = re.split("[ -]", value)
    mixed = any(any(map(str.isdigit, group)) and any(map(str.isalpha, group)) for group in groups)
    return mixed and (value.isupper() or value.islower()) and not all(map(str.isdigit, groups[0] + groups[-1]))


def _holds_login(value: str) -> bool:
    """Whether it is a name and a password as they stand in the header of a request."""
    try:
        bare = value.rstrip("=")
        return _PAIR.fullmatch(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)) is not None
    except binascii.Error:
        return False
