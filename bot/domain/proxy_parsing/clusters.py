"""The addresses of a text, each with the ways to explain what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.hosts import read_host
from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.addresses import LOWEST_PORT, Address, Grade
from bot.domain.proxy_parsing.behind import login_behind
from bot.domain.proxy_parsing.cluster import Cluster, Scope
from bot.domain.proxy_parsing.front import login_in_front
from bot.domain.proxy_parsing.logins import NONE, Login, View, unescaped
from bot.domain.proxy_parsing.sides import chosen
from bot.domain.proxy_parsing.two_addresses import Meant, may_begin_password, meant
from bot.domain.proxy_parsing.types import SCHEME, TypeWord, is_type, read_port, read_type
from bot.domain.proxy_parsing.ways import Way, unquoted, with_other_hosts, with_second_port
from bot.domain.proxy_parsing.words import is_name, is_password, is_secret
from bot.errors import InputError

Span = tuple[int, int]

_PLAIN_HOST = re.compile(r"(?:[^\s/?#]*@)?(?P<host>[^\s:@/?#|;,\[\]]+):(?P<port>[0-9]{1,5})(?![\w.])")
#: The end of a text in quotes, and the beginning of the next.
_QUOTE_ENDS = re.compile(r"[\"'](?=[,;}\]:\"'])")
_SECOND_QUOTED = re.compile(r"[,;:][\"']\Z")
_FIELDS = re.compile(r"[\s:@|;,]+")
#: Below this a number behind one of these endings, which are those of countries too, may be a line of a file.
_FEW_LINES = 1024
_LONGEST_WORD = 6  # a password has more characters, or looks like one
_SOURCES = frozenset({"cc", "md", "ml", "pl", "pm", "py", "rs", "sh", "so", "st", "ts"})
_OF_PAGES = (80, 443)
_PARTED = re.compile(r"[|;,][\"']?(?=\S)")


def clusters_of(view: View, addresses: Sequence[Address], scope: Scope) -> list[Cluster]:
    """A cluster for each proxy among the addresses of a scope."""
    found = sorted([*addresses, *_named_by_scheme(view, addresses, scope)], key=lambda address: address.start)
    if any(address.grade >= Grade.NAME for address in found):
        found = [address for address in found if address.grade >= Grade.NAME]
    groups = _words(view, found)
    clusters: list[Cluster] = []
    floor = scope.start
    for index, group in enumerate(groups):
        limit = scope.end
        if index + 1 < len(groups):
            limit = _begin(view, groups[index + 1][0], group[-1].end)
        cluster = _cluster(view, group, floor, limit, scope)
        clusters.append(cluster)
        floor = max(floor, *(end for _, end in cluster.spans))
    clusters = [_beside_another(cluster, clusters[at : at + 1]) for at, cluster in enumerate(clusters, 1)]
    return [_above_another(view, cluster, clusters[at : at + 1]) for at, cluster in enumerate(clusters, 1)]


def _beside_another(cluster: Cluster, following: Sequence[Cluster]) -> Cluster:
    """The cluster with one more way where its login may be that of the next address: "host:port ana pass host:port"."""
    if not cluster.loose or not following or not following[0].is_bare:
        return cluster
    return replace(
        cluster, ways=tuple(dict.fromkeys((*cluster.ways, *(replace(way, login=NONE) for way in cluster.ways))))
    )


def _above_another(view: View, cluster: Cluster, following: Sequence[Cluster]) -> Cluster:
    """The cluster with more ways where the login in the lines below the next address may be that of both."""
    if not cluster.is_bare or not following or not following[0].loose:
        return cluster
    shared = [way.login for way in following[0].ways if way.login.user]
    below = view.plain[following[0].spans[0][0] : following[0].spans[-1][1]]
    known = {way.host for way in following[0].ways}
    if "\n" not in below.strip() or any(way.host in known for way in cluster.ways):
        return cluster
    more = (replace(way, login=login) for login in shared for way in cluster.ways)
    return replace(cluster, ways=tuple(dict.fromkeys((*more, *cluster.ways))))


def _named_by_scheme(view: View, addresses: Sequence[Address], scope: Scope) -> Iterator[Address]:
    """Behind a scheme any word may be a host."""
    for scheme in SCHEME.finditer(view.plain, scope.start, scope.end) if "://" in view.plain else ():
        end = view.word_end(scheme.end(), scope.end)
        if any(scheme.end() <= address.start < end for address in addresses):
            continue
        match = _PLAIN_HOST.match(view.plain, scheme.end(), end)
        host = match and read_host(match["host"])
        port = match and read_port(match["port"])
        if match and host and port:
            yield Address(match.start("host"), match.end("port"), host, port, ":", Grade.NAME)


def _words(view: View, found: Sequence[Address]) -> list[list[Address]]:
    """The addresses by the words that they stand in."""
    groups: list[list[Address]] = []
    for address in found:
        if groups and _same_word(view, groups[-1][-1], address):
            groups[-1].append(address)
        else:
            groups.append([address])
    return groups


def _same_word(view: View, one: Address, other: Address) -> bool:
    between = view.plain[one.end : other.start]
    if any(map(str.isspace, between)) or SCHEME.search(between + "x"):
        return False
    if may_begin_password(view.plain, one, between):
        return True  # "ana:a.example:80;pass@203.0.113.7:1080"
    if _SECOND_QUOTED.search(between):
        return False
    if quotes := _QUOTE_ENDS.findall(between):
        in_front = view.plain[view.word_start(one.start, 0) : one.start]
        if any(quote in in_front for quote in quotes):
            return False
    parted = _PARTED.match(between + "x")
    return not parted or (one.inner.strip() == between[0])


def _begin(view: View, address: Address, floor: int) -> int:
    """Where a proxy begins at the latest whose address this is: what stands before it in its word, with a scheme."""
    start = view.word_start(address.start, floor)
    scheme = None
    for match in SCHEME.finditer(view.plain, start, address.start):
        scheme = match
    if scheme:
        return scheme.start()
    if start == floor and (parted := _PARTED.search(view.plain, floor, address.start)):
        return parted.start()
    return start


def _cluster(view: View, group: Sequence[Address], floor: int, limit: int, scope: Scope) -> Cluster:
    """The one proxy of a word; the ways of its first and of its last address, where both may be meant."""
    first, last = group[0], group[-1]
    url = _scheme_of(view, first, floor)
    if first is last:
        return _read(view, first, (floor, limit), scope, url)
    front, back = (_read(view, address, (floor, limit), scope, url) for address in (first, last))
    match meant(view.plain, floor, first, last, url=url is not None):
        case Meant.FIRST:
            return front
        case Meant.LAST:
            return back
        case Meant.LAST_OR_FIRST:
            ways = (*back.ways, *front.ways)
        case Meant.FIRST_OR_LAST:
            ways = (*front.ways, *back.ways)
        case Meant.UNCLEAR:
            return replace(back, spans=(*front.spans, *back.spans), mistake=InputError("unreadable"))
    fixed = front.fixed or back.fixed
    return Cluster((*front.spans, *back.spans), ways, evident=True, mistake=front.mistake, fixed=fixed)


def _scheme_of(view: View, address: Address, floor: int) -> re.Match[str] | None:
    """The scheme in front of an address, in the same word."""
    found = None
    for scheme in SCHEME.finditer(view.plain, floor, address.start):
        found = scheme
    if found is None:
        return None
    between = view.plain[found.end() : address.start]
    return found if not between.strip() or not any(map(str.isspace, between)) else None


def _read(view: View, address: Address, bounds: Span, scope: Scope, url: re.Match[str] | None) -> Cluster:
    floor, limit = bounds
    mistake, type_ = None, None
    if url:
        floor = max(floor, url.end())
        try:
            type_ = read_type(url["scheme"])
        except InputError as unsupported:
            mistake = unsupported
    try:
        front, begin, sign = login_in_front(view, address, floor, guess=scope.guess)
        opened_at = url.start() if url else address.start
        opened = view.plain[opened_at - 1 : opened_at] if opened_at else ""
        behind, end, glued = login_behind(
            view, address, limit, opened, guess=scope.guess and not sign, url=url is not None
        )
    except InputError as unsupported:
        return _of_no_use(view, address, bounds, unsupported)
    if sign and not front and _is_torn(view.plain[begin : address.start], behind):
        mistake = mistake or InputError("unreadable")
    logins, start = chosen(front, begin, sign, behind, address)
    if logins is front and sign == "@":
        end = address.end
        if url:
            logins = [unescaped(login) for login in logins]
    if url:
        start = url.start()
    if logins is not front:
        start = min(start, address.start)
    ways = [Way(address.host, address.port, unquoted(login), type_ or login.type) for login in logins]
    ways = [*with_second_port(view, address, ways, limit, guess=scope.guess), *with_other_hosts(view, address, ways)]
    joined = glued or bool(sign)
    whole = all(login.user or login.password for login in logins)
    # Rather the address of a mailbox, or of a computer that somebody works on
    is_mail = logins is front and sign == "@" and not any(login.password for login in logins)
    is_meant = joined and whole and not is_mail and not _is_something_else(address, logins)
    evident = address.grade >= Grade.NAME and (url is not None or is_meant)
    fixed = logins is front and sign == "@"
    return Cluster(((start, end),), tuple(dict.fromkeys(ways)), evident, mistake, loose=not joined, fixed=fixed)


def _is_something_else(address: Address, logins: Sequence[Login]) -> bool:
    """Whether it is rather a line of a file, "main.py:42: error", or a name with a number: "FB.US:12:Anna"."""
    passwords = [login.password or "" for login in logins]
    if address.grade is Grade.IP or any(len(each) > _LONGEST_WORD or is_password(each) for each in passwords):
        return False
    return address.port < LOWEST_PORT or (
        address.port < _FEW_LINES and address.host.rpartition(".")[2] in _SOURCES and address.port not in _OF_PAGES
    )


def _is_torn(before: str, behind: Sequence[Login]) -> bool:
    """Whether one field stands on either side of an address, "ana:host:port:pass": neither is surely the user."""
    word = before.rstrip(":|;,@ \t")
    named = is_name(word) or is_type(word)
    return not named and all(login.password is None and is_secret(login.user) for login in behind)


def _of_no_use(view: View, address: Address, bounds: Span, mistake: InputError) -> Cluster:
    """A proxy that can't be read, or whose type can't be used.

    There is no way to read it where more than the type stands beside its address.
    """
    floor, limit = bounds
    start, end = view.word_start(address.start, floor), view.word_end(address.end, limit)
    beside = f"{view.plain[start : address.start]}:{view.plain[address.end : end]}"
    has_login = sum(map(bool, _FIELDS.split(beside))) > 1
    ways = () if has_login else (Way(address.host, address.port, NONE),)
    return Cluster(((start, end),), ways, evident=has_login, mistake=mistake)


def without_type_word(view: View, cluster: Cluster, words: Sequence[TypeWord]) -> Cluster:
    """The cluster with one more way where a word that names a type may be the password instead: "host port ana ssh"."""
    lone = [way for way in cluster.ways if way.login.user and way.login.password is None]
    end = max(end for _, end in cluster.spans)
    behind = [word for word in words if word.start >= end and not view.plain[end : word.start].strip()]
    if not lone or not behind or "\n" in view.text.plain[end : behind[0].start]:
        return cluster
    typed = view.typed(behind[0].start, behind[0].end)
    more = tuple(replace(way, login=replace(way.login, password=typed), type=None) for way in lone)
    named = tuple(replace(way, type=way.type or _known(typed)) for way in cluster.ways)
    return replace(cluster, ways=(*named, *more), spans=(*cluster.spans, behind[0].outer))


def _known(word: str) -> ProxyType | None:
    try:
        return read_type(word)
    except InputError:
        return None
