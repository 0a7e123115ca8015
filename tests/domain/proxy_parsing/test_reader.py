"""Proxies as people write them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.readings import BARE, FULL, IPV6, NAMED, SOCKS5


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


def test_a_reading_does_not_print_its_password() -> None:
    for text, passwords in (
        ("203.0.113.7:1080:ana:s3cret", ["s3cret"]),
        ("203.0.113.7:1080 ana s3cret", ["s3cret"]),
        ("203.0.113.7:1080 ana secret", ["secret", ""]),
    ):
        reading = read_proxy(text)
        assert [way.password for way in reading.ways] == passwords
        assert passwords[0] not in repr(reading)
