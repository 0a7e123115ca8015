"""Proxies, links and passwords are found in any text, with their places."""

from __future__ import annotations

import pytest

from bot.domain.message_secrets import secrets_in
from bot.domain.proxy_parsing.finder import find_labelled_passwords, find_links, find_proxies


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("use 203.0.113.7:1080:bob:s3cr3t please", ["203.0.113.7:1080:bob:s3cr3t"]),
        ("my proxy is socks5://bob:s3cr3t@203.0.113.7:1080 ok?", ["socks5://bob:s3cr3t@203.0.113.7:1080"]),
        ("proxy for 28087799-19876849 is 203.0.113.7:1080:bob:s3cr3t", ["203.0.113.7:1080:bob:s3cr3t"]),
        ("28087799-19876849\n203.0.113.7:1080\npassword s3cr3t", ["203.0.113.7:1080", "password s3cr3t"]),
        ("\u200b203.0.113.7:1080:bob:s3\u200bcr3t", ["203.0.113.7:1080:bob:s3\u200bcr3t"]),
        (
            "IP: 203.0.113.7\nPort: 1080\nLogin: bob\nPassword: s3cr3t",
            ["IP: 203.0.113.7", "Port: 1080", "Login: bob", "Password: s3cr3t"],
        ),
        ("https://t.me/socks?server=203.0.113.7&port=1080&user=a&pass=s3cr3t", None),
        ("socks4://bob:s3cr3t@203.0.113.7:1080", ["socks4://bob:s3cr3t@203.0.113.7:1080"]),
    ],
)
def test_an_evident_proxy_with_its_password_is_found_where_it_stands(text: str, places: list[str] | None) -> None:
    [found] = find_proxies(text)
    assert found.evident
    assert not found.usable or any(way.password for way in found.readings)
    assert [text[start:end] for start, end in found.spans] == (places or [text])


@pytest.mark.parametrize(
    "text", ["proxy-box:1080:bob:s3cr3t", "203.0.113.7:1080 bob word", "john.doe:80 and john.smith:90"]
)
def test_what_may_be_something_else_is_doubtful(text: str) -> None:
    assert not any(found.evident for found in find_proxies(text))


def test_every_proxy_of_a_text_is_found() -> None:
    text = "203.0.113.7:1080:bob:s3cr3t\nor http://203.0.113.8:80, or gate.example.com:7000:ana:s3cr3t"
    assert [found.readings[0].host for found in find_proxies(text)] == [
        "203.0.113.7",
        "203.0.113.8",
        "gate.example.com",
    ]
    assert [found.holds_login for found in find_proxies(text)] == [True, False, True]


@pytest.mark.parametrize(
    "text",
    [
        "see docs.example.com:443 now",
        "203.0.113.7:22 is down",
        "see README.md:12",
        "the new server is gate.example.com:8443, tell Kim",
    ],
)
def test_an_address_alone_holds_no_secret(text: str) -> None:
    assert not any(found.holds_login for found in find_proxies(text))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Meet at 12:30 in Berlin",
            "Shops EU 2",
            "v1.2.3 is out",
            "1:0 for us",
            "price: 12.50",
            "call +84 912 345 678",
        ),
        *("Kim: are you there?", "28087799-19876849", "ratio 16:9", "a:b", "user:12345"),
    ],
)
def test_no_proxy_is_found_where_there_is_none(text: str) -> None:
    assert not find_proxies(text)


@pytest.mark.parametrize(
    ("text", "link", "evident"),
    [
        (
            "take https://api.example.com/get?key=abcdef&num=1 please",
            "https://api.example.com/get?key=abcdef&num=1",
            True,
        ),
        ("https://bob:s3cr3t@api.example.com/list", "https://bob:s3cr3t@api.example.com/list", True),
        (
            "https://proxy.example.com/rotate/0a1b2c3d4e5f6a7b",
            "https://proxy.example.com/rotate/0a1b2c3d4e5f6a7b",
            True,
        ),
        ("https://example.com/files/0a1b2c3d4e5f6a7b", "https://example.com/files/0a1b2c3d4e5f6a7b", False),
        ("https://example.com/x?abc=0a1b2c", "https://example.com/x?abc=0a1b2c", False),
    ],
)
def test_a_link_with_a_key_is_found(text: str, link: str, evident: bool) -> None:
    [found] = find_links(text)
    assert (text[slice(*found.span)], found.link, found.evident) == (link, link, evident)


@pytest.mark.parametrize(
    "text",
    [
        "t.me/+AbCdEfGhIjKl012",
        "https://t.me/+AbCdEfGhIjKl012",
        "https://t.me/c/1234567890/55",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://example.com/shop?page=2&lang=de",
        "https://example.com",
        "https://example.com/about-us",
        "https://docs.google.com/document/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345/edit",
        "http://bob:s3cr3t@203.0.113.7:1080",
    ],
)
def test_an_ordinary_link_is_none(text: str) -> None:
    assert not find_links(text)


def test_a_password_is_found_by_its_label_without_an_address_too() -> None:
    text = "Login: bob\nPassword: s3cr3t"
    assert [text[start:end] for start, end in find_labelled_passwords(text)] == ["s3cr3t"]
    assert not find_labelled_passwords("no secret here")


def test_nothing_prints_what_was_found() -> None:
    text = "203.0.113.7:1080:bob:s3cr3t https://api.example.com/get?key=s3cr3t"
    [proxy], [link] = find_proxies(text), find_links(text)
    assert proxy.readings[0].password == "s3cr3t"
    assert "s3cr3t" in link.link
    assert "s3cr3t" not in f"{proxy!r} {link!r} {proxy.readings!r}"


@pytest.mark.parametrize(
    ("text", "evident"),
    [
        ("https://iproxy.example/c/aBcDeF12/change-ip", True),
        ("https://i.fx.example/api-rt/changeip/AbCdEfGhIj/x4k9Pw1qz", True),
        (
            "https://proxy.example.com/api/v2/proxy/list/download/abcdefghijklmnopqrstuvwxyz/-/any/username/direct/-/",
            True,
        ),
        ("https://proxy.example.com/proxy/list/download/jfjdkskfjdks/-/http/username/direct/", True),
        ("https://panel.example.com/#key=abcd1234", True),
        ("https://api.example.com/getip?vkey=abc&num=1", True),
        ("http://ana:s3cr3t@203.0.113.7:5000/changeip", True),
        ("hxxps://api.example.com/get?key=abcdef", False),
        ("https://api.example[.]com/get?key=abcdef", False),
        ("https:// api.example.com/get?key=abcdef", False),
        ("ftp://api.example.com/get?key=abcdef", False),
        ("api.example.com/get?key=abcdef", False),
        ("https://api.example.com/reboot?imei=354678901234567", False),
        ("https://i.example.net/rotate/abcdef", False),
    ],
)
def test_links_of_every_seller_are_seen(text: str, evident: bool) -> None:
    assert [link.evident for link in find_links(f"here: {text} ok")] == [evident]


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/article/how-to-change-ip-address",
        "https://example.com/#pricing",
        "https://example.com/shop#section-2",
        "https://app.example.com/#/profile/1234",
        "docs.example.com/guide",
    ],
)
def test_pages_about_such_things_are_none(text: str) -> None:
    assert not find_links(text)


@pytest.mark.parametrize("name", ["vmess", "ss", "ssr", "vless"])
def test_a_proxy_of_another_program_is_a_secret_of_no_use(name: str) -> None:
    [found] = find_proxies(f"{name}://eyJhZGQiOiIxLjIuMy40In0=")
    assert (found.evident, found.usable, found.holds_login) == (True, False, True)


@pytest.mark.parametrize(
    "link",
    [
        "tg://settings/folders",
        "tg://openmessage?user_id=77777",
        "ftp://files.example.com/pub/archive.zip",
        "ftp://mirror-vienna.example.org",
        "wss://events.example.com/feed",
        "sftp://fileserver/share",
        "vnc://workstation.local",
        "outline://getstarted",
        "vless://getstarted",
    ],
)
def test_an_ordinary_link_of_another_scheme_is_no_secret(link: str) -> None:
    for text in (link, f"See {link} for more"):
        found = secrets_in(text, None)
        assert (found.certain, found.doubtful) == (False, False)


@pytest.mark.parametrize("link", ["trojan://longsecret@gate.example", "hy2://longsecret@gate.example?sni=gate.example"])
def test_a_key_of_letters_alone_in_front_of_an_address_is_one(link: str) -> None:
    assert secrets_in(link, None).certain


def test_a_login_in_such_a_link_is_one() -> None:
    assert secrets_in("ftp://bob:Pw1secret@ftp.example.org", None).doubtful


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.7:1080:bob:s3cr3t:hy2",
        "ip,port,user,pass,type\n203.0.113.7,1080,bob,s3cr3t,hy2",
        "[203.0.113.7]:1080:bob:s3cr3t",
        "203.0.113 .7:1080:bob:s3cr3t",
        "203.0.113.7#1080#bob#s3cr3t",
        "203.0.113.7_1080_bob_s3cr3t",
        "gate.example.com:10000-10999:bob:s3cr3t",
    ],
)
def test_a_login_is_seen_where_the_proxy_is_of_no_use(text: str) -> None:
    assert any(found.holds_login for found in find_proxies(text))


@pytest.mark.parametrize("text", ["ana@example.com:8080", "write to ana@example.com:25", "support@seller.example:443"])
def test_an_address_of_mail_is_no_certain_login(text: str) -> None:
    assert not any(found.evident for found in find_proxies(text))


@pytest.mark.parametrize("between", [",", ";", " ", "\n", ", ", " and "])
def test_a_second_proxy_has_its_own_login(between: str) -> None:
    found = find_proxies(f"203.0.113.7:1080{between}bob:s3cr3t@203.0.113.8:1080")
    assert [[(way.host, way.user) for way in each.readings] for each in found] == [
        [("203.0.113.7", "")],
        [("203.0.113.8", "bob")],
    ]
