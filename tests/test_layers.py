"""The rooms of the house: which may import which, who reads the environment, how long a module is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parents[1] / "bot"
MODULES = sorted(BOT.rglob("*.py"))

#: What of this program each room may import: itself, the core, the errors; so none imports another or what is above.
_CORE = ("bot.domain", "bot.usecases", "bot.errors")
ROOMS = {room: (f"bot.{room}", *_CORE) for room in ("chat", "station", "ixbrowser", "storage", "demo")} | {
    "usecases": _CORE,
    "domain": ("bot.domain", "bot.errors"),
    "storage": ("bot.storage", "bot.database_url", "bot.data_folder", *_CORE),
}
#: What of other programs a room has no business with.
FOREIGN = {
    "chat": {"httpx", "sqlalchemy", "alembic"},
    "ixbrowser": {"aiohttp", "telegram", "sqlalchemy", "alembic"},
    "storage": {"aiohttp", "telegram", "httpx"},
    "demo": {"aiohttp", "sqlalchemy", "alembic"},
    "station": {"aiohttp", "telegram", "httpx", "sqlalchemy", "alembic", "rich"},
    "usecases": {"aiohttp", "telegram", "httpx", "sqlalchemy", "alembic", "rich"},
    "domain": {"aiohttp", "telegram", "httpx", "sqlalchemy", "alembic", "rich", "asyncio"},
}


def imported(module: Path) -> Iterator[str]:
    """The name of every module that a module imports from, wherever in it."""
    package = module.relative_to(BOT.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            origin = ".".join(filter(None, [above, node.module]))
            yield from (f"bot.{alias.name}" for alias in node.names) if origin == "bot" else (origin,)


def named(module: Path) -> str:
    return module.relative_to(BOT.parent).as_posix()


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_one_way(room: str) -> None:
    modules = list((BOT / room).rglob("*.py"))
    assert modules
    wrong = [
        f"{named(module)} imports {name}"
        for module in modules
        for name in imported(module)
        if (is_within(name, "bot") and not any(is_within(name, allowed) for allowed in ROOMS[room]))
        or name.partition(".")[0] in FOREIGN[room]
    ]
    assert wrong == []


#: The modules at the top that are one room in the README's picture; what is not named there serves every room.
COMMANDS = {"__main__", "arguments", "cli", "checks", "demonstration", "upkeep"}
DRAWN = ("commands", "app", *ROOMS)


def room_of(name: str) -> str | None:
    """The room, as the picture calls it, of a module such as ``bot.chat.presenter``."""
    part = name.split(".")[1] if "." in name else ""
    part = "commands" if part in COMMANDS else part
    return part if part in DRAWN else None


def rooms_picture() -> str:
    """Which room imports which, as a Mermaid flowchart."""
    arrows = {
        (own, other)
        for module in MODULES
        for name in imported(module)
        if (own := room_of(".".join(module.relative_to(BOT.parent).with_suffix("").parts)))
        and (other := room_of(name))
        and own != other
    }
    lines = [
        f"    {own} --> {other}" for own, other in sorted(arrows, key=lambda arrow: tuple(map(DRAWN.index, arrow)))
    ]
    return "\n".join(["flowchart TD", *lines])


def test_the_readme_shows_which_room_imports_which() -> None:
    readme = (BOT.parent / "README.md").read_text("utf-8")
    [shown] = re.findall(r"<!-- rooms -->\n```mermaid\n(.*?)```", readme, re.DOTALL)
    assert shown.strip() == rooms_picture()


def test_only_the_settings_read_the_environment() -> None:
    def reads(module: Path) -> bool:
        nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
        # A default that a library takes from there is set, not read.
        set_only = [node.value for node in nodes if isinstance(node, ast.Attribute) and node.attr == "setdefault"]
        return any(
            (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and node not in set_only)
            or (isinstance(node, ast.alias) and node.name in {"environ", "getenv"})
            for node in nodes
        )

    assert [named(module) for module in MODULES if reads(module)] == ["bot/settings.py"]


def test_every_module_can_be_read_in_one_go() -> None:
    lines = {named(module): len(module.read_text("utf-8").splitlines()) for module in MODULES}
    assert {module: count for module, count in lines.items() if count > 300} == {}
