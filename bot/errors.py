"""The bot's own errors: one root, and under it what callers must tell apart."""

from __future__ import annotations


class BotError(Exception):
    """The root of every error that this program raises on purpose."""


class InputError(BotError):
    """What somebody typed can't be used; ``reason`` names why, ``values`` fill the sentence about it.

    ``reason`` is a short key such as ``port_out_of_range``; the chat has a sentence for each. ``values`` never hold
    a secret: they are shown back.
    """

    def __init__(self, reason: str, **values: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class NotAllowed(BotError):
    """The actor's role may not do this; nothing was read or changed. ``use_case`` is the name of what was wanted."""

    def __init__(self, text: str, use_case: str = "") -> None:
        super().__init__(text)
        self.use_case = use_case


class OldButton(BotError):
    """A press on a card that has moved on since, or a second press."""


class Overtaken(BotError):
    """Another transaction has changed meanwhile what this one had read. Begun anew, it sees what is there now."""


class Refused(BotError):
    """A command does not do what was asked for; the text is one sentence that says why."""


class SettingError(BotError):
    """A setting is missing or wrong; the text is one sentence that names it and how to get it right."""


class KeyMissing(SettingError):
    """The database holds what was encrypted with a key that is not there."""


class WrongKey(SettingError):
    """The key is not the one with which the database was encrypted."""


class AlreadyRunning(BotError):
    """Another process serves the same database, the same station or the same token."""


class Retired(BotError):
    """The installation was moved to another computer; the text is one sentence that says how to bring it back."""


class OtherBot(BotError):
    """The database belongs to another bot than that of the token."""


class PartEnded(BotError):
    """A part that the bot can't do without has ended; the text is one sentence for the person who runs the bot."""


class BrowserError(BotError):
    """The root of what can go wrong with a call of the Local API."""


class BrowserNotRunning(BrowserError):
    """No connection could be made: ixBrowser is not running. Nothing was sent."""


class BrowserRefusal(BrowserError):
    """ixBrowser answered with an error code other than 0.

    ``code`` is the number in its error table, ``message`` its English sentence.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class BrowserInvalidAnswer(BrowserError):
    """An answer came that is not the Local API's envelope."""


class BrowserNoAnswer(BrowserError):
    """The request may have arrived, and no answer came: a time-out or a cut connection."""


class StorageError(BotError):
    """The database can't be used now; the text says why in words for the person who runs the bot.

    ``reason`` names it, as ``disk_full``, where the chat has words for it in each language. ``maybe_committed`` says
    that a commit was tried, and that it is not known whether it was done.
    """

    def __init__(self, text: str = "", reason: str = "", *, maybe_committed: bool = False) -> None:
        super().__init__(text)
        self.reason = reason
        self.maybe_committed = maybe_committed


class DatabaseUnreachable(StorageError):
    """The database's server can't be reached now, or not yet, or no longer. It may be there again at any time."""


class LockTaken(StorageError):
    """Another process holds the database; whether that process is alive is not known yet."""


class Superseded(StorageError):
    """Another process has taken over what this one held: what it wanted to write is not written."""


class SchemaTooNew(StorageError):
    """The database was written by a newer version of this program."""
