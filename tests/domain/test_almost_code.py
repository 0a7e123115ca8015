"""What is probably meant as a code and not written like one."""

from __future__ import annotations

import pytest

from bot.domain.almost_code import AlmostCode, read_almost
from bot.domain.transfer_code import TransferCode

CODE = TransferCode("28081234-56786849")


@pytest.mark.parametrize(
    "text",
    [
        "2808123456786849",
        "28081234 56786849",
        "2808 1234 5678 6849",
        "28081234_56786849",
        "28081234.56786849",
        "28081234 . 56786849",
        "28081234\n56786849",
        "28081234\r\n56786849",
        "28081234-\n56786849",
        "28081234---56786849",
        "28081234 — — 56786849",
        "28081234~56786849",
        "28081234/56786849",
        "2808-1234-5678-6849",
        "280812 3456786849",
        "28081234-567868\n49",
        "２８０８１２３４５６７８６８４９",
        "28O8l234 56786849",
        " (2808123456786849). ",
        "2808123456786849 🙏",
    ],
)
def test_sixteen_digits_in_whatever_pieces_are_asked_about(text: str) -> None:
    almost = read_almost(text)
    assert almost is not None
    assert almost.code == CODE


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("280812345678684", 15),
        ("28081234 5678684", 15),
        ("28081234-567868499", 17),
        ("28081234 567868499", 17),
        ("28081234", 8),
        ("28081234-56786849-12345678", 24),
    ],
)
def test_of_more_or_fewer_digits_their_number_is_told(text: str, digits: int) -> None:
    assert read_almost(text) == AlmostCode(digits)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "28081234-56786849",
        "code: 2808123456786849",
        "2808123456786849 or 1111222233334444",
        "2808123456786849\n1111222233334444",
        "+2808123456786849",
        "123.123.123.123:8080",
        "123.123.12.123:8080",
        "2024-01-02 2024-01-03",
        "12345",
        "lOOOOOOl-lOOOOOOl",
        "28081234            56786849",
    ],
)
def test_of_anything_else_nothing_is_asked(text: str) -> None:
    assert read_almost(text) is None


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("4111 1111 1111 1111", True),
        ("5500-0000-0000-0004", True),
        ("4111111111111112", False),
        (CODE.text[:8] + CODE.text[9:], False),
    ],
)
def test_the_number_of_a_bank_card_is_told_by_its_check_digit(text: str, card: bool) -> None:
    almost = read_almost(text)
    assert almost is not None
    assert almost.is_card_number is card
