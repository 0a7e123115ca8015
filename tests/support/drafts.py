"""Drafts that tests of the conversation begin with, and what answers make of them."""

from __future__ import annotations

import pytest

from bot.domain.draft import Draft, LastChoices, ListedGroup
from bot.domain.draft_answers import Answer
from bot.domain.draft_transitions import apply
from bot.domain.proxy import Custom, Direct, ProxyType, Saved
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError

A, B = TransferCode("11112222-33334444"), TransferCode("55556666-77778888")
LINK = "https://proxies.example/next"
TYPED = Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "hunter2")
LAST = LastChoices(ListedGroup(7, "Shops"), Saved(301, "socks5 203.0.113.7:1080"))
CHOSEN = Draft(codes=(A,), group=ListedGroup(7, "Shops"), proxy=Direct())


def after(draft: Draft, *answers: Answer) -> Draft:
    for answer in answers:
        draft = apply(draft, answer)
    return draft


def mistake(draft: Draft, answer: Answer) -> InputError:
    with pytest.raises(InputError) as caught:
        apply(draft, answer)
    return caught.value
