"""Hosts as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hosts import is_evident, is_ip, read_host


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("２０３．０．１１３．７", "203.0.113.7"),
        ("٢٠٣.٠.١١٣.٧", "203.0.113.7"),
        ("[2001:DB8::7]", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("Gate.Example.com.", "gate.example.com"),
        ("box", "box"),
        ("1and1.example", "1and1.example"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
        ("हिन्दी.भारत", "हिन्दी.भारत"),
        ("٣.مثال", "٣.مثال"),
    ],
)
def test_a_host_is_read(text: str, host: str) -> None:
    assert read_host(text) == host


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "..", "a..b", "-a", "a-", "a b", "a/b", "a@b", "a:1", "*.a", "a\n", "1080", "a.1", "[a.b]", "[]"),
        *("203.0.113", "203.0.113.256", "203.0.113.07", "203.0.113.7.", "[203.0.113.7]", "fe80::1%eth0", "2001:db8"),
        *("a" * 64, "é" * 63, ".".join(["a" * 60] * 5), "\ud800", "❤.example", "\u0627a.example"),
    ],
)
def test_what_is_no_host_is_not_read(text: str) -> None:
    assert read_host(text) is None


@pytest.mark.parametrize(
    ("host", "ip", "evident"),
    [
        ("203.0.113.7", True, True),
        ("2001:db8::7", True, True),
        ("gate.example.com", False, True),
        ("localhost", False, True),
        ("box", False, False),
    ],
)
def test_an_address_is_told_from_a_name_and_a_name_from_a_word(host: str, ip: bool, evident: bool) -> None:
    assert (is_ip(host), is_evident(host)) == (ip, evident)


@given(st.text() | st.text("ab1.:[]-_é%", max_size=80) | st.text(max_size=300).map(lambda text: f"{text}.example"))
def test_a_host_once_read_reads_the_same_again(text: str) -> None:
    host = read_host(text)
    assert host is None or read_host(host) == host
