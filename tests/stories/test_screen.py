"""What belongs on a screen is let through, and what does not is found."""

from __future__ import annotations

import pytest

from bot.chat.languages import spoken
from tests.stories.screen import faults


@pytest.mark.parametrize(
    ("tag", "text", "fault"),
    [
        ("ru", "Which group?", "which"),
        ("ru", "Вставьте code сюда", "code"),
        # A Latin o within a word.
        ("ru", "кoд", "кoд"),
        ("zh", "Another code", "another"),
        ("zh", "导入 профиль", "профиль"),
        ("vi", "Which group?", "which"),
        ("vi", "Nhóm: 默认", "默"),
        ("en", "Группа: Default", "группа"),
        ("en", "Nhóm: Default", "nhóm"),
        ("en", "Code: {code}", "{code}"),
        ("ru", "<b>Группа</b>", "<b>"),
        ("vi", "Ads &lt;Q4&gt;", "&lt;"),
    ],
)
def test_what_does_not_belong_on_a_screen_is_found(tag: str, text: str, fault: str) -> None:
    found = faults(text, spoken(tag))
    assert found
    assert any(each.endswith(f": {fault}") for each in found)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "✅ Imported: profile 1001 “Quilba 7”\nGroup: Default"),
        ("ru", "Группа: Zorvex 3\nПрокси: socks5 203.0.113.7:1080"),
        ("zh", "ixBrowser /help https://example.com/page @transfer_demo_bot"),
        ("vi", "Nhóm: Zorvex 3"),
        ("ru", "English · Русский · 简体中文 · Tiếng Việt"),
    ],
)
def test_what_belongs_there_is_let_through(tag: str, text: str) -> None:
    assert faults(text, spoken(tag), ["Zorvex", "Quilba"]) == []
