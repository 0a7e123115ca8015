"""Sentences around a proxy that were taken for parts of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.message_secrets import secrets_in
from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.examples import HTTP, OF_OTHER, OTHER, READ, ROW, WITHOUT_LOGIN
from tests.domain.proxy_parsing.strategies import refusal


@pytest.mark.parametrize(
    "words",
    [
        *("username starts with sp and then 4 digits sp7741, password is the word pineapple",),
        *("логин осталася тот же melnik, пароль новый Ogon-10", "логин большими GRAND пароль маленькими hotel"),
    ],
)
def test_the_first_word_of_a_sentence_about_the_user_is_none(words: str) -> None:
    assert refusal(f"ip 203.0.113.7 port 8000 {words}").reason == "unreadable"


@pytest.mark.parametrize(
    "words",
    [
        *("логин: нет, пароль: нет, http", "login: none, password: none, http", "login - no, password - no; type http"),
        "用户名:无,密码:无,类型http",
    ],
)
def test_a_login_that_is_said_to_be_none_is_none_in_a_sentence_too(words: str) -> None:
    text = f"ip 203.0.113.7 port 8000 {words}"
    assert {(way.user, way.password) for way in read_proxy(text).ways} == {("", "")}
    assert not secrets_in(text, None).certain


def test_a_sentence_in_chinese_below_an_address_is_no_user() -> None:
    found = read_proxy("提取结果:\n203.0.113.7:8000\n白名单已加,不用密码,协议SOCKS5")
    assert found == Clear(replace(WITHOUT_LOGIN, type=ProxyType.SOCKS5))


def test_behind_an_emoji_within_it_a_password_is_asked_for() -> None:
    found = read_proxy("прокси🔥203.0.113.7:8000:ana:Flame11🔥до 15 июня")
    assert [(way.user, way.password) for way in found.ways] == [("ana", None)]


@pytest.mark.parametrize(
    "text",
    [
        "pls use the UK one\n\nUS: {other}\nUK: {row}",
        "📍Бельгия\n{other}\n📍Франция\n{row}\nбери Францию",
        "美国 {other}\n英国 {row}\n用英国的",
    ],
)
def test_where_a_word_picks_another_than_the_first_both_are_asked_about(text: str) -> None:
    assert read_proxy(text.format(row=ROW, other=OTHER)) == Unclear((READ, OF_OTHER))


@pytest.mark.parametrize("text", ["use the US one\nUS: {row}\nUK: {other}", "use it\nUS: {row}\nUK: {other}"])
def test_where_it_picks_the_first_that_is_taken(text: str) -> None:
    assert read_proxy(text.format(row=ROW, other=OTHER)) == Clear(READ, several=True)


def test_the_wrong_one_is_passed_over_behind_words_too() -> None:
    assert read_proxy(f"не тот скинула 🙈 {OTHER} — это Машин. Твой: {ROW}").ways[0] == READ


@pytest.mark.parametrize(
    "text",
    [
        "here's the one for the Amazon DE account: 203.0.113.7 port 8000 user ana pass Pw1secret",
        "адрес 203.0.113.7. порт 8000. логин ana. пароль Pw1secret",
        "ip 203.0.113.7 cong 8000 tk: ana mk: Pw1secret",
        "【IP】203.0.113.7【端口】8000【账号】ana【密码】Pw1secret【到期】2026/12/31",
        "203.0.113.7:8000 login ana Pw1secret",
    ],
)
def test_labels_in_sentences_are_read(text: str) -> None:
    way = read_proxy(text).ways[0]
    assert (way.host, way.port, way.user) == ("203.0.113.7", 8000, "ana")
    assert way.password in {"Pw1secret", None}


def test_a_port_may_be_glued_to_words_in_chinese() -> None:
    found = read_proxy("代理http://ana:Pw1secret@203.0.113.7:8000能用吗帮我换上")
    assert found == Clear(HTTP)


def test_a_number_behind_a_sign_is_a_part_of_a_password() -> None:
    assert read_proxy("203.0.113.7:8000:ana:Ravno=18") == Clear(replace(READ, password="Ravno=18"))


def test_a_name_of_two_labels_is_no_login() -> None:
    assert refusal("Proxy IP:Port 203.0.113.7:8000\nProxy Auth ana.lee:firefly").reason == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "login: kate, password: Pw2other!\nproxy: 203.0.113.7:8000:ana:Pw1secret",
        "Shopee: tài khoản kate, mật khẩu Pw2other!\nProxy: 203.0.113.7:8000:ana:Pw1secret",
    ],
)
def test_a_row_with_its_own_login_is_offered_beside_a_login_that_labels_tell(text: str) -> None:
    assert [(way.user, way.password) for way in read_proxy(text).ways] == [("ana", "Pw1secret"), ("kate", None)]


def test_a_word_that_says_how_a_proxy_is_doing_is_no_host() -> None:
    text = "Your ISP proxy is active.\nServer: 203.0.113.7\nPort: 8000\nUsername: ana\nPassword: Pw1secret"
    assert read_proxy(text) == Clear(READ)


def test_an_account_that_is_spelled_like_a_domain_is_the_user() -> None:
    found = read_proxy("主机：203.0.113.7\n端口：8000\n账号：a.aa\n密码：Pw1secret")
    assert found == Clear(replace(READ, user="a.aa"))
