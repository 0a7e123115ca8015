"""Reading takes no longer than the length of a text deserves."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from bot.domain.message_secrets import secrets_in
from bot.domain.proxy_parsing.reader import LONGEST_TEXT, read_proxy
from bot.errors import InputError

HOSTILE = (
    *("a", ":", "@", " ", "a:1 ", "1.1.1.1:1,", "a:", ":@", "[", "ip: ", "\n-", "：", "1.", "é", "-", "|", "login: a "),
    *(
        "login:a/",
        "user pass ",
        "password ",
        "1.1.1.1 ",
        "1.1.1.1:80 a b\n",
        "(a):",
        "账号ana密码x ",
        "a : b @",
        "1 1 ",
    ),
    *("1.1.1.1:1 2 ", "Format: ", "парол ", "change ip url ", "vless://aaaaaaaa ", "-U a ", "Host\n1.1.1.1\nPort\n1\n"),
    *("host:port:user:pass ", "1.1.1.1, ", "2001:db8::1 1 ", "http://a:b@c.d:1 ", "https://a.b/c/", "a\t1\t", "mk "),
    *("1.1.1.1----1----a----b\n", "the password for ", "key=a&", '"a",', "http://1.1.1.1:1/", "::", "PassA:b"),
    *(
        "1:",
        "1----",
        "<",
        "~",
        "<b>",
        "</b><b>",
        "user id: 12 ",
        "\\/",
        "203.0.113.7",
        "*1.1.1.1:1* ",
        "ana:pa x@1.1.1.1:80 ",
        "a.aa:80;b:",
        "a.aa:1'",
        "a.aa:1@",
        "1.1.1.1:1:a:",
        "1.1.1.1:80\n",
        "密码Pw1",
        "ssh a@b -p 1 ",
        "smtp 1.1.1.1:81\n",
        "❌ ",
        "1.1.1.1:80 (",
    ),
)
#: Signs without an end, words for a type, and labels with long blanks behind them, in a message.
LONG = (
    "« http" * 680,
    f"203.0.113.7:8000:ana:Pw1secret\n{'«' * 2000}{' http' * 400}",
    "'http " * 680,
    f"203.0.113.7:8000:ana:Pw1secret\n{'http, ' * 700}",
    f"host: 1.2.3.4\nport: 80{' ' * 4000}x",
    "1.2.3.4 user: " * 300,
    "gate.example.com логин: " * 170,
    "ana@x.com логин: " * 240,
    "\n".join(f"1.1.1.{at}:{1000 + at}:u{at}:P{at}secret" for at in range(40))
    + "".join(f"\n{' '.join(f'u{each} {1000 + each}' for each in range(at, at + 18))}" for at in range(20)),
)
MOMENT = 0.45  # seconds of the processor; each takes less than 0.3
#: Twice the length of the longest message: what takes the square of its length takes many seconds here.
LENGTH = 8_192
PATIENCE = 1.5  # seconds of the processor; a text of a message's length takes a few hundredths of one


@pytest.mark.not_followed
@pytest.mark.parametrize("hostile", HOSTILE)
def test_any_text_is_looked_through_in_time(hostile: str) -> None:
    text = f"203.0.113.7:1080:ana:pw {hostile * LENGTH}"[:LENGTH]
    started = time.process_time()
    secrets_in(text, None)
    assert time.process_time() - started < PATIENCE


@pytest.mark.not_followed
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_text_of_the_greatest_length_is_read_in_time(hostile: str) -> None:
    text = (hostile * LONGEST_TEXT)[: LONGEST_TEXT - 20]
    started = time.process_time()
    for attempt in (f"x{text}", f"203.0.113.7:1{text}", f"{text}@[::1]:1"):
        with suppress(InputError):
            read_proxy(attempt)
    assert time.process_time() - started < PATIENCE / 2


@pytest.mark.not_followed
@pytest.mark.parametrize("text", LONG)
def test_a_long_message_is_looked_through_in_a_moment(text: str) -> None:
    secrets_in("203.0.113.7:8000:ana:Pw1secret http user", None)  # compiles the patterns
    started = time.process_time()
    secrets_in(text[:4096], None)
    assert time.process_time() - started < MOMENT
