"""Encryption of secrets, the hash by which transfer codes are compared, and the tokens of invitations.

From the installation's one key three are derived: one encrypts (libsodium's secretbox, XSalsa20 with Poly1305), one
makes the hash of a code, one the token of an invitation. The hash is keyed since a code's mask leaves only 10^8
candidates to try. A token is made of a random number in the row, so that the row alone gives no link.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from bot.domain.transfer_code import TransferCode
from bot.errors import StorageError

#: Bytes of a key, of a code's hash, and of the value by which a database recognises its key.
KEY_SIZE: Final = 32
HASH_SIZE: Final = 16
#: Bytes of an invitation's token; in a link they are 32 characters.
TOKEN_SIZE: Final = 24


class Cipher:
    """Encrypts and decrypts with the key of one installation."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_SIZE:
            raise ValueError("a key has 32 bytes")
        self._box = SecretBox(_derived(key, b"encrypt", KEY_SIZE))
        self._hash_key = _derived(key, b"code-hash", KEY_SIZE)
        self._token_key = _derived(key, b"invitation", KEY_SIZE)
        #: What a database keeps to recognise this key. It says nothing about the key.
        self.check: Final = _derived(key, b"check", HASH_SIZE)

    def encrypt(self, text: str) -> bytes:
        """The text encrypted; each time another value."""
        return self.encrypt_bytes(text.encode("utf-8", "surrogatepass"))

    def decrypt(self, value: bytes) -> str:
        """The text. Raises ``StorageError`` for what this key has not encrypted, or what has been changed since."""
        return self.decrypt_bytes(value).decode("utf-8", "surrogatepass")

    def encrypt_bytes(self, value: bytes) -> bytes:
        return bytes(self._box.encrypt(value))

    def decrypt_bytes(self, value: bytes) -> bytes:
        try:
            return bytes(self._box.decrypt(bytes(value)))
        except (CryptoError, ValueError):
            raise StorageError("something encrypted in the database can't be read with this key") from None

    def code_hash(self, code: TransferCode) -> bytes:
        """The same for the same code, and nothing that a code can be told from without the key."""
        return hashlib.blake2b(code.text.encode(), key=self._hash_key, digest_size=HASH_SIZE).digest()

    def invitation_token(self, seed: bytes) -> str:
        """The same for the same number, of characters that a link may hand over to a bot."""
        token = hashlib.blake2b(seed, key=self._token_key, digest_size=TOKEN_SIZE).digest()
        return base64.urlsafe_b64encode(token).decode()


def new_key() -> bytes:
    return secrets.token_bytes(KEY_SIZE)


def _derived(key: bytes, purpose: bytes, size: int) -> bytes:
    return hashlib.blake2b(key=key, person=purpose, digest_size=size).digest()
