"""Names are found by what a phone's keyboard has."""

from __future__ import annotations

import pytest

from bot.domain.plain_letters import has_words


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Nguyễn Thị Mai", "nguyen"),
        ("Nguyễn Thị Mai", "Mai Nguyễn"),
        ("Đặng Văn", "dang"),
        ("Dang Van", "Đặng"),
        ("Алёна", "алена"),
        ("Андрей", "АНДРЕЙ"),
        ("李娜", "娜"),
        ("Kim 🛒", "🛒"),
        ("Kim", ""),
        ("Kim", "  "),
    ],
)
def test_a_name_is_found(name: str, typed: str) -> None:
    assert has_words(name, typed)


@pytest.mark.parametrize(("name", "typed"), [("Nguyễn", "nguyet"), ("Mai", "Mai Kim"), ("Kim", "\u0301"), ("", "k")])
def test_another_name_is_not_found(name: str, typed: str) -> None:
    assert not has_words(name, typed)
