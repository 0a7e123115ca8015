"""How ixBrowser's lists are looked through: searched, and their pages turned."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.draft import LONGEST_TITLE, Draft
from bot.domain.draft_answers import PageTurned, SearchCleared, Typed
from bot.domain.transfer_code import looks_like_code
from bot.errors import InputError


def search(draft: Draft, answer: Typed) -> Draft:
    return replace(draft, search=" ".join(answer.text.split())[:LONGEST_TITLE], page=0)


def search_proxies(draft: Draft, answer: Typed) -> Draft:
    if looks_like_code(answer.text):
        raise InputError("almost_code")
    return search(draft, answer)


def show_all(draft: Draft, _: SearchCleared) -> Draft:
    return replace(draft, search="", page=0)


def turn(draft: Draft, answer: PageTurned) -> Draft:
    return replace(draft, page=max(0, answer.page))
