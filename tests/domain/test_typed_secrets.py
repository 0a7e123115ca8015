"""Which texts hold a secret: one that was asked for, or one that nobody asked for."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from bot.domain.typed_secrets import is_secret_asked_for, is_secret_unasked_for

PROXY = "socks5://ana:hunter2@203.0.113.7:1080"
LINK = "https://proxies.example/next?key=k3y"
CODE = "11112222-33334444"


@pytest.mark.parametrize(
    ("asked", "text", "is_one"),
    [
        (Step.PASSWORD, f"pass{CODE}", True),
        (Step.PASSWORD, CODE, False),
        (Step.PASSWORD, f"here is {CODE}", False),
        (Step.LINK, f"{LINK}&code={CODE}", True),
        (Step.LINK, CODE, False),
        (Step.PROXY, f"203.0.113.7:1080:ana:{CODE}", True),
        (Step.PROXY, CODE, False),
        (Step.GROUP, f"203.0.113.7:1080:ana:{CODE}", False),
        (None, LINK, False),
    ],
)
def test_a_secret_that_is_asked_for_may_look_like_a_code(asked: Step | None, text: str, is_one: bool) -> None:
    assert is_secret_asked_for(asked, text) is is_one


@pytest.mark.parametrize(
    ("asked", "text", "is_one"),
    [
        (None, PROXY, True),
        (None, "203.0.113.7:1080:ana:hunter2", True),
        (None, "gate.example.com:1080:ana:hunter2", True),
        (None, "gate.example.com 1080 ana hunter2", False),
        (None, "office:1080:ana:hunter2", False),
        (None, LINK, True),
        (Step.BYPASS, LINK, False),
        (None, "https://proxies.example/next", False),
        (None, "203.0.113.7:1080", False),
        (Step.GROUP_TITLE, "Shops EU", False),
        (None, "", False),
    ],
)
def test_a_secret_that_nobody_asked_for_is_seen(asked: Step | None, text: str, is_one: bool) -> None:
    assert is_secret_unasked_for(asked, text) is is_one
