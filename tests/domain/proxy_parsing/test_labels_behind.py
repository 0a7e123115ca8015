"""Labels that stand behind their values, say which part of a row is which, or are spelled like a part of a login."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.message_secrets import secrets_in
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.examples import ADDRESS, ASKED, HTTP, READ, ROW
from tests.domain.proxy_parsing.strategies import refusal

TURNED = f"{ADDRESS}:Pw1secret:ana"


@pytest.mark.parametrize(
    "text",
    [
        f"{ADDRESS} Pw1secret (пароль) ana (логин)",
        f"ana (login), Pw1secret (password), {ADDRESS}",
        "203.0.113.7 (ip) 8000 (port) ana (login) Pw1secret (pass)",
        f"Pw1secret is the pass, ana is the user, {ADDRESS}",
        f"{ADDRESS}\nPw1secret - пароль\nana - логин",
        f"{ADDRESS}\nPw1secret pass\nana login",
        f"{ADDRESS}\nana login\nPw1secret pass",
        f"{ADDRESS}\nPw1secret 密码\nana 账号",
        f"{ADDRESS} ana login Pw1secret pass",
        "203.0.113.7 — айпи, 8000 — порт, ana — логин, Pw1secret — пароль",
        f"{ADDRESS}\nсначала ana (логин), потом Pw1secret (пароль)",
        f"{ADDRESS}. Where Pw1secret is the password and ana is the login",
    ],
)
def test_labels_behind_user_and_password_are_read(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


@pytest.mark.parametrize("text", ["ana - логин\nqwerty - пароль", "ana (login) qwerty (password)"])
def test_a_password_of_letters_is_read_where_a_sign_joins_its_label_on(text: str) -> None:
    assert read_proxy(f"{ADDRESS}\n{text}") == Clear(replace(READ, password="qwerty"))


@pytest.mark.parametrize(
    "said",
    [
        " где логин, где пароль",
        " где логин где пароль",
        " asks: what is login, what is password",
        "\nСкинь логин\nСкинь пароль",
        "\nнужен логин\nнужен пароль",
        "\nEnter username\nEnter password",
        "\nForgot login\nReset password",
        "\nSteam login\nGitHub password",
        " cần tài khoản, cần mật khẩu",
        "\n输入 账号\n输入 密码",
        "\n忘记 (账号) 重置 (密码)",
        " - забыл логин, сбросил пароль",
        "\nThey know (login)\nthey lost (password)",
        " Анна - пользователь, Пётр - пароль",
    ],
)
def test_words_of_a_sentence_before_labels_are_no_login(said: str) -> None:
    assert not secrets_in(f"{ADDRESS}{said}", None).certain
    assert refusal(f"{ADDRESS}{said}").reason == "unreadable"


def test_questions_for_a_login_that_is_told_change_nothing() -> None:
    assert read_proxy(f"{ROW}\nкакой логин\nкакой пароль") == Clear(READ)


@pytest.mark.parametrize(
    "text",
    [
        "ana - логин\nkot Barsik1 - пароль",
        "Ana - login\nQwerty - password",
        "ana логин qwerty пароль",
        "ana login Pw1 pass",
    ],
)
def test_a_password_of_which_nobody_knows_is_not_taken_for_another_part(text: str) -> None:
    assert refusal(f"{ADDRESS}\n{text}").reason == "unreadable"


@pytest.mark.parametrize(
    "said",
    [
        ", пароль Pw1secret",
        ", логин ana",
        " (login ana)",
        "\npassword is Pw1secret",
        ", где ana - логин",
        ", ana is the user",
        ", Pw1secret это пароль",
        ", ana是账号",
        ", login: ana, pass: Pw1secret",
    ],
)
def test_a_row_is_turned_where_words_tell_which_part_is_which(said: str) -> None:
    assert read_proxy(f"{TURNED}{said}") == Clear(READ)


@pytest.mark.parametrize(
    "said", [", ana login", " (ana - логин)", " login ana", "\nпароль: Pw1secret", "\nлогин и пароль: ana, Pw1secret"]
)
def test_a_row_in_the_usual_order_stays(said: str) -> None:
    assert read_proxy(f"{ROW}{said}") == Clear(READ)


@pytest.mark.parametrize(
    "said",
    [
        " - тут логин последний",
        " (login last)",
        ", логин после пароля",
        ", пароль перед логином",
        ", логин и пароль перепутаны",
        ", login and password swapped",
        " 账号在后",
        " pass:login",
        ", пароль третий, логин четвёртый",
    ],
)
def test_where_words_say_that_the_order_is_another_the_proxy_is_refused(said: str) -> None:
    assert refusal(f"{TURNED}{said}").reason == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        f"{ADDRESS} Pw1secret password",
        f"{ADDRESS} ana user, password Pw1secret",
        f"{ADDRESS} ana Pw1secret (login password)",
        f"{ADDRESS} ana/login Pw1secret/pass",
        f"{ADDRESS}:Pw1secret(pass):ana(login)",
    ],
)
def test_a_label_is_no_part_of_a_login(text: str) -> None:
    assert refusal(text).reason == "unreadable"


@pytest.mark.parametrize(
    "said",
    [
        "\nдля ana пароль не менять",
        " (ana password)",
        "\nana 密码不要改",
        "\nwith Pw1secret login works",
        "\nпароль ana",
        "\nana password never expires",
    ],
)
def test_with_nothing_but_a_space_between_a_row_is_not_turned(said: str) -> None:
    assert read_proxy(f"{ROW}{said}") == Clear(ASKED)
    assert read_proxy(f"http://ana:Pw1secret@{ADDRESS}{said}") == Clear(replace(HTTP, password=None))


@pytest.mark.parametrize("said", [", пароль Pw1secret", "\nPw1secret - это пароль", "\nпароль: Pw1secret"])
def test_a_login_in_front_of_an_address_is_not_turned(said: str) -> None:
    assert refusal(f"Pw1secret:ana@{ADDRESS}{said}").reason == "unreadable"


@pytest.mark.parametrize("said", ["\nпароль: ana", ", ana - это пароль", "\nlogin is Pw1secret"])
def test_what_is_said_against_the_look_of_a_password_is_refused(said: str) -> None:
    assert refusal(f"{ROW}{said}").reason == "unreadable"


@pytest.mark.parametrize("said", [", sunset password", "\nпароль sunset"])
def test_of_two_words_neither_is_shown_as_the_user_where_one_may_be_the_password(said: str) -> None:
    assert refusal(f"{ADDRESS}:sunset:ana{said}").reason == "unreadable"


def test_a_row_of_two_words_is_turned_where_a_sign_tells_which_is_which() -> None:
    for said in (", sunset - пароль", "\npassword: sunset"):
        assert read_proxy(f"{ADDRESS}:sunset:ana{said}") == Clear(replace(READ, password="sunset"))


def test_both_of_a_row_that_look_like_passwords_are_turned_where_a_line_tells_one() -> None:
    row = f"{ADDRESS}:Pw1secret:ana77x"
    for said in (", пароль Pw1secret", ", логин ana77x"):
        assert read_proxy(f"{row}{said}") == Clear(replace(READ, user="ana77x"))


@pytest.mark.parametrize(
    ("row", "user", "password"),
    [
        (f"{ADDRESS}:my-user:my-pass", "my-user", "my-pass"),
        (f"my-login:x7-password@{ADDRESS}", "my-login", "x7-password"),
        (f"{ADDRESS}|my-user|my-pass", "my-user", "my-pass"),
    ],
)
def test_names_that_end_like_labels_are_a_login_where_a_sign_joins_them(row: str, user: str, password: str) -> None:
    assert read_proxy(row) == Clear(replace(READ, user=user, password=password))


@pytest.mark.parametrize("text", [f"{ADDRESS}:user:Pw1secret", f"Login: user\nPassword: Pw1secret\n{ADDRESS}"])
def test_a_user_may_be_called_like_a_label(text: str) -> None:
    assert read_proxy(text) == Clear(replace(READ, user="user"))
