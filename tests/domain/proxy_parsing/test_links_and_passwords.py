"""Extraction links and passwords as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.message_secrets import secrets_in
from bot.domain.proxy_parsing.finder import find_links
from bot.domain.proxy_parsing.reader import read_link, read_password
from bot.errors import InputError


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


LINKS = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["api.example.com", "localhost", "203.0.113.7", "[2001:db8::7]", "прокси.рф"]),
    st.sampled_from(["", ":1", ":65535"]),
    st.just("") | st.builds("{}{}".format, st.sampled_from("/?#"), st.text("ab1/?#&=%.:@é,;-", max_size=30)),
)


@given(LINKS, st.sampled_from(["", "`", '"', "**", "«"]), st.text(" \n\t\u200b", max_size=3))
def test_a_link_is_read_as_it_is_in_quotes_or_spaces(link: str, quote: str, around: str) -> None:
    closing = {"«": "»"}.get(quote, quote)
    assert read_link(f"{around}{quote}{link}{closing}{around}") == link


@given(LINKS, st.text(" \n\t\x07\u2028", min_size=1, max_size=2))
def test_a_link_with_a_space_or_a_control_character_in_it_is_none(link: str, within: str) -> None:
    with pytest.raises(InputError) as caught:
        read_link(f"{link}{within}x")
    assert caught.value.reason == "not_a_link"


@pytest.mark.parametrize(
    "password", ["x", " pass ", "p:a@s s", "with spaces in it", "my pass", "pass word1", "x" * 256, "пароль", "密码🔑"]
)
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
        ("sorry, the port is 9001", "bad_password"),
        ("I don’t know", "bad_password"),
        ("пароль прежний", "bad_password"),
        ("để em hỏi", "bad_password"),
        ("这个密码我不知道", "bad_password"),
    ],
)
def test_a_password_that_cannot_be_one_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read_password(text)
    assert (caught.value.reason, caught.value.values) == (reason, {})


@pytest.mark.parametrize("path", ["my/proxies", "my/list.txt", "s/rotate", "j/123"])
@pytest.mark.parametrize("name", ["key", "token", "apikey"])
def test_a_key_is_one_whatever_the_path_of_its_link_looks_like(path: str, name: str) -> None:
    [found] = find_links(f"https://api.provider.example/{path}?{name}=abcDEF123456789")
    assert found.evident


@pytest.mark.parametrize("scheme", ["https://", ""])
@pytest.mark.parametrize("host", ["api.telegram.org", "hooks.shop.example"])
def test_the_token_of_a_bot_is_seen_in_a_link(scheme: str, host: str) -> None:
    found = secrets_in(f"open {scheme}{host}/bot123456789:AA{'Bc3dE' * 7}/getMe", None)
    assert (found.certain, found.doubtful) == (False, True)
