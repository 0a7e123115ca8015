"""What is no proxy is refused with what is wrong with it, and nothing of a password is told."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.proxy_parsing.reader import read_proxy
from bot.errors import InputError
from tests.domain.proxy_parsing.strategies import PLANTED, mistake_of, refusal, shown


@pytest.mark.parametrize(
    ("text", "reason", "values"),
    [
        ("", "empty", {}),
        (" \n\u200b", "empty", {}),
        ("203.0.113.7:1080:ana:" + "x" * 2000, "too_long", {}),
        # Of several mistakes, the one that says most.
        ("gate.example.com:203.0.113.7:99999", "port_out_of_range", {"value": "99999"}),
        ("gate.example.com:300.1.1.1:1080", "port_not_number", {}),
        ("203.0.113.7:1080:ana:" + "x" * 257, "too_long", {}),
        ("203.0.113.7:1080:" + "x" * 257 + ":pass", "too_long", {}),
        ("hello", "unreadable", {}),
        ("how are you?", "unreadable", {}),
        ("203.0.113.7:1080:ana:pa\x00ss", "unreadable", {}),
        ("203.0.113.7:1080:ana:\ud800", "unreadable", {}),
        ("http://ana:pa%0Ass@203.0.113.7:1080", "unreadable", {}),
        ("Login: ana\nPassword: pass", "no_address", {}),
        ("1080", "unreadable", {}),
        ("pass%word:99", "no_address", {}),
        ("box:x:ana:[s3cret]:80", "no_address", {}),
        ("203.0.113.7", "no_port", {}),
        ("203.0.113.7:", "no_port", {}),
        ("gate.example.com", "no_port", {}),
        ("https://gate.example.com/", "no_port", {}),
        ("ana:pass@gate.example.com", "no_port", {}),
        ("ana:99999@proxy-box", "no_port", {}),
        ("john.doe:99999@proxy-box", "no_port", {}),
        ("203.0.113.7@ana:pass", "no_port", {}),
        ("ana:pass:203.0.113.7", "no_port", {}),
        ("IP: 203.0.113.7\nPort:\nLogin: ana", "no_port", {}),
        ("203.0.113.7:8O80:ana:pass", "port_not_number", {}),
        ("203.0.113.7:-1", "port_not_number", {}),
        ("203.0.113.7:1080/24:ana:pass", "port_not_number", {}),
        ("IP: 203.0.113.7\nPort: abc", "port_not_number", {}),
        ("203.0.113.7:99999:ana:pass", "port_out_of_range", {"value": "99999"}),
        ("203.0.113.7:0", "port_out_of_range", {"value": "0"}),
        ("ana:pass@203.0.113.7:65536", "port_out_of_range", {"value": "65536"}),
        ("gate.example.com:99999", "port_out_of_range", {"value": "99999"}),
        ("socks5 203.0.113.7:99999:ana:pass", "port_out_of_range", {"value": "99999"}),
        ("socks5://gate.example.com:99999", "port_out_of_range", {"value": "99999"}),
        ("203.0.113.7:" + "9" * 500, "port_out_of_range", {"value": "9" * 60}),
        ("IP: 203.0.113.7\nPort: 70000", "port_out_of_range", {"value": "70000"}),
        ("203.0.113.256:1080:ana:pass", "bad_address", {"value": "203.0.113.256"}),
        ("ana:pass@203.0.113:1080", "bad_address", {"value": "203.0.113"}),
        ("203.0.113.7.9", "bad_address", {"value": "203.0.113.7.9"}),
        ("[2001:db8:::7]:1080", "bad_address", {"value": "[2001:db8:::7]"}),
        ("[fe80::1%eth0]:1080", "bad_address", {"value": "[fe80::1%eth0]"}),
        ("[203.0.113.7]:1080", "bad_address", {"value": "[203.0.113.7]"}),
        ("-gate-.example.com:1080:ana:pass", "bad_address", {"value": "-gate-.example.com"}),
        ("gate..example.com:1080", "bad_address", {"value": "gate..example.com"}),
        ("IP: 203.0.113.256\nPort: 1080", "bad_address", {"value": "203.0.113.256"}),
        ("socks4://203.0.113.7:1080", "unsupported_type", {"value": "socks4"}),
        ("Socks4a 203.0.113.7:1080", "unsupported_type", {"value": "socks4a"}),
        ("203.0.113.7:1080:ana:pass socks4", "unsupported_type", {"value": "socks4"}),
        ("vless://203.0.113.7:1080", "unsupported_type", {"value": "vless"}),
        ("Type: socks4\nIP: 203.0.113.7\nPort: 1080", "unsupported_type", {"value": "socks4"}),
        ("https://api.example.com/get?num=1&type=txt", "is_a_link", {}),
        ("https://api.example.com:8443/get", "is_a_link", {}),
        ("http://203.0.113.7?key=1", "is_a_link", {}),
        ("api.example.com/get?num=1", "is_a_link", {}),
        ("socks5 https://api.example.com/get?num=1", "is_a_link", {}),
    ],
)
def test_a_wrong_text_is_told_what_is_wrong_with_it(text: str, reason: str, values: dict[str, str]) -> None:
    caught = refusal(text)
    assert (caught.reason, caught.values) == (reason, values)


@pytest.mark.parametrize(
    "text",
    [
        "gate.example.com:99999:ana:pass",
        "ana:pass:gate.example.com:99999",
    ],
)
def test_a_number_that_may_be_a_password_is_not_shown_back(text: str) -> None:
    caught = refusal(text)
    assert (caught.reason, caught.values) == ("port_out_of_range", {"value": "…"})


@pytest.mark.parametrize(
    "text",
    [
        'gate.example.com:1:ana:;"s3cr3t:1.2.3.4:5\nthanks',
        "账号ana密码s3cr3t地址203.0.113.7:8000",
        "ana:s3cr3t://@gate.example.com:1",
    ],
)
def test_what_is_no_label_and_no_type_is_never_named(text: str) -> None:
    named = ""
    try:
        read_proxy(text)
    except InputError as refused:
        named = "".join(refused.values.values())
    assert "s3cr3t" not in named


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *(("hy2", "hysteria2"), ("hysteria", "hysteria"), ("vless", "vless"), ("vmess", "vmess"), ("trojan", "trojan")),
        *(("ss", "shadowsocks"), ("ssr", "shadowsocks"), ("wireguard", "wireguard"), ("wg", "wireguard")),
        *(("tuic", "tuic"), ("mtproxy", "mtproto"), ("naive", "naive"), ("openvpn", "openvpn"), ("socks4a", "socks4a")),
        *(("snell", "snell"), ("l2tp", "l2tp"), ("ftp", "ftp"), ("tor", "tor"), ("brook", "brook"), ("quic", "quic")),
    ],
)
def test_a_type_that_ixbrowser_does_not_have_is_named_wherever_it_is_told(name: str, told: str) -> None:
    for text in (
        f"{name}://ana:pass@203.0.113.7:1080",
        f"[{name}] 203.0.113.7:1080:ana:pass",
        f"Type: {name}\nIP: 203.0.113.7\nPort: 1080",
        f"203.0.113.7:1080@{name}",
    ):
        caught = refusal(text)
        assert (caught.reason, caught.values) == ("unsupported_type", {"value": told}), text


@given(
    st.text("a0123456789.:@/", max_size=12),
    st.text("a0123456789.:@/", max_size=12),
    st.sampled_from(
        ("203.0.113.7:x:ana:{p}", "ana:{p}@gate.example.com", "box:x:john.doe:{p}", "203.0.113.7:99999:ana:{p}")
    ),
)
def test_a_mistake_never_shows_a_password(front: str, back: str, form: str) -> None:
    password = f"{front}{PLANTED}{back}"
    text = form.format(p=password)
    mistake = mistake_of(text)
    assume(mistake is not None)
    assert PLANTED.lower() not in shown(text).lower()
    assert not back or len(back) < 5 or back not in shown(text)
