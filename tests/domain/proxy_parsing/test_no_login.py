"""Proxies of which it is said that they have no login."""

from __future__ import annotations

import pytest

from bot.domain.message_secrets import secrets_in
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
def test_words_that_say_so_are_no_login(words: str) -> None:
    text = f"ip 203.0.113.7 port 8000 {words}"
    assert read_proxy(text) == Clear(WITHOUT_LOGIN)
    assert not secrets_in(text, None).certain


def test_a_password_behind_such_words_is_none_that_is_denied() -> None:
    assert secrets_in("ip 203.0.113.7 port 8000 no login pass Pw1secret", None).doubtful
