"""The demo as somebody meets it who pipes lines into it, or sits before it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.chat.translator import translator
from tests.end_to_end.process import BotProcess, environment

CODE = re.compile(r"([0-9]{8}-[0-9]{8})  (.+)")
PROMPT = "/quit"

#: Runs the demo, and says so when anything leaves the process by a socket.
WATCHED = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"):
        print("REACHED OUT", event, arguments, file=sys.stderr)
sys.addaudithook(watch)
from bot.cli import main
sys.exit(main(["demo"]))
"""


@asynccontextmanager
async def demo(folder: Path, *options: str, **settings: object) -> AsyncIterator[BotProcess]:
    process = await BotProcess.start(folder, settings, "demo", *options, typing=True)
    try:
        await process.says(PROMPT)
        yield process
    finally:
        await process.close()


def offered(process: BotProcess) -> dict[str, str]:
    """The codes that the demo offers, by what they are."""
    return {what.strip(): code for code, what in CODE.findall(process.said)}


def one(codes: dict[str, str], what: str) -> str:
    return next(code for told, code in codes.items() if what in told)


async def test_a_script_imports_is_refused_waits_and_reads_the_log(tmp_path: Path) -> None:
    async with demo(tmp_path) as process:
        codes = offered(process)
        lines = [
            one(codes, "Shop Berlin"),
            *("#1", "#1", "#1"),
            *(one(codes, "a wrong one"), "#1"),
            *(one(codes, "your own"), "#1"),
            *("!off", one(codes, "Shop Hanoi"), "#1", "!on"),
            "!log",
        ]
        for line in lines:
            await process.type(line)
        process.end_typing()

        assert await process.ended() == 0

    said = process.said
    for sentence in ("Which group?", "Which proxy?", "Import this profile?", "Imported", "Shop Berlin"):
        assert sentence in said
    assert "error 110002" in said
    assert "error 110003" in said
    assert said.index("ixBrowser is not running") < said.rindex("Shop Hanoi")
    log = [line.split(" | ") for line in said.splitlines() if " | keep | " in line]
    assert [(row[4], row[6].strip()) for row in log] == [
        ("imported", ""),
        ("failed", "110003"),
        ("failed", "110002"),
        ("imported", ""),
    ]
    assert "\x1b" not in said
    assert "Traceback" not in said


async def test_the_demo_ends_at_the_end_of_its_input(tmp_path: Path) -> None:
    async with demo(tmp_path) as process:
        process.end_typing()
        assert await process.ended() == 0
    assert "Traceback" not in process.said


async def test_the_code_that_the_readme_shows_is_imported(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    pasted = re.findall(r"\d{8}-\d{8}", readme)[0]
    async with demo(tmp_path) as process:
        for line in (f"Here is the Berlin shop: {pasted}", "#Shops EU", "#Keep", "#1"):
            await process.type(line)
        await process.says("Imported: profile")
        await process.says("Try next: ")


@pytest.mark.parametrize("language", ["ru", "zh", *(pytest.param(tag, marks=pytest.mark.long) for tag in ("en", "vi"))])
async def test_the_bot_speaks_the_language_that_was_asked_for(tmp_path: Path, language: str) -> None:
    async with demo(tmp_path, "--language", language) as process:
        await process.type("76686828-89727101")
        await process.says(f"[{translator(language)('Cancel')}]")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", [pytest.param("SIGINT", marks=pytest.mark.long), "SIGTERM", "SIGHUP"])
async def test_a_signal_ends_the_demo_without_a_fuss_or_a_file(tmp_path: Path, name: str) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    async with demo(tmp_path, TMPDIR=temporary) as process:
        assert list(temporary.iterdir())
        process.send(getattr(signal, name))
        process.send(getattr(signal, name))
        assert await process.ended() == 0
    assert list(temporary.iterdir()) == []
    assert "Traceback" not in process.said
    assert "ERROR" not in process.said


async def test_what_a_killed_demo_leaves_behind_is_removed_by_the_next_and_what_is_in_use_is_not(
    tmp_path: Path,
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    async with demo(tmp_path, TMPDIR=temporary) as living:
        [in_use] = temporary.iterdir()
        async with demo(tmp_path, TMPDIR=temporary) as process:
            process.kill()
        for folder in temporary.iterdir():
            os.utime(folder, (0, 0))
        assert len(list(temporary.iterdir())) == 2
        async with demo(tmp_path, TMPDIR=temporary) as process:
            process.end_typing()
            assert await process.ended() == 0
        assert list(temporary.iterdir()) == [in_use]
        living.end_typing()
        assert await living.ended() == 0
    assert list(temporary.iterdir()) == []


async def test_ctrl_c_ends_the_demo_while_it_imports(tmp_path: Path) -> None:
    async with demo(tmp_path) as process:
        for line in (one(offered(process), "Shop Berlin"), "#1", "#1", "#1"):
            await process.type(line)
        await process.says("You pressed [✅ Import]")
        process.send(signal.SIGINT)
        assert await process.ended() == 0
    assert "Traceback" not in process.said


def test_the_demo_reaches_nothing_outside_of_its_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        input="/help\n/start\n#1\n/history\n!log\n",
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment(tmp_path, {}),
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert "How to import a profile" in done.stdout
    assert "REACHED OUT" not in done.stderr


def test_the_demo_leaves_no_file_behind(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo"],
        input="/help\n",
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment(tmp_path, {"TMPDIR": temporary}),
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert f"{temporary}" in done.stdout
    assert list(temporary.iterdir()) == []
