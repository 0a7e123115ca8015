"""The error numbers of the Local API by what they mean to an import."""

from __future__ import annotations

from bot.domain.error_codes import ERROR_CODES, Cause, Meaning

REFUSALS = frozenset(code for code, listed in ERROR_CODES.items() if listed.importing is Meaning.REFUSED)
PROXY_REFUSALS = frozenset(code for code, listed in ERROR_CODES.items() if listed.cause is Cause.PROXY)
