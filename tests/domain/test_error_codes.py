"""What an error number of the Local API means for each call that is not idempotent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.error_codes import (
    ERROR_CODES,
    WAIT_REASONS,
    WAITS,
    WRONG_CODES,
    Cause,
    ErrorCode,
    Meaning,
    cause,
    meaning,
)

PUBLISHED = {int(code) for code in json.loads(Path("tests/ixbrowser/error_codes.json").read_text("utf-8"))}


def codes(setting_link: Meaning | None = None, making_group: Meaning | None = None) -> set[int]:
    return {
        code
        for code in PUBLISHED
        if setting_link in {None, meaning(code).setting_link} and making_group in {None, meaning(code).making_group}
    }


def test_every_listed_number_is_published() -> None:
    assert set(ERROR_CODES) <= PUBLISHED


def test_what_is_not_listed_is_unknown_of_an_import_and_refused_otherwise() -> None:
    assert meaning(424242) == ErrorCode(Meaning.UNKNOWN, Meaning.REFUSED, Meaning.REFUSED, None)


def test_which_numbers_do_not_say_whether_a_link_was_set() -> None:
    assert codes(setting_link=Meaning.UNKNOWN) == {1004, 1008, 1011, 1016}
    assert codes(setting_link=Meaning.WAIT) == {1002, 1010}
    assert codes(setting_link=Meaning.REFUSED) == PUBLISHED - {1002, 1004, 1008, 1010, 1011, 1016}


def test_which_numbers_do_not_say_whether_a_group_was_made() -> None:
    assert codes(making_group=Meaning.UNKNOWN) == {1004, 1011, 1016}
    assert codes(making_group=Meaning.WAIT) == {1010}
    assert codes(making_group=Meaning.BLOCKED) == {1002}
    assert codes(making_group=Meaning.EXISTS) == {105002}
    assert codes(making_group=Meaning.REFUSED) == PUBLISHED - {1002, 1004, 1010, 1011, 1016, 105002}


def test_imports_wait_for_what_may_pass() -> None:
    assert {1002, 1008, 1010, 1017} == WAITS
    assert {"away", "1002", "1008", "1010", "1017"} == WAIT_REASONS


def test_a_wrong_code_is_told_from_what_else_is_refused() -> None:
    assert {110001, 110002, 110003} == WRONG_CODES


@pytest.mark.parametrize(
    ("code", "at_fault"),
    [
        (110001, Cause.CODE),
        (110002, Cause.CODE),
        (110003, Cause.CODE),
        (110004, Cause.GROUP),
        (2002, Cause.PROXY),
        (101052, Cause.PROXY),
        (1017, None),
        (1003, None),
        (424242, None),
        (None, None),
    ],
)
def test_what_is_at_fault_is_told_by_the_number(code: int | None, at_fault: Cause | None) -> None:
    assert cause(code) is at_fault


def test_which_numbers_say_that_the_proxy_is_at_fault() -> None:
    blamed = {code for code in PUBLISHED if cause(code) is Cause.PROXY}
    shapes = set(range(101005, 101010)) | {*range(101043, 101047), 101049, 101051, 101052}
    assert blamed == {2002, 2003, 2009, 2010} | shapes


def test_what_is_at_fault_was_refused() -> None:
    assert {listed.importing for listed in ERROR_CODES.values() if listed.cause is not None} == {Meaning.REFUSED}
