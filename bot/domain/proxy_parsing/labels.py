"""Proxies told part by part: ``IP: 203.0.113.7``, ``Port: 1080``, ``Логин: ana``, in one line or in several."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.errors import InputError

_HOST, _PORT, _USER, _PASSWORD, _TYPE, _OTHER = "host", "port", "user", "password", "type", "other"

_NAMES = {
    _HOST: (
        *("ip", "ip address", "ip-address", "host", "hostname", "host name", "server", "address", "addr"),
        *("proxy", "proxy ip", "proxy host", "proxy server", "proxy address"),
        *("айпи", "ип", "ip адрес", "ip-адрес", "адрес", "хост", "сервер", "прокси", "прокси-сервер"),
        *("地址", "ip地址", "ip 地址", "主机", "服务器", "代理", "代理ip", "代理地址", "代理服务器"),
        *("địa chỉ", "địa chỉ ip", "máy chủ"),
    ),
    _PORT: ("port", "proxy port", "порт", "端口", "端口号", "代理端口", "cổng"),
    _USER: (
        *("user", "username", "user name", "login", "log", "account", "proxy user", "proxy username"),
        *("логин", "пользователь", "имя пользователя", "юзер"),
        *("账号", "帐号", "账户", "帐户", "用户", "用户名"),
        *("tài khoản", "tên đăng nhập", "người dùng"),
    ),
    _PASSWORD: (
        *("password", "pass", "passwd", "pwd", "proxy password", "proxy pass"),
        *("пароль", "пасс", "密码", "密碼", "口令", "mật khẩu"),
    ),
    _TYPE: (
        *("type", "proxy type", "protocol", "scheme", "тип", "тип прокси", "протокол"),
        *("类型", "代理类型", "协议", "loại", "giao thức"),
    ),
    _OTHER: (
        *("rotate", "rotation", "rotation link", "change ip", "link", "url", "country", "city", "expires"),
        *("ротация", "смена ip", "ссылка", "страна", "город", "国家", "到期", "quốc gia"),
    ),
}
_ALTERNATIVES = {part: "|".join(map(re.escape, names)) for part, names in _NAMES.items()}
_ANY_NAME = "|".join(f"(?P<{part}>{alternatives})" for part, alternatives in _ALTERNATIVES.items())
_LABEL = re.compile(
    rf"(?:^[^\w\n]*|(?<=[\s,;|]))(?:{_ANY_NAME})(?:[ \t]*[:：=][ \t]*|[ \t]+[-–—][ \t]+)", re.IGNORECASE | re.MULTILINE
)
_LEADING_NAME = re.compile(rf"[^\w\n]*(?:{_ALTERNATIVES[_HOST]})(?: *[:：=] *| +)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Labelled:
    """The parts as they were typed. ``address`` may hold more than the host; what was not told is None."""

    address: str
    port: str | None
    user: str | None
    password: str | None
    type: str | None


def read_labels(text: str) -> Labelled | None:
    """The parts of a text that names them; None where it doesn't.

    Two parts named are enough, or a port behind an address. Raises ``InputError`` ``several_proxies`` where a part
    is told twice.
    """
    text = unicodedata.normalize("NFC", text)  # some keyboards write the accents of "Cổng" as signs of their own
    labels = list(_LABEL.finditer(text))
    if not labels:
        return None
    ends = [label.start() for label in labels[1:]] + [len(text)]
    parts: dict[str, str] = {}
    for label, end in zip(labels, ends, strict=True):
        part, value = str(label.lastgroup), _value(text[label.end() : end], label_follows=end < len(text))
        if part != _OTHER and parts.setdefault(part, value) != value:
            raise InputError("several_proxies")
    before = text[: labels[0].start()].strip(" \t\n,;|")
    if len(parts) < 2 and not (before and _PORT in parts):
        return None
    return Labelled(
        address=parts.get(_HOST, before),
        port=parts.get(_PORT),
        user=parts.get(_USER),
        password=parts.get(_PASSWORD),
        type=parts.get(_TYPE),
    )


def without_label(text: str) -> str:
    """The text without the one name that stands before all of it, as in ``Proxy: 203.0.113.7:1080``."""
    label = _LEADING_NAME.match(text)
    return text[label.end() :] if label else text


def _value(segment: str, *, label_follows: bool) -> str:
    """The first line of what stands between two labels; signs that part it from one in the same line are left out."""
    value = segment.strip().partition("\n")[0].rstrip()
    return value.rstrip(" \t,;|") if label_follows and "\n" not in segment else value
