"""Words beside a proxy that correct a part of it, describe it, or say something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.examples import ASKED, LABELLED, READ, ROW
from tests.domain.proxy_parsing.strategies import refusal


@pytest.mark.parametrize(
    "said",
    [
        "только порт не 8000 а 8001",
        "порт теперь 8001",
        "oops wrong port, 8001",
        "the port should be 8001",
        "端口不是8000，是8001",
        "đổi cổng thành 8001",
        "a porta mudou para 8001",
        "yanlış port, doğrusu 8001",
        "8001 instead of 8000",
        "8000 -> 8001",
        "*8001",
        "ошибся, 8001",
    ],
)
def test_another_port_is_asked_about(said: str) -> None:
    for text in (f"{ROW}\n{said}", f"{said}\n{ROW}", f"{LABELLED}\n{said}"):
        assert read_proxy(text) == Unclear((replace(READ, port=8001), READ))


@pytest.mark.parametrize("said", ["8001 теперь порт, пароль тот же", "new port 8001, pw same"])
def test_another_port_beside_a_word_for_a_password_is_asked_about(said: str) -> None:
    assert set(read_proxy(f"{ROW}\n{said}").ways) == {replace(ASKED, port=8001), ASKED}


@pytest.mark.parametrize("said", [", now 2500", "\nтеперь 1500"])
def test_a_number_that_may_be_a_price_is_asked_about_last(said: str) -> None:
    assert [way.port for way in read_proxy(f"{ROW}{said}").ways] == [8000, int(said[-4:])]


@pytest.mark.parametrize(
    "said",
    [
        "ой, ip 203.0.113.9",
        "the ip is now 203.0.113.9",
        "ip改为203.0.113.9",
        "IP adresi 203.0.113.9 oldu",
        "203.0.113.9*",
    ],
)
def test_another_address_is_asked_about(said: str) -> None:
    assert read_proxy(f"{ROW}\n{said}") == Unclear((replace(READ, host="203.0.113.9"), READ))


def test_a_domain_is_asked_about_where_words_say_that_it_has_changed() -> None:
    text = "ana:Pw1secret@gate.example:8000 the host changed to new.gate.example"
    assert [way.host for way in read_proxy(text).ways] == ["new.gate.example", "gate.example"]


@pytest.mark.parametrize(
    "said",
    [
        "Login changed to bob52",
        "логин теперь bob52",
        "логин не ana а bob52",
        "账号换成bob52了",
        "тільки логін bob52",
        "вместо ana пиши bob52",
        "Login is different: bob52",
        "der Benutzername ist jetzt bob52",
        "usuario cambiado a bob52",
    ],
)
def test_another_user_is_asked_about(said: str) -> None:
    assert read_proxy(f"{ROW}\n{said}") == Unclear((replace(READ, user="bob52"), READ))


@pytest.mark.parametrize(
    "said",
    [
        "логин теперь bob2:Qw2secret",
        "login now bob2:Qw2secret",
        "not ana:Pw1secret but bob2:Qw2secret",
        "账号改成bob2|Qw2secret",
        "账号改成bob2，Qw2secret",
        "新账号 bob2----Qw2secret",
        "логин теперь bob2 / Qw2secret",
        "не ana а bob2, и Qw2secret",
        "User changed to bob2, and it's Qw2secret",
    ],
)
def test_another_user_with_a_password_behind_it_is_asked_about(said: str) -> None:
    assert read_proxy(f"{ROW}\n{said}") == Unclear((replace(ASKED, user="bob2"), ASKED))


@pytest.mark.parametrize("said", ["new login bob2/Qw2secret", "账号 bob2:Qw2secret", "now user/pw are bob2/Qw2secret"])
def test_another_login_behind_its_label_is_asked_about(said: str) -> None:
    assert set(read_proxy(f"{ROW}\n{said}").ways) == {READ, replace(READ, user="bob2", password="Qw2secret")}


@pytest.mark.parametrize("said", ["sorry, port is 8001", "oops, port is 8001"])
def test_an_excuse_is_no_part_of_the_password(said: str) -> None:
    assert read_proxy(f"{ROW} {said}") == Unclear((READ, replace(READ, port=8001)))


@pytest.mark.parametrize(
    "said",
    [
        "密码改成 newPw9",
        "mật khẩu mới newPw9",
        "пароль не Pw1secret, а newPw9",
        "hasło to teraz newPw9",
        "newPw9secret*",
        "и в конце пароля восклицательный знак",
        "password ends with !",
        "пароль с большой буквы",
        "без точки в конце",
        "密码最后一位是感叹号",
        "the last character is a dollar sign",
        "first letter is capital",
        "в пароле ноль, а не О",
        "пользователь сменил ключ на Qw2secret",
        "the user should type Qw2secret",
        "用户说现在用Qw2secret登录",
        "ana → Qw2secret",
        "пароль на сервер теперь dog.ru",
        "пароль теперь 4477, порт тот же",
        "новый пас 4477 порт тот же",
        "port same, pw now 4477",
        "первые две буквы большие",
        "+ вопросительный знак",
        "в конце ещё 12",
        "the pw has a comma behind it",
        "密码后面加个?",
        "in the password it's a zero",
        "password changed",
    ],
)
def test_another_password_and_one_that_is_described_are_asked_for(said: str) -> None:
    for text in (f"{ROW}\n{said}", f"{ROW}, {said}", f"{said}\n{ROW}"):
        assert read_proxy(text) == Clear(ASKED)


@pytest.mark.parametrize(
    "said",
    [
        "логин с большой буквы",
        "User signs in with a capital K",
        "ip заканчивается на 8",
        "the last digit of the port is 1",
    ],
)
def test_where_another_part_is_described_the_proxy_is_refused(said: str) -> None:
    assert refusal(f"{ROW}\n{said}").reason == "unreadable"


@pytest.mark.parametrize(
    "said",
    [
        "порт открыт",
        "port 8000",
        "порт 8000 рабочий, заказ 8812",
        "ip белый",
        "IP: чистый",
        "ports 1000-9000 open",
        "port speed 1000",
        "логин в админке",
        "rotates ip every 5 min",
        "смена ip 2 мин",
        "1 ip = 1 аккаунт",
        "100 mbps, 30.11.2026, 5$",
        "мой ip 198.51.100.3",
        "exit ip 198.51.100.3",
        "https://gate.example/change?port=8001",
        "новый прокси, проверил",
        "neue Proxy, 30 Tage",
        "после оплаты поменяйте пароль в кабинете",
        "password expires at the end of the month",
        "порт проверили, открыты 80, 443",
        "Геолокация 198.51.100.3: US, New York",
        "в конце месяца продлю",
        "the last one, works until the end of the month",
        "User signs the last page",
        "последние цифры порта не важны",
        "The last digits of the IP rotate",
        "exit ip ends with .77",
        "мой ip заканчивается на 77",
        "First period ends in May",
        "point me to the last one",
        "The port is busy",
    ],
)
def test_other_remarks_are_passed_over(said: str) -> None:
    assert read_proxy(f"{ROW}\n{said}") == Clear(READ)
