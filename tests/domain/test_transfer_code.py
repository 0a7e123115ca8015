"""Transfer codes as people and their phones write them, and what only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.transfer_code import TransferCode, count_codes, find_codes, looks_like_code, mask, without_codes

CODE = TransferCode("76686828-89727101")
OTHER = TransferCode("11112222-33334444")

DASHES = "-‐‑‒–—―−－﹣﹘⁃˗➖─ー\u00ad"
SPACES = ["", " ", "  ", "\t", "\u00a0", "\u2009", "\u202f", "\u3000", "\u200b", "\u200e", "\u2060", "\ufeff", "\ufe0f"]
DIGITS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]
EIGHT = st.text("0123456789", min_size=8, max_size=8)


@pytest.mark.parametrize("dash", DASHES, ids=ascii)
def test_every_dash_that_a_phone_makes_is_read(dash: str) -> None:
    assert find_codes(f"76686828{dash}89727101") == (CODE,)


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_spaces_and_invisible_marks_around_the_dash_are_read(space: str) -> None:
    assert find_codes(f"{space}76686828{space}–{space}89727101{space}") == (CODE,)


@pytest.mark.parametrize(
    "text",
    [
        "76686828--89727101",
        "76686828-\u00ad89727101",
        "7668\u200b6828-8972\u20607101",
        "(76686828-89727101)",
        "«76686828-89727101».",
        '"76686828-89727101",',
        "`76686828-89727101`",
        "**76686828-89727101**",
        "code:76686828-89727101!",
        "код76686828-89727101и всё",
        "代码76686828-89727101。",
        "https://example.com/import?code=76686828-89727101&group=1",
        "https://example.com/76686828-89727101/",
        "Hi, here it is:\r\n\r\n76686828-89727101\r\n\r\nthank you",
        "3.76686828-89727101",
        "3-76686828-89727101",
        "3 - 76686828-89727101",
        "2024 - 76686828 - 89727101 - 10 pieces",
        "1234 5678 9012 3456, 76686828-89727101",
    ],
)
def test_a_code_is_found_wherever_it_stands(text: str) -> None:
    assert find_codes(text) == (CODE,)
    assert count_codes(text) == 1
    assert not looks_like_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "—",
        "7668682889727101",
        "76686828 89727101",
        "76686828\n89727101",
        "76686828-\n89727101",
        "- 76686828\n- 89727101",
        "1234-5678-9012-3456",
        "1234 5678 9012 3456",
        "7668682-89727101",
        "76686828-8972710",
        "766868281-89727101",
        "76686828-897271011",
        "+76686828-897271011",
        "11773016-11111018-00000000",
        "11773016 - 11111018 - 00000000",
        "0044-76686828-89727101",
        "76686828-89727101-2024",
        "76686828²-89727101",
        "7668\ufe106828-89727101",
    ],
)
def test_what_is_no_code_is_not_found(text: str) -> None:
    assert find_codes(text) == ()
    assert count_codes(text) == 0


def test_several_codes_keep_their_order_and_count_once_each() -> None:
    text = "11112222–33334444, 76686828-89727101; 1111 2222\n11112222 - 33334444"
    assert find_codes(text) == (OTHER, CODE)
    assert count_codes(text) == 3


def test_what_stands_before_between_and_behind_codes_is_left_without_them() -> None:
    text = "one 76686828–89727101 two 1111 2222\n11112222 - 33334444 three"
    assert without_codes(text).split() == ["one", "two", "1111", "2222", "three"]
    assert without_codes("no code") == "no code"
    assert without_codes(" 76686828-89727101 ") == ""


def test_a_numbered_list_gives_each_of_its_codes() -> None:
    assert find_codes("1-76686828-89727101\n2-11112222-33334444") == (CODE, OTHER)


def test_codes_joined_by_spaced_dashes_are_told_apart() -> None:
    assert find_codes("76686828-89727101 - 11112222-33334444") == (CODE, OTHER)
    assert find_codes("76686828 - 89727101 - 11112222 - 33334444") == (CODE, OTHER)


def test_a_code_without_spaces_wins_over_one_that_would_take_half_of_it() -> None:
    assert find_codes("99998888 - 76686828-89727101") == (CODE,)


@pytest.mark.parametrize(
    "text",
    [
        "7668682889727101",
        "my code: 7668682889727101.",
        "76686828 89727101",
        "76686828\u00a0\u200b89727101",
        "76686828\n89727101",
        "76686828-\n89727101",
        "76686828_89727101",
        "76686828.89727101",
        "76686828---89727101",
        "76686828-8972710",
        "7668682-89727101",
        "7668682 – 89727101",
        "766868281-89727101",
        "76686828-897271011",
        "76686828-89727101-2024",
        "11773016-11111018-00000000",
        "76686828",
        "the code is ７６６８６８２８",
        "O6686828-8972710l",
        "7668682B 7668O828 - 8972710I",
        "7668682О-89727101",
        "76686828-89727101 and 11112222-3333444",
    ],
)
def test_a_near_miss_is_noticed(text: str) -> None:
    assert looks_like_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "76686828-89727101",
        "76686828-89727101 from 20240131",
        "1234-5678-9012-3456",
        "call 555-1234 or +44 20 7946 0958",
        "203.0.113.7:1080",
        "lOOOOOOl-lOOOOOOl",
        "7668682",
        "12345678901234567890",
        "20240131 and 20240202 and 3",
    ],
)
def test_what_nobody_meant_as_a_code_is_left_alone(text: str) -> None:
    assert not looks_like_code(text)


DASHED = st.tuples(st.sampled_from(SPACES), st.sampled_from(DASHES), st.sampled_from(SPACES)).map("".join)
PROSE = st.text(st.characters(blacklist_categories=("Nd", "Pd", "Cs")), max_size=20)


@given(st.tuples(EIGHT, EIGHT), DASHED, st.sampled_from(DIGITS), st.tuples(PROSE, PROSE))
def test_a_code_in_any_writing_is_normalised(
    halves: tuple[str, str], dash: str, script: str, around: tuple[str, str]
) -> None:
    first, second = halves
    typed = "".join(script[int(digit)] for digit in first) + dash + second
    assert find_codes(f"{around[0]} {typed} {around[1]}") == (TransferCode(f"{first}-{second}"),)


@given(st.lists(st.tuples(EIGHT, EIGHT), max_size=20), st.sampled_from([" ", "\n", ", ", "; ", " | ", " / "]))
def test_a_list_of_codes_is_read_whole(pairs: list[tuple[str, str]], separator: str) -> None:
    texts = [f"{first}-{second}" for first, second in pairs]
    found = find_codes(separator.join(texts))
    assert [code.text for code in found] == list(dict.fromkeys(texts))
    assert count_codes(separator.join(texts)) == len(texts)


@given(st.text() | st.text("0123456789-–٣ \n\u00adOl", max_size=80))
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    found = find_codes(text)
    assert all(len(code.text) == 17 and code.text.isascii() for code in found)
    assert len(found) == len(set(found)) <= count_codes(text)
    assert looks_like_code(text) in {True, False}


@pytest.mark.not_followed
@pytest.mark.parametrize(
    "hostile",
    [
        "7",
        " ",
        "-",
        "–",
        "1-",
        "7 ",
        "76686828",
        "76686828-",
        "76686828 - ",
        "76686828     ",
        "- 7",
        "O",
        "O-",
        "\u200b-7",
    ],
    ids=ascii,
)
def test_reading_takes_no_longer_than_its_length_deserves(hostile: str) -> None:
    text = hostile * (100_000 // len(hostile))
    started = time.process_time()
    count_codes(text)
    find_codes(text)
    looks_like_code(text)
    assert time.process_time() - started < 5


def test_only_the_outer_digits_of_a_code_are_shown() -> None:
    assert CODE.masked == mask("76686828-89727101") == "7668••••-••••7101"
    assert repr(CODE) == str(CODE) == f"{CODE}" == "TransferCode(7668••••-••••7101)"
