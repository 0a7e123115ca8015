"""Proxies and passwords as people write them, and what the reader makes of a text."""

from __future__ import annotations

import re
from urllib.parse import quote

from hypothesis import strategies as st

from bot.chat.drafting.notices import notice
from bot.chat.drafting.proxy_texts import way
from bot.chat.translator import translator
from bot.domain.draft import Notice
from bot.domain.proxy import Custom, summary
from bot.domain.proxy_parsing.finder import find_labelled_passwords
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from bot.domain.proxy_parsing.types import is_type
from bot.errors import InputError

T = translator("en")
PLANTED = "PLANTED"

LABELS = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
NAMES = st.builds(
    lambda labels, end: ".".join([*labels, end]),
    st.lists(LABELS, min_size=1, max_size=3),
    st.sampled_from(["com", "net", "io", "example", "co.uk", "рф", "xn--p1ai"]),
) | st.sampled_from(["münchen.example", "прокси.рф", "localhost"])
IPS = st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map(str)
HOSTS = IPS | NAMES
PORTS = st.integers(1, 65535)
SIGNS = "ab1.:@|;,%/[]{}'\"-_=éπ密！：９#?()<>`~ "
PASSWORDS = st.text(SIGNS.replace(" ", ""), max_size=12).map(lambda text: f"{PLANTED}{text}")
ODD_PASSWORDS = st.builds(
    lambda front, back: front + PLANTED + back,
    st.text(SIGNS.replace(" ", ""), max_size=8),
    st.text(SIGNS.replace(" ", ""), max_size=8)
    | st.sampled_from(["@198.51.100.9:80", "@evil.example:8080", ":1.2.3.4:5"]),
)
#: A dot at the end may be that of a sentence, the word for a type may say the type, and four hyphens part cells.
USERS = st.from_regex(
    r"[a-z]([a-z0-9_.-]{0,11}[a-z0-9_-])?(-(cc|country|session)-[a-zA-Z0-9]{2,8})?", fullmatch=True
).filter(lambda user: not is_type(user) and "----" not in user)
PLAIN_PASSWORDS = st.from_regex(r"[A-Za-z0-9_!$%^&*+-]{3,16}", fullmatch=True).map(lambda text: f"{PLANTED}{text}")
#: "-DE", "_US-12", "-2026-12", "-30%", perhaps with signs behind; and the escape of a line's end.
ENDS_LIKE_REMARK = re.compile(
    r"%0[AaDd]$|[^A-Za-z0-9](?:[A-Z]{2,}|[A-Za-z]{2}[-_]?[0-9]{1,4}|[0-9]{1,4}(?:-[0-9]{1,4}){1,2}|[0-9]+[%$]|[$][0-9]+)"
    r"[^A-Za-z0-9]*$"
)
FORMS = ("{a}:{u}:{p}", "{u}:{p}@{a}", "{a}@{u}:{p}", "{u}:{p}:{a}", "socks5://{u}:{p}@{a}", "http://{a}:{u}:{p}")
SENTENCES = (
    *(
        "{x}",
        "use {x} please",
        "my proxy is {x} ok?",
        "Shop Berlin\n{x}",
        "1) {x}",
        "🇩🇪 {x}",
        "Proxy: {x}",
        "{x}\nthanks",
    ),
    *("{x} https://rotate.example/change?key=abc123", "proxy for 28087799-19876849 is {x}", "Germany – {x}", "- {x}"),
    *(
        "{x}, New York 7922",
        "ip:port:user:pass\n{x}",
        "28087799-19876849\n{x}",
        "`{x}`",
        "«{x}»",
        "{x} # main",
        "#3 {x}",
    ),
)


def address(proxy: Custom) -> str:
    host = proxy.host or ""
    return f"[{host}]:{proxy.port}" if ":" in host else f"{host}:{proxy.port}"


def written(proxy: Custom, form: str) -> str:
    user, password = proxy.user, proxy.password or ""
    if "://{u}" in form:
        user, password = quote(user, safe=""), quote(password, safe="")
    return form.format(a=address(proxy), u=user, p=password)


def readings(text: str) -> tuple[Custom, ...]:
    """Every way that a text is read; none where it is refused."""
    try:
        reading = read_proxy(text)
    except InputError:
        return ()
    return reading.ways


def mistake_of(text: str) -> InputError | None:
    """Why a text is refused; None where it is read."""
    try:
        read_proxy(text)
    except InputError as mistake:
        return mistake
    return None


def refusal(text: str) -> InputError:
    """Why a text is refused, as it must be."""
    mistake = mistake_of(text)
    assert mistake is not None, read_proxy(text)
    return mistake


def sees(text: str, secret: str) -> bool:
    """Whether a secret is found in a text that is no proxy."""
    return any(secret in text[start:end] for start, end in find_labelled_passwords(text))


def shown(text: str) -> str:
    """What the chat and the log show of a text."""
    try:
        reading = read_proxy(text)
    except InputError as mistake:
        return str(notice(T, Notice(mistake.reason, mistake.values)))
    if isinstance(reading, Clear):
        return summary(reading.proxy)
    return "\n".join(way(T, each) for each in reading.ways)


PROXIES = st.builds(Custom, host=HOSTS, port=PORTS, user=USERS, password=PLAIN_PASSWORDS)
