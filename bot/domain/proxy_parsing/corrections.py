"""What corrects a part of a proxy that was read: "oops, the port is 8001", "логин теперь ana2", "密码改成 …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.addresses import Grade, find_hosts, grade_of
from bot.domain.proxy_parsing.changed import CHANGED
from bot.domain.proxy_parsing.denied import denies
from bot.domain.proxy_parsing.han import HAN, HAN_SIGN
from bot.domain.proxy_parsing.new_users import EDGES, SMALL_WORDS, new_users
from bot.domain.proxy_parsing.outside import OTHER_ADDRESS, named
from bot.domain.proxy_parsing.types import read_port
from bot.domain.proxy_parsing.units import UNIT, YEARS
from bot.domain.proxy_parsing.vocabulary import Part
from bot.domain.proxy_parsing.words import is_prose, is_secret

_HOST, _PORT, _USER = map(named, (Part.HOST, Part.PORT, Part.USER))
#: Where the short names are something else, a password is asked for that need not be.
_PASSWORD = named(Part.PASSWORD, ("p", "pw", "mk"))
#: Words of a change that stand as well in front of a price.
_ONLY_NOW = re.compile(
    r"\W*(?:now|теперь|тепер|только|ahora|agora|maintenant|jetzt|teraz|giờ)\W+[0-9]+\W*", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z\u00c0-\u04ff_.:/№#$€£₽¥-])(?<!№ )(?<![$€£₽¥#] )(?P<port>[0-9]{2,5})(?![0-9%$€£₽¥]"
    rf"|[.,:/–-][0-9]|[ ]?[–-][ ]?[0-9]|[^\W_](?<!{HAN}))"
    rf"(?![ ]?{UNIT})",
    re.IGNORECASE,
)
#: Numbers behind these are of something else than a port.
_OF_ELSE = re.compile(
    r"(?<![^\W_])(?:speed|скорост\w+|limit|лимит\w*|id|order|заказ\w*|цена|price|cost|code|код\w*|until|till|до|since"
    r"|every|каждые|timeout|ping|пинг)(?![^\W_])|速度|订单",
    re.IGNORECASE,
)
#: Addresses beside these are not the proxy's own.
_OTHER_HOST = re.compile(
    rf"(?<![^\W_])(?:{OTHER_ADDRESS}|extern\w*|whitelist\w*|white list|allow\w*|auth\w*|авториз\w+|your|mine|public"
    r"|current|outbound|dns|gateway|mask|for|from|shows?|checker|моего|твой|ваш|для|от|с|привяз\w+|бел\w+ спис\w+"
    r"|вайтлист\w*|выход\w*|выдаёт|выдает|показыва\w+|определя\w+|подсет\w+|subnet|thực|thật|no[_ ]proxy|bypass|127"
    r"|của)(?![^\W_])"
    r"|出口|白名单|外网|本机|我的|你的|真实",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?<![^\W_])(?:не|not|nicht|không|no)(?![^\W_])|不是", re.IGNORECASE)
_SHORT = 4  # words of "oops, 8001"
_MOST = 2  # values of one part
_STARRED = re.compile(r"\*+[ \t]*(?P<value>[^\s*]+)|(?P<behind>[^\s*]+)[ \t]*\*+")


def with_corrections(readings: Sequence[Custom], every: Iterable[Custom], said: Sequence[str]) -> tuple[Custom, ...]:
    """The ways to read a proxy, and in front of them those with what words beside it correct.

    ``every`` are the ways of all proxies of the text, ``said`` its other sentences. A password that is corrected is
    asked for.
    """
    known = [*every]
    ways = tuple(readings)
    for piece in said:
        ways = _corrected(ways, known, piece)
    return ways


def _corrected(ways: tuple[Custom, ...], known: Sequence[Custom], piece: str) -> tuple[Custom, ...]:
    changed = CHANGED.compiled.search(piece) is not None
    ports = [*_ports(piece, known, changed=changed)][:_MOST]
    hosts = [*_hosts(piece, known, changed=changed)][:_MOST]
    of_user = changed or denies(piece, {each.user for each in known})
    is_named = _PASSWORD.compiled.search(piece) is not None
    user, more = new_users(piece, known) if of_user and not is_named else (None, False)
    asks = any(each.user and each.password for each in ways)
    if asks and (more or _corrects_password(piece, ways, changed=changed)):
        ways = tuple(replace(each, password=None) if each.user and each.password else each for each in ways)
    whole = [each for each in ways if each.user != user or each.password is not None]
    if user and not more and any(each.password for each in whole):
        ways = tuple(whole)  # a label tells the same user without a password
    new = [replace(each, port=port) for port in ports for each in ways]
    new += [replace(each, host=host) for host in hosts for each in ways]
    new += [replace(each, user=user) for each in ways if user and each.user]
    first = (
        (changed and not _ONLY_NOW.fullmatch(piece))
        or _STARRED.fullmatch(piece) is not None
        or denies(piece, _values(known))
    )
    return tuple(dict.fromkeys((*new, *ways) if first else (*ways, *new)))


def _values(known: Sequence[Custom]) -> Iterator[str | None]:
    return (value for each in known for value in (each.host, str(each.port), each.user))


def _ports(piece: str, known: Sequence[Custom], *, changed: bool) -> Iterator[int]:
    told = {str(each.port) for each in known}
    name = _PORT.compiled.search(piece)
    starred = _STARRED.fullmatch(piece)
    denied = denies(piece, told)
    secret = _PASSWORD.compiled.search(piece) is not None
    for number in _NUMBER.finditer(piece):
        port = read_port(number["port"])
        if (
            port is None
            or number["port"] in told
            or denies(piece, [number["port"]])
            or (len(number["port"]) < 3 and not changed)
        ):
            continue
        if (
            starred
            or denied
            or (
                changed
                and len(number["port"]) > 3
                and _ends_with(piece, number.end())
                and port not in YEARS
                and not secret
            )
            or (name is not None and _is_of_port(piece, name, number, changed=changed))
        ):
            yield port


def _ends_with(piece: str, end: int) -> bool:
    """Whether a short sentence ends in a value that ends there: "oops, 8001"."""
    return len(piece.split()) <= _SHORT and not piece[end:].strip(" .!)")


def _is_of_port(piece: str, name: re.Match[str], number: re.Match[str], *, changed: bool) -> bool:
    before = number.start() < name.start()
    between = piece[number.end() : name.start()] if before else piece[name.end() : number.start()]
    if _PASSWORD.compiled.search(piece[: number.start()] if before else between) is not None:
        return False  # "the password is now 4477, same port"
    if _OF_ELSE.search(between) or (int(number["port"]) in YEARS and between.strip() and not changed):
        return False
    if re.search(r'["{}<>|\t]', between):
        return False  # a row, or JSON
    if other := re.search(r"[0-9]{2,5}(?![0-9])", between):
        return CHANGED.compiled.search(between[other.end() :]) is not None
    if before:
        return changed or between.strip(" \t(–—-") in ("", "это", "is", "is the", "-", "是")
    return changed or not re.search(r"[,，:：]", between)


def _hosts(piece: str, known: Sequence[Custom], *, changed: bool) -> Iterator[str]:
    hosts = {each.host for each in known}
    of_numbers = any(each.host and grade_of(each.host) is Grade.IP for each in known)
    is_named = _HOST.compiled.search(piece) is not None
    denied = denies(piece, hosts)
    starred = _STARRED.fullmatch(piece) is not None
    if not denied and (_OTHER_HOST.search(piece) is not None or _PASSWORD.compiled.search(piece) is not None):
        return  # "the password on the server is now kot.ru"
    piece = HAN_SIGN.sub(" ", piece)
    for start, end, host in find_hosts(piece, 0, len(piece)):
        grade = grade_of(host)
        if (
            host in hosts
            or denies(piece, [host])
            or "/" in piece[end : end + 1]
            or "@" in piece[max(0, start - 1) : end + 1]
        ):
            continue
        if grade is Grade.IP:
            is_short = changed and _ends_with(piece, end)
            is_told = starred or is_short or (is_named and of_numbers) or _NOT.search(piece) is not None
        else:
            is_told = grade is Grade.NAME and is_named and changed
        if denied or is_told:
            yield host


def _corrects_password(piece: str, ways: Sequence[Custom], *, changed: bool) -> bool:
    passwords = {each.password for each in ways if each.password}
    starred = _STARRED.fullmatch(piece)
    if denies(piece, passwords) or (starred is not None and is_secret(starred["value"] or starred["behind"])):
        return True
    told = any(password in piece for password in passwords if password)
    return changed and not told and _PASSWORD.compiled.search(piece) is not None and _holds_value(piece)


def _holds_value(piece: str) -> bool:
    """Whether a sentence has other words than the names of parts, and those that say that something has changed."""
    for pattern in (_PASSWORD, _USER, _PORT, _HOST, CHANGED):
        piece = pattern.compiled.sub(" ", piece)
    words = re.findall(r"[!-~]+", piece) if not piece.isascii() else piece.split()
    words = [word.strip(EDGES) for word in words]
    return any(any(map(str.isalnum, word)) and word.lower() not in SMALL_WORDS and not is_prose(word) for word in words)
