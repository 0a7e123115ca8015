"""Logins of other accounts that labels tell beside a proxy: of a shop, of Steam, of a mailbox."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.proxy_parsing.accounts import ends_in_account, is_account
from bot.domain.proxy_parsing.addresses import find_addresses
from bot.domain.proxy_parsing.blocks import Block
from bot.domain.proxy_parsing.cluster import Cluster
from bot.domain.proxy_parsing.label_values import OF_LOGIN, Label
from bot.domain.proxy_parsing.lines import line_start
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.told import Told
from bot.domain.proxy_parsing.vocabulary import Part, names_proxy

_CLAUSE_END = re.compile(r"[.;!](?=\s)|[。；！]")


def without_other_accounts(labels: Sequence[Label]) -> list[Label]:
    """The labels, of which those for a login tell none where others say that theirs is the proxy's."""
    own = {each.part for each in labels if each.part in OF_LOGIN and _is_of_proxy(each)}
    if not own:
        return list(labels)
    if Part.LOGIN in own or {Part.USER, Part.PASSWORD} <= own:
        own = set(OF_LOGIN)
    return [replace(each, part=Part.OTHER) if each.part in own and not _is_of_proxy(each) else each for each in labels]


def _is_of_proxy(label: Label) -> bool:
    return names_proxy(f"{label.name} {label.qualifier}")


def with_login(told: Told, other: Told) -> Told:
    """What is told, with the login of another place."""
    return replace(
        told,
        user=other.user,
        password=other.password,
        longer_user=other.longer_user,
        open=other.open,
        elsewhere=other.elsewhere,
    )


def has_second_login(view: View, block: Block, following: Block, told: Told) -> bool:
    """Whether a login that labels tell behind a proxy's address may be the proxy's, as may the one in front of it.

    ``told`` is what the labels of the block that follows tell.
    """
    logins = [each.begin for each in block.labels if each.part in OF_LOGIN]
    hosts = [each.begin for each in block.labels if each.part is Part.HOST]
    hosts += [block.start + each.start for each in find_addresses(view.plain[block.start : block.end])]
    if not logins or not hosts or not told.user or max(logins) > min(hosts):
        return False
    return not told.hosts and not told.ports and not find_addresses(view.plain, following.start, following.end)


def is_named_otherwise(view: View, block: Block) -> bool:
    """Whether words in front of the labels of a block's login say whose it is: "Steam login: ana"."""
    logins = [each for each in block.labels if each.part in OF_LOGIN]
    return all(any(map(str.isalpha, each.front(view.plain))) for each in logins)


def is_of_another_account(view: View, block: Block) -> bool:
    """Whether what stands in front of a block's login, or over it, says that it is of an account."""
    logins = [each for each in block.labels if each.part in OF_LOGIN]
    if not logins or any(map(_is_of_proxy, logins)):
        return False
    if any(is_account(each.qualifier) for each in logins):
        return True
    plain, begin = view.text.plain, logins[0].begin
    line = line_start(plain, begin)
    front = _clause(plain, line, begin)
    if any(map(str.isalnum, front)):
        return ends_in_account(front) and not names_proxy(front)
    above = plain[line_start(plain, max(line - 1, 0)) : max(line - 1, 0)]
    return is_account(above.strip(" \t*_=#-"))


def begins_with_another_account(view: View, cluster: Cluster) -> bool:
    """Whether words in front of a login that a space parts from its address say whose it is: "Facebook ana:pass …"."""
    plain, start = view.text.plain, min(start for start, _ in cluster.spans) if cluster.spans else 0
    if not cluster.loose or any(plain.startswith(way.host, start) for way in cluster.ways):
        return False
    front = _clause(plain, line_start(plain, start), start)
    return ends_in_account(front) and not names_proxy(front)


def _clause(plain: str, start: int, end: int) -> str:
    """What stands in front of a place in its line, behind the last sentence and the last address."""
    ends = [match.end() for match in _CLAUSE_END.finditer(plain, start, end)]
    ends += [each.end for each in find_addresses(plain, start, end)]
    return plain[max((start, *ends)) : end]
