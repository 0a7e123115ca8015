"""Logging, set up so that no secret comes out of it, whoever logs and whatever went wrong.

Redaction sits in the formatter, behind everything that makes text of a record: a filter would see neither tracebacks
nor arguments that become text late. What a process prints past logging (uncaught exceptions in any thread, exceptions
in destructors, warnings) is led into it; asyncio's own handler of lost exceptions logs already.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

from bot.log_file import LogFile, LogFileHandler
from bot.redaction import Redactor, escape_controls

_log = logging.getLogger(__name__)

#: Loggers that below these levels log values which no pattern can know, or every statement, or what only their own
#: developers want to know, whatever level is wanted.
QUIETED: Final = {
    "aiohttp": logging.INFO,
    "alembic": logging.WARNING,
    "asyncio": logging.INFO,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "psycopg": logging.INFO,
    "sqlalchemy": logging.WARNING,
    "telegram": logging.INFO,
}


class RedactingFormatter(logging.Formatter):
    """One line a record, ``2026-01-31T12:00:00.000Z INFO bot.app: text``, and a traceback in marked lines below it.

    Secrets are masked and control characters spelled out, so that nobody's name can pass for a line of the log.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redact = Redactor(secrets)

    def formatTime(self, record: logging.LogRecord, _datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        moment = datetime.fromtimestamp(record.created, UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return escape_controls(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        try:
            text = super().format(record)
        except Exception as error:  # noqa: BLE001 - arguments that don't fit, or that have no text
            where = f"{record.filename}:{record.lineno}"
            text = f"{record.levelname} {record.name}: the record at {where} has no text ({type(error).__name__})"
        head, *below = self._redact(text).split("\n")
        return "\n".join([head, *(f"  | {escape_controls(line)}" for line in below)])


class _Handler(logging.StreamHandler[TextIO]):
    """The handler of standard error."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Nothing, when the stream can't be written: the inherited method prints message and arguments as they are."""


def set_up_logging(level: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Log from ``level`` on to ``stream``, which is standard error by default; called again, it replaces itself.

    ``secrets`` are masked to the letter: the token, and URLs that hold a password. Without them, before the settings
    are known, what has the look of a secret is masked all the same.
    """
    handler = _Handler(stream)
    handler.setFormatter(RedactingFormatter(secrets))
    root = logging.getLogger()
    for earlier in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level)
    for name, floor in QUIETED.items():
        logging.getLogger(name).setLevel(max(floor, root.level))
    logging.captureWarnings(capture=True)


def log_to_file(file: LogFile, secrets: Iterable[str], *, alone: bool) -> None:
    """Log to a file as well, in the same form and from the same level on; ``alone``: no more to standard error.

    Raises ``OSError`` where the file can't be opened; all is as before then.
    """
    handler = LogFileHandler(file)
    handler.setFormatter(RedactingFormatter(secrets))
    root = logging.getLogger()
    for each in list(root.handlers):
        if isinstance(each, LogFileHandler):
            root.removeHandler(each)
            each.close()
        elif alone and isinstance(each, _Handler):
            root.removeHandler(each)
    root.addHandler(handler)


def install_hooks() -> None:
    """Lead what Python would print past logging into it. Logging must be set up before."""
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _uncaught_in_thread


def _uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        _log.warning("Interrupted.")
    else:
        _log.critical("The program ends with an error that nobody expected.", exc_info=error)


def _unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    what = unraisable.err_msg or "Exception ignored in"
    _log.error("%s: %r", what, unraisable.object, exc_info=unraisable.exc_value)


def _uncaught_in_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_type is not SystemExit:
        name = ended.thread.name if ended.thread else "?"
        _log.critical("Thread %s ended with an error that nobody expected.", name, exc_info=ended.exc_value)
