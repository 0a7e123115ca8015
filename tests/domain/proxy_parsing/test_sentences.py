"""What sentences and names around a proxy hold of it, and which of their words are no part of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.examples import ASKED, HTTP, READ
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


def test_behind_an_emoji_within_it_a_password_is_asked_for() -> None:
    assert read_proxy("прокси🔥203.0.113.7:8000:ana:Flame11🔥до 15 июня") == Clear(ASKED)


@pytest.mark.parametrize(
    "text",
    [
        "here's the one for the Amazon DE account: 203.0.113.7 port 8000 user ana pass Pw1secret",
        "адрес 203.0.113.7. порт 8000. логин ana. пароль Pw1secret",
        "ip 203.0.113.7 cong 8000 tk: ana mk: Pw1secret",
        "【IP】203.0.113.7【端口】8000【账号】ana【密码】Pw1secret【到期】2026/12/31",
    ],
)
def test_labels_in_sentences_are_read(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


def test_a_password_without_a_label_behind_a_user_with_one_is_asked_for() -> None:
    assert read_proxy("203.0.113.7:8000 login ana Pw1secret") == Clear(ASKED)


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
    assert read_proxy(text) == Unclear((READ, replace(ASKED, user="kate")))


def test_a_word_that_says_how_a_proxy_is_doing_is_no_host() -> None:
    text = "Your ISP proxy is active.\nServer: 203.0.113.7\nPort: 8000\nUsername: ana\nPassword: Pw1secret"
    assert read_proxy(text) == Clear(READ)


def test_an_account_that_is_spelled_like_a_domain_is_the_user() -> None:
    found = read_proxy("主机：203.0.113.7\n端口：8000\n账号：a.aa\n密码：Pw1secret")
    assert found == Clear(replace(READ, user="a.aa"))
