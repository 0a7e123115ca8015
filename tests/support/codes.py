"""Rows of the database with the codes that they hold: those that are encrypted can be read by tests, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.storage.encryption import Cipher


def with_code(row: Mapping[str, Any], cipher: Cipher) -> dict[str, Any]:
    """The row, and as ``code`` its transfer code, None where it is not kept; as it is where its table has no codes."""
    if "code_encrypted" not in row:
        return dict(row)
    encrypted = row["code_encrypted"]
    code = row.get("transfer_code") or (None if encrypted is None else cipher.decrypt(encrypted))
    return {**row, "code": code}
