"""What a message holds of secrets, and what it says of a proxy, whatever words stand around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.draft import PROXY_TEXT_STEPS, Notice, Step
from bot.domain.hosts import is_evident, is_ip
from bot.domain.login_pairs import holds_pair
from bot.domain.proxy import Custom, Extraction, ProxyChoice, ProxyType
from bot.domain.proxy_parsing.finder import FoundProxy, find_all
from bot.domain.proxy_parsing.label_patterns import is_pair_of_names
from bot.domain.proxy_parsing.reader import LONGEST_TEXT
from bot.domain.proxy_parsing.words import is_login_of_digits, is_password
from bot.domain.transfer_code import find_codes, without_codes
from bot.domain.typed_proxy import ways_to_read

_WORD = re.compile(r"\S+")
#: Codes and nothing else, as most messages are: without a letter, a dot or a colon there is no address and no label.
_NUMBERS_ALONE = re.compile(r"[0-9\s,;-]*")
#: Steps at which a text that might be an address is the answer: part of a title, a name, a note, or a bypass list.
_ASK_FOR_WORDS = frozenset({Step.GROUP, Step.GROUP_TITLE, Step.BYPASS, Step.RECEIVER, Step.HANDOFF_NOTE})
#: Names that nobody can have (RFC 2606).
_EXAMPLES = frozenset({"example.com", "example.net", "example.org"})
_OF_PAGES = frozenset({ProxyType.HTTP, ProxyType.HTTPS})


@dataclass(frozen=True, slots=True)
class MessageSecrets:
    """What was found in a message.

    ``certain``: it holds a secret, and is to be deleted once what it says is used. ``doubtful``: it may hold one, so
    that nothing is done with it. ``choice`` is the proxy that it names, None where it names none that can be used.
    ``more``: it names further ones, which would be lost if it was deleted. ``notice`` is what there is to say of the
    choice. ``rest`` is the text without what of its links and logins could be taken for transfer codes.
    """

    certain: bool = False
    doubtful: bool = False
    choice: ProxyChoice | None = field(default=None, repr=False)
    more: bool = False
    notice: Notice | None = None
    rest: str = field(default="", repr=False)


def secrets_in(text: str, asked: Step | None) -> MessageSecrets:
    """Look a text through that was typed while this was ``asked``; None where nothing was."""
    if _NUMBERS_ALONE.fullmatch(text):
        return MessageSecrets(rest=text)
    finds = find_all(text)
    proxies, links = finds.proxies, finds.links
    logins = [proxy for proxy in proxies if proxy.holds_login]
    certain = any(proxy.evident and not _is_example(proxy) for proxy in logins) or any(link.evident for link in links)
    # Of a page whose domain is asked for only that is kept.
    odd_links = [] if asked is Step.BYPASS else links
    # Words with a number between them can be read as a proxy as well.
    unread = finds.unread and asked is not Step.BYPASS
    named = finds.passwords or holds_pair(text)
    doubtful = bool(odd_links or named or unread) or any(map(_may_hold_login, logins))
    words = [word for proxy in logins for span in proxy.spans for word in _words_with_more(text, span)]
    found = MessageSecrets(certain, doubtful, rest=_without(text, [*(link.span for link in links), *words]))
    has_code = bool(find_codes(text)) if proxies else False
    usable = [
        proxy
        for proxy in proxies
        if not proxy.passed_over
        and _is_named(proxy, text, asked, has_code=has_code)
        and not _is_page(proxy, text, asked, has_code=has_code)
    ]
    before = proxies[: proxies.index(usable[0])] if usable else []
    if any(proxy.holds_login and not proxy.passed_over for proxy in before):
        return found  # another proxy stands before it, of which nobody knows whether it is meant
    if usable:
        several = any(not _is_same(other, usable[0]) for other in usable[1:])
        unusable = any(not proxy.usable or proxy.passed_over for proxy in logins)
        notice = Notice("several_proxies") if several else None
        return replace(found, choice=_choice(usable[0], text), more=several or unusable, notice=notice)
    keys = [link for link in links if link.evident and not link.changes]
    if keys and not proxies:
        return replace(found, choice=Extraction(link=keys[0].link), more=len(keys) > 1)
    return found


def _words_with_more(text: str, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The words of a proxy's place that are more than a code: what looks like one in them is a login or a password."""
    for word in _WORD.finditer(text, *span):
        if without_codes(word[0]):
            yield word.span()


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    return "".join(rest)


def _is_named(proxy: FoundProxy, text: str, asked: Step | None, *, has_code: bool) -> bool:
    """Whether a proxy that was found is meant as one."""
    if not proxy.readings or not proxy.usable or _is_example(proxy):
        return False
    if proxy.evident:
        return True
    if not _has_number_address(proxy):
        return False
    # Without a login or a scheme an address of numbers is a proxy only where nothing else is expected, beside a code,
    # and in a message of its own.
    if has_code or (asked is not None and asked not in _ASK_FOR_WORDS):
        return True
    return asked is None and not _without(text, proxy.spans).strip()


def _is_example(proxy: FoundProxy) -> bool:
    """Whether it only shows how a proxy is written: "user:pass@example.com:8080"."""
    logins = [f"{way.user}:{way.password}" for way in proxy.readings if way.user]
    on_examples = all(way.host in _EXAMPLES for way in proxy.readings)
    return bool(logins) and on_examples and all(map(is_pair_of_names, logins))


def _is_page(proxy: FoundProxy, text: str, asked: Step | None, *, has_code: bool) -> bool:
    """Whether it is rather the address of a web page: it looks like a proxy without a login."""
    if proxy.holds_login or any(way.type not in _OF_PAGES for way in proxy.readings):
        return False
    if asked is None:
        words = _without(text, proxy.spans).split()
        return bool(words) and not has_code
    return asked in _ASK_FOR_WORDS


def _has_number_address(proxy: FoundProxy) -> bool:
    return all(is_ip(way.host or "") for way in proxy.readings)


def _is_same(one: FoundProxy, other: FoundProxy) -> bool:
    """Whether a proxy is named twice, perhaps once without its login."""
    addresses = {(way.host, way.port) for way in other.readings}
    logins = {(way.user, way.password) for way in (*one.readings, *other.readings) if way.user or way.password}
    return {(way.host, way.port) for way in one.readings} == addresses and len(logins) <= 1


def _may_hold_login(proxy: FoundProxy) -> bool:
    """Whether it has an address of numbers, a domain that has a login in every reading, or what looks like a login."""
    if proxy.evident_address or _has_number_address(proxy):
        return True
    evident = all(is_evident(way.host or "") and way.user for way in proxy.readings)
    logins = [(way.user, way.password) for way in proxy.readings if way.user and way.password]
    return evident or any(is_password(password) or is_login_of_digits(user, password) for user, password in logins)


def _choice(proxy: FoundProxy, text: str) -> Custom | None:
    """The one way to read it, or a choice that asks which is meant; None where that can't be asked."""
    if len(proxy.readings) == 1:
        return proxy.readings[0]
    # What is asked about has to be read again from what is kept, the same as here.
    for kept in ("\n".join(text[start:end] for start, end in proxy.spans), text):
        unclear = Custom(unclear=kept)
        if _same(ways_to_read(unclear), proxy.readings):
            return unclear
    return None


def _same(ways: Sequence[Custom], readings: Sequence[Custom]) -> bool:
    return len(ways) == len(readings) and all(way in readings for way in ways)


def is_answer(asked: Step | None, text: str, found: MessageSecrets) -> bool:
    """Whether a text is the secret that is asked for, and nothing else that it could be read as."""
    word = len(text.split()) == 1
    codes = bool(find_codes(found.rest))
    if asked is Step.PASSWORD:
        # A password may look like a transfer code with a letter before it.
        return not found.certain and (not codes or (word and any(map(str.isalpha, text))))
    if asked is Step.LINK:
        return word and "://" in text and not isinstance(found.choice, Custom)
    # In what is too long for an answer a proxy is used as it is in any other message.
    is_proxy = isinstance(found.choice, Custom) and not codes and len(text) <= LONGEST_TEXT
    return asked in PROXY_TEXT_STEPS and is_proxy
