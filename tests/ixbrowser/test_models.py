"""Rows are read as leniently as they may be, and no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ixbrowser_objects import Profile
from bot.domain.transfer_code import TransferCode
from bot.ixbrowser.models import GroupRow, PackageRow, ProfileRow, ProxyRow, RecordRow, clean_text, read, whole_number

CODE = TransferCode("76686828-89727101")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("76686828-89727101", CODE),
        ("76686828 – 89727101", CODE),
        ("76686828—89727101", CODE),
        (" 7668682889727101 ", CODE),
        (7668682889727101, CODE),
        ("７６６８６８２８－８９７２７１０１", CODE),
        ("7668682-89727101", None),
        ("76686828-89727101 12345678-12345678", None),
        ("", None),
        (None, None),
        (["76686828-89727101"], None),
    ],
)
def test_a_records_code_is_found_however_it_is_written(written: object, code: TransferCode | None) -> None:
    row = read(RecordRow, {"id": 1, "transfer_code": written})
    assert row is not None
    assert row.record().code == code


def test_a_profiles_group_and_proxy_mode_may_be_missing_or_nonsense() -> None:
    for rest in ({}, {"group_id": None, "proxy_mode": ""}, {"group_id": "x", "proxy_mode": [4]}):
        row = read(ProfileRow, {"profile_id": "812", "name": "Etsy"} | rest)
        assert row is not None
        assert row.profile() == Profile(812, "Etsy", None, "", None)


@pytest.mark.parametrize("number", [True, False, None, "", "x", "1.5", 1.5, [], {}, 2**63, float("inf"), "9" * 30])
def test_what_is_no_number_is_no_id(number: object) -> None:
    for model, key in ((GroupRow, "id"), (ProxyRow, "id"), (PackageRow, "id"), (ProfileRow, "profile_id")):
        assert read(model, {key: number}) is None


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_numbers_are_read_from_numbers_and_digits(number: int) -> None:
    assert whole_number(number) == whole_number(str(number)) == number


@given(st.text(st.characters(exclude_categories=())) | st.integers() | st.floats() | st.none() | st.booleans())
def test_every_text_can_be_stored_and_sent_on(value: object) -> None:
    text = clean_text(value)
    assert "\x00" not in text
    assert text.encode().decode() == text


@given(st.text())
def test_text_without_faults_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == text.replace("\x00", "\ufffd")
