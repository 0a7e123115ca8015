"""Proxies, extraction links and passwords as people write them."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_link, read_password, read_proxy
from bot.errors import InputError

BARE = Custom(host="203.0.113.7", port=1080, password="")
FULL = Custom(host="203.0.113.7", port=1080, user="ana", password="pass")
SOCKS5 = replace(FULL, type=ProxyType.SOCKS5)
IPV6 = replace(FULL, host="2001:db8::7")
NAMED = replace(FULL, host="gate.example.com")


def mistake(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_proxy(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("203.0.113.7:1080", BARE),
        ("203.0.113.7:1080:ana:pass", FULL),
        ("ana:pass@203.0.113.7:1080", FULL),
        ("203.0.113.7:1080@ana:pass", FULL),
        ("ana:pass:203.0.113.7:1080", FULL),
    ],
)
def test_the_five_forms_of_ixbrowser_are_read(text: str, proxy: Custom) -> None:
    assert read_proxy(text) == Clear(proxy)


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.7 1080 ana pass",
        "203.0.113.7\t1080\tana\tpass",
        "203.0.113.7\n1080\nana\npass",
        "203.0.113.7|1080|ana|pass",
        "203.0.113.7;1080;ana;pass",
        "203.0.113.7,1080,ana,pass",
        "203.0.113.7, 1080, ana, pass",
        "203.0.113.7 : 1080 : ana : pass",
        "203.0.113.7: 1080: ana: pass",
        "203.0.113.7:1080 ana:pass",
        "203.0.113.7:1080\nana:pass",
        "203.0.113.7:1080|ana:pass",
        "203.0.113.7:1080 | ana:pass",
        "203.0.113.7:1080, ana, pass",
        "203.0.113.7:1080 / ana:pass",
        "203.0.113.7:1080 - ana - pass",
        "203.0.113.7 1080 ana:pass",
        "ana pass 203.0.113.7 1080",
        "ana:pass 203.0.113.7:1080",
        "ana:pass @ 203.0.113.7:1080",
        "  203.0.113.7:1080:ana:pass \n",
        "`203.0.113.7:1080:ana:pass`",
        "```\n203.0.113.7:1080:ana:pass\n```",
        "«203.0.113.7:1080:ana:pass»",
        "\ufeff203.0.113.7:\u200b1080:ana:pass\u2060",
        "２０３．０．１１３．７：１０８０：ana：pass",
        "203。0。113。7：1080：ana：pass",
        "٢٠٣.٠.١١٣.٧:١٠٨٠:ana:pass",
        "203.0.113.7：1080:ana:pass",
        "203.0.113.7｜1080｜ana｜pass",
        "203.0.113.7:1080:ana:pass[https://rotate.example.com/?key=1]",
        "203.0.113.7:1080:ana:pass [https://rotate.example.com/change/1]",
        "203.0.113.7:1080:ana:pass (https://rotate.example.com/change/1)",
        "203.0.113.7:1080:ana:pass https://rotate.example.com/change/1",
        "203.0.113.7:1080:ana:pass\nhttps://rotate.example.com/change/1",
        "Proxy: 203.0.113.7:1080:ana:pass",
        "proxy 203.0.113.7:1080:ana:pass",
        "Прокси - 203.0.113.7:1080:ana:pass",
        "代理：203.0.113.7：1080：ana：pass",
    ],
)
def test_other_signs_between_the_parts_say_the_same(text: str) -> None:
    assert read_proxy(text) == Clear(FULL)


@pytest.mark.parametrize(
    "text",
    [
        "IP: 203.0.113.7\nPort: 1080\nLogin: ana\nPassword: pass",
        "host=203.0.113.7 port=1080 user=ana pass=pass",
        "IP: 203.0.113.7, Port: 1080, Username: ana, Password: pass",
        "IP:\n203.0.113.7\nPort:\n1080\nUser:\nana\nPass:\npass",
        "🌍 Server: 203.0.113.7\n🔌 Port: 1080\n👤 Login: ana\n🔑 Password: pass\nCountry: US",
        "Айпи: 203.0.113.7\nПорт: 1080\nЛогин: ana\nПароль: pass",
        "IP адрес - 203.0.113.7\nПорт - 1080\nЛогин - ana\nПароль - pass",
        "IP地址：203.0.113.7\n端口：1080\n用户名：ana\n密码：pass",
        "主机：203.0.113.7\n端口：１０８０\n账号：ana\n密码：pass",
        "Máy chủ: 203.0.113.7\nCổng: 1080\nTài khoản: ana\nMật khẩu: pass",
        "Ma\u0301y chu\u0309: 203.0.113.7\nCo\u0302\u0309ng: 1080\nUser: ana\nMa\u0323\u0302t kha\u0302\u0309u: pass",
        "203.0.113.7:1080\nLogin: ana\nPassword: pass",
        "203.0.113.7\nPort: 1080\nLogin: ana\nPassword: pass",
        "Proxy: 203.0.113.7:1080; Login: ana; Pass: pass",
        "Proxy: ana:pass@203.0.113.7\nPort: 1080",
        "Proxy: 203.0.113.7:1080:ana\nPassword: pass",
        "IP: 203.0.113.7\nPort: 1080\nLogin: ana\nPassword: pass\nRotate: https://rotate.example.com/?k=1",
        "Link: none Link: none\nIP: 203.0.113.7\nPort: 1080\nLogin: ana\nPassword: pass",
    ],
)
def test_parts_that_are_named_are_read(text: str) -> None:
    assert read_proxy(text) == Clear(FULL)


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("IP: 203.0.113.7\nPort: 1080", BARE),
        ("IP: 203.0.113.7\nPort: 1080\nLogin:\nPassword:", BARE),
        ("203.0.113.7 port: 1080", BARE),
        ("IP: 203.0.113.7\nPort: 1080\nLogin: ana", replace(FULL, password=None)),
        ("IP: 203.0.113.7\nPort: 1080\nLogin: ana\nPassword: my; pass,", replace(FULL, password=None)),
        ("IP: 2001:db8::7\nPort: 1080\nLogin: ana\nPassword: pass", IPV6),
        ("Type: SOCKS5\nIP: 203.0.113.7\nPort: 1080\nLogin: ana\nPassword: pass", SOCKS5),
        ("Proxy: socks5://203.0.113.7:1080\nLogin: ana\nPassword: pass", SOCKS5),
        ("Proxy: socks5://203.0.113.7\nPort: 1080\nLogin: ana\nPassword: pass", SOCKS5),
        ("Type: residential\nIP: 203.0.113.7\nPort: 1080\nLogin: ana\nPassword: pass", FULL),
    ],
)
def test_named_parts_may_be_few_or_say_more(text: str, proxy: Custom) -> None:
    assert read_proxy(text) == Clear(proxy)


@pytest.mark.parametrize(
    ("scheme", "proxy_type"),
    [
        ("http", ProxyType.HTTP),
        ("https", ProxyType.HTTPS),
        ("socks5", ProxyType.SOCKS5),
        ("SOCKS5", ProxyType.SOCKS5),
        ("socks5h", ProxyType.SOCKS5),
        ("socks", ProxyType.SOCKS5),
        ("ssh", ProxyType.SSH),
    ],
)
def test_the_type_is_read_from_a_scheme_or_a_word(scheme: str, proxy_type: ProxyType) -> None:
    expected = Clear(replace(FULL, type=proxy_type))
    for text in (
        f"{scheme}://ana:pass@203.0.113.7:1080",
        f"{scheme}://ana:pass@203.0.113.7:1080/",
        f"{scheme}://203.0.113.7:1080:ana:pass",
        f"{scheme}://203.0.113.7:1080@ana:pass",
        f"{scheme}:// 203.0.113.7 1080 ana pass",
        f"{scheme}:203.0.113.7:1080:ana:pass",
        f"({scheme}) 203.0.113.7:1080:ana:pass",
        f"203.0.113.7:1080:ana:pass {scheme}",
        f"203.0.113.7|1080|ana|pass|{scheme}",
        f"Proxy: {scheme}://ana:pass@203.0.113.7:1080",
        f"Proxy: {scheme} 203.0.113.7:1080:ana:pass",
    ):
        assert read_proxy(text) == expected, text


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("[2001:db8::7]:1080:ana:pass", IPV6),
        ("[2001:DB8::7]:1080:ana:pass", IPV6),
        ("ana:pass@[2001:db8::7]:1080", IPV6),
        ("[2001:db8::7]:1080@ana:pass", IPV6),
        ("ana:pass:[2001:db8::7]:1080", IPV6),
        ("ana:pass@2001:db8::7:1080", IPV6),
        ("2001:db8::7 1080 ana pass", IPV6),
        ("2001:db8::7:1080@ana:pass", IPV6),
        ("2001:db8::7:1080", replace(IPV6, user="", password="")),
        ("Gate.Example.COM:1080:ana:pass", NAMED),
        ("gate.example.com.:1080:ana:pass", NAMED),
        ("gate。example。com：1080：ana：pass", NAMED),
        ("localhost:1080:ana:pass", replace(FULL, host="localhost")),
        ("192.168.1.10:1080:ana:pass", replace(FULL, host="192.168.1.10")),
        ("proxy-box:1080:ana:pass", replace(FULL, host="proxy-box")),
        ("München.example:1080:ana:pass", replace(FULL, host="münchen.example")),
        ("прокси.рф:1080:ana:pass", replace(FULL, host="прокси.рф")),
        ("代理.中国:1080:ana:pass", replace(FULL, host="代理.中国")),
        ("xn--mnchen-3ya.example:1080:ana:pass", replace(FULL, host="xn--mnchen-3ya.example")),
        ("res_1.example.com:1080:ana:pass", replace(FULL, host="res_1.example.com")),
    ],
)
def test_hosts_of_every_sort_are_read(text: str, proxy: Custom) -> None:
    assert read_proxy(text) == Clear(proxy)


@pytest.mark.parametrize(
    ("text", "user", "password"),
    [
        ("203.0.113.7:1080:ana:p:a@s,s;w|o", "ana", "p:a@s,s;w|o"),
        ("ana:p:a@s,s;w|o@203.0.113.7:1080", "ana", "p:a@s,s;w|o"),
        ("203.0.113.7:1080@ana:p:a@s,s;w|o", "ana", "p:a@s,s;w|o"),
        ("ana:p:a@s,s;w|o:203.0.113.7:1080", "ana", "p:a@s,s;w|o"),
        ("203.0.113.7 1080 ana p:a@s", "ana", "p:a@s"),
        ("203.0.113.7|1080|ana|p:a@s", "ana", "p:a@s"),
        ("203.0.113.7:1080:user-cc-us;sid=1,x|y:pass", "user-cc-us;sid=1,x|y", "pass"),
        ("203.0.113.7:1080:ana@example.com:pass", "ana@example.com", "pass"),
        ("ana@example.com:pass@203.0.113.7:1080", "ana@example.com", "pass"),
        ("203.0.113.7:1080:ana:p%40ss", "ana", "p%40ss"),
        ("ana:p%40ss@203.0.113.7:1080", "ana", "p%40ss"),
        ("203.0.113.7:1080:ana:ｐ：ｗ", "ana", "ｐ：ｗ"),
        ("203.0.113.7:1080:ana:", "ana", ""),
        ("ana:@203.0.113.7:1080", "ana", ""),
        ("203.0.113.7:1080:", "", ""),
        ("203.0.113.7:1080::", "", ""),
        ("203.0.113.7:1080:ana", "ana", None),
        ("ana@203.0.113.7:1080", "ana", None),
        ("203.0.113.7 1080 ana", "ana", None),
    ],
)
def test_user_and_password_are_kept_as_they_are(text: str, user: str, password: str | None) -> None:
    assert read_proxy(text) == Clear(replace(FULL, user=user, password=password))


@pytest.mark.parametrize(
    ("text", "user", "password"),
    [
        ("http://ana:p%40s%3As@203.0.113.7:1080", "ana", "p@s:s"),
        ("http://a%3Ana:%D0%BF@203.0.113.7:1080", "a:na", "п"),
        ("http://ana:100%@203.0.113.7:1080", "ana", "100%"),
        ("http://ana:p%E9%@203.0.113.7:1080", "ana", "p%E9%"),
        ("http://ana:pa/ss@203.0.113.7:1080", "ana", "pa/ss"),
        ("http://ana:p@s:s@203.0.113.7:1080", "ana", "p@s:s"),
        ("http://ana@203.0.113.7:1080", "ana", None),
        ("http://:pass@203.0.113.7:1080", "", "pass"),
        ("http://203.0.113.7:1080", "", ""),
    ],
)
def test_escapes_are_read_in_a_url(text: str, user: str, password: str | None) -> None:
    assert read_proxy(text) == Clear(replace(FULL, type=ProxyType.HTTP, user=user, password=password))


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
    caught = mistake(text)
    assert (caught.reason, caught.values) == (reason, values)


@pytest.mark.parametrize(
    "text",
    [
        "gate.example.com:99999:ana:pass",
        "ana:pass:gate.example.com:99999",
    ],
)
def test_a_number_that_may_be_a_password_is_not_shown_back(text: str) -> None:
    caught = mistake(text)
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


@pytest.mark.parametrize(
    "hostile", ["a", ":", "@", " ", "a:1 ", "1.1.1.1:1,", "a:", ":@", "[", "ip: ", "\n-", "：", "1.", "é"]
)
def test_reading_takes_no_longer_than_its_length_deserves(hostile: str) -> None:
    started = time.process_time()
    for length in (2000, 4096, 100_000):
        text = (hostile * length)[:length]
        for attempt in (f"x{text}"[:length], f"203.0.113.7:1{text}"[:length], f"{text}@[::1]:1"[-length:]):
            try:
                read_proxy(attempt)
            except InputError:
                continue
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://api.example.com/get?num=1&key=a%20b", "https://api.example.com/get?num=1&key=a%20b"),
        (" http://203.0.113.7:8080/x\n", "http://203.0.113.7:8080/x"),
        ("`HTTPS://Api.Example.com`", "HTTPS://Api.Example.com"),
        ("https://[2001:db8::7]:8443/x?y#z", "https://[2001:db8::7]:8443/x?y#z"),
        ("https://ana:pass@api.example.com/x", "https://ana:pass@api.example.com/x"),
        ("https://прокси.рф/?ключ=1", "https://прокси.рф/?ключ=1"),
        ("http://localhost:3000/proxy", "http://localhost:3000/proxy"),
        ("https://a.example/" + "x" * 1982, "https://a.example/" + "x" * 1982),
    ],
)
def test_links_are_read_as_they_are(text: str, link: str) -> None:
    assert read_link(text) == link


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\u200b\n", "empty"),
        ("https://a.example/" + "x" * 1983, "too_long"),
        ("api.example.com/get", "not_a_link"),
        ("ftp://api.example.com/get", "not_a_link"),
        ("socks5://203.0.113.7:1080", "not_a_link"),
        ("https://", "not_a_link"),
        ("https:///get", "not_a_link"),
        ("https://api.example.com/get one", "not_a_link"),
        ("https://api.example.com/\nhttps://api.example.com/", "not_a_link"),
        ("https://api.example.com/\x07", "not_a_link"),
        ("https://203.0.113.256/get", "not_a_link"),
        ("https://-x-/get", "not_a_link"),
        ("https://api.example.com:99999/get", "not_a_link"),
        ("https://api.example.com:80x/get", "not_a_link"),
        ("hello", "not_a_link"),
    ],
)
def test_what_is_no_link_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read_link(text)
    assert (caught.value.reason, caught.value.values) == (reason, {})


@given(st.text() | st.text("htps:/.a@[]?#1 \n"))
def test_a_link_is_read_or_refused_whatever_is_typed(text: str) -> None:
    try:
        link = read_link(text)
    except InputError:
        return
    assert link.lower().startswith(("http://", "https://"))
    assert not any(character.isspace() for character in link)


@pytest.mark.parametrize("password", ["x", " pass ", "p:a@s s", "x" * 256, "пароль", "密码🔑"])
def test_a_password_is_kept_as_it_is(password: str) -> None:
    assert read_password(f"\r\n{password}\n") == password


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\n\r\n", "empty"),
        ("x" * 257, "too_long"),
        ("pa\nss", "bad_password"),
        ("pa\tss", "bad_password"),
        ("pa\x00ss", "bad_password"),
        ("pa\u2028ss", "bad_password"),
        ("\ud800", "bad_password"),
    ],
)
def test_a_password_that_cannot_be_one_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read_password(text)
    assert (caught.value.reason, caught.value.values) == (reason, {})


def test_a_reading_does_not_print_its_password() -> None:
    assert "s3cret" not in repr(read_proxy("203.0.113.7:1080:ana:s3cret"))
    assert isinstance(read_proxy("a:5678:b:1234"), Unclear)
