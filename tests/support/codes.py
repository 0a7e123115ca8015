"""Rows of the database as tests read them: with what is encrypted in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.storage.encryption import Cipher


def readable(row: Mapping[str, Any], cipher: Cipher) -> dict[str, Any]:
    """The row, with a secret's value as it was, and a transfer code as ``code``, None where it is not kept."""
    if isinstance(row.get("value"), bytes):
        return {**row, "value": cipher.decrypt(row["value"])}
    if "code_encrypted" not in row:
        return dict(row)
    encrypted = row["code_encrypted"]
    code = row.get("transfer_code") or (None if encrypted is None else cipher.decrypt(encrypted))
    return {**row, "code": code}
