"""What became of one attempt to import: imported, refused, certainly not done, or not known.

One table decides, over the codes of the Local API's error table (``ixbrowser.com/doc/v2/local-api``). Whatever it does
not list is *unknown*: an import is not idempotent, so only what is certain may be treated as certain.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Imported:
    """The profile is in ixBrowser under this number."""

    profile_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """ixBrowser said no, for good; nothing was done."""

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It is certain that nothing was done, and the same request may succeed later.

    ``code`` is None when no connection could be made.
    """

    code: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The import may have happened or not; only the received records can tell.

    ``code`` is None when no readable answer came.
    """

    code: int | None
    message: str


Outcome = Imported | Refused | NotSent | Unknown

LOGGED_OUT = 1002
RESTRICTED = 1008
TOO_FAST = 1010

#: Refusals of the proxy that was sent along: it is missing, malformed or of no known kind. Codes about what happened
#: while a proxy was tried (1003, 1015, 111002) are not among them: they do not say how far the import had come.
PROXY_REFUSALS = frozenset(
    {2002, 2003, 2009, 2010}
    | {101005, 101006, 101007, 101008, 101009}
    | {101043, 101044, 101045, 101046, 101049, 101051, 101052}
)

#: Codes after which nothing was done, and nothing will be by asking again with the same words.
REFUSALS = frozenset({1000, 1005, 1007, 1014, 1017, 110001, 110002, 110003, 110004}) | PROXY_REFUSALS

#: Codes that say that nothing was done and that later it may be. 1008 turns into a refusal when it stays.
WAITS = frozenset({LOGGED_OUT, RESTRICTED, TOO_FAST})


def classify(code: int, message: str) -> Refused | NotSent | Unknown:
    """The class of an answer whose error code is not 0."""
    if code in REFUSALS:
        return Refused(code, message)
    if code in WAITS:
        return NotSent(code, message)
    return Unknown(code, message)
