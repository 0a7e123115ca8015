"""A file that is encrypted with a passphrase, from its first byte to its last.

The key comes from the passphrase by scrypt (N = 2^17, r = 8: 128 MB for each try; p = 1). What follows is libsodium's
secretstream (XChaCha20 with Poly1305), in which nothing can be changed, left out, put elsewhere or cut off unnoticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from nacl import bindings, pwhash

from bot.errors import Refused, StorageError
from bot.storage.backup_files import failures_told, make_private, part_of, put_in_place

_MAGIC: Final = b"transfer-bot move\n"
#: How the file is made; a later version of this program may make it in another way.
_FORMAT: Final = 1
_SALT, _CHECK, _DIGEST = pwhash.scrypt.SALTBYTES, 16, 16
_STREAM: Final = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_BEGIN: Final = len(_MAGIC) + 1
_HEADER: Final = _BEGIN + _SALT + _CHECK + _STREAM + _DIGEST
_KEY: Final = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
#: scrypt's numbers as libsodium takes them: 4 * N * r * p, and 128 * N * r bytes.
_OPERATIONS, _MEMORY = 4 * (1 << 17) * 8, 128 * (1 << 17) * 8
#: Bytes that are encrypted as one, and those of their length before them.
_PIECE: Final = 1 << 20
_LENGTH: Final = 4
_MORE: Final = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST: Final = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What was put first into the file, and the rest, which raises ``Refused`` where it comes to what is damaged."""

    head: bytes
    content: Iterator[bytes]


def is_sealed(file: Path) -> bool:
    """Whether a file is one of these, as far as its beginning says."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def seal(to: Path, passphrase: str, head: bytes, content: Path) -> None:
    """Encrypt what ``content`` holds, with ``head`` before it. It is on the disk when this returns.

    ``head`` has a megabyte at most. Raises ``StorageError``.
    """
    salt = os.urandom(_SALT)
    key = _key_of(passphrase, salt)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    stream = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    header = _MAGIC + bytes([_FORMAT]) + salt + _check(key) + stream
    header += _digest(header)
    part = part_of(to)
    with failures_told(f"{to} can't be written"):
        make_private(part)
        try:
            with part.open("wb") as made, content.open("rb") as source:
                made.write(header)
                _push(made, state, head, _MORE, header)
                while piece := source.read(_PIECE):
                    _push(made, state, piece, _MORE)
                _push(made, state, b"", _LAST)
            put_in_place(part, to)
        finally:
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def unseal(file: Path, passphrase: str) -> Iterator[Unsealed]:
    """Decrypt a file. Raises ``Refused`` for another passphrase, and for what is damaged or of a later version."""
    with failures_told(f"{file} can't be read"):
        opened = file.open("rb")
    with opened:
        with failures_told(f"{file} can't be read"):
            header = opened.read(_HEADER)
        if not header.startswith(_MAGIC):
            raise Refused(f"{file} is no file of transfer-bot move: nothing was changed.")
        if len(header) > len(_MAGIC) and header[len(_MAGIC)] > _FORMAT:
            raise Refused(f"{file} was made by a newer version of this program: install that version.")
        if len(header) < _HEADER or header[-_DIGEST:] != _digest(header[:-_DIGEST]):
            raise _damaged(file)
        salt, rest = header[_BEGIN : _BEGIN + _SALT], header[_BEGIN + _SALT :]
        key = _key_of(passphrase, salt)
        if rest[:_CHECK] != _check(key):
            raise Refused(f"This is not the passphrase of {file}: nothing was changed.")
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, rest[_CHECK : _CHECK + _STREAM], key)
        pieces = _pull(opened, state, header, file)
        yield Unsealed(next(pieces), pieces)


def write_out(content: Iterable[bytes], to: Path) -> str:
    """Write what was decrypted into a file that only this user can read; its digest. Raises ``StorageError``."""
    digest = hashlib.sha256()
    with failures_told(f"{to} can't be written"):
        make_private(to)
        with to.open("wb") as written:
            for piece in content:
                written.write(piece)
                digest.update(piece)
            written.flush()
            os.fsync(written.fileno())
    return digest.hexdigest()


def _push(
    made: IO[bytes],
    state: bindings.crypto_secretstream_xchacha20poly1305_state,
    piece: bytes,
    tag: int,
    beside: bytes = b"",
) -> None:
    sealed = bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, beside or None, tag)
    made.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)


def _pull(
    opened: IO[bytes], state: bindings.crypto_secretstream_xchacha20poly1305_state, beside: bytes, file: Path
) -> Iterator[bytes]:
    tag = _MORE
    while tag != _LAST:
        with failures_told(f"{file} can't be read"):
            length = opened.read(_LENGTH)
        size = int.from_bytes(length, "big")
        least = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
        if len(length) < _LENGTH or not least <= size <= _PIECE + least:
            raise _damaged(file)
        with failures_told(f"{file} can't be read"):
            sealed = opened.read(size)
        try:
            piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed, beside or None)
        except (RuntimeError, ValueError):
            raise _damaged(file) from None
        beside = b""
        yield piece
    if opened.read(1):
        raise _damaged(file)


def _damaged(file: Path) -> Refused:
    return Refused(f"{file} is damaged, or not all of it is there: nothing was changed.")


def _key_of(passphrase: str, salt: bytes) -> bytes:
    try:
        return pwhash.scrypt.kdf(_KEY, passphrase.encode(), salt, _OPERATIONS, _MEMORY)
    except (MemoryError, RuntimeError):
        raise StorageError(f"{_MEMORY >> 20} MB of memory are needed for the passphrase, and are not free") from None


def _check(key: bytes) -> bytes:
    """By what another passphrase is known. It says nothing about the key."""
    return hashlib.blake2b(key=key, person=b"move-check", digest_size=_CHECK).digest()


def _digest(header: bytes) -> bytes:
    return hashlib.blake2b(header, digest_size=_DIGEST).digest()
