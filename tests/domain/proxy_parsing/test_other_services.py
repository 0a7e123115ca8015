"""Addresses beside a proxy that are of something else."""

from __future__ import annotations

import pytest

from bot.domain.proxy_parsing.reader import read_proxy
from tests.domain.proxy_parsing.examples import OTHER, READ, ROW

BLOCK = "Server: 203.0.113.7\nPort: 8000\nLogin: ana\nPassword: Pw1secret"


@pytest.mark.parametrize(
    "text",
    [
        "SMTP: smtp.example.com:465 bob@example.com / Pw2secret\nPROXY: 203.0.113.7:8000 ana / Pw1secret",
        "RDP: 198.51.100.7:3389 Administrator / Pw2secret\nProxy: 203.0.113.7:8000 / ana / Pw1secret",
        f"API http://127.0.0.1:5000 works, put the proxy {ROW}",
        f"IMAP 198.51.100.7:993:bob:Pw2secret\n{ROW}",
        f"MySQL: 198.51.100.7:3306:bob:Pw2secret\n{ROW}",
        f"Panel: 198.51.100.7:8443:bob:Pw2secret\nProxy: {ROW}",
        f"DNS 192.0.2.1:53\n{ROW}",
        f"Last IP: 198.51.100.7:443\n{BLOCK}",
        f"Fraud score for 198.51.100.7: 12\n{BLOCK}",
        f"Панель: https://panel.example.com:8443\n{ROW}",
        f"2001:db8:13::7f:8000 не работает, дали вместо: {ROW}",
        f"198.51.100.7:8001 is dead, use {ROW}",
    ],
)
def test_an_address_of_something_else_in_front_is_not_taken_for_the_proxy(text: str) -> None:
    assert read_proxy(text).ways[0] == READ


@pytest.mark.parametrize(
    "text",
    [
        f"{ROW}\nDNS 192.0.2.1:53",
        f"Proxy for the panel: {ROW}\n{OTHER}",
        f"The panel sent two: {ROW} and {OTHER}",
        f"API: {ROW}",
    ],
)
def test_a_proxy_in_front_is_read_whatever_stands_behind_it(text: str) -> None:
    assert read_proxy(text).ways[0] == READ


def test_an_address_of_something_else_is_read_where_it_is_alone() -> None:
    assert read_proxy("DNS 192.0.2.1:53").ways[0].host == "192.0.2.1"


@pytest.mark.parametrize(
    "text",
    [
        f"Router: {ROW}\n198.51.100.7:8001",
        f"External IP {ROW} and 198.51.100.7:80",
        f"Panel: {ROW}\nrotation 198.51.100.7:81",
        f"{ROW} - заблокирован вход с других ip, {OTHER}",
    ],
)
def test_of_one_behind_the_proxy_it_is_told_that_it_was_left_out(text: str) -> None:
    read = read_proxy(text)
    assert read.ways[0] == READ
    assert read.several
