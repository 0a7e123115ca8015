"""Encryption: what is encrypted comes back with the same key alone, and codes are compared by a hash that needs it."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.transfer_code import TransferCode
from bot.errors import StorageError
from bot.storage.encryption import HASH_SIZE, KEY_SIZE, Cipher, new_key
from tests.storage.strategies import codes
from tests.storage.support import CODE, PASSWORD

KEY, OTHER_KEY = b"k" * KEY_SIZE, b"o" * KEY_SIZE
CIPHER, OTHER = Cipher(KEY), Cipher(OTHER_KEY)
#: Lone surrogates too, such as JSON can hold.
TEXTS = st.text(st.characters())


@given(TEXTS)
def test_whatever_is_encrypted_comes_back(text: str) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(text)) == text
    assert Cipher(KEY).decrypt(CIPHER.encrypt(text)) == text


@given(st.binary())
def test_bytes_come_back(value: bytes) -> None:
    assert CIPHER.decrypt_bytes(CIPHER.encrypt_bytes(value)) == value


@given(TEXTS)
def test_the_same_text_is_another_value_each_time(text: str) -> None:
    assert CIPHER.encrypt(text) != CIPHER.encrypt(text)


@given(st.text(min_size=6))
def test_nothing_of_a_text_is_in_its_value(text: str) -> None:
    assert text.encode("utf-8", "surrogatepass") not in CIPHER.encrypt(text)


@given(st.data())
def test_what_has_been_changed_is_refused(data: st.DataObject) -> None:
    value = bytearray(CIPHER.encrypt(PASSWORD))
    place = data.draw(st.integers(0, len(value) - 1))
    value[place] ^= data.draw(st.integers(1, 255))
    refused(bytes(value))


@given(st.integers(0, 200))
def test_what_is_cut_short_is_refused(length: int) -> None:
    value = CIPHER.encrypt(PASSWORD)
    assume(length < len(value))
    refused(value[:length])


@given(st.binary(max_size=200))
def test_what_nobody_has_encrypted_is_refused(value: bytes) -> None:
    refused(value)


def test_what_another_key_has_encrypted_is_refused() -> None:
    refused(OTHER.encrypt(PASSWORD))


def refused(value: bytes) -> None:
    """It is a sentence, with nothing of any value in it."""
    with pytest.raises(StorageError, match=r"^something encrypted in the database can't be read with this key$") as no:
        CIPHER.decrypt(value)
    told = "".join(traceback.format_exception(no.value))
    assert PASSWORD not in told
    assert repr(value) not in told or not value
    assert KEY.hex() not in told


@given(codes, codes)
def test_codes_have_the_same_hash_where_they_are_the_same_and_only_there(
    one: TransferCode, other: TransferCode
) -> None:
    assert (CIPHER.code_hash(one) == CIPHER.code_hash(other)) == (one == other)
    assert len(CIPHER.code_hash(one)) == HASH_SIZE


@given(codes)
def test_a_hash_needs_the_key_and_does_not_show_the_code(code: TransferCode) -> None:
    assert CIPHER.code_hash(code) != OTHER.code_hash(code)
    assert CIPHER.code_hash(code) == Cipher(KEY).code_hash(code)
    assert code.text.encode() not in CIPHER.code_hash(code)


def test_what_a_database_recognises_its_key_by_is_the_key_s_own_and_not_the_key() -> None:
    assert CIPHER.check == Cipher(KEY).check != OTHER.check
    assert len(CIPHER.check) == HASH_SIZE
    assert CIPHER.check not in KEY


def test_what_is_kept_today_can_be_read_tomorrow() -> None:
    """Another way of deriving keys would leave every database unreadable."""
    assert CIPHER.check.hex() == "1c64a7fb0dd57893d12351e4d56e208b"
    assert CIPHER.code_hash(TransferCode(CODE)).hex() == "9f275565ca1f68be8efc7cb1754102f0"
    value = "cf5f0094d2f8546beb7369eab4cb52da22b5cff45395028934f6eb8b6f29b117a504dc4017235b53376b33f2"
    assert CIPHER.decrypt(bytes.fromhex(value)) == "plum"


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_size_is_none(size: int) -> None:
    with pytest.raises(ValueError, match="a key has 32 bytes"):
        Cipher(bytes(size))


def test_each_new_key_is_another() -> None:
    assert len({new_key() for _ in range(100)}) == 100
    assert {len(new_key()) for _ in range(10)} == {KEY_SIZE}
