"""Ports that have the name of a type for a label, or stand below an address, and numbers that are none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.examples import HTTP, READ, SOCKS5
from tests.domain.proxy_parsing.strategies import refusal

TOLD = "IP: 203.0.113.7\nLogin: ana\nPassword: Pw1secret"
BELOW = "IP: 203.0.113.7\n{}\nLogin: ana\nPassword: Pw1secret"


@pytest.mark.parametrize(
    ("line", "port", "type_"),
    [
        ("HTTP 8000", 8000, ProxyType.HTTP),
        ("SOCKS5 - 8001", 8001, ProxyType.SOCKS5),
        ("HTTP: 80", 80, ProxyType.HTTP),
        ("SOCKS5: 1080 (shared)", 1080, ProxyType.SOCKS5),
        ("HTTP 8000 port", 8000, ProxyType.HTTP),
    ],
)
def test_the_number_behind_a_type_is_the_port(line: str, port: int, type_: ProxyType) -> None:
    assert read_proxy(f"{TOLD}\n{line}") == Clear(replace(READ, port=port, type=type_))


@pytest.mark.parametrize(
    "text",
    [
        f"{TOLD}\nHTTP 8000 socks5 8001",
        f"{TOLD}\nHTTP 8000 и SOCKS5 8001",
        f"{TOLD}\nHTTP: 8000, SOCKS5: 8001",
        "IP: 203.0.113.7\nHTTP: 8000\nSOCKS5: 8001\nUser: ana\nPass: Pw1secret",
        "203.0.113.7\nhttp 8000 / socks5 8001\nlogin ana\npass Pw1secret",
    ],
)
def test_of_two_ports_each_may_be_meant(text: str) -> None:
    assert read_proxy(text) == Unclear((HTTP, replace(SOCKS5, port=8001)))


def test_a_login_may_stand_behind_the_last_of_two_ports() -> None:
    reading = read_proxy("203.0.113.7 http 8000 socks 8001 ana Pw1secret")
    assert isinstance(reading, Unclear)
    assert [(way.port, way.user, way.password) for way in reading.ways] == [
        (8000, "ana", "Pw1secret"),
        (8001, "ana", "Pw1secret"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "socks5 45 days",
        "SOCKS5: 45 days",
        "socks5 - 60 дней",
        "HTTP 20 threads",
        "HTTP/SOCKS5 1200 руб",
        "HTTP 1200₽",
        "SOCKS5 5000 mbit",
        "HTTP 9000 requests",
        "socks5 4000 пользователей",
        "SOCKS5 45",
        "HTTP 2027",
    ],
)
def test_a_term_or_a_count_is_no_port(line: str) -> None:
    assert refusal(f"{TOLD}\n{line}").reason == "no_port"


@pytest.mark.parametrize("port", [443, 8000])
def test_a_number_below_the_address_is_the_port(port: int) -> None:
    assert read_proxy(BELOW.format(port)) == Clear(replace(READ, port=port))


@pytest.mark.parametrize("number", ["45", "2027", "45 days"])
def test_a_short_number_or_a_year_below_the_address_is_none(number: str) -> None:
    assert refusal(BELOW.format(number)).reason == "no_port"


def test_what_a_server_answers_is_no_port() -> None:
    assert refusal("IP: 203.0.113.7\nHTTP: 502").reason == "no_port"
