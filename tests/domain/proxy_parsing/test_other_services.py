"""Addresses in front of a proxy that are of something else."""

from __future__ import annotations

import pytest

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import read_proxy

PROXY = "203.0.113.7:8000:ana:Pw1secret"
BLOCK = "Server: 203.0.113.7\nPort: 8000\nLogin: ana\nPassword: Pw1secret"
READ = Custom("203.0.113.7", 8000, None, "ana", "Pw1secret")


@pytest.mark.parametrize(
    "text",
    [
        "SMTP: smtp.example.com:465 bob@example.com / Pw2secret\nPROXY: 203.0.113.7:8000 ana / Pw1secret",
        "RDP: 198.51.100.7:3389 Administrator / Pw2secret\nProxy: 203.0.113.7:8000 / ana / Pw1secret",
        f"API http://127.0.0.1:5000 works, put the proxy {PROXY}",
        f"IMAP 198.51.100.7:993:bob:Pw2secret\n{PROXY}",
        f"MySQL: 198.51.100.7:3306:bob:Pw2secret\n{PROXY}",
        f"Panel: 198.51.100.7:8443:bob:Pw2secret\nProxy: {PROXY}",
        f"DNS 192.0.2.1:53\n{PROXY}",
        f"Last IP: 198.51.100.7:443\n{BLOCK}",
        f"Fraud score for 198.51.100.7: 12\n{BLOCK}",
        f"Панель: https://panel.example.com:8443\n{PROXY}",
        f"2001:db8:13::7f:8000 не работает, дали вместо: {PROXY}",
        f"198.51.100.7:8001 is dead, use {PROXY}",
    ],
)
def test_they_are_not_taken_for_it(text: str) -> None:
    assert read_proxy(text).ways[0] == READ


@pytest.mark.parametrize(
    "text",
    [
        f"{PROXY}\nDNS 192.0.2.1:53",
        f"Proxy for the panel: {PROXY}\n198.51.100.7:8001:bob:Pw2secret",
        f"The panel sent two: {PROXY} and 198.51.100.7:8001:bob:Pw2secret",
        f"API: {PROXY}",
    ],
)
def test_of_several_proxies_the_first_is(text: str) -> None:
    assert read_proxy(text).ways[0] == READ


def test_such_an_address_alone_is_read() -> None:
    assert read_proxy("DNS 192.0.2.1:53").ways[0].host == "192.0.2.1"


@pytest.mark.parametrize(
    "text",
    [
        "Не работает {old}, замените на {new}",
        "Старый (не использовать): {old}\nНовый: {new}",
        "❌ {old}\n✅ {new}",
        "{old} is dead, I have {new} as well",
        "proxy cũ {old} chết rồi, proxy mới {new}",
        "旧代理 {old} 失效，新代理 {new}",
        "replace {old} with {new}",
    ],
)
def test_one_that_is_said_to_be_gone_is_passed_over(text: str) -> None:
    assert read_proxy(text.format(old="198.51.100.7:8001:bob:Pw2secret", new=PROXY)).ways[0] == READ


def test_one_that_is_gone_is_read_where_there_is_no_other() -> None:
    assert read_proxy(f"❌ {PROXY}").ways[0] == READ


@pytest.mark.parametrize(
    "text",
    [
        f"Router: {PROXY}\n198.51.100.7:8001",
        f"External IP {PROXY} and 198.51.100.7:80",
        f"Panel: {PROXY}\nrotation 198.51.100.7:81",
        f"{PROXY} - заблокирован вход с других ip, 198.51.100.7:8001:bob:Pw2secret",
    ],
)
def test_one_with_a_login_is_left_out_for_none_without(text: str) -> None:
    read = read_proxy(text)
    assert read.ways[0] == READ
    assert read.several


def test_nobody_is_told_that_the_first_was_taken_where_it_was_passed_over() -> None:
    assert not read_proxy(f"❌ 198.51.100.7:8001:bob:Pw2secret\n{PROXY}").several
