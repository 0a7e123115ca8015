"""What sentences beside a proxy say of its parts: no password is taken for another part, or kept silently."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from bot.errors import InputError

PROXY = "203.0.113.7:8000:ana:Pw1secret"
READ = Custom("203.0.113.7", 8000, None, "ana", "Pw1secret")
ASKED = replace(READ, password=None)


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
    assert read_proxy(f"{PROXY}\n{said}") == Unclear((replace(ASKED, user="bob2"), ASKED))


@pytest.mark.parametrize("said", ["new login bob2/Qw2secret", "账号 bob2:Qw2secret", "now user/pw are bob2/Qw2secret"])
def test_another_login_behind_its_label_is_asked_about(said: str) -> None:
    assert set(read_proxy(f"{PROXY}\n{said}").ways) == {READ, replace(READ, user="bob2", password="Qw2secret")}


@pytest.mark.parametrize(
    "said",
    [
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
def test_another_password_is_asked_for_and_shown_nowhere(said: str) -> None:
    assert read_proxy(f"{PROXY}\n{said}") == Clear(ASKED)


@pytest.mark.parametrize("said", [", now 2500", "\nтеперь 1500"])
def test_a_number_that_may_be_a_price_goes_last(said: str) -> None:
    assert read_proxy(f"{PROXY}{said}").ways[0] == READ


@pytest.mark.parametrize(
    "said",
    [
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
def test_what_describes_something_else_is_passed_over(said: str) -> None:
    assert read_proxy(f"{PROXY}\n{said}") == Clear(READ)


@pytest.mark.parametrize("said", ["8001 теперь порт, пароль тот же", "new port 8001, pw same"])
def test_another_port_beside_a_word_for_a_password_is_asked_about(said: str) -> None:
    assert 8001 in {way.port for way in read_proxy(f"{PROXY}\n{said}").ways}


def test_a_user_that_is_described_is_not_read_because_of_a_verb() -> None:
    with pytest.raises(InputError, match="unreadable"):
        read_proxy(f"{PROXY}\nUser signs in with a capital K")
