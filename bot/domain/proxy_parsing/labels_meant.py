"""Which labels are something else beside the others: a customer's number, an account that is somebody's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.hosts import is_ip
from bot.domain.proxy_parsing.addresses import find_addresses, find_hosts
from bot.domain.proxy_parsing.label_values import Label
from bot.domain.proxy_parsing.units import YEARS
from bot.domain.proxy_parsing.vocabulary import Part
from bot.domain.proxy_parsing.words import is_password

_ACCOUNT = re.compile(r"acc|account(?: name)?|(?:tên )?tài khoản|tai ?khoan", re.IGNORECASE)
#: A number of two digits would rather be a term.
_PORT_BELOW = re.compile(r"[ \t]*\n[ \t]*(?P<port>[0-9]{3,5})(?=[ \t]*(?:\n|\Z))")
_OF_ACCOUNT = re.compile(r"account|аккаунт|акк|账号|帐号|账户|tài khoản", re.IGNORECASE)
_ID = re.compile(r"(?<![^\W_])id(?!\w)|(?<=user)id", re.IGNORECASE)


def labels_meant(plain: str, labels: Sequence[Label]) -> Iterator[Label]:
    """The labels without those that are something else beside the others."""
    values = [(plain[each.start : each.end], _ID.search(each.name)) for each in labels if each.part is Part.USER]
    # "User ID: 77" is the seller's customer beside "Login: ana".
    named = any(is_id is None and not value.strip().isdecimal() for value, is_id in values)
    passwords = sum(each.part in (Part.PASSWORD, Part.LOGIN) for each in labels)
    has_password = passwords > 0
    has_host = any(each.part is Part.HOST for each in labels)
    other_user = passwords == 1 and any(each.part is Part.USER and not _ACCOUNT.fullmatch(each.name) for each in labels)
    has_port = any(each.part is Part.PORT for each in labels)
    for each in labels:
        port = _PORT_BELOW.match(plain, each.end) if each.part is Part.HOST and not has_port else None
        if port and int(port["port"]) not in YEARS and not find_addresses(plain[each.start : each.end]):
            yield replace(each, end=port.end())  # "IP: 203.0.113.7" over "8000"
            continue
        is_number = plain[each.start : each.end].strip().isdecimal()
        is_customer = named and is_number and _ID.search(each.name)
        is_account = _ACCOUNT.fullmatch(each.name) and (other_user or (not has_password and _is_full_name(plain, each)))
        if each.part is Part.USER and not has_host and _OF_ACCOUNT.search(each.name) and _is_address(plain, each):
            continue  # "for the shop's account: 203.0.113.7 port 8000 user ana"
        if each.part is Part.USER and (is_customer or is_account):
            yield replace(each, part=Part.OTHER)
        elif each.part in (Part.USER, Part.HOST) and not has_password and _is_pair(plain, each):
            continue  # "host:port user:Pw1secret": a user who is called so
        elif each.name == "acc" and ":" in plain[each.start : each.end]:
            continue  # another account's login, rather than the proxy's
        else:
            yield each


def _is_full_name(plain: str, label: Label) -> bool:
    """Whether an account is that of a person or a shop, rather than of the proxy: "Account: Ana Lee"."""
    words = plain[label.start : label.end].split()
    return len(words) > 1 and all(word.isalpha() and word[0].isupper() for word in words)


def _is_address(plain: str, label: Label) -> bool:
    """Whether an address of numbers begins the value; a domain may be a user."""
    hosts = find_hosts(plain, label.start, label.end)
    return any(start == label.start and is_ip(host) for start, _, host in hosts)


def _is_pair(plain: str, label: Label) -> bool:
    glued = plain[label.start - 1] in ":=" and not label.quoted and label.name.isascii()
    value = plain[label.start : label.end]
    return glued and is_password(value) and not any(find_hosts(value, 0, len(value)))
