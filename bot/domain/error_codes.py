"""What the error numbers of the Local API mean, in one table (``ixbrowser.com/doc/v2/local-api``).

An import, the setting of an extraction link and the making of a group are not idempotent, and the same number does not
say the same of each. What the table does not list is unknown of an import, since only what is certain may be treated as
certain, and a refusal of the others, whose result is looked up before they are repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What an answer says of the call."""

    REFUSED = "refused"  # nothing was done, and the same request will be refused again
    WAIT = "wait"  # nothing was done, and the same request may succeed later
    BLOCKED = "blocked"  # the same, but somebody has to do something at the computer first
    EXISTS = "exists"  # nothing was done, since there is one of this name already
    UNKNOWN = "unknown"  # it may have been done or not


class Cause(StrEnum):
    """What was at fault where an import was refused, and has to be answered anew before another try."""

    CODE = "code"  # can never be imported here
    GROUP = "group"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """What one number means as the answer to each call that is not idempotent."""

    importing: Meaning = Meaning.UNKNOWN
    setting_link: Meaning = Meaning.REFUSED
    making_group: Meaning = Meaning.REFUSED
    cause: Cause | None = None


#: Why imports wait while no connection can be made, and while another process polls with the bot's token; all other
#: reasons are the digits of an error number.
AWAY, TOKEN_SHARED = "away", "shared"

LOGGED_OUT = 1002
RESTRICTED = 1008
TOO_FAST = 1010
DAILY_LIMIT = 1017
PROXY_MISSING = 2002
PROXY_TYPE_UNKNOWN = 101008

_PROVES_NOTHING = ErrorCode(Meaning.UNKNOWN, Meaning.UNKNOWN, Meaning.UNKNOWN)
_REFUSED = ErrorCode(Meaning.REFUSED)
_CODE = ErrorCode(Meaning.REFUSED, cause=Cause.CODE)
_GROUP = ErrorCode(Meaning.REFUSED, cause=Cause.GROUP)
_PROXY = ErrorCode(Meaning.REFUSED, cause=Cause.PROXY)

_UNLISTED = ErrorCode()

#: Codes about what happened while a proxy was tried (1003, 1015, 111002) are not listed: they do not say how far an
#: import had come.
ERROR_CODES: Mapping[int, ErrorCode] = {
    1000: _REFUSED,
    LOGGED_OUT: ErrorCode(Meaning.WAIT, Meaning.WAIT, Meaning.BLOCKED),
    1004: _PROVES_NOTHING,
    1005: _REFUSED,
    1007: _REFUSED,
    # "Restricted" may mean "busy": of an import it is a refusal once it stays, see ``import_state``.
    RESTRICTED: ErrorCode(Meaning.WAIT, Meaning.UNKNOWN, Meaning.REFUSED),
    TOO_FAST: ErrorCode(Meaning.WAIT, Meaning.WAIT, Meaning.WAIT),
    1011: _PROVES_NOTHING,
    1014: _REFUSED,
    1016: _PROVES_NOTHING,
    # The plan's profiles of this day are used up: asked once an hour, see ``circuit_breaker``.
    DAILY_LIMIT: ErrorCode(Meaning.WAIT),
    PROXY_MISSING: _PROXY,
    2003: _PROXY,
    2009: _PROXY,
    2010: _PROXY,
    101005: _PROXY,
    101006: _PROXY,
    101007: _PROXY,
    PROXY_TYPE_UNKNOWN: _PROXY,
    101009: _PROXY,
    101043: _PROXY,
    101044: _PROXY,
    101045: _PROXY,
    101046: _PROXY,
    101049: _PROXY,
    101051: _PROXY,
    101052: _PROXY,
    105002: ErrorCode(making_group=Meaning.EXISTS),
    110001: _CODE,
    110002: _CODE,
    110003: _CODE,
    110004: _GROUP,
}


def meaning(code: int) -> ErrorCode:
    """What a number means, listed or not."""
    return ERROR_CODES.get(code, _UNLISTED)


def cause(code: int | None) -> Cause | None:
    """What was at fault, as far as the number says; None also where no answer came."""
    return None if code is None else meaning(code).cause


#: Answers to an import after which it waits.
WAITS = frozenset(code for code, listed in ERROR_CODES.items() if listed.importing is Meaning.WAIT)
#: Why an import may wait.
WAIT_REASONS = frozenset({AWAY, *map(str, WAITS)})
#: Answers that say that the code itself was wrong.
WRONG_CODES = frozenset(code for code, listed in ERROR_CODES.items() if listed.cause is Cause.CODE)
