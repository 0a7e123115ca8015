"""The words that name how one speaks to a proxy, and ports."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.vocabulary import NAMES, Part, any_of
from bot.errors import InputError

HIGHEST_PORT = 65535
LONGEST_TYPE_SHOWN = 20

#: ``socks5h`` only says who looks names up, and ``socks`` alone is version 5 in every browser.
TYPES = {
    "http": ProxyType.HTTP,
    "https": ProxyType.HTTPS,
    "socks5": ProxyType.SOCKS5,
    "socks5h": ProxyType.SOCKS5,
    "socks": ProxyType.SOCKS5,
    "ssh": ProxyType.SSH,
}
#: Spelled nearly so. As schemes they are refused with what stands there: "soks5://".
_MISTYPED = (
    *("sock5", "sock 5", "sock-5", "socs5", "socs 5", "soks5", "soks 5", "sox5", "s0cks5", "sokcs5", "scoks5"),
    *("socsk5", "sosks5", "sockes5", "soxs5", "socx5"),
)
#: Other spellings of the same. ``http(s)`` leaves the choice between two types open.
_SPELLINGS: dict[str, ProxyType | None] = {
    **TYPES,
    "socks5 proxy": ProxyType.SOCKS5,
    "socks 5": ProxyType.SOCKS5,
    "socks-5": ProxyType.SOCKS5,
    "socks v5": ProxyType.SOCKS5,
    "socksv5": ProxyType.SOCKS5,
    "socks5s": ProxyType.SOCKS5,
    "s5": ProxyType.SOCKS5,
    **dict.fromkeys(_MISTYPED, ProxyType.SOCKS5),
    **dict.fromkeys(("сокс5", "сокс 5", "сокс-5", "соксы", "сокс"), ProxyType.SOCKS5),
    "хттп": ProxyType.HTTP,
    "хттпс": ProxyType.HTTPS,
    "ssl": ProxyType.HTTPS,
    "http(s)": None,
    "http[s]": None,
    "https?": None,
}
#: What is meant as a type, and what to call it: ixBrowser has no such type. These are hardly anything else.
_UNSUPPORTED = {
    **{
        name: name
        for name in (
            *("socks4", "socks4a", "socks6", "socks7", "shadowsocks", "shadowsocksr", "shadowtls", "trojan", "vless"),
            *("vmess", "xray", "v2ray", "mtproto", "hysteria", "hysteria2", "tuic", "wireguard", "amneziawg"),
            *("openvpn", "softether", "l2tp", "pptp", "sstp", "ikev2", "ipsec", "juicity", "anytls", "naiveproxy"),
        )
    },
    "hy2": "hysteria2",
    "mtproxy": "mtproto",
    "shadowsocks2022": "shadowsocks",
}
#: These are ordinary words, names or users as well: a type only as a scheme, or where a type is to be told.
_UNSUPPORTED_IN_PLACE = {
    "ss": "shadowsocks",
    "ssr": "shadowsocks",
    "ss2022": "shadowsocks",
    "hy": "hysteria",
    "wg": "wireguard",
    "awg": "amneziawg",
    "ovpn": "openvpn",
    "tg": "mtproto",
    "naive+https": "naive",
    "socks4/5": "socks4",
    **{
        name: name
        for name in (
            *("ftp", "sftp", "ws", "wss", "grpc", "quic", "kcp", "naive", "snell", "brook", "reality", "outline"),
            *("tor", "i2p", "vpn", "telnet", "rdp", "vnc"),
        )
    },
}
_UNSUPPORTED_SCHEMES = {**_UNSUPPORTED, **_UNSUPPORTED_IN_PLACE}

#: Schemes that are read, or refused with what they are.
KNOWN_SCHEMES = (*TYPES, *_UNSUPPORTED_SCHEMES, *("socks5s", "s5", "ssl"))
_WORDS = (*_SPELLINGS, *_UNSUPPORTED, "socks 4", "socks-4")
#: Such a word that stands alone. ``s5`` and ``ssl`` are too short to be taken for one outside a field of their own.
_LONG_WORDS = any_of(word for word in _WORDS if word not in ("s5", "ssl"))
_ALONE = LatePattern(
    rf"(?:(?<![\w.@:|;,/=?&%#$!-])|(?<=[用走选]))[\[(]?(?P<word>{_LONG_WORDS})"
    r"[\])]?(?![\w@/=?&%#$\[]|-(?!(?:прокси|проксі|proxy|proxies|代理)(?![^\W_]))|[:|;,]\S|\.(?!\n|\Z)|!(?!!*(?:\s|\Z))|\(s\))",
    re.IGNORECASE,
)
_PLACED_WORDS = any_of(_UNSUPPORTED_IN_PLACE)
_ADDRESS_NEXT = r"(?=[ \t]+(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[\w-]+\.[\w.-]+:[0-9]))"
#: One of the others, in brackets or at the beginning of a line whose next word is an address.
_PLACED = LatePattern(
    rf"(?<!\S)[\[(](?P<word>{_PLACED_WORDS})[\])](?!\S)"
    rf"|^[ \t]*(?P<first>(?!vpn|outline|reality){_PLACED_WORDS}){_ADDRESS_NEXT}"
    rf"|^[ \t]*(?P<short>s5)(?:[ \t]?(?:代理|proxy|прокси))?[ \t]*:?{_ADDRESS_NEXT}",
    re.IGNORECASE | re.MULTILINE,
)
#: The label of a type, with its sign.
TYPE_LABEL = rf"(?:{any_of(NAMES[Part.TYPE])})[ \t]*[:=]?[ \t]*"
#: Such a word at the end of a sentence that calls it the type, with another sentence behind it: "It's http. Thanks".
_SAID = LatePattern(
    rf"(?<![^\W_])(?:type|protocol|тип|протокол|тип прокси|loại|giao thức|tipo|typ|it['’]?s|it is|это)[ \t]*[:=]?[ \t]+"
    rf"(?P<word>{_LONG_WORDS})(?=[.!][ \t](?![^\n]{{0,80}}(?:socks|http|ssh|сокс|хттп)))",
    re.IGNORECASE,
)
_SCHEMES = any_of({*_WORDS, *_UNSUPPORTED_SCHEMES} - {*_MISTYPED})
SCHEME = re.compile(rf"(?<![A-Za-z0-9+.-])(?P<scheme>{_SCHEMES})://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A word that names a type, at ``start`` to ``end``; all of it, with brackets, is at ``outer``."""

    word: str
    start: int
    end: int
    outer: tuple[int, int]


def words_alone(plain: str, start: int = 0, end: int | None = None) -> list[TypeWord]:
    """Every word of a text that stands alone and names a type."""
    limit = len(plain) if end is None else end
    found = []
    for pattern in (_ALONE, _PLACED, _SAID):
        for match in pattern.compiled.finditer(plain, start, limit):
            group = match.lastgroup or "word"
            found.append(TypeWord(match[group], *match.span(group), match.span()))
    return sorted(found, key=lambda each: each.start)


def is_type(word: str) -> bool:
    """Whether a word names a type, of those that ixBrowser has or others; a mistyped one may be a user as well."""
    return (is_supported(word) and _spelled(word) not in _MISTYPED) or is_unsupported(word)


def is_unsupported(word: str) -> bool:
    """Whether a word names a type that ixBrowser does not have, and is hardly anything else."""
    return _joined(word) in _UNSUPPORTED


def is_supported(word: str) -> bool:
    """Whether a word names a type that ixBrowser has."""
    return _spelled(word) in _SPELLINGS


def names_type(word: str) -> bool:
    """Whether a word names a type where one is to be told, in a column or behind a label."""
    return is_type(word) or _spelled(word) in _UNSUPPORTED_IN_PLACE


def read_type(word: str) -> ProxyType | None:
    """The type that a word names, None where it leaves that open.

    Raises ``InputError`` ``unsupported_type`` (``value``).
    """
    spelled = _spelled(word)
    if spelled not in _SPELLINGS:
        named = _UNSUPPORTED_SCHEMES.get(spelled) or _UNSUPPORTED_SCHEMES.get(_joined(word), _joined(word))
        raise InputError("unsupported_type", value=named[:LONGEST_TYPE_SHOWN])
    return _SPELLINGS[spelled]


def read_types(text: str) -> ProxyType | None:
    """The type that a labelled value names; None where it names none or more than one.

    Raises ``InputError`` ``unsupported_type`` (``value``) where it names only such.
    """
    words = [found.word for found in words_alone(re.sub(r"[/,;|+&]", " ", text))]
    if not words:
        words = [text] if names_type(text) else [word for word in re.split(r"[\s/,;|+&]+", text) if names_type(word)]
    known = [word for word in words if is_supported(word)]
    if words and not known:
        return read_type(words[0])
    found = {read_type(word) for word in known}
    return found.pop() if len(found) == 1 else None


def read_port(text: str) -> int | None:
    """A port, 1 to 65535, in the digits of any script; None where the text is none."""
    if not text.isdecimal() or len(text) > len(str(HIGHEST_PORT)) or not 1 <= int(text) <= HIGHEST_PORT:
        return None
    return int(text)


def _spelled(word: str) -> str:
    spelled = " ".join(word.lower().split())
    return spelled.strip("[]() ") if spelled[:1] in ("[", "(") else spelled


def _joined(word: str) -> str:
    return re.sub(r"[ _-]", "", _spelled(word))
