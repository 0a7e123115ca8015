"""Texts with more than one meaning, and with more than one proxy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.readings import BARE, FULL


@pytest.mark.parametrize(
    ("text", "likeliest", "other"),
    [
        (
            "a:1:b:2",
            Custom(host="a", port=1, user="b", password="2"),
            Custom(host="b", port=2, user="a", password="1"),
        ),
        (
            "1.1.1.1:80@2.2.2.2:90",
            Custom(host="2.2.2.2", port=90, user="1.1.1.1", password="80"),
            Custom(host="1.1.1.1", port=80, user="2.2.2.2", password="90"),
        ),
        (
            "http://1.1.1.1:80@2.2.2.2:90",
            Custom(host="2.2.2.2", port=90, type=ProxyType.HTTP, user="1.1.1.1", password="80"),
            Custom(host="1.1.1.1", port=80, type=ProxyType.HTTP, user="2.2.2.2", password="90"),
        ),
        (
            "203.0.113.7:1080 ana pass",
            FULL,
            BARE,
        ),
        (
            "203.0.113.7:1080:ana:ssh",
            Custom(host="203.0.113.7", port=1080, type=ProxyType.SSH, user="ana", password=None),
            Custom(host="203.0.113.7", port=1080, user="ana", password="ssh"),
        ),
        (
            "203.0.113.7:1080:ana:pass:http",
            Custom(host="203.0.113.7", port=1080, type=ProxyType.HTTP, user="ana", password="pass"),
            Custom(host="203.0.113.7", port=1080, user="ana", password="pass:http"),
        ),
    ],
)
def test_a_text_with_two_meanings_is_asked_back(text: str, likeliest: Custom, other: Custom) -> None:
    assert read_proxy(text) == Unclear((likeliest, other))


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("203.0.113.7:1080:ana:90", Custom(host="203.0.113.7", port=1080, user="ana", password="90")),
        ("ana:90:gate.example.com:1080", Custom(host="gate.example.com", port=1080, user="ana", password="90")),
        ("ana:90@203.0.113.7:1080", Custom(host="203.0.113.7", port=1080, user="ana", password="90")),
        ("203.0.113.7:1080:socks5", replace(BARE, type=ProxyType.SOCKS5)),
        ("203.0.113.7:1080:ana:socks4", replace(FULL, password="socks4")),
    ],
)
def test_a_text_of_which_one_meaning_is_evident_is_not(text: str, proxy: Custom) -> None:
    assert read_proxy(text) == Clear(proxy)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("203.0.113.7:1080:ana:pass\n203.0.113.8:1080:bob:word", FULL),
        ("203.0.113.7:1080 203.0.113.8:1080", BARE),
        ("203.0.113.7:1080,203.0.113.8:1080", BARE),
        ("203.0.113.7 1080 ana pass\n203.0.113.8 1080 bob word", FULL),
        ("http://ana:pass@203.0.113.7:1080, http://ana:pass@203.0.113.8:1080", replace(FULL, type=ProxyType.HTTP)),
        ("IP: 203.0.113.7\nPort: 1080\n\nIP: 203.0.113.8\nPort: 1080", BARE),
        ("203.0.113.7:1080\nLogin: ana\nPassword: pass\n\n203.0.113.8:1080\nLogin: bob\nPassword: word", FULL),
        ("ip,port,user,pass\n203.0.113.7,1080,ana,pass\n203.0.113.8,1080,ana,pass", FULL),
    ],
)
def test_of_several_proxies_the_first_is_taken_and_that_is_told(text: str, first: Custom) -> None:
    assert read_proxy(text) == Clear(first, several=True)


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.7:1080:ana:pass\n203.0.113.7:1080:ana:pass",
        '{"http": "http://ana:pass@203.0.113.7:1080", "https": "http://ana:pass@203.0.113.7:1080"}',
    ],
)
def test_the_same_proxy_twice_is_one(text: str) -> None:
    reading = read_proxy(text)
    assert isinstance(reading, Clear)
    assert not reading.several
    assert replace(reading.proxy, type=None) == FULL
