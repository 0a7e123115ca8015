"""Labels that stand behind their values, or say that the password of a row goes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from bot.errors import InputError

ADDRESS = "203.0.113.7:8000"
TURNED = f"{ADDRESS}:Pw1secret:ana"
READ = Custom("203.0.113.7", 8000, None, "ana", "Pw1secret")


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
    ],
)
def test_labels_behind_user_and_password_are_read(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


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
    assert read_proxy(f"{ADDRESS}:ana:Pw1secret{said}") == Clear(READ)


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
    with pytest.raises(InputError, match="unreadable"):
        read_proxy(f"{TURNED}{said}")


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
    with pytest.raises(InputError, match="unreadable"):
        read_proxy(text)


@pytest.mark.parametrize("text", [f"{ADDRESS}:user:Pw1secret", f"Login: user\nPassword: Pw1secret\n{ADDRESS}"])
def test_a_user_may_be_called_like_a_label(text: str) -> None:
    assert read_proxy(text) == Clear(replace(READ, user="user"))


@pytest.mark.parametrize(
    "labels", ["user=ana\npass==x=", "login: ana\npass::Pw1", "login: ana\npass=>Pw1", "user=ana\npassword==Pw1"]
)
def test_a_password_that_may_begin_with_the_end_of_a_sign_is_asked_for(labels: str) -> None:
    assert read_proxy(f"{ADDRESS}\n{labels}") == Clear(replace(READ, password=None))


def test_a_user_that_may_begin_with_it_is_asked_about() -> None:
    text = f"{ADDRESS}\nlogin==ana\npass=Pw1secret"
    assert read_proxy(text) == Unclear((READ, replace(READ, user="=ana")))


@pytest.mark.parametrize(
    "labels", ["user==ana\npass==Pw1secret", "user=>ana\npass=>Pw1secret", "login:: ana\npass:: Pw1secret"]
)
def test_a_sign_that_every_label_has_is_no_part_of_a_value(labels: str) -> None:
    assert read_proxy(f"{ADDRESS}\n{labels}") == Clear(READ)


@pytest.mark.parametrize("password", ["=x=", "x==", ":Pw1secret:", "-Pw1secret-"])
def test_a_password_keeps_its_signs_behind_a_sign_with_a_space(password: str) -> None:
    reading = read_proxy(f"{ADDRESS}\nlogin: ana\npass: {password}").ways
    assert reading in ((replace(READ, password=password),), (replace(READ, password=None),))
