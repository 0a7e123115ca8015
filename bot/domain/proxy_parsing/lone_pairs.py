"""A login that stands elsewhere in a text than beside its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.proxy_parsing.cluster import Cluster, Scope
from bot.domain.proxy_parsing.label_patterns import is_label_name
from bot.domain.proxy_parsing.logins import Login, View
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.vocabulary import ELSEWHERE
from bot.domain.proxy_parsing.words import is_name, is_password, is_place, is_prose, is_remark, is_secret

_PAIR = re.compile(
    r"(?<!\S)[(\[]?(?P<user>[^\s:/@()\[\]]{2,64}):(?P<password>[^\s:()\[\]]{3,63}[^\s:()\[\],;])[)\]]?[,;]?(?!\S)"
)
_TWO_WORDS = re.compile(
    r"(?<!\S)[(\[]?(?P<user>[^\s:/@()\[\],;]{2,64})"
    r"(?:[,;]?[ \t]+|[ \t]*\n[ \t]*|[ \t]*[/|–-][ \t]*|[ \t]+(?:and|и|和|và)[ \t]+)"
    r"(?P<password>[^\s:/@()\[\],;]{4,64})[)\],;.]?(?!\S)"
)
_WORD_BEFORE = re.compile(r"(?<!\S)(?P<word>[\w.+-]{2,64})[ \t]+\Z")
_FAR = 80


def with_lone_pair(view: View, cluster: Cluster, scope: Scope) -> Cluster:
    """The cluster with one more way where a login stands elsewhere in the text: "host:port, new, ana:pass"."""
    if not cluster.is_bare:
        return cluster
    plain = view.blank(cluster.spans).plain
    for match in (*_PAIR.finditer(plain, scope.start, scope.end), *_two_words(plain, scope)):
        if is_secret(match["password"]) and not (is_type(match["user"]) or _is_torn_apart(view, plain, match)):
            login = Login(view.typed(*match.span("user")), view.typed(*match.span("password")))
            before = _word_before(plain, match.start("user"))
            if before and not is_password(match["password"]):
                login = Login(before, None)  # "ana sunshine shop1": the second may be the password
            more = tuple(replace(way, login=login) for way in cluster.ways)
            return replace(cluster, ways=(*more, *cluster.ways), spans=(*cluster.spans, match.span()), evident=False)
    return cluster


def _is_torn_apart(view: View, plain: str, pair: re.Match[str]) -> bool:
    """Whether words stand between user and password that have been explained, such as the options of a command."""
    between = slice(pair.end("user"), pair.start("password"))
    return any(map(str.isalnum, view.text.plain[between])) and not any(map(str.isalnum, plain[between]))


def _two_words(plain: str, scope: Scope) -> Iterator[re.Match[str]]:
    """Two words beside one another that may be user and password; those that overlap as well."""
    at = scope.start
    while match := _TWO_WORDS.search(plain, at, scope.end):
        at = match.end("user")
        user = match["user"]
        if not (is_prose(user) or is_place(user) or user.isdecimal() or user.lower() in ELSEWHERE):
            yield match


def _word_before(plain: str, end: int) -> str:
    """The word in front, with spaces alone between, that may be a user; empty where there is none."""
    found = _WORD_BEFORE.search(plain, max(0, end - _FAR), end)
    word = found["word"] if found else ""
    known = is_name(word) or is_remark(word) or is_label_name(word) or word.lower() in ELSEWHERE
    return "" if known else word
