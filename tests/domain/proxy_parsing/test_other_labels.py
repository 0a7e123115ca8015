"""Lines about somebody or something else beside a proxy that is told completely, and those that may be of its login."""

from __future__ import annotations

import pytest

from bot.domain.proxy_parsing.finder import find_proxies
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.examples import LABELLED, READ, ROW, WITHOUT_LOGIN
from tests.domain.proxy_parsing.strategies import refusal


@pytest.mark.parametrize(
    "line",
    [
        "Аккаунт — Maria Lind",
        "Профиль: Maria_FB",
        "Покупка: 1 × IPv4 Россия",
        "Количество: 1 шт.",
        "Аутентификация: вкл",
        "Магазин:Bear",
        "Hồ sơ: TTS-US-03",
        "Nhân viên: Thảo",
        "店铺：小熊旗舰店",
        "Account: Maria Lind",
        "Ad account: 1234567890",
        "Payment: card",
        "Platform: TikTok",
        "Клієнт: Оля",
        "Tienda: Casa Maria",
        "Loja: Casa Maria",
        "Mağaza: Maria",
        "Karyawan: Maria",
    ],
)
def test_a_line_about_something_else_is_no_part_of_the_proxy(line: str) -> None:
    for text in (f"{line}\n{ROW}", f"{ROW}\n{line}", f"{LABELLED}\n{line}", f"{line}\n{LABELLED}"):
        assert read_proxy(text) == Clear(READ)


def test_what_stands_behind_it_in_its_line_is_read() -> None:
    assert read_proxy(f"Клиент: Maria, прокси: {ROW}") == Clear(READ)
    assert read_proxy("203.0.113.7:8000\nКлиент: Maria, логин: ana, пароль: Pw1secret") == Clear(READ)


@pytest.mark.parametrize("name", ["Клиент", "Аккаунт", "Customer", "客户", "Nick"])
def test_a_password_whose_user_may_be_somebody_is_refused(name: str) -> None:
    assert refusal(f"203.0.113.7:8000\n{name}: ana\nПароль: Pw1secret").reason == "unreadable"


def test_a_login_in_such_a_line_is_not_passed_over() -> None:
    for text in ("203.0.113.7:8000\nПрофиль: ana Pw1secret", "203.0.113.7:8000\nПрофиль: ana:Pw1secret"):
        reading = read_proxy(text)
        assert isinstance(reading, Unclear)
        assert set(reading.ways) == {READ, WITHOUT_LOGIN}


@pytest.mark.parametrize("address", ["203.0.113.7:8000", "IP: 203.0.113.7\nPort: 8000"])
def test_a_login_below_somebody_is_refused_as_it_may_be_somebodys_own(address: str) -> None:
    mistake = refusal(f"Профиль: Maria\nЛогин: ana\nПароль: Pw1secret\n{address}")
    assert (mistake.reason, mistake.values) == ("unknown_label", {"value": "Профиль"})


def test_what_looks_like_a_password_is_not_passed_over_where_none_is_told() -> None:
    assert refusal("203.0.113.7:8000\nclient: Pw1secret").reason == "unreadable"


def test_an_account_is_the_user_where_nothing_else_is() -> None:
    assert read_proxy("203.0.113.7:8000\nAccount: ana\nPassword: Pw1secret") == Clear(READ)
    assert read_proxy(f"{LABELLED}\nAccount: maria_fb") == Clear(READ)


def test_a_line_that_is_not_understood_is_told() -> None:
    assert refusal(f"{ROW}\nXyzzy: Maria").reason == "unknown_label"


@pytest.mark.parametrize("name", ["Konto", "Cuenta", "Compte", "Hesap", "Аккаунт", "учётка", "账号名称"])
def test_an_account_that_may_be_the_user_is_not_passed_over(name: str) -> None:
    for text in (f"{name}: bob55\n203.0.113.7:8000", f"IP: 203.0.113.7\nPort: 8000\n{name}: bob55"):
        mistake = refusal(text)
        assert (mistake.reason, mistake.values) == ("unknown_label", {"value": name})
        assert not any(proxy.usable for proxy in find_proxies(text))


@pytest.mark.parametrize(
    "text",
    [
        f"Konto: maria\n{ROW}",
        f"Аккаунт: Maria\n{ROW.replace(':', ' ')}",
        f"{LABELLED}\nCuenta: maria",
        "Compte: maria\nana:Pw1secret\n203.0.113.7:8000",
    ],
)
def test_an_account_beside_a_login_is_something_else(text: str) -> None:
    assert read_proxy(text) == Clear(READ)
    assert all(proxy.usable for proxy in find_proxies(text))


def test_an_account_of_more_words_is_somebodys() -> None:
    assert read_proxy("Аккаунт: Maria Lind\n203.0.113.7:8000") == Clear(WITHOUT_LOGIN)
