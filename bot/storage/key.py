"""The installation's key: from the settings, or from a file beside the database that is made once."""

from __future__ import annotations

import contextlib
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from bot.data_folder import data_folder
from bot.errors import KeyMissing, Refused, StorageError, WrongKey
from bot.storage.encryption import KEY_SIZE, Cipher, new_key

_HEX = re.compile(rf"[0-9a-fA-F]{{{KEY_SIZE * 2}}}", re.ASCII)
#: Seconds after which nobody is writing a key file any more in which nothing is: it takes a few milliseconds.
UNFINISHED_FOR = 1.0
_LOOK = 0.01


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the key is: ``given`` in the settings (64 hexadecimal digits), otherwise in ``file``."""

    file: Path
    given: str | None = None

    @property
    def place(self) -> str:
        return "ENCRYPTION_KEY" if self.given is not None else f"the file {self.file}"

    def cipher(self, check: bytes | None) -> Cipher:
        """The cipher of the database whose check value this is; None for one that holds nothing encrypted yet.

        Only for such a database a key is made where there is none. Raises ``KeyMissing``, ``WrongKey``, and
        ``StorageError`` where the file can't be read or made.
        """
        if self.given is not None:
            key: bytes | None = bytes.fromhex(self.given)
        elif check is None:
            key = _read_or_make(self.file)
        else:
            key = _read(self.file)
        if key is None:
            raise KeyMissing(
                "The database holds encrypted codes and passwords, and their key is missing: put the file"
                f" {self.file} back, or set ENCRYPTION_KEY. If it is lost for good, run transfer-bot new-key."
            )
        cipher = Cipher(key)
        if check not in (None, cipher.check):
            place = f"{self.place[0].upper()}{self.place[1:]}"
            raise WrongKey(
                f"{place} is not the key of this database: use the one that its codes and passwords were encrypted"
                " with. If that is lost for good, run transfer-bot new-key."
            )
        return cipher


def key_file(database_file: Path | None) -> Path:
    """Where the key of a database is by default: beside an SQLite file; for a server's database, in the data folder."""
    if database_file is not None:
        return database_file.with_name(f"{database_file.name}.key")
    return data_folder() / "transfer-bot.key"


def read_key(text: str) -> bytes | None:
    """The key that a text holds, None where it is none."""
    text = text.strip()
    return bytes.fromhex(text) if _HEX.fullmatch(text) else None


def key_hex(source: KeySource) -> str:
    """The key that is there, in hexadecimal digits. Raises ``KeyMissing`` and ``StorageError``."""
    if source.given is not None:
        return source.given.lower()
    key = _read(source.file)
    if key is None:
        raise KeyMissing(f"The key of the database is missing: put the file {source.file} back, or set ENCRYPTION_KEY.")
    return key.hex()


def put_key(file: Path, digits: str) -> bool:
    """Put a key into a file that only this user can read; False where it is there already.

    Raises ``Refused`` where another is, and ``StorageError``.
    """
    there = _read(file)
    if there is not None and there.hex() != digits:
        raise Refused(f"There is another key already in the file {file}: nothing was changed. Move it elsewhere first.")
    if there is None:
        _write_new(file, bytes.fromhex(digits))
    return there is None


def make_key_file(file: Path) -> bytes:
    """A new key, in a file that was not there before and that only this user can read. It is on the disk by then.

    Raises ``FileExistsError`` where there is such a file, and ``StorageError``.
    """
    key = new_key()
    _write_new(file, key)
    return key


def _write_new(file: Path, key: bytes) -> None:
    try:
        _make(file, key)
    except FileExistsError:
        raise
    except OSError as error:
        raise StorageError(
            f"the key file {file} can't be made ({error.strerror}): look at the folder's rights"
        ) from error


def _make(file: Path, key: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w") as made:
            # Whatever the umask is.
            file.chmod(0o600)
            made.write(f"{key.hex()}\n")
            made.flush()
            os.fsync(made.fileno())
        _sync_folder(file.parent)
    except OSError:
        with contextlib.suppress(OSError):
            file.unlink()
        raise


def _sync_folder(folder: Path) -> None:
    """Have the file's name on the disk too, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read_or_make(file: Path) -> bytes:
    """The key in a file; where there is none, a new one. Of two who make it at the same moment both have the same."""
    waited_until = time.monotonic() + UNFINISHED_FOR
    while True:
        text = _text(file)
        if text is None:
            with contextlib.suppress(FileExistsError):
                key = make_key_file(file)
                # Who took this one for unfinished has made another.
                if _text(file) == f"{key.hex()}\n":
                    return key
        elif text.strip("\0"):
            return _key_in(text, file)
        elif time.monotonic() < waited_until:
            time.sleep(_LOOK)
        else:
            # Its maker died over it, and nothing has been encrypted with it.
            with contextlib.suppress(FileNotFoundError):
                file.unlink()


def _read(file: Path) -> bytes | None:
    """The key in a file, None where there is no file."""
    text = _text(file)
    return None if text is None else _key_in(text, file)


def _text(file: Path) -> str | None:
    try:
        return file.read_text("ascii")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not text"
        raise StorageError(f"the key file {file} can't be read ({why}): look at its rights") from None


def _key_in(text: str, file: Path) -> bytes:
    key = read_key(text)
    if key is None:
        raise StorageError(
            f"the key file {file} holds no key of 64 hexadecimal digits: put the right one back, or, if that is lost"
            " for good, delete the file and run transfer-bot new-key"
        )
    return key
