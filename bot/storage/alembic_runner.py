"""Alembic: which migrations there are, and running them on a connection."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.storage.encryption import Cipher


def known_revisions(folder: Path) -> frozenset[str]:
    """Every revision that there is a migration for."""
    return frozenset(script.revision for script in _scripts(_config(folder)).walk_revisions())


def go_to(connection: Connection, folder: Path, target: str, *, now: str | None, cipher: Cipher) -> None:
    """Run the migrations between revision ``now`` and ``target`` in the connection's transaction.

    They find the cipher, and for it the code's hash, among the attributes of Alembic's configuration.
    """
    if target == now:
        return
    config = _config(folder, connection)
    config.attributes["cipher"] = cipher
    ahead = {found.revision for found in _scripts(config).iterate_revisions("head", now or "base")}
    if target in ahead:
        command.upgrade(config, target)
    else:
        command.downgrade(config, target)


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)


def _config(folder: Path, connection: Connection | None = None) -> Config:
    config = Config()
    # Alembic's options are interpolated, so that a percent sign in a folder's name has to be doubled.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
