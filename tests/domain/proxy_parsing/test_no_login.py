"""Proxies of which it is said that they have no login."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.message_secrets import secrets_in
from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.examples import WITHOUT_LOGIN


@pytest.mark.parametrize(
    "words",
    [
        *(
            "k có pass nha",
            "ko có pass nha",
            "không có pass nha",
            "k pass",
            "không có mật khẩu ạ",
            "no password thanks",
        ),
        *("without password", "без пароля", "пароля нет", "没有密码 谢谢", "no user no pass"),
    ],
)
def test_words_that_say_that_there_is_no_login_are_none(words: str) -> None:
    text = f"ip 203.0.113.7 port 8000 {words}"
    assert read_proxy(text) == Clear(WITHOUT_LOGIN)
    assert not secrets_in(text, None).certain


@pytest.mark.parametrize(
    "words",
    [
        *("логин: нет, пароль: нет, http", "login: none, password: none, http", "login - no, password - no; type http"),
        "用户名:无,密码:无,类型http",
    ],
)
def test_a_login_that_is_said_to_be_none_is_none_in_a_sentence_with_a_type_too(words: str) -> None:
    text = f"ip 203.0.113.7 port 8000 {words}"
    assert {(way.user, way.password) for way in read_proxy(text).ways} == {("", "")}
    assert not secrets_in(text, None).certain


def test_a_sentence_in_chinese_below_an_address_is_no_user() -> None:
    found = read_proxy("提取结果:\n203.0.113.7:8000\n白名单已加,不用密码,协议SOCKS5")
    assert found == Clear(replace(WITHOUT_LOGIN, type=ProxyType.SOCKS5))


def test_a_password_behind_such_words_is_none_that_is_denied() -> None:
    assert secrets_in("ip 203.0.113.7 port 8000 no login pass Pw1secret", None).doubtful
