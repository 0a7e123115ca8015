"""One word that is told to be the user and the password."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy_parsing.reader import read_proxy
from tests.domain.proxy_parsing.examples import READ
from tests.domain.proxy_parsing.strategies import refusal


@pytest.mark.parametrize(
    "text",
    [
        "user and password are the same — Pw1secret. host 203.0.113.7 port 8000",
        "хост 203.0.113.7 порт 8000, логин и пароль одинаковые: Pw1secret",
        "账号密码都是 Pw1secret，203.0.113.7:8000",
        "账号和密码都是Pw1secret，203.0.113.7:8000",
        "tài khoản và mật khẩu đều là Pw1secret, proxy 203.0.113.7:8000",
    ],
)
def test_a_word_that_is_told_for_both_is_user_and_password(text: str) -> None:
    assert read_proxy(text).ways == (replace(READ, user="Pw1secret"),)


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.7:8000 login and password both Pw1secret.",
        "203.0.113.7:8000 login and password both Pw1secret!",
        "账号密码都是 203.0.113.7:8000",
        "账号密码都一样 Pw1secret，203.0.113.7:8000",
        "密码都是Pw1secret，203.0.113.7:8000",
    ],
)
def test_what_is_not_clear_is_no_user(text: str) -> None:
    assert refusal(text).reason == "unreadable"
