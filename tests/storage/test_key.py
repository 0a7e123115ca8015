"""The key file: made once, whole, and for its owner alone; and what is said where it is not what it has to be."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import KeyMissing, StorageError, WrongKey
from bot.storage import key as key_module
from bot.storage.encryption import KEY_SIZE, Cipher
from bot.storage.key import KeySource, key_file, make_key_file, read_key

KEY = b"k" * KEY_SIZE
CHECK = Cipher(KEY).check
NOBODY = 65534

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes: the user's own folder protects it")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.db.key"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_module, "UNFINISHED_FOR", 0.05)


def written(file: Path, text: str = f"{KEY.hex()}\n") -> KeySource:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return KeySource(file)


def test_the_file_of_a_database_is_beside_it() -> None:
    assert key_file(Path("/data/bot.db")) == Path("/data/bot.db.key")
    assert key_file(None).name == "transfer-bot.key"


def test_a_database_that_holds_nothing_encrypted_gets_a_key_once(file: Path) -> None:
    source = KeySource(file)
    check = source.cipher(None).check
    text = file.read_text()
    assert text.endswith("\n")
    assert Cipher(bytes.fromhex(text)).check == check
    assert source.cipher(None).check == source.cipher(check).check == check
    assert file.read_text() == text
    assert list(file.parent.iterdir()) == [file]


@posix
@pytest.mark.parametrize("umask", [0, 0o022, 0o077, 0o777])
def test_the_file_is_its_owner_s_alone_whatever_the_umask(file: Path, umask: int) -> None:
    file.parent.mkdir()
    before = os.umask(umask)
    try:
        KeySource(file).cipher(None)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_key_is_on_the_disk_before_it_is_used(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[bool, str]] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        fsync(descriptor)
        synced.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), file.read_text()))

    monkeypatch.setattr(os, "fsync", note)
    key = make_key_file(file)
    whole = f"{key.hex()}\n"
    assert synced == ([(False, whole), (True, whole)] if hasattr(os, "O_DIRECTORY") else [(False, whole)])


def test_a_file_that_is_there_is_never_written_over(file: Path) -> None:
    written(file)
    with pytest.raises(FileExistsError):
        make_key_file(file)
    assert file.read_text() == f"{KEY.hex()}\n"


@pytest.mark.parametrize("left", ["", "\0" * 65])
def test_a_file_whose_maker_died_before_anything_was_in_it_is_made_anew(file: Path, left: str) -> None:
    source = written(file, left)
    check = source.cipher(None).check
    assert Cipher(bytes.fromhex(file.read_text())).check == check


def test_a_file_that_is_being_written_is_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_module, "UNFINISHED_FOR", 30.0)
    source = written(file, "")
    with ThreadPoolExecutor(1) as thread:
        finding = thread.submit(source.cipher, None)
        file.write_text(f"{KEY.hex()}\n")
        assert finding.result(30).check == CHECK


@pytest.mark.parametrize("text", ["", f"{KEY.hex()[:-1]}\n", KEY.hex()[:-1], f"{KEY.hex()}0\n", "z" * 64, "hello\n"])
def test_what_is_no_key_is_said_and_left_where_something_is_encrypted(file: Path, text: str) -> None:
    source = written(file, text)
    with pytest.raises(StorageError, match="holds no key of 64 hexadecimal digits: put the right one back") as caught:
        source.cipher(CHECK)
    assert str(file) in str(caught.value)
    assert file.read_text() == text


@pytest.mark.parametrize("text", [KEY.hex()[:-1], "hello", f"{KEY.hex()} {KEY.hex()}"])
def test_what_somebody_has_written_there_is_left_in_any_case(file: Path, text: str) -> None:
    source = written(file, text)
    with pytest.raises(StorageError, match="holds no key"):
        source.cipher(None)
    assert file.read_text() == text


@pytest.mark.parametrize("text", [KEY.hex(), f"  {KEY.hex().upper()}\r\n", f"{KEY.hex()}\n\n"])
def test_a_key_is_read_however_an_editor_has_left_it(file: Path, text: str) -> None:
    assert written(file, text).cipher(CHECK).check == CHECK


def test_bytes_that_are_no_text_are_said(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00")
    for check in (None, CHECK):
        with pytest.raises(StorageError, match=r"can't be read \(not text\)"):
            KeySource(file).cipher(check)


def test_a_missing_key_is_said_and_none_is_made_where_something_is_encrypted(file: Path) -> None:
    file.parent.mkdir()
    with pytest.raises(KeyMissing, match=r"put the file .* back, or set ENCRYPTION_KEY"):
        KeySource(file).cipher(CHECK)
    assert list(file.parent.iterdir()) == []


def test_another_key_is_said(file: Path) -> None:
    source = written(file, f"{bytes(KEY_SIZE).hex()}\n")
    with pytest.raises(WrongKey, match=r"^The file .* is not the key of this database") as caught:
        source.cipher(CHECK)
    assert bytes(KEY_SIZE).hex() not in str(caught.value)


def test_a_key_of_the_settings_goes_before_the_file(file: Path) -> None:
    source = KeySource(written(file, "hello\n").file, KEY.hex())
    assert source.cipher(CHECK).check == source.cipher(None).check == CHECK
    with pytest.raises(WrongKey, match=r"^ENCRYPTION_KEY is not the key of this database"):
        KeySource(file, "0" * 64).cipher(CHECK)
    file.unlink()
    source.cipher(None)
    assert not file.exists()


def test_a_folder_in_the_file_s_place_is_said(file: Path) -> None:
    file.mkdir(parents=True)
    for check in (None, CHECK):
        with pytest.raises(StorageError, match=r"the key file .* can't be read"):
            KeySource(file).cipher(check)


def test_a_place_where_no_file_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"the key file .* can't be (read|made) \("):
        KeySource(tmp_path / "file" / "bot.db.key").cipher(None)


def test_a_full_disk_leaves_no_half_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match=r"can't be made \(No space left on device\)"):
        KeySource(file).cipher(None)
    assert list(file.parent.iterdir()) == []


@posix
def test_a_file_that_this_user_may_not_read_is_said(file: Path) -> None:
    source = written(file)
    file.chmod(0o000)
    root = os.geteuid() == 0
    if root:
        # Who may read whatever they like.
        os.seteuid(NOBODY)
    try:
        with pytest.raises(StorageError, match=r"can't be read \(Permission denied\): look at its rights"):
            source.cipher(CHECK)
    finally:
        if root:
            os.seteuid(0)


def test_of_many_first_starts_at_once_all_have_the_same_key(file: Path) -> None:
    together = threading.Barrier(8)

    def start(_: int) -> bytes:
        together.wait(30)
        return KeySource(file).cipher(None).check

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(start, range(8)))) == 1


def test_of_two_processes_that_start_for_the_first_time_both_have_the_same_key(file: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bot.storage.key import KeySource; input();"
        "print(KeySource(Path(sys.argv[1])).cipher(None).check.hex())"
    )
    command = [sys.executable, "-c", code, str(file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    root = Path(__file__).parents[2]
    both = [subprocess.Popen(command, cwd=root, text=True, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    said = set()
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        said.add(process.communicate(timeout=60)[0])
        assert process.returncode == 0
    assert len(said) == 1


def test_a_key_is_told_from_what_is_none() -> None:
    assert read_key(KEY.hex()) == KEY
    assert read_key("") is None
    assert read_key("٠" * 64) is None
