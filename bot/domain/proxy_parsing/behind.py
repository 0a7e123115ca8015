"""The login behind an address."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.addresses import Address
from bot.domain.proxy_parsing.beside import fields_beside, lines_beside, words_beside
from bot.domain.proxy_parsing.brackets import begins_with_note
from bot.domain.proxy_parsing.changed import is_about_login
from bot.domain.proxy_parsing.fields import fields_behind, split_login
from bot.domain.proxy_parsing.logins import NONE, Login, View, ends_of_word
from bot.domain.proxy_parsing.row_pairs import pair_in_row
from bot.domain.proxy_parsing.types import is_type, names_type, read_type
from bot.domain.proxy_parsing.words import is_name, is_remark, is_secret

_SLASH = re.compile(r"(?P<sign>/)")
#: Of a port, as lists of them have it: "203.0.113.7:1080/tcp".
_PROTOCOL = re.compile(r"/(?:tcp|udp)(?!\w)", re.IGNORECASE)
_GLUED = re.compile(r"(?P<sign>##|[:@|;,\t~])(?=\S)")
_ODD_SIGN = re.compile(r"(?P<sign>--|[^\w\s:@|~\"'`.!?)\]}»”」*,;])(?=\w)")
_SPACED = re.compile(r"[ \t]*(?P<sign>[:@|;,\t])[ \t]*(?=\S)|[ \t]+(?P<dash>[-–—/\\>→]+)[ \t]+(?=\S)")
_BETWEEN = {sign: re.compile(rf"[ \t]*{re.escape(sign)}[ \t]*") for sign in ":@|;,\t"}
_DASHES = re.compile(r"[ \t]+[-–—/\\>→]+[ \t]+")


Span = tuple[int, int]


def login_behind(
    view: View, address: Address, limit: int, opened: str, *, guess: bool, url: bool = False
) -> tuple[list[Login], int, bool]:
    """The ways in which what follows an address may be its login, where they end, and whether a sign joins them on.

    ``opened`` is what stands before all of it, perhaps a bracket or quote.

    Without ``guess`` only what is joined on by a sign is one: labels explain the rest. Raises ``InputError`` where it
    can't be read.
    """
    at = address.end
    if protocol := _PROTOCOL.match(view.plain, at, limit):
        at = protocol.end()
    if view.plain[at : at + 1] == "/" and not view.plain[at + 1 : at + 2].isalnum():
        at += 1
    if not url and (odd := _SLASH.match(view.plain, at, limit) or _ODD_SIGN.match(view.plain, at, limit)):
        return _odd(view, odd, limit, opened)
    if glued := _GLUED.match(view.plain, at, limit):
        return _glued(view, glued, limit, opened)
    spaced = _SPACED.match(view.plain, at, limit)
    if spaced:
        found, end = _spaced(view, spaced, address, limit)
        return (found, end, True) if guess or found != [NONE] else ([NONE], at, False)
    if not guess or (at < limit and not view.plain[at].isspace()):
        return [NONE], at, False
    line_end = view.line_end(at, limit)
    words = [match.span() for match in re.compile(r"\S+").finditer(view.plain, at, line_end)]
    if words:
        found, end = words_beside(view, words, address)
        return found, end if found != [NONE] else at, False
    found, end = lines_beside(view, address, line_end, limit)
    return found, end, False


def _odd(view: View, sign: re.Match[str], limit: int, opened: str) -> tuple[list[Login], int, bool]:
    """What an unusual sign joins on: "host:port/ana/pass", "host:port#ana#pass". It is no login for certain."""
    if sign["sign"] == "/":
        found, end, _ = _glued(view, sign, limit, opened)
        return [*found, NONE], end, False
    end = view.word_end(sign.end(), limit)
    word = view.plain[sign.end() : end]
    if sign["sign"] in word.strip(sign["sign"]):
        return [*fields_behind(view, sign.end(), end, sign["sign"]), NONE], end, True
    if ":" in word.strip(":"):
        return [*split_login(view, sign.end(), end), NONE], end, True
    if not is_secret(word) or is_remark(word):
        return [NONE], sign.start(), False
    return [NONE, Login(view.typed(sign.end(), end), None)], end, True


def _glued(view: View, glued: re.Match[str], limit: int, opened: str) -> tuple[list[Login], int, bool]:
    start = glued.end()
    sign = glued["sign"]
    end = view.word_end(start, limit) if sign != "\t" else view.line_end(start, limit)
    if sign in ",;|":
        # A field of a table may hold a space, but no login does.
        word = view.plain[start:end]
        end = view.line_end(start, limit) if word.count(sign) >= 2 else end
    if sign == "@" and names_type(view.plain[start:end]):
        return [Login(type=read_type(view.plain[start:end]))], end, True
    found: list[Login] = []
    ends = ends_of_word(view, start, end, limit, opened)
    for last in ends:
        word = view.plain[start:last]
        between = ":" if sign in (":", "@", "##", "~") or sign not in word else sign
        if between == ":" and sign in "|;,~" and ":" not in word and "/" in word:
            between = "/"
        if between not in word:
            between = sign
        more = view.plain[last : view.line_end(last, limit)].strip()
        found += fields_behind(view, start, last, between, more=more)
        noted = is_name(more) or is_type(more) or begins_with_note(more)
        noted = noted or is_about_login(more.strip(".,;!"))
        if more and not view.in_sentence and len(more.split()) == 1 and not noted:
            # "host:port:ana:my pass": the last word may be a name, or a part of the password.
            found += [
                Login(login.user, f"{login.password} {more}", login.type)
                for login in fields_behind(view, start, last, between, more=more)
                if login.password and sign != "\t"
            ]
    return list(dict.fromkeys(found)), ends[0], True


def _spaced(view: View, match: re.Match[str], address: Address, limit: int) -> tuple[list[Login], int]:
    """What stands behind a sign with spaces around it: fields without a space in them, or a name."""
    sign = match["sign"] or ""
    pattern = _BETWEEN[sign] if sign else _DASHES
    line_end = view.line_end(match.end(), limit)
    parts: list[Span] = []
    start = match.end()
    for between in pattern.finditer(view.plain, start, line_end):
        parts.append((start, between.start()))
        start = between.end()
    parts.append((start, start + len(view.plain[start:line_end].rstrip())))
    types = [read_type(view.typed(*part)) for part in parts if is_type(view.typed(*part))]
    parts = [part for part in parts if not is_type(view.typed(*part))]
    if not parts:
        return [Login(type=types[0])], match.end()
    row = pair_in_row(view, parts, spaced=True) if sign and sign != ":" and len(parts) > 1 else None
    if row is not None:
        found, end = [row], parts[-1][1]
    else:
        found, end = fields_beside(view, parts, sign, certain=bool(sign) and sign in address.inner)
    return [Login(login.user, login.password, types[0] if types else None) for login in found], end or match.end()
