"""A draft: what is asked next, and what of it is remembered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.draft import (
    SECRET_STEPS,
    DefaultGroup,
    Draft,
    LastChoices,
    ListedGroup,
    NewGroup,
    Step,
    begin,
    can_go_back,
    last_choices,
    step,
    takes_bypass,
    without_secrets,
)
from bot.domain.proxy import (
    Custom,
    Direct,
    Extraction,
    ExtractionMethod,
    Keep,
    ProxyChoice,
    ProxyType,
    Residential,
    Saved,
    Static,
    TextFormat,
)
from bot.domain.transfer_code import TransferCode

CODE = TransferCode("11112222-33334444")
SHOPS = ListedGroup(7, "Shops")
LINK = "https://proxies.example/next"
TYPED = Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "hunter2")
OPEN = Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "", "")
EXTRACTION = Extraction(LINK, ProxyType.SSH, TextFormat.IP_PORT, ExtractionMethod.WHEN_INVALID)
READY = Draft(codes=(CODE,), group=SHOPS, proxy=Direct())


@pytest.mark.parametrize(
    ("draft", "asked"),
    [
        (Draft(), Step.CODES),
        (Draft(group=SHOPS, proxy=Keep()), Step.CODES),
        (Draft(codes=(CODE,)), Step.GROUP),
        (Draft(codes=(CODE,), group=NewGroup("Shops Asia")), Step.GROUP_MAKING),
        (Draft(codes=(CODE,), group=NewGroup("Shops Asia"), proxy=Keep()), Step.GROUP_MAKING),
        (Draft(codes=(CODE,), group=DefaultGroup()), Step.PROXY),
        (replace(READY, changing=Step.GROUP), Step.GROUP),
        (replace(READY, changing=Step.GROUP_TITLE), Step.GROUP_TITLE),
        (replace(READY, changing=Step.PROXY), Step.PROXY),
        (replace(READY, changing=Step.BYPASS), Step.BYPASS),
        (READY, Step.CONFIRM),
    ],
)
def test_what_is_unanswered_is_asked_in_this_order(draft: Draft, asked: Step) -> None:
    assert step(draft) is asked


@pytest.mark.parametrize(
    ("proxy", "asked"),
    [
        (Keep(), Step.CONFIRM),
        (Direct(), Step.CONFIRM),
        (Custom(), Step.CUSTOM),
        (Custom(unclear="203.0.113.7:1080:ana:ssh"), Step.READING),
        (replace(TYPED, type=None, password=None), Step.CUSTOM_TYPE),
        (replace(TYPED, password=None), Step.PASSWORD),
        (TYPED, Step.CONFIRM),
        (OPEN, Step.CONFIRM),
        (Saved(), Step.SAVED),
        (Saved(301), Step.CONFIRM),
        (Static(), Step.STATIC),
        (Static(302), Step.CONFIRM),
        (Residential(), Step.RESIDENTIAL),
        (Residential(71), Step.IP_POLICY),
        (Residential(71, "", new_ip=False), Step.CONFIRM),
        (Extraction(), Step.LINK),
        (Extraction(LINK), Step.LINK_TYPE),
        (Extraction(LINK, ProxyType.SSH), Step.FORMAT),
        (Extraction(LINK, ProxyType.SSH, TextFormat.IP_PORT), Step.METHOD),
        (replace(EXTRACTION, link=None), Step.LINK),
        (EXTRACTION, Step.CONFIRM),
    ],
)
def test_each_kind_of_proxy_is_asked_for_what_it_lacks(proxy: ProxyChoice, asked: Step) -> None:
    assert step(replace(READY, proxy=proxy)) is asked


def test_a_group_goes_back_only_to_a_card_that_is_complete() -> None:
    assert can_go_back(replace(READY, changing=Step.GROUP))
    assert not can_go_back(replace(READY, changing=Step.GROUP, proxy=None))
    assert not can_go_back(replace(READY, changing=Step.GROUP, group=None))
    assert not can_go_back(replace(READY, group=None))


def test_a_bypass_list_is_sent_beside_every_proxy_but_the_profiles_own() -> None:
    assert not takes_bypass(replace(READY, proxy=None))
    assert not takes_bypass(replace(READY, proxy=Keep()))
    assert all(takes_bypass(replace(READY, proxy=proxy)) for proxy in (Direct(), TYPED, Saved(301), EXTRACTION))


@pytest.mark.parametrize(
    ("proxy", "remembered"),
    [
        (None, None),
        (Keep(), Keep()),
        (TYPED, replace(TYPED, password=None)),
        (OPEN, OPEN),
        (Custom(unclear="203.0.113.7:1080:ana:ssh"), Custom()),
        (EXTRACTION, replace(EXTRACTION, link=None)),
        (Saved(301, "socks5"), Saved(301, "socks5")),
    ],
)
def test_no_secret_is_remembered(proxy: ProxyChoice | None, remembered: ProxyChoice | None) -> None:
    assert without_secrets(proxy) == remembered
    last = last_choices(replace(READY, proxy=proxy))
    assert replace(last, last_type=None) == LastChoices(SHOPS, remembered)


@pytest.mark.parametrize(
    ("proxy", "before", "last"),
    [
        (TYPED, None, TYPED.type),
        (TYPED, ProxyType.SSH, TYPED.type),
        (EXTRACTION, ProxyType.SSH, EXTRACTION.type),
        (Saved(301, "socks5"), ProxyType.SSH, ProxyType.SSH),
        (Keep(), None, None),
    ],
)
def test_the_type_that_was_told_last_is_remembered(
    proxy: ProxyChoice, before: ProxyType | None, last: ProxyType | None
) -> None:
    remembered = last_choices(replace(READY, proxy=proxy, last_type=before))
    assert remembered.last_type is last
    assert begin(remembered).last_type is last
    assert begin(remembered, secrets_welcome=False).last_type is last


def test_the_last_choices_are_filled_in() -> None:
    assert begin(LastChoices()) == Draft()
    assert begin(LastChoices(SHOPS, Direct())) == Draft(group=SHOPS, proxy=Direct())


@pytest.mark.parametrize("proxy", [TYPED, EXTRACTION])
def test_where_secrets_are_not_welcome_no_choice_is_filled_in_that_asks_for_one(proxy: Custom | Extraction) -> None:
    last = last_choices(replace(READY, proxy=proxy))
    assert step(replace(begin(last), codes=(CODE,))) in SECRET_STEPS
    assert begin(last, secrets_welcome=False) == Draft(group=SHOPS, last_type=proxy.type)
    assert begin(LastChoices(SHOPS, OPEN), secrets_welcome=False) == Draft(group=SHOPS, proxy=OPEN)
