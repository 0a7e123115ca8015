"""The words that name how one speaks to a proxy, and ports."""

from __future__ import annotations

import re

from bot.domain.proxy import ProxyType
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
    "ssl": ProxyType.HTTPS,
    "http(s)": None,
    "http[s]": None,
    "https?": None,
}
#: Words that are meant as a type, and that ixBrowser has no such type for.
UNSUPPORTED = (
    *("socks4", "socks4a", "shadowsocks", "trojan", "vless", "vmess", "mtproto", "hysteria2", "hysteria"),
    *("tuic", "wireguard", "openvpn", "l2tp", "pptp", "ikev2"),
)
_UNSUPPORTED_SCHEMES = {
    "ss": "shadowsocks",
    "ssr": "shadowsocks",
    "hy2": "hysteria2",
    "wg": "wireguard",
    "tg": "mtproto",
    **{
        name: name for name in ("ftp", "sftp", "ws", "wss", "quic", "naive+https", "naive", "snell", "brook", "juicity")
    },
    **{name: name for name in ("anytls", "socks6", "socks7", "tor", "vpn", "telnet", "rdp")},
}

#: Schemes that are read, or refused with what they are.
KNOWN_SCHEMES = (*TYPES, *UNSUPPORTED, *_UNSUPPORTED_SCHEMES, *("socks5s", "s5", "ssl"))
WORDS = tuple(sorted((*_SPELLINGS, *UNSUPPORTED, "socks 4", "socks-4"), key=len, reverse=True))
#: Such a word that stands alone. ``s5`` and ``ssl`` are too short to be taken for one outside a field of their own.
_LONG_WORDS = "|".join(re.escape(word) for word in WORDS if word not in ("s5", "ssl"))
STANDING_ALONE = re.compile(
    rf"(?<![\w.@:|;,/=?&%#$!-])[\[(]?(?P<word>{_LONG_WORDS})"
    r"[\])]?(?![\w.@/=?&%#$!\[-]|[:|;,]\S|\(s\))",
    re.IGNORECASE,
)
_SCHEMES = "|".join(re.escape(word) for word in sorted((*WORDS, *_UNSUPPORTED_SCHEMES), key=len, reverse=True))
SCHEME = re.compile(rf"(?<![A-Za-z0-9+.-])(?P<scheme>{_SCHEMES})://", re.IGNORECASE)


def is_type(word: str) -> bool:
    """Whether a word names a type, of those that ixBrowser has or others."""
    return _spelled(word) in _SPELLINGS or is_unsupported(word)


def is_unsupported(word: str) -> bool:
    """Whether a word names a type that ixBrowser does not have."""
    return _spelled(word).replace(" ", "").replace("-", "") in UNSUPPORTED


def read_type(word: str) -> ProxyType | None:
    """The type that a word names, None where it leaves that open.

    Raises ``InputError`` ``unsupported_type`` (``value``).
    """
    spelled = _spelled(word)
    if spelled not in _SPELLINGS:
        named = _UNSUPPORTED_SCHEMES.get(spelled, spelled.replace(" ", ""))
        raise InputError("unsupported_type", value=named[:LONGEST_TYPE_SHOWN])
    return _SPELLINGS[spelled]


def read_types(text: str) -> ProxyType | None:
    """The type that a labelled value names; None where it names none or more than one.

    Raises ``InputError`` ``unsupported_type`` (``value``) where it names only such.
    """
    words = [match["word"] for match in STANDING_ALONE.finditer(re.sub(r"[/,;|+&]", " ", text))]
    if not words and is_type(text):
        words = [text]
    known = [word for word in words if not is_unsupported(word)]
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
