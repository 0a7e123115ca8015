"""Every proxy in a text, and why others can't be used: the evident parts first, and the rest by them.

First goes what is surely something of its own: links, transfer codes, header lines, labels with their values, words
that name a type. Then come the addresses, and what is left around each is explained as its login or as a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.addresses import Address, Grade, find_addresses, find_hosts
from bot.domain.proxy_parsing.blocks import Block, blocks_of
from bot.domain.proxy_parsing.cluster import Cluster, Scope
from bot.domain.proxy_parsing.cluster_types import with_types
from bot.domain.proxy_parsing.clusters import clusters_of, without_type_word
from bot.domain.proxy_parsing.found import Found, without_doubles
from bot.domain.proxy_parsing.han import HAN
from bot.domain.proxy_parsing.label_begins import with_own_signs
from bot.domain.proxy_parsing.label_ends import in_sentences
from bot.domain.proxy_parsing.label_values import OF_LOGIN_OR_PORT, Label
from bot.domain.proxy_parsing.labelled import is_same, labelled_cluster, with_logins, with_ports
from bot.domain.proxy_parsing.labels import find_labels
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.links import links_in, telegram_proxies
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.lone_pairs import with_lone_pair
from bot.domain.proxy_parsing.named_secrets import named_secrets
from bot.domain.proxy_parsing.orders import orders_in, rows_in, says_turned
from bot.domain.proxy_parsing.other_accounts import (
    begins_with_another_account,
    has_second_login,
    is_named_otherwise,
    is_of_another_account,
    with_login,
    without_other_accounts,
)
from bot.domain.proxy_parsing.other_labels import accounts_in
from bot.domain.proxy_parsing.payloads import payloads
from bot.domain.proxy_parsing.row_types import typed_rows
from bot.domain.proxy_parsing.settings import heads_of_calls, other_settings
from bot.domain.proxy_parsing.table import headers, rows, stacked, tables
from bot.domain.proxy_parsing.tidy import Tidy
from bot.domain.proxy_parsing.told import Told, holds_more, read_told
from bot.domain.proxy_parsing.types import SCHEME, words_alone
from bot.domain.proxy_parsing.unknown_labels import unknown_labels
from bot.domain.proxy_parsing.vocabulary import Part, is_about_rotation
from bot.domain.proxy_parsing.words import is_prose
from bot.domain.proxy_parsing.wrappers import (
    brackets_around,
    marks_in_front,
    outer_quotes,
    quotes_of_rows,
    tags_and_marks,
)
from bot.errors import InputError

Span = tuple[int, int]

_NUMBERS = rf"[0-9]{{8}}[ \t]*[-\u2010-\u2015\u2212\u30fc][ \t]*[0-9]{{8}}(?:-{{3,}}|(?![\w:@-])|(?={HAN}))"
_JOINT = r"(?:[ \t]*[|;,#+][ \t]*|-{3,})"
_CODE_NAMES = r"(?:transfer[ _]?)?(?:codes?|код\w?|mã|代码|代碼|迁移码|转移码|转让码)"
_CODE = LatePattern(
    rf"(?:(?<![\w:@|;,.-])|(?<={HAN})){_NUMBERS}(?:[ \t]*(?:[|;,+]|[=-]>)(?=\S))?"
    # Behind its label, with what joins on the next: "code:76686828-89727101,proxy:203.0.113.7:1080"
    rf"|(?:(?<=\w){_JOINT}|(?<![\w:@/])){_CODE_NAMES}[ \t]*[:=][ \t]*{_NUMBERS}[ \t]*[|;,]?"
    # At the end of a proxy: "203.0.113.7:1080:ana:pass,76686828-89727101"
    rf"|(?<=\w){_JOINT}{_NUMBERS}(?!\S)",
    re.IGNORECASE,
)
#: A scheme in front of a login, "socks5://ana pass 203.0.113.7 1080", says a type and begins no address.
_SCHEME_OF_LOGIN = re.compile(
    rf"{SCHEME.pattern.removesuffix('://')}(?P<sign>://)"
    r"(?=[^\s@:/|;,.]+(?:[ \t]+|[ \t]*\|[ \t]*)[^\s|]|[^\s@:/|;,]+:(?![0-9]{1,5}[\s|/])[^\s@]*\s+\S)",
    re.IGNORECASE,
)
#: The value at the beginning of what follows a label.
_FIRST = {
    Part.PORT: re.compile(r"[ \t\"']*[0-9]+\b[\"']?(?! ?[-–] ?[0-9])"),
    Part.HOST: re.compile(r"[ \t]*[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?=[,; \t])"),
}
#: A name as AdsPower's lists have it: "203.0.113.7:1080:ana:pass{Shop 1}"
_REMARK = re.compile(r"\{[^{}\n:\"']*[ \t][^{}\n:\"']*\}(?=[ \t]*$)", re.MULTILINE)
#: Mistakes of labels that are not outweighed by an address.
_FATAL = frozenset(
    {"told_twice", "unreadable", "unsupported_type", "port_range", "port_not_number", "port_out_of_range"}
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is in a text. ``rest`` is what nothing has explained, ``told`` what labels tell without an address.

    ``accounts`` are labels of accounts, which may tell the user of a proxy that has none. ``turned`` says that the text
    declares an order in which others go before the user, and nothing is in it.
    """

    found: tuple[Found, ...]
    rest: View
    told: Told | None
    unknown: tuple[str, ...]
    link: bool
    passwords: tuple[Span, ...] = ()
    mistake: InputError | None = None
    turned: bool = False
    accounts: tuple[str, ...] = ()


def survey(text: Tidy) -> Survey:
    """Every proxy in a text, in its order."""
    found: list[Found] = []
    shared = telegram_proxies(text)
    for link in shared:
        readings = () if link.proxy is None else (link.proxy,)
        found.append(Found(link.start, ((link.start, link.end),), readings, evident=True, mistake=link.mistake))
    view = View(text, text.plain).blank([(link.start, link.end) for link in shared])
    view = view.blank(tags_and_marks(view.plain))
    view = view.blank(quotes_of_rows(view.plain) or outer_quotes(view.plain))
    view = view.blank(brackets_around(view.plain))
    view = view.blank(marks_in_front(view.plain))
    named = tables(view)
    for table in named:
        found += [Found(row.start, ((row.start, row.end),), row.ways, evident=True) for row in table.rows]
        if table.rows:
            view = view.blank([(table.start, table.end), *((row.start, row.end) for row in table.rows)])
    view = view.blank([match.span("sign") for match in _SCHEME_OF_LOGIN.finditer(view.plain)])
    links = links_in(view.plain)
    view = view.blank([(link.outer, link.outer_end) for link in links])
    view = view.blank([match.span() for match in (*_CODE.compiled.finditer(view.plain), *_REMARK.finditer(view.plain))])
    orders = orders_in(view.plain)
    view = view.blank([(order.start, order.end) for order in orders])
    ordered = [row for order in orders[:1] for row in rows_in(view, order)]
    found += [Found(row.start, ((row.start, row.end),), row.ways, evident=True) for row in ordered]
    view = view.blank([(row.start, row.end) for row in ordered])
    for row in stacked(view):
        found.append(Found(row.start, ((row.start, row.end),), row.ways, evident=True))
        view = view.blank([(row.start, row.end)])
    tops = list(headers(view.plain))
    for header in tops:
        below = list(rows(view, header))
        found += [Found(row.start, ((row.start, row.end),), row.ways, evident=True) for row in below]
        view = view.blank([(row.start, row.end) for row in below])
    view = view.blank(tops)
    labels = find_labels(view.plain)
    passwords = named_secrets(view.plain, labels)
    view, labels = _without_settings(view, labels)
    labels = in_sentences(view, with_own_signs(view.plain, labels))
    read = _read_labels(view, without_other_accounts(labels))
    view = view.blank([span for each in labels for span in _known_spans(view, each)])
    view = View(view.text, view.plain, in_sentence=any(map(is_prose, view.plain.split())))
    around = view
    beside, view, mistake, lone = _read_blocks(view, read)
    unknown, accounts = tuple(unknown_labels(view.plain, text.plain)), tuple(accounts_in(text.plain, labels))
    found = [
        *(found if beside else typed_rows(around, found, [told for _, told, _ in read])),
        *beside,
        *payloads(view),
    ]
    in_order = tuple(without_doubles(sorted(found, key=lambda each: each.start)))
    turned = (bool(orders) and orders[0].turned and not ordered) or (not orders and says_turned(text.plain))
    turned = turned or any(table.turned and not table.rows for table in named)
    has_link = bool(links) or _has_rotation_link(labels)
    return Survey(in_order, view, lone, unknown, has_link, passwords, mistake, turned, accounts)


def _without_settings(view: View, labels: list[Label]) -> tuple[View, list[Label]]:
    """The text and its labels without what programs are told about something else."""
    others = [span for span in other_settings(view.plain) if not _is_value(view, labels, span)]
    if others:
        view = view.blank(others)
        labels = find_labels(view.plain)
    return view.blank(heads_of_calls(view.plain)), labels


def _is_value(view: View, labels: Sequence[Label], span: tuple[int, int]) -> bool:
    """Whether what stands there is what a label tells: "password: --kotik"."""
    return any(each.start <= span[0] < each.end and not view.plain[each.start : span[0]].strip() for each in labels)


def _has_rotation_link(labels: Sequence[Label]) -> bool:
    return any(each.part is Part.OTHER and each.end > each.start and is_about_rotation(each.name) for each in labels)


def _known_spans(view: View, label: Label) -> list[Span]:
    """What a label explains: itself and its value, or itself and the quotes where its value is read as a proxy."""
    if label.part is Part.OTHER and is_about_rotation(label.name):
        return [(label.begin, label.end)]
    first = _FIRST[label.part].match(view.plain, label.start, label.end) if label.part in _FIRST else None
    if label.part is Part.HOST and find_addresses(view.plain[label.start : label.end]):
        first = None  # "proxy 203.0.113.7 8000 ana pass"
    if first and not label.quoted:
        return [(label.begin, first.end())]  # what follows may be a login: "port 8000, ana / pass"
    if not holds_more(view, label):
        return [(label.begin, label.end)]
    return [(label.begin, label.start), (label.end, label.end + 1 if label.quoted else label.end)]


def _read_labels(view: View, labels: Sequence[Label]) -> list[tuple[Block, Told, Told | None]]:
    """What labels tell in each block of a text, and the login behind its address that may be its own as well."""
    blocks = blocks_of(view, labels)
    told = [read_told(view, block.labels) for block in blocks]
    read: list[tuple[Block, Told, Told | None]] = []
    for at, block in enumerate(blocks):
        following = blocks[at + 1 :][:1]
        other = told[at + 1] if any(has_second_login(view, block, each, told[at + 1]) for each in following) else None
        if other is not None and is_named_otherwise(view, block):
            own = tuple(each for each in block.labels if each.part not in OF_LOGIN_OR_PORT)
            read.append((replace(block, labels=own), with_login(told[at], other), None))
        else:
            read.append((block, told[at], other))
    return read


def _read_blocks(
    view: View, read: Sequence[tuple[Block, Told, Told | None]]
) -> tuple[list[Found], View, InputError | None, Told | None]:
    """The proxies of all blocks, what of the text is left, why one can't be read, and what labels tell of none."""
    found: list[Found] = []
    mistake: InputError | None = None
    lone: Told | None = None
    for block, told, other in read:
        proxies, view, why = _read_block(view, block, told, other)
        found += proxies
        mistake = mistake or why
        if not proxies and told.label_count:
            lone = lone or told
    return found, view, mistake, lone


def _read_block(
    view: View, block: Block, told: Told, other: Told | None
) -> tuple[list[Found], View, InputError | None]:
    words = words_alone(view.plain, block.start, block.end)
    view = view.blank([word.outer for word in words])
    scope = Scope(block.start, block.end, guess=not told.explains_login)
    around = find_addresses(view.plain, block.start, block.end)
    labelled = labelled_cluster(told, around)
    if not labelled and not around and told.ports:
        around = [
            Address(start, end, host, told.ports[0][0], ":", Grade.NAME)
            for start, end, host in find_hosts(view.plain, block.start, block.end)
        ]
    mistake = told.mistake
    clusters = [without_type_word(view, each, words) for each in clusters_of(view, around, scope)]
    if labelled:
        same = [each for each in clusters if is_same(each, labelled)]
        clusters = [with_logins(labelled, same), *(each for each in clusters if each not in same)]
    elif clusters and len(told.ports) > 0:
        clusters[0] = with_ports(clusters[0], told)
    if clusters and scope.guess and all(each.is_bare for each in clusters):
        others = view.blank([span for each in clusters[1:] for span in each.spans])
        clusters[0] = with_lone_pair(others, clusters[0], scope)
    found = []
    for index, (cluster, type_, wrong) in enumerate(with_types(view, words, told, clusters)):
        own = told if index == 0 else Told()
        readings = tuple(dict.fromkeys(cluster.readings(own, type_)))
        if index == 0 and other is not None:
            readings = tuple(dict.fromkeys((*cluster.readings(with_login(told, other), type_), *readings)))
        bare = tuple(dict.fromkeys(cluster.readings(Told(), type_)))
        readings = _with_no_login(view, block, cluster, readings, bare)
        if index == 0 and _may_be_of_another(told, clusters):
            readings = tuple(dict.fromkeys((*readings, *bare)))
        spans = (*cluster.spans, *own.spans)
        fatal = mistake if index == 0 and mistake and mistake.reason in _FATAL else None
        why = cluster.mistake or cluster.contradicted(own) or fatal or wrong
        if why is not None and why.reason == "unreadable" and not cluster.mistake and _are_whole(readings, own):
            why = None  # a sentence says where the login is: here
        evident = cluster.evident or bool(own.spans)
        found.append(Found(min(start for start, _ in spans), spans, readings, evident, why, tuple(own.spans)))
    explained = [span for each in clusters for span in each.spans if span[0] < span[1]]
    return found, view.blank(explained), mistake


def _with_no_login(
    view: View, block: Block, cluster: Cluster, readings: tuple[Custom, ...], bare: tuple[Custom, ...]
) -> tuple[Custom, ...]:
    """The readings of a proxy, with those without a login that is said to be of another account.

    ``bare`` are those without what labels tell.
    """
    if is_of_another_account(view, block):
        return tuple(dict.fromkeys((*bare, *readings)))
    if begins_with_another_account(view, cluster):
        return tuple(dict.fromkeys((*readings, *(replace(each, user="", password="") for each in readings))))
    return readings


def _are_whole(readings: Sequence[Custom], told: Told) -> bool:
    """Whether each tells a login, but for a password that is said to be another: "password changed"."""
    return bool(readings) and all(each.user and (each.password or told.elsewhere) for each in readings)


def _may_be_of_another(told: Told, clusters: Sequence[Cluster]) -> bool:
    """Whether a login that labels tell stands behind another address than the first."""
    spans = clusters[-1].spans
    return len(clusters) > 1 and bool(spans) and told.explains_login and min(told.spans) > spans[0]
