"""The columns that a header line names, and what a row under it says in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.hosts import read_host
from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.types import SCHEME, read_port, read_type, read_types
from bot.domain.proxy_parsing.vocabulary import NAMES, Part
from bot.errors import InputError

_BY_NAME: dict[str, Part] = {name: part for part in Part for name in NAMES[part] if part is not Part.LOGIN}
_BY_NAME |= {"proxy address": Part.HOST, "ip address": Part.HOST, "pass word": Part.PASSWORD, "proxy type": Part.TYPE}
_TYPE = r"https?|socks5?h?"
#: "Port HTTP", "SOCKS5 port".
_PORT_OF_TYPE = re.compile(rf"(?:(?P<before>{_TYPE})[ /-]+)?(?P<port>[^()]+?)(?:[ /(-]+(?P<behind>{_TYPE})\)?)?")
_ADDRESS = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/@]+):(?P<port>[0-9]{1,5})/?")
LONGEST_NAME = 40
_NOTE = re.compile(r"[ \t]*[(\[][^()\[\]]*[)\]]?\Z")
_MOST = 4  # ways to read a row


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a column; ``type`` is that for which its port is."""

    part: Part
    type: ProxyType | None = None
    known: bool = True


def column(name: str) -> Column:
    """The column with this name; ``Part.OTHER`` where its name is not known, or says nothing of a proxy."""
    spelled = " ".join(re.sub(r"[_ ]+", " ", name.strip(" \t\"'`()[]*:").lower()).split())
    # "Mine: user", and "Password (SOCKS5)"
    for each in (spelled, spelled.rpartition(":")[2].strip(), _NOTE.sub("", spelled)):
        if each in _BY_NAME:
            return Column(_BY_NAME[each])
    # A pattern of two halves takes the square of a long row of hyphens.
    port = _PORT_OF_TYPE.fullmatch(spelled) if len(spelled) <= LONGEST_NAME else None
    type_ = (port["before"] or port["behind"]) if port else None
    if port and type_ and _BY_NAME.get(port["port"].strip()) is Part.PORT:
        return Column(Part.PORT, read_type(type_))
    return Column(Part.OTHER, known=False)


def read_cells(columns: Sequence[Column], cells: Sequence[str]) -> tuple[Custom, ...]:
    """The proxies that a row may say; none where its cells are not what the columns are called.

    Of several hosts or ports each may be meant.
    """
    told = {each.part: unquoted(cell) for each, cell in zip(columns, cells, strict=True)}
    user = told.get(Part.USER, "")
    if Part.PASSWORD not in told and ":" in user:
        user, _, told[Part.PASSWORD] = user.partition(":")
    # What is no user may be a password: of another cell, or in front of it.
    if " " in user or ":" in user or (not user and told.get(Part.PASSWORD)):
        return ()
    try:
        named = read_types(told.get(Part.TYPE, ""))
    except InputError:
        return ()
    login = user, _password(told, user)
    filled = [(each, cell) for each, cell in zip(columns, cells, strict=True) if cell.strip()]
    hosts = [cell for each, cell in filled if each.part is Part.HOST]
    ports = [(cell, each.type) for each, cell in filled if each.part is Part.PORT]
    found: list[Custom] = []
    for cell in hosts:
        bare, scheme = _without_scheme(cell)
        whole = _ADDRESS.fullmatch(bare)
        own = [(whole["port"], None)] if whole else []
        host = read_host(whole["host"] if whole else bare)
        for port, type_ in own or ports:
            number = read_port(port.strip())
            if host is None or number is None:
                return ()
            found.append(Custom(host, number, type_ or scheme or named, *login))
    return tuple(dict.fromkeys(found))[:_MOST]


def _password(told: Mapping[Part, str], user: str) -> str | None:
    password = told.get(Part.PASSWORD)
    if password is None:
        return None if user else ""
    # It may be a cell with a remark.
    return None if " " in password else password


def unquoted(cell: str) -> str:
    """A cell without the quotes around it."""
    bare = cell.strip()
    return bare[1:-1].replace('""', '"') if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare


def _without_scheme(cell: str) -> tuple[str, ProxyType | None]:
    bare = unquoted(cell)
    scheme = SCHEME.match(bare)
    if scheme is None:
        return bare, None
    try:
        return bare[scheme.end() :], read_type(scheme["scheme"])
    except InputError:
        return bare, None
