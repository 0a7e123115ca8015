"""The commands as they are typed, and what their help says."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot import __version__

#: Bits of Telegram's ids.
ID_BITS = 52

_ABOUT = """\
A Telegram bot that imports browser profiles into ixBrowser.

Somebody of your team sends the bot a transfer code from a phone, chooses group
and proxy, and confirms; the bot imports the profile into the ixBrowser on this
computer, and logs it.

New here? Start with:  transfer-bot demo
"""

_MORE = """\
Settings are read from the environment and from a file named .env in the folder
in which you start. To begin, two are enough:
  TELEGRAM_TOKEN   the bot's token, from @BotFather
  ADMIN_IDS        your own Telegram id, a number
"""

#: The languages that the bot speaks, as people write them.
_DEMO_LANGUAGES = ("en", "ru", "zh", "vi")

#: Each command's line in the help of all, and its own help.
_COMMANDS = {
    "run": (
        "serve your team; goes on until it is stopped",
        """\
Serve your team. Brings the database up to date, then goes on until it is
stopped by Ctrl-C or by the system. An import that is under way is waited for;
what is still queued goes on at the next start.

It ends with 0 when it is stopped, and with 1 when something is not right: start
it again then. With 2 a setting is wrong, with 3 another process serves the
same database or token, the database belongs to another bot, or all was moved to
another computer, and with 4 a newer version of this program has written the
database: starting it again does not help.

The log goes to standard error, and to LOG_FILE where there is one, as there is by
default on Windows and macOS. With --quiet it goes to that file alone, and standard
error has only what is said at start and end.
""",
    ),
    "check": (
        "look whether settings, Telegram, ixBrowser and database are right",
        """\
Look whether settings, Telegram, ixBrowser and database are right, and print a
table: each line says ok, what there is to do, or a warning. Changes nothing.

With --running it says instead whether the bot of this TELEGRAM_TOKEN runs on
this computer: it ends with 1 where it is stopped or hangs. Nobody is asked for
that, neither Telegram nor ixBrowser nor the database.
""",
    ),
    "status": (
        "show what /status shows: version, queue, ixBrowser, disk, errors",
        """\
Show what /status shows admins in the chat: version, since when it runs, how
ixBrowser, Telegram, queue, database and disk are, and today's errors. Changes
nothing.
""",
    ),
    "backup": (
        "[FILE]: back the database up, also while the bot runs",
        """\
Back the database up into FILE, or into a folder, or by default where the bot puts
its own backups: once a day, and before it changes the database's tables. It may
run meanwhile. The backup is opened and counted before it takes its name. Codes
and passwords are encrypted in it, and the key is not in it: keep that apart.
With PostgreSQL, its programs pg_dump and pg_restore have to be installed.
""",
    ),
    "restore": (
        "FILE: put a backup in the place of the database",
        """\
Put a backup in the place of the database. Stop the bot before. The backup is
looked through first, and what it replaces is kept. Put the key back too, where
that is not here. The next start is a recovery: see "recover".

With a file of "move" it puts database, settings and key on this computer, where
none may be. It asks for the passphrase, or reads it from standard input. The
settings are added to .env in the folder in which you start; DATABASE_URL says
where the database is to be, if not in the usual place.
""",
    ),
    "move": (
        "FILE: put everything into one encrypted file, for another computer",
        """\
Put database, settings and key into one encrypted file, for another computer.
Stop the bot before. The passphrase, six words, is made here and shown once. The
file is read back; then this installation does not run any more, until
"move --undo" brings it back. On the other computer call "restore FILE".

DATABASE_URL does not move: a path is one computer's. Nor does an address of this
computer itself, as of ixBrowser; it is kept as a note. With PostgreSQL a dump
is in the file, for which pg_dump and pg_restore have to be installed, and the
other computer needs an empty database.
""",
    ),
    "recover": (
        "after a restore: say that members and ixBrowser account are right",
        """\
After the database was restored, or copied, the bot sends nothing to ixBrowser
until somebody has said that the right ixBrowser account is logged in, and only
the admins in ADMIN_IDS can use it until somebody has confirmed its members. The
admins are asked in the chat. This asks the same here, also while the bot runs.
""",
    ),
    "rebind": (
        "move the database to the bot of the present TELEGRAM_TOKEN",
        """\
Move the database to the bot of the present TELEGRAM_TOKEN. It belongs to the
bot that has first served from it. Drafts close; imports go on, and the new bot
tells of them. It can write to people once they have pressed Start there.
""",
    ),
    "new-key": (
        "go on with another key where the one of the database is lost",
        """\
Codes and passwords are encrypted in the database, with a key that lies beside it
in a file of its own, or in ENCRYPTION_KEY. Where that key is lost for good, this
has the database go on with the key that is there now, or makes one where there
is none. It says first what is lost with the old one; --yes does it.
""",
    ),
    "station": (
        "take NAME: on PostgreSQL, take over what waits under another name",
        """\
On a PostgreSQL server imports belong to the station that they were confirmed
for. "take NAME" takes over what waits under that name, for a computer that has
been renamed or replaced: here, under the present STATION. No bot may serve
either of the two meanwhile.
""",
    ),
    "forget": (
        "ID: export what is known of a person to a file, and erase it",
        """\
Write what is known of a person to a file in this folder, which only you can read
and no secret is in, and erase it. What they have under way is settled first, as
when an admin removes them: imports that wait are cancelled, codes that wait for
them go back, what they have left goes to an admin. The import log and the audit
stay; there a random number takes the place of their id and their name. Stop the
bot before. It asks first; --yes does it without. Copies of the database are not
looked at.
""",
    ),
    "demo": (
        "try the bot in this terminal: no account, no ixBrowser, no network needed",
        """\
Try the bot in this terminal, between a pretend Telegram and a pretend ixBrowser
that live in this very process. Type messages, press buttons by their numbers
(#2 presses the second), leave with /quit. It keeps nothing when it ends.
The bot speaks the language that your Telegram is in: --language ru, zh or vi.
""",
    ),
}


def _telegram_id(typed: str) -> int:
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 20 else 0
    if not 0 < number < 1 << ID_BITS:
        raise argparse.ArgumentTypeError("write the person's Telegram id, a number such as 123456789")
    return number


#: What each command takes, as argparse wants it.
_ARGUMENTS: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "run": {"--quiet": {"action": "store_true", "help": "log to LOG_FILE alone, where there is one"}},
    "check": {"--running": {"action": "store_true", "help": "say whether the bot runs here"}},
    "backup": {"file": {"metavar": "FILE", "nargs": "?", "type": Path, "help": "a new file, or a folder"}},
    "restore": {"file": {"metavar": "FILE", "type": Path, "help": "the backup, or what was moved"}},
    "move": {
        "file": {"metavar": "FILE", "nargs": "?", "type": Path, "help": "a new file, or a folder"},
        "--undo": {"action": "store_true", "help": "have this installation run again"},
    },
    "new-key": {"--yes": {"action": "store_true", "help": "go on with another key"}},
    "station": {
        "what": {"choices": ["take"], "help": "take over"},
        "name": {"metavar": "NAME", "help": "the other station's name"},
    },
    "forget": {
        "id": {"metavar": "ID", "type": _telegram_id, "help": "the person's Telegram id, a number"},
        "--yes": {"action": "store_true", "help": "forget without being asked"},
    },
    "demo": {
        "--language": {"choices": _DEMO_LANGUAGES, "default": "en", "help": "what your Telegram is in"},
    },
}


def parser() -> argparse.ArgumentParser:
    """Reads what was typed."""
    known = argparse.ArgumentParser(
        prog="transfer-bot", description=_ABOUT, epilog=_MORE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known.add_argument("--version", action="version", version=f"transfer-bot {__version__}")
    commands = known.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (short, more) in _COMMANDS.items():
        command = commands.add_parser(
            name, help=short, description=more, epilog=_MORE if name != "demo" else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        where = command.add_mutually_exclusive_group(required=True) if name == "move" else command
        for argument, how in _ARGUMENTS.get(name, {}).items():
            where.add_argument(argument, **how)
    return known
