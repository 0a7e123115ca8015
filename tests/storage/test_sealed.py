"""Files that are encrypted with a passphrase: what is put in comes out, and what else is done to them is noticed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from nacl import pwhash

from bot.errors import Refused, StorageError
from bot.storage.sealed import is_sealed, seal, unseal, write_out
from tests.support.moves import make_quick

PASSPHRASE = "bako zeti lumo fadi heno siva"
HEAD = b'{"key": "a secret"}'


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    make_quick(monkeypatch)


@pytest.fixture(params=[0, 1, (1 << 20) + 7, 3 << 20], ids=["nothing", "a byte", "more than a piece", "whole pieces"])
def content(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / "content"
    file.write_bytes(os.urandom(request.param))
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """One with some content."""
    (tmp_path / "content").write_bytes(b"what the database holds" * 1000)
    seal(tmp_path / "one.move", PASSPHRASE, HEAD, tmp_path / "content")
    return tmp_path / "one.move"


def opened(file: Path, passphrase: str = PASSPHRASE) -> bytes:
    with unseal(file, passphrase) as found:
        return found.head + b"".join(found.content)


def test_what_is_put_in_comes_out_and_nothing_of_it_can_be_read(content: Path, tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "one.move"
    seal(file, PASSPHRASE, HEAD, content)
    assert is_sealed(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["one.move"]
    assert b"secret" not in file.read_bytes()
    with unseal(file, PASSPHRASE) as found:
        assert found.head == HEAD
        write_out(found.content, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == content.read_bytes()
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600


def test_another_passphrase_is_refused(file: Path) -> None:
    with pytest.raises(Refused, match="This is not the passphrase of"):
        opened(file, PASSPHRASE.replace("bako", "baku"))
    with pytest.raises(Refused, match="This is not the passphrase of"):
        opened(file, "")


def test_whichever_byte_is_changed_it_is_noticed(file: Path) -> None:
    whole = file.read_bytes()
    for at in {*range(140), *range(0, len(whole), 997), len(whole) - 1}:
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(Refused, match=r"is damaged|is no file of|newer version"):
            opened(file)


def test_wherever_it_is_cut_off_or_goes_on_it_is_noticed(file: Path) -> None:
    whole = file.read_bytes()
    for length in {*range(18, 140), *range(140, len(whole), 997), len(whole) - 1}:
        file.write_bytes(whole[:length])
        with pytest.raises(Refused, match="is damaged, or not all of it is there"):
            opened(file)
    file.write_bytes(whole + b"\0")
    with pytest.raises(Refused, match="is damaged"):
        opened(file)


def test_one_of_a_later_format_is_told_from_a_damaged_one(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[18] += 1
    file.write_bytes(whole)
    with pytest.raises(Refused, match="was made by a newer version of this program"):
        opened(file)


def test_where_it_can_not_be_made_nothing_is_left(file: Path, tmp_path: Path) -> None:
    (tmp_path / "in the way").touch()
    with pytest.raises(StorageError, match="can't be written"):
        seal(tmp_path / "in the way" / "one.move", PASSPHRASE, HEAD, file)
    with pytest.raises(StorageError, match="can't be written"):
        seal(tmp_path / "two.move", PASSPHRASE, HEAD, tmp_path / "not there")
    assert not (tmp_path / "two.move").exists()
    assert list(tmp_path.glob("*.part")) == []


def test_without_memory_that_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(pwhash.scrypt, "kdf", no_memory)
    with pytest.raises(StorageError, match="of memory are needed for the passphrase"):
        opened(file)
