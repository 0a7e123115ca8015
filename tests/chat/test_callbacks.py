"""What a button carries is input from outside: read without failing, and never more than what can be meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.callbacks import ANYWHERE, BATCH, DRAFT, HISTORY, Press, read
from bot.chat.drafting.buttons import FORMATS, METHODS, answer_of
from bot.domain.draft import Step
from bot.domain.draft_answers import (
    Answer,
    Back,
    BypassOff,
    Change,
    DefaultGroupPicked,
    FormatPicked,
    GroupPicked,
    IpPolicyPicked,
    ListedPicked,
    MethodPicked,
    NewGroupWanted,
    PageTurned,
    ProxyKindPicked,
    ReadingPicked,
    SearchCleared,
    TypePicked,
)
from bot.domain.proxy import ProxyType

ACTIONS = st.sampled_from(
    [
        *("default", "new_group", "all", "no_bypass", "back", "group", "page", "pick", "reading", "new_ip"),
        *("format", "method", "proxy", "type", "change", "import", "cancel", "go_on", "mine", "new", "nothing"),
    ]
)
ARGUMENTS = st.one_of(
    st.just(""),
    st.from_regex(r"[A-Za-z0-9_]{1,24}", fullmatch=True),
    st.integers(0, 10**24 - 1).map(str),
    st.sampled_from([*Step, *ProxyType, "keep", "0", "1", "99", "1_0", "00"]),
)
PRESSES = st.builds(
    Press,
    st.sampled_from([DRAFT, BATCH, HISTORY, ANYWHERE]),
    st.integers(0, 10**18 - 1),
    st.integers(0, 10**9 - 1),
    ACTIONS,
    ARGUMENTS,
    st.one_of(st.just(""), st.sampled_from(["Kim", "a~b:c", "店 3", "%_'"])),
)


@given(st.one_of(st.none(), st.text(max_size=64), st.binary(max_size=64).map(lambda data: data.decode("latin-1"))))
@example("d:1:1:page:1_0")
@example("d:1:1:group:99999999999999999999")
@example("d:99999999999999999999:1:back")
@example("d:١:1:back")
@example("d:1:1:back\n")
def test_whatever_sixty_four_bytes_a_press_carries_nothing_fails(data: str | None) -> None:
    press = read(data)
    if press is not None:
        answer_of(press)


@given(PRESSES)
def test_whatever_a_button_could_carry_is_read_as_it_was_written(press: Press) -> None:
    if len(str(press)) <= 64:
        assert read(str(press)) == press
    answer = answer_of(press)
    number = next((value for value in (getattr(answer, name, None) for name in ("id", "page")) if value), 0)
    assert isinstance(number, int)
    assert number < 10**18  # what the database keeps as a number


@pytest.mark.parametrize("text", ["", "a\x00b", "a\nb", "a" * 57])
def test_what_is_searched_for_is_on_one_line_and_short(text: str) -> None:
    assert read(f"h:7:0:all:b9~{text}") is None


@given(PRESSES)
def test_the_head_of_a_press_fits_into_sixty_four_bytes_whatever_its_numbers(press: Press) -> None:
    longest = Press(press.kind, 10**18 - 1, 10**9 - 1, press.action, "")
    assert len(str(longest).encode()) <= 64 - len(":residential")


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ("d:7:2:default", DefaultGroupPicked()),
        ("d:7:2:new_group", NewGroupWanted()),
        ("d:7:2:all", SearchCleared()),
        ("d:7:2:no_bypass", BypassOff()),
        ("d:7:2:back", Back()),
        ("d:7:2:group:12", GroupPicked(12)),
        ("d:7:2:page:3", PageTurned(3)),
        ("d:7:2:pick:301", ListedPicked(301)),
        ("d:7:2:reading:1", ReadingPicked(1)),
        ("d:7:2:new_ip:1", IpPolicyPicked(new_ip=True)),
        ("d:7:2:new_ip:0", IpPolicyPicked(new_ip=False)),
        *[(f"d:7:2:format:{place}", FormatPicked(format_)) for place, format_ in enumerate(FORMATS)],
        *[(f"d:7:2:method:{place}", MethodPicked(method)) for place, method in enumerate(METHODS)],
        ("d:7:2:proxy:keep", ProxyKindPicked("keep")),
        *[(f"d:7:2:type:{type_}", TypePicked(type_)) for type_ in ProxyType],
        ("d:7:2:change:bypass", Change(Step.BYPASS)),
    ],
)
def test_each_button_gives_its_answer(data: str, answer: Answer) -> None:
    press = read(data)
    assert press is not None
    assert (press.kind, press.id, press.revision) == (DRAFT, 7, 2)
    assert answer_of(press) == answer


@pytest.mark.parametrize(
    "data",
    [
        "d:7:2:import",
        "d:7:2:cancel",
        "d:7:2:nothing",
        "d:7:2:nothing:1",
        "d:7:2:back:1",
        "d:7:2:page",
        "d:7:2:page:x",
        "d:7:2:page:1_0",
        "d:7:2:format:5",
        "d:7:2:method:2",
        "d:7:2:type:socks4",
        "d:7:2:change:nowhere",
    ],
)
def test_a_button_that_gives_no_answer_gives_none(data: str) -> None:
    press = read(data)
    assert press is not None
    assert answer_of(press) is None


@pytest.mark.parametrize("data", [None, "", "d", "d:7:2", "7:7:2:back", "d:-7:2:back", "d:7:2:BACK", "d:7:2:page:-1"])
def test_what_no_button_of_ours_carries_is_no_press(data: str | None) -> None:
    assert read(data) is None
