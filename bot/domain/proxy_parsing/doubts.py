"""What of a reading can't be relied on: it is asked for, or the proxy is refused, rather than used as it stands."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.brackets import begins_with_note
from bot.domain.proxy_parsing.enclosed import is_enclosed
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.han import HAN
from bot.domain.proxy_parsing.label_patterns import (
    ends_in_label,
    is_label_name,
    is_pair_of_names,
    mentions_login,
    speaks_of_password,
)
from bot.domain.proxy_parsing.logins import CLOSING
from bot.domain.proxy_parsing.remarks_behind import without_places
from bot.domain.proxy_parsing.said import with_said
from bot.domain.proxy_parsing.settings import without_settings
from bot.domain.proxy_parsing.survey import Survey
from bot.domain.proxy_parsing.types import is_supported, names_type
from bot.domain.proxy_parsing.words import CODE, is_name, is_password, is_place, is_remark, is_secret
from bot.errors import InputError

MOST_WAYS = 4  # to read one proxy
#: What ends a sentence or a remark, and hardly a password.
_ODD_END = re.compile(
    r"\S[.?]+\Z|(?:<[^<>]*>|&[a-z]+;|\\[nrt]|%0[AaDd]|«[^«»]*»)\Z|[…•¶،؟।。，；！？、」】〕）\u2190-\u21ff\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]\Z|\w[(\[{（【][^)\]}）】]*[)\]}）】]\Z"
)
_EMOJI = re.compile(r"[\u2600-\u27bf\U0001f300-\U0001faff]")
#: Signs of Chinese sentences, as in "代理：203.0.113.7:1080:ana:pass，谢谢".
_FULL_WIDTH = re.compile(rf"[，。；：！？、][ \t]*{HAN}|（[^（）]*）?\Z")
#: What dashboards show instead of a password.
_MASKED = re.compile(r"[*•●·∙◦▪?.…]{3,}|[xX]{4,20}")
#: Signs with which sellers join a remark on to a password, and how a remark in front of a user ends.
_JOINTS = re.compile(r"[|;,/\\#~<>=•·@:→➜»—–、，；：｜／]+|->|(?<=\w)[-_](?=[A-Z0-9])")
_NUMBERED = re.compile(r"(?:[^\W\d_]+[-_ ])+[0-9]{1,4}")
_REMARK_IN_FRONT = re.compile(r"(?P<remark>[^|;,/#→➜»—–]+)[|;,/#→➜»—–]+(?P<user>.+)", re.DOTALL)
#: What may part the cells of a row.
_CELL_SIGN = re.compile(r"[|｜;,]|-{4,}")
_TWO_WORDS = re.compile("[a-z]+[|;,][a-z]+")  # "pass;word"
_SHORTEST = 2  # of a password with cells behind it
_NOT_ASCII_END = re.compile(rf"[!-~](?:[^\W\d_a-zA-Zа-яё]+|{HAN}+[!-~]{{1,4}})\Z", re.IGNORECASE)
#: The name of a value in JSON.
_KEY = re.compile(r"[{,\[]*\"\w+\"[ \t]*:")
#: What is no user: signs alone, a link, and a sentence in Chinese.
_NO_USER = re.compile(rf"\A[\W_]+\Z|\Ahttps?:|://|{HAN}{{2,}}[,，。、;；]", re.IGNORECASE)
#: The name of a login, with or without it: "proxy-auth=ana", "userpwd".
_NAMED_LOGIN = re.compile(
    r"(?:(?:proxy|basic|http)[_-]?(?:auth|creds?|credentials)|(?:proxy[_-]?)?user(?:pwd|pass))(?:=.*)?", re.IGNORECASE
)
_REST_OF_LINK = re.compile(r"[\w-]+(?:\.[\w-]+)+/\S*[?=,;|]")
_BASE64 = re.compile(r"[\w+/-]{8,}={0,2}", re.ASCII)
_OPENING = frozenset(CLOSING)
_SENTENCE_SIGNS = frozenset(",;/")
_PAIR = re.compile(r"[^\s:/]+:(?P<password>[^\s:/]+)")
#: "--proxy-auth ana:Pw1secret", and nothing behind it
_VALUE_OF_OPTION = re.compile(
    r"(?<!\S)(?:--[a-z][a-z-]*(?:user|auth|pass|passwd|password|creds)(?:=|[ \t]+)|-U[ \t]+)\S+\Z"
)
LONGEST_OPTION = 600  # with its value
_NO_LOGIN = frozenset({"-", "--", "none", "null", "nil", "n/a", "undefined", "unknown", "no", "нет", "无"})


def judged(seen: Survey) -> tuple[Found, ...]:
    """The proxies of a text, each with what can be relied on."""
    found = [_judged(each, seen, first=index == 0) for index, each in enumerate(seen.found)]
    said = with_said(seen.rest.text.plain, found)
    return tuple(replace(each, readings=merge_by_password(each.readings)[:MOST_WAYS]) for each in said)


def relied_on(readings: Sequence[Custom], enclosed: Sequence[Custom] = ()) -> tuple[Custom, ...]:
    """The readings with a password open where it may have more or fewer characters, and more ways where these are.

    Behind the passwords of those that are ``enclosed`` no remark can stand.
    """
    ways = (way for reading in readings for way in _ways(reading, enclosed=reading in enclosed))
    return merge_by_password(ways)[:MOST_WAYS]


def merge_by_password(readings: Iterable[Custom]) -> tuple[Custom, ...]:
    """Readings without those that differ in the password alone: of those, one is left whose password is asked for.

    One without any login differs in more.
    """
    by_user: dict[tuple[Custom, bool], set[str | None]] = {}
    for reading in readings:
        bare = not reading.user and not reading.password
        by_user.setdefault((replace(reading, password=None), bare), set()).add(reading.password)
    return tuple(
        replace(reading, password=passwords.pop() if len(passwords) == 1 else None)
        for (reading, _), passwords in by_user.items()
    )


def _judged(found: Found, seen: Survey, *, first: bool) -> Found:
    if found.mistake is not None or not found.readings:
        return found
    told = [each for each in found.readings if not each.user or _NO_USER.search(each.user) is None]
    try:
        plain = seen.rest.text.plain
        known = without_places(without_settings(told or found.readings, plain), found, plain)
        readings = relied_on(known, [each for each in known if is_enclosed(each, found, plain)])
    except InputError as mistake:
        return replace(found, mistake=mistake)
    words = _KEY.sub(" ", seen.rest.plain).split()
    if (
        any(map(_took_label_for_user, readings))
        or (seen.turned and readings[0].user)
        or (first and _is_torn(found, seen, words))
    ):
        return replace(found, mistake=InputError("unreadable"))
    if _goes_on(found, seen):
        readings = tuple(_open(each) if each.user and each.password else each for each in readings)
    if first and any(map(is_secret, words)):
        readings = tuple(_open(each) if each.user and not each.password else each for each in readings)
    return replace(found, readings=merge_by_password(readings))


def _goes_on(found: Found, seen: Survey) -> bool:
    """Whether the password at the end of a proxy may have more characters, or one less."""
    plain, end = seen.rest.text.plain, found.end
    last = [each.password for each in found.readings if each.password and plain.endswith(each.password, 0, end)]
    # "wifi;us;;;" is the password of a seller.
    alone = any(password.count(plain[end - 1]) == 1 for password in last)
    if plain[end - 1] in _SENTENCE_SIGNS and alone and plain[end : end + 1] not in tuple("\"'`"):
        return True
    if _VALUE_OF_OPTION.search(plain, max(0, end - LONGEST_OPTION), end):
        return False  # which is one word
    behind = re.compile(r"[ \t]?(?P<word>[^\s,;]\S*)").match(seen.rest.plain, end)
    if behind is None or not plain[end : behind.start("word")].isspace() or "://" in behind["word"]:
        return False
    word = behind["word"]
    if begins_with_note(seen.rest.plain[behind.start("word") :]):
        return False
    remarked = any(sign in password for password in last for sign in "#/|") and any(map(str.isalnum, word))
    return remarked or not (is_remark(word) or is_name(word) or not is_secret(word))


def _is_torn(found: Found, seen: Survey, words: Sequence[str]) -> bool:
    """Whether a part of the login stands in what nothing explains, so that nobody knows which password is whose."""
    readings = found.readings
    if _is_told_beside(seen, readings):
        return True
    if not any(each.user for each in readings):
        if not seen.unknown and any(map(is_password, words)):
            return True
        if all(each.password is None for each in readings) or mentions_login(seen.rest.plain):
            return True
        return all(each.password for each in readings) and not all(map(is_name, words))
    begun = min(start for start, _ in found.spans)
    if any(each.user and each.password is None for each in readings) and speaks_of_password(seen.rest.plain[:begun]):
        return True  # "password for 203.0.113.7:1080: Pw1secret"
    pairs = [pair["password"] for word in words if (pair := _PAIR.fullmatch(word))]
    # A user of two words: "host:port:my user:pass"
    return any(map(is_secret, pairs)) and any(each.user and each.password is None for each in readings)


def _is_told_beside(seen: Survey, readings: Sequence[Custom]) -> bool:
    """Whether labels tell a login, or another password, beside a proxy that they are not a part of, as in a table."""
    told = seen.told
    if told is None or not told.explains_login:
        return False
    if any(each.user and each.user == told.password and told.user != told.password for each in readings):
        return True  # "host:port:pass:ana, password pass"
    if not any(each.user for each in readings):
        return True
    return told.user is None and any(each.password not in {None, told.password} for each in readings)


def _took_label_for_user(reading: Custom) -> bool:
    """Whether what was read as the user is a label, or holds one, or is the end of a link."""
    user, password = reading.user, reading.password or ""
    foreign = user.isalpha() and not user.isascii()
    return (
        ends_in_label(user)
        or _REST_OF_LINK.match(user) is not None
        or _NAMED_LOGIN.fullmatch(user) is not None
        or user.endswith((":", "："))
        or (foreign and (is_label_name(user) or mentions_login(user) or re.search("[:：]", password) is not None))
    )


def _ways(reading: Custom, *, enclosed: bool) -> Iterator[Custom]:
    user, password = reading.user, reading.password
    if _is_placeholder(user, password):
        yield reading
        yield replace(reading, user="", password="")
        return
    if password and password != password.strip():
        password = password.strip()
        reading = replace(reading, password=password)
    if user and password is None and (login := _encoded(user)):
        yield replace(reading, user=login[0], password=login[1])
        return
    if user and password and may_hold_more(password, enclosed=enclosed):
        reading = _open(reading)
    in_front = _REMARK_IN_FRONT.fullmatch(user)
    cells = _CELL_SIGN.split(user)
    if len(cells) > 1 and all(map(_is_cell, cells[:-1])):
        yield replace(reading, user=cells[-1])
    elif in_front and _is_remark(in_front["remark"]):
        yield replace(reading, user=in_front["user"])
    yield reading


def _encoded(user: str) -> tuple[str, str] | None:
    """User and password that stand before the address in Base64, as some programs share them."""
    if _BASE64.fullmatch(user) is None:
        return None
    try:
        login = base64.b64decode(user + "=" * (-len(user) % 4), altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        return None
    name, _, password = login.partition(":")
    return (name, password) if name.isprintable() and password.isprintable() and name and password else None


def _open(reading: Custom) -> Custom:
    return replace(reading, password=None)


def _is_placeholder(user: str, password: str | None) -> bool:
    """Whether a login only says where one stands, or that there is none: ``user:pass``, ``none:none``."""
    if not user or not password:
        return False
    same = user.lower() == password.lower() and user.lower() in _NO_LOGIN
    return same or is_pair_of_names(f"{user}:{password}")


def may_hold_more(password: str, *, enclosed: bool = False) -> bool:
    """Whether what was read as a password may have a remark or a sentence's sign at its end, or stand for one."""
    patterns = (_ODD_END.search, _MASKED.fullmatch, _NOT_ASCII_END.search)
    # A sign too many, or a cell of a table with what stands behind it
    odd = (password[0] == ":" and len(password) > 1) or " " in password
    odd = odd or (password[0] in "\"'`“" and not password.endswith(CLOSING[password[0]], 1))
    odd = odd or (not enclosed and _has_cells_behind(password))
    unclosed = password[-1] in _OPENING and len(password) > 1
    unopened = password[-1] in CLOSING.values() and not set(password[:-1]) & _OPENING
    wrapped = len(password) > len("()") and CLOSING.get(password[0]) == password[-1]
    odd = odd or re.search(r"\"[,}\]]", password) is not None
    odd = odd or any(found.search(password) for found in (_FULL_WIDTH, _EMOJI))
    if odd or unclosed or unopened or wrapped or any(found(password) for found in patterns):
        return True
    if enclosed:
        return False
    last = None
    for joint in _JOINTS.finditer(password):
        last = joint
        tail = password[joint.end() :]
        if joint.start() and _is_remark(tail, joint.group()):
            return True
    return last is not None and last.start() > 0 and _is_remark(password[last.end() :], last.group())


def _has_cells_behind(password: str) -> bool:
    """Whether it may end in what a row says behind it: "pass|Kim", "pass;Comcast;12", "pass----30d"."""
    first, *cells = _CELL_SIGN.split(password)
    if len(first) < _SHORTEST or not cells or not all(cells):
        return False
    if _TWO_WORDS.fullmatch(password) and not is_remark(cells[0]):
        return False
    return all(map(_is_cell, cells)) or "----" in password


def _is_cell(text: str) -> bool:
    """Whether a row may say this of a proxy, rather than an option of the user's, or a part of a password."""
    word = len(text) > 1 and text.isalnum()
    told = is_remark(text) or is_place(text)
    return not text or word or text.isdecimal() or told or any(form.fullmatch(text) for form in (CODE, _NUMBERED))


def _is_remark(text: str, joint: str = "|") -> bool:
    """Whether this may be what a seller writes beside a proxy: a country, a date, a price, a type."""
    if joint == "/" and is_supported(text):
        return True
    if joint in ("-", "_", ":", "@", "/", "=") and not (is_place(text) and text.isupper()):
        # "Qwerty@123" is a usual password, and so is "Key=18".
        return (
            is_remark(text)
            and not (joint == "=" and text.isdecimal())
            and (len(text) > 4 or joint not in ("-", "_", "@"))
        )
    return is_place(text) or is_remark(text) or names_type(text)
