"""Sentences in four languages with a secret in them, as people write them."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from bot.domain.proxy_parsing.types import is_type

#: Stands in every secret, so that it can be searched for.
PLANTED: Final = "PLANTEDpw"

LANGUAGES: Final = ("en", "ru", "zh", "vi")

_AROUND: Final = (
    *("{x}", "use {x} please", "my proxy is {x} ok?", "Kim, take {x} for the new shop", "Shop Berlin\n{x}\nthanks"),
    *("вот прокси {x} спасибо", "Привет! Возьми {x} для магазина", "Прокси: {x}", "прокси для Берлина\n{x}"),
    *("代理 {x} 谢谢", "请用 {x}", "代理：{x}", "柏林店铺\n{x}\n麻烦了"),
    *("dùng {x} nhé", "Proxy của em là {x} ạ", "Proxy: {x}", "cửa hàng Berlin\n{x}\ncảm ơn anh"),
)
_FORMS: Final = (
    *("{a}:{u}:{p}", "{u}:{p}@{a}", "socks5://{u}:{p}@{a}", "http://{u}:{p}@{a}", "socks5 {a}:{u}:{p}"),
    *("{a}\nlogin: {u}\npassword: {p}", "{a}\nлогин: {u}\nпароль: {p}"),
    *("{a}----{u}----{p}", "{a}|{u}|{p}", "{a}----{u}:{p}"),
    *("{a}\n账号：{u}\n密码：{p}", "{a}\nTài khoản: {u}\nMật khẩu: {p}"),
)
_KEYS: Final = ("key", "token", "apikey", "secret", "password")

_ADDRESSES = st.builds("{}:{}".format, st.sampled_from(["203.0.113.7", "gate.example.com"]), st.integers(1024, 65535))
#: Nobody is called "pptp", which is a type that no profile can have.
_USERS = st.from_regex(r"[a-z]{3,8}[0-9]{0,3}(-country-us)?", fullmatch=True).filter(lambda user: not is_type(user))
_PASSWORDS = st.from_regex(r"[A-Za-z0-9_!+-]{0,8}", fullmatch=True).map(lambda end: f"{PLANTED}{end}")


def logins() -> st.SearchStrategy[str]:
    """A proxy with a login."""
    return st.builds(
        lambda form, a, u, p: form.format(a=a, u=u, p=p), st.sampled_from(_FORMS), _ADDRESSES, _USERS, _PASSWORDS
    )


def links() -> st.SearchStrategy[str]:
    """An extraction link with a key."""
    return st.builds(
        "https://proxies.example/get?num=1&{}={}{}".format,
        st.sampled_from(_KEYS),
        st.just(PLANTED),
        st.integers(10, 99_999_999),
    )


def secrets() -> st.SearchStrategy[str]:
    return logins() | links()


def sentences(of: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """What is given, with words around it."""
    return st.builds(lambda around, x: around.format(x=x), st.sampled_from(_AROUND), of)
