"""Secrets are found in whatever people write, at whatever step; ordinary messages hold none."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.draft import Step
from bot.domain.message_secrets import secrets_in
from bot.domain.proxy import Custom, Extraction
from bot.domain.proxy_parsing.finder import find_all
from bot.domain.transfer_code import find_codes
from bot.domain.typed_proxy import ways_to_read
from tests.support.sentences import PLANTED, links, secrets, sentences

STEPS = st.none() | st.sampled_from(Step)
ORDINARY = (Path(__file__).parent / "ordinary_messages.txt").read_text(encoding="utf-8").splitlines()


@given(sentences(secrets()), STEPS)
def test_a_login_or_a_key_in_a_sentence_is_certain_and_used(text: str, asked: Step | None) -> None:
    found = secrets_in(text, asked)
    assert found.certain
    assert isinstance(found.choice, Custom | Extraction)
    assert PLANTED not in found.rest
    assert PLANTED not in repr(found)


@given(sentences(links()), STEPS)
def test_a_link_with_a_key_becomes_the_proxy_as_it_was_written(text: str, asked: Step | None) -> None:
    choice = secrets_in(text, asked).choice
    assert isinstance(choice, Extraction)
    assert choice.link is not None
    assert choice.link in text


@given(st.text(st.sampled_from("0123456789-,; \t\n"), max_size=80))
def test_numbers_alone_hold_nothing_so_that_they_need_not_be_looked_through(text: str) -> None:
    found = find_all(text)
    assert not found.proxies
    assert not found.links
    assert not found.passwords
    assert secrets_in(text, None).rest == text


@given(st.text(), STEPS)
def test_any_text_is_looked_through(text: str, asked: Step | None) -> None:
    found = secrets_in(text, asked)
    assert len(found.rest) == len(text)


def test_there_are_enough_ordinary_messages() -> None:
    assert len(set(ORDINARY)) >= 500


def test_no_ordinary_message_is_deleted() -> None:
    # Each at one of the steps, by turns.
    dealt = list(zip(ORDINARY, itertools.cycle(Step), strict=False))
    assert [(text, asked) for text, asked in dealt if secrets_in(text, asked).certain] == []
    assert [text for text in ORDINARY if secrets_in(text, None).certain] == []


@pytest.mark.long
def test_no_ordinary_message_is_deleted_at_any_step() -> None:
    everywhere = itertools.product(ORDINARY, Step)
    assert [(text, asked) for text, asked in everywhere if secrets_in(text, asked).certain] == []


def test_of_ordinary_messages_none_is_kept_as_a_proxy() -> None:
    assert [text for text in ORDINARY if secrets_in(text, None).choice is not None] == []


@pytest.mark.parametrize("asked", [Step.GROUP, Step.GROUP_TITLE, Step.BYPASS])
def test_where_words_are_asked_for_the_address_of_a_page_is_no_proxy(asked: Step) -> None:
    assert secrets_in("http://localhost:8080", asked).choice is None


@pytest.mark.parametrize(
    "text",
    [
        "http://203.0.113.7:8080",
        "28087799-19876849 http://203.0.113.7:8080",
        "use socks5://203.0.113.7:8080 please",
        "203.0.113.7:8080",
        "28087799-19876849 203.0.113.7:8080",
        "Shop Berlin\n203.0.113.7:8080\n28087799-19876849",
    ],
)
def test_a_proxy_without_a_login_is_taken_where_no_page_is_meant(text: str) -> None:
    choice = secrets_in(text, None).choice
    assert isinstance(choice, Custom)
    assert (choice.host, choice.port) == ("203.0.113.7", 8080)


@pytest.mark.parametrize("asked", [Step.GROUP, Step.GROUP_TITLE, Step.BYPASS])
def test_an_address_alone_is_the_words_that_are_asked_for_and_a_proxy_beside_a_code(asked: Step) -> None:
    assert secrets_in("203.0.113.7:8080", asked).choice is None
    assert isinstance(secrets_in("28087799-19876849 203.0.113.7:8080", asked).choice, Custom)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        (
            "use 203.0.113.7:8000 and 203.0.113.8:8000 login ana password Pw1secret",
            {("203.0.113.7", "ana"), ("203.0.113.7", "")},
        ),
        (
            "IP: 203.0.113.7, 203.0.113.8\nPort: 80\nLogin: ana\nPassword: Pw1secret",
            {("203.0.113.7", "ana"), ("203.0.113.8", "ana")},
        ),
        ("203.0.113.7:8000:9000:ana:Pw1secret", {("203.0.113.7", "ana"), ("203.0.113.7", "9000")}),
        (
            "take 2026-12-01|ana:Pw1secret@203.0.113.7:80 now",
            {("203.0.113.7", "ana"), ("203.0.113.7", "2026-12-01|ana")},
        ),
    ],
)
def test_what_can_be_read_in_more_ways_is_asked_about(text: str, ways: set[tuple[str, str]]) -> None:
    found = secrets_in(text, None)
    assert found.certain
    assert isinstance(found.choice, Custom)
    assert {(way.host, way.user) for way in ways_to_read(found.choice)} == ways


@pytest.mark.parametrize(
    "text",
    [
        "Change IP: http://203.0.113.7:5000/rotate?token=abcdef",
        "https://iproxy.example/c/aBcDeF12/change-ip",
        "http://ana:Pw1secret@203.0.113.7:5000/changeip",
        "https://mobile.example/reload.html?proxy_key=abcdef123456",
    ],
)
def test_a_link_that_changes_the_address_is_a_secret_and_no_proxy(text: str) -> None:
    found = secrets_in(text, None)
    assert found.certain
    assert found.choice is None


@pytest.mark.parametrize("asked", [None, Step.BYPASS, Step.GROUP])
def test_domains_with_numbers_are_no_passwords(asked: Step | None) -> None:
    found = secrets_in("*.example1.com\nwww.example2.com, shop1.example", asked)
    assert not found.certain
    assert not found.doubtful


def test_a_login_beside_a_domain_is_doubtful_where_it_can_be_nothing_else() -> None:
    assert secrets_in("gate.example.com 7000 ana7 hunter2", None).doubtful
    assert not secrets_in("shop.de 80 old stock", None).doubtful


@pytest.mark.parametrize(
    "text",
    [
        "proxy socks5://ana:Pw1secret@203.0.113.7:1080",
        "прокси socks5://ana:Pw1secret@203.0.113.7:1080",
        "代理 http://ana:Pw1secret@203.0.113.7:1080",
        "Shop 76686828-89727101 socks5://ana:Pw1secret@203.0.113.7:1080",
        "код 76686828-89727101 прокси socks5://ana:Pw1secret@203.0.113.7:1080",
    ],
)
def test_what_is_left_of_a_scheme_is_no_part_of_the_user(text: str) -> None:
    choice = secrets_in(text, None).choice
    assert isinstance(choice, Custom)
    assert (choice.host, choice.port, choice.user) == ("203.0.113.7", 1080, "ana")
    assert choice.type is not None


LABELLED = (
    "p/w: {p}|u/p tomuser/{p}|the pass for the DE one is {p}|it's {p}, sorry for the wrong password"
    "|{p} is the password|{p} (password)|{p} <- pw|Password➡️{p}|Bearer {p}|the key for the api is {p}"
    "|creds tomuser / {p}|ключ апи: {p}|пароль от прокси {p}|логин: vasya / {p}|доступы: vasya / {p}|{p} это пароль"
    "|新密码 {p}|密码改成{p}了|密码更正为{p}|密码错了，应该是 {p}|刚才密码发错，正确的：{p}"
    "|API密钥{p}|{p}是密码|pass mới {p}"
    "|mk mới là {p}|nhầm, mk đúng là {p}|mk proxy {p}|khóa api: {p}|tomuser:{p}"
    "|tomuser / {p}|tomuser | {p}"
    "|https://panel.example.org/open?s={p}669f8e7d6c5b4a"
)


@pytest.mark.parametrize("text", re.split(r"(?<! )\|(?! )", LABELLED))
def test_whatever_says_that_a_word_is_a_password_it_is_one(text: str) -> None:
    found = secrets_in(text.format(p="PLANTED605"), Step.GROUP)
    assert found.doubtful
    assert not found.certain


@pytest.mark.parametrize(
    "text",
    [
        "https://www.etsy.com/listing/1234567890/silver-ring?click_key=abcd1234ef5678:1234567890&click_sum=12ab34cd",
        "https://www.ebay.com/itm/1234567890?hash=item3b:g:abc&amdata=enc%3AAQAH",
        "https://www.loom.com/share/0123abcd?sid=12341234abcd",
        "https://kim@bitbucket.org/org/repo.git",
        "https://shop.example/account/reset?token=abc123def456",
        "https://shop.example/unsubscribe?email=kim@shop.example&token=abc123",
        "203.0.113.7:8000 password expired",
        "203.0.113.7:8000 пароль истёк",
        "https://docs.example.org/get?key=YOUR_API_KEY&num=1",
        "the link looks like https://host.example/get?key=...&num=10",
    ],
)
def test_what_only_looks_like_a_key_or_a_password_is_not_taken_for_it(text: str) -> None:
    found = secrets_in(text, Step.CONFIRM)
    assert not found.certain
    assert found.choice is None


@pytest.mark.parametrize(
    "text", ["{x},{c}", "{x}----{c}", "代码:{c},代理:{x}", "code:{c},proxy:{x}", "код:{c};прокси:{x}", "{c}代理{x}"]
)
def test_a_code_that_is_joined_to_a_proxy_is_found_beside_it(text: str) -> None:
    found = secrets_in(text.format(c="76686828-89727101", x="203.0.113.7:8000:ana:PLANTED1"), None)
    assert found.certain
    assert isinstance(found.choice, Custom)
    assert [code.text for code in find_codes(found.rest)] == ["76686828-89727101"]


@pytest.mark.parametrize(
    "link",
    [
        "https://wwproxy.example/api/client/proxy/available?key=MY-83kd9-4kd83-kd93k",
        "https://seller.example/get?token=theA8xk2kd93kd9",
        "https://seller.example/get?token=xxx83kd9kd93",
        "https://api.seller.example/account/export?key=A8xk2kd93kd9",
    ],
)
def test_a_link_with_a_key_is_one_whatever_the_key_begins_with(link: str) -> None:
    assert secrets_in(link, Step.CONFIRM).choice == Extraction(link=link)


@pytest.mark.parametrize(
    "text",
    ["user:pass@example.com:8080", "e.g. login:password@example.net:1080", "like http://user:pass@example.org:80"],
)
def test_what_only_shows_how_a_proxy_is_written_is_none(text: str) -> None:
    found = secrets_in(text, None)
    assert not found.certain
    assert found.choice is None


@pytest.mark.parametrize("text", ["user:pass@203.0.113.7:8080", "ana:Pw1secret@example.com:8080"])
def test_a_login_that_may_be_one_is_certain_although_its_address_is_an_example(text: str) -> None:
    assert secrets_in(text, None).certain


@pytest.mark.parametrize(
    "text",
    [
        "❌ 198.51.100.7:8001:bob:Pw2secret → ✅ {new}",
        "Не работает 198.51.100.7:8001:bob:Pw2secret, замените на {new}",
        "SMTP: smtp.mail.example:465:bob:Pw2secret\nProxy {new}",
        "DNS 198.51.100.53:53\n{new}",
    ],
)
@pytest.mark.parametrize("asked", [None, Step.PROXY, Step.CUSTOM, Step.CONFIRM])
def test_what_is_said_to_be_something_else_is_not_taken(text: str, asked: Step | None) -> None:
    found = secrets_in(text.format(new="203.0.113.7:8000:ana:Pw1secret"), asked)
    assert isinstance(found.choice, Custom)
    assert (found.choice.host, found.choice.user, found.choice.password) == ("203.0.113.7", "ana", "Pw1secret")
    assert found.certain
    # What was not used would be lost if the message were deleted.
    assert found.more == ("bob" in text)
    assert found.notice is None
