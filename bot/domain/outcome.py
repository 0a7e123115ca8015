"""What became of one attempt to import: imported, refused, certainly not done, or not known."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.error_codes import Meaning, meaning


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


def classify(code: int, message: str) -> Refused | NotSent | Unknown:
    """The class of an answer to an import whose error code is not 0."""
    match meaning(code).importing:
        case Meaning.REFUSED:
            return Refused(code, message)
        case Meaning.WAIT:
            return NotSent(code, message)
        case _:
            return Unknown(code, message)


def describe(outcome: Outcome) -> str:
    """An outcome for the program's own log, without the message, which is ixBrowser's and may repeat a secret."""
    match outcome:
        case Imported(profile_id):
            return f"profile {profile_id}"
        case Refused(code):
            return f"refusal {code}"
        case NotSent(code):
            return f"wait {code or 'away'}"
        case Unknown(code):
            return f"unknown {code or 'no answer'}"
