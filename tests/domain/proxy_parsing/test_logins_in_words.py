"""Logins that are told in other words than a label and its value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.examples import ADDRESS, READ
from tests.domain.proxy_parsing.strategies import readings, refusal


@pytest.mark.parametrize(
    "text",
    [
        f"Логин от прокси: ana\nПароль от прокси: Pw1secret\nАдрес: {ADDRESS}",
        f"Логин для входа: ana\nПароль для входа: Pw1secret\nПрокси: {ADDRESS}",
        f"{ADDRESS}\nПользователь прокси-сервера: ana\nПароль прокси-сервера: Pw1secret",
        f"Login for the proxy: ana\nPassword for the proxy: Pw1secret\n{ADDRESS}",
        f"HTTP-клиент: адрес {ADDRESS}, имя пользователя ana, пароль Pw1secret",
        f"{ADDRESS} ... ana ... Pw1secret",
    ],
)
def test_a_login_in_other_words_is_read(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


def test_a_title_in_front_of_the_address_is_no_user() -> None:
    text = f"Router прокси-клиент: SOCKS v5, адрес {ADDRESS}, имя пользователя ana, пароль Pw1secret"
    assert read_proxy(text) == Clear(replace(READ, type=ProxyType.SOCKS5))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"{ADDRESS} username and password are both mirror1", "mirror1"),
        (f"{ADDRESS} login/password both mirror1", "mirror1"),
        (f"{ADDRESS} (логин и пароль: один и тот же — mirror1)", "mirror1"),
        (f"{ADDRESS}\nЛогин/пароль: одинаковые - mirror1", "mirror1"),
        ("user and password are the same — Pw1secret. host 203.0.113.7 port 8000", "Pw1secret"),
        ("хост 203.0.113.7 порт 8000, логин и пароль одинаковые: Pw1secret", "Pw1secret"),
        ("账号密码都是 Pw1secret，203.0.113.7:8000", "Pw1secret"),
        ("账号和密码都是Pw1secret，203.0.113.7:8000", "Pw1secret"),
        ("tài khoản và mật khẩu đều là Pw1secret, proxy 203.0.113.7:8000", "Pw1secret"),
    ],
)
def test_one_word_may_be_user_and_password(text: str, word: str) -> None:
    assert read_proxy(text) == Clear(replace(READ, user=word, password=word))


@pytest.mark.parametrize(
    "text",
    [
        f"{ADDRESS}\nLogin/password: both as in the chat",
        "203.0.113.7:8000 login and password both Pw1secret.",
        "203.0.113.7:8000 login and password both Pw1secret!",
        "账号密码都是 203.0.113.7:8000",
        "账号密码都一样 Pw1secret，203.0.113.7:8000",
        "密码都是Pw1secret，203.0.113.7:8000",
    ],
)
def test_where_it_is_not_clear_which_word_that_is_the_proxy_is_refused(text: str) -> None:
    assert refusal(text).reason == "unreadable"


@pytest.mark.parametrize("text", [f"{ADDRESS} ana52 pw в личке", f"{ADDRESS} ana52, пасс скину в лс"])
def test_a_user_whose_password_is_to_come_is_asked_about(text: str) -> None:
    assert read_proxy(text).ways == (
        replace(READ, user="ana52", password=None),
        replace(READ, user="", password=""),
    )


@pytest.mark.parametrize("sign", [" ", ": "])
def test_a_user_of_two_words_is_asked_about(sign: str) -> None:
    ways = read_proxy(f"IP{sign}203.0.113.7\nPORT{sign}8000\nUSER{sign}Ana Schneider\nPASS{sign}Pw1secret").ways
    assert ways == (replace(READ, user="Ana"), replace(READ, user="Ana Schneider"))


def test_a_remark_in_brackets_beside_a_type_may_be_no_user() -> None:
    assert read_proxy("127.0.0.1 10808 (boxN socks)").ways[0] == Custom("127.0.0.1", 10808, ProxyType.SOCKS5, "", "")


@pytest.mark.parametrize(
    "text",
    [
        f"s5 {ADDRESS}:ana:Pw1secret",
        f"S5代理 {ADDRESS}:ana:Pw1secret",
        f"сокс 5 {ADDRESS}:ana:Pw1secret",
        f"{ADDRESS}:ana:Pw1secret\nтип - соксы",
    ],
)
def test_spellings_of_socks5_are_known(text: str) -> None:
    assert read_proxy(text) == Clear(replace(READ, type=ProxyType.SOCKS5))


@pytest.mark.parametrize(
    "text",
    [
        "прокси 203.0.113.7:1080 с логином ana и паролем Pw1secret",
        "203.0.113.7:1080 логином ana, паролем Pw1secret",
        "认证信息：ana，Pw1secret\n代理IP：203.0.113.7，端口：1080",
        "Server- 203.0.113.7; Port- 1080; Username- ana; Pass- Pw1secret",
        "服务器- 203.0.113.7:1080 | 账号- ana | 密码- Pw1secret",
    ],
)
def test_an_inflected_label_and_a_dash_glued_to_one_are_known(text: str) -> None:
    found = readings(text)
    assert {(each.host, each.port, each.user) for each in found} == {("203.0.113.7", 1080, "ana")}
    assert {each.password for each in found} <= {"Pw1secret", None}


def test_a_pair_of_the_same_word_is_told_as_one_word_is() -> None:
    [found] = readings("логин пароль одинаковый admin:admin\n203.0.113.7:8899")
    assert (found.user, found.password) == ("admin", "admin")


@pytest.mark.parametrize(("login", "user"), [("same:Pw1secret", "same"), ("both-ana:Pw1secret", "both-ana")])
def test_a_user_may_begin_with_a_word_for_both(login: str, user: str) -> None:
    [found] = readings(f"203.0.113.7:8000\nauth: {login}")
    assert (found.user, found.password) == (user, "Pw1secret")
