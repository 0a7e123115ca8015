"""What is in deploy/ and in the README fits the program: settings, defaults, exit codes, files that can be read."""

from __future__ import annotations

import configparser
import os
import plistlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import ALREADY_RUNNING, NOT_RIGHT, OK, TOO_NEW, WRONG_SETTING
from bot.data_folder import data_folder
from bot.settings import NAMES, Settings, load_settings
from bot.watch import TIMES

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
#: Statuses with which starting the bot again does not help.
IN_VAIN = (WRONG_SETTING, ALREADY_RUNNING, TOO_NEW)
ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def settings_in_example() -> dict[str, str]:
    """Each setting of the example with its value, commented out or not."""
    return dict(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=(.*)$", text("deploy/env.example"), re.MULTILINE))


def default_of(name: str) -> str:
    """A setting's default as one would write it; empty where it depends on the computer or there is none."""
    default = Settings.model_fields[name.lower()].get_default()
    return str(default) if isinstance(default, (str, int, float)) else ""


def test_the_example_names_every_setting_with_its_default() -> None:
    assert settings_in_example() == {name: default_of(name) for name in NAMES}


def test_every_setting_of_the_example_is_explained_above_it() -> None:
    blocks = text("deploy/env.example").strip().split("\n\n")[1:]
    assert len(blocks) == len(NAMES)
    for block in blocks:
        *explanation, setting = block.splitlines()
        assert re.match(r"(# )?[A-Z_]+=", setting)
        assert all(line.startswith("# ") for line in explanation)
        assert len(" ".join(explanation)) > 60


def test_the_example_filled_in_is_enough_to_start(tmp_path: Path) -> None:
    filled = text("deploy/env.example").replace("TELEGRAM_TOKEN=", f"TELEGRAM_TOKEN=123456789:{'A' * 35}")
    env = tmp_path / ".env"
    env.write_text(filled.replace("ADMIN_IDS=", "ADMIN_IDS=5").replace("\n# STATION=", "\nSTATION=here"))
    env.chmod(0o600)
    settings = load_settings(env)
    assert settings.admin_ids == {5}
    assert settings.warnings == ()


def test_the_readme_names_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|", text("README.md"), re.MULTILINE))
    assert set(rows) == set(NAMES)
    for name in NAMES:
        if default_of(name):
            assert rows[name] == f"`{default_of(name)}`"


@pytest.mark.parametrize("mark", ["demo", "tests"])
def test_the_readme_has_a_line_that_can_be_pasted(mark: str) -> None:
    (line,) = re.findall(rf"^<!-- {mark} -->\n```sh\n([^\n]+)\n```$", text("README.md"), re.MULTILINE)
    assert line.startswith("python3 -m venv .venv && ")
    assert "-c constraints.txt" in line


@ON_POSIX
@pytest.mark.parametrize(
    "script", [".ci/run", "deploy/macos/at-log-on.sh", "deploy/macos/run.sh", "deploy/container/run.sh"]
)
def test_a_shell_script_can_be_read_by_the_shell(script: str) -> None:
    subprocess.run(["bash", "-n", ROOT / script], check=True, timeout=30)
    assert text(script).startswith("#!")
    assert "set -euo pipefail" in text(script)


def test_the_launch_agent_is_a_property_list_that_starts_the_bot_again_only_when_it_failed() -> None:
    agent = plistlib.loads((DEPLOY / "macos/transfer-bot.plist").read_bytes())
    assert agent["ProgramArguments"] == ["/bin/bash", "{root}/deploy/macos/run.sh", "{logs}"]
    assert agent["WorkingDirectory"] == "{root}"
    assert agent["RunAtLoad"] is True
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["Umask"] == 0o077
    assert agent["ExitTimeOut"] > Settings.model_fields["ixbrowser_timeout"].default + 5


LAUNCHCTL = """#!/bin/bash
echo "$*" >> "$HOME/launchctl.log"
[ "$1" != print ]
"""


@ON_POSIX
def test_the_mac_script_installs_an_agent_for_this_folder_and_removes_it(tmp_path: Path) -> None:
    home, bot, bin_ = tmp_path / "home", tmp_path / 'bot & <"others">', tmp_path / "bin"
    (bot / "deploy/macos").mkdir(parents=True)
    (bot / ".venv/bin").mkdir(parents=True)
    home.mkdir()
    bin_.mkdir()
    for name in ("at-log-on.sh", "transfer-bot.plist"):
        (bot / "deploy/macos" / name).write_bytes((DEPLOY / "macos" / name).read_bytes())
    (bin_ / "launchctl").write_text(LAUNCHCTL)
    (bin_ / "launchctl").chmod(0o755)
    (bot / ".venv/bin/python").symlink_to(sys.executable)

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        path = f"{bin_}{os.pathsep}{os.environ['PATH']}"
        command = ["bash", str(bot / "deploy/macos/at-log-on.sh"), *arguments]
        environment = {"HOME": str(home), "PATH": path}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert "set the bot up first" in call().stderr
    (bot / ".venv/bin/transfer-bot").symlink_to(sys.executable)
    assert "There is no .env" in call().stderr
    (bot / ".env").touch()
    done = call()
    assert (done.returncode, done.stderr) == (0, "")
    file = home / "Library/LaunchAgents/ixbrowser-transfer-bot.plist"
    agent = plistlib.loads(file.read_bytes())
    *started, logs = agent["ProgramArguments"]
    assert started == ["/bin/bash", f"{bot}/deploy/macos/run.sh"]
    assert Path(logs).is_dir()
    assert agent["WorkingDirectory"] == str(bot)
    # launchd appends for ever.
    assert {agent["StandardOutPath"], agent["StandardErrorPath"]} == {"/dev/null"}
    assert f"bootstrap gui/{os.getuid()} {file}" in (home / "launchctl.log").read_text()

    assert call("--uninstall").returncode == 0
    assert not file.exists()
    assert call("--else").returncode == 1


def program(at: Path, body: str) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_text(f"#!/bin/bash\n{body}\n")
    at.chmod(0o755)


@ON_POSIX
@pytest.mark.parametrize("status", [OK, NOT_RIGHT, *IN_VAIN])
def test_what_launchd_starts_ends_badly_only_where_another_start_may_help(status: int, tmp_path: Path) -> None:
    program(tmp_path / ".venv/bin/transfer-bot", f"exit {status}")
    script = tmp_path / "deploy/macos/run.sh"
    script.parent.mkdir(parents=True)
    script.write_bytes((DEPLOY / "macos/run.sh").read_bytes())
    ended = subprocess.run(["bash", script], timeout=30, check=False, capture_output=True, text=True)
    assert ended.returncode == (NOT_RIGHT if status == NOT_RIGHT else OK)
    assert ("not started again" in ended.stderr) == (status in IN_VAIN)


@ON_POSIX
def test_what_launchd_starts_keeps_what_was_said_at_two_starts_and_no_more(tmp_path: Path) -> None:
    program(tmp_path / ".venv/bin/transfer-bot", 'echo "start $START: $*" >&2; exit 2')
    script = tmp_path / "deploy/macos/run.sh"
    script.parent.mkdir(parents=True)
    script.write_bytes((DEPLOY / "macos/run.sh").read_bytes())
    logs = tmp_path / "the logs"
    logs.mkdir()
    for start in range(3):
        environment = {**os.environ, "START": str(start)}
        ended = subprocess.run(["bash", script, logs], timeout=30, check=True, capture_output=True, env=environment)
        assert (ended.stdout, ended.stderr) == (b"", b"")
    assert {file.name: file.read_text().splitlines()[0] for file in logs.iterdir()} == {
        "start.log": "start 2: run --quiet",
        "start.log.old": "start 1: run --quiet",
    }
    assert "not started again" in (logs / "start.log").read_text()


@ON_POSIX
@pytest.mark.parametrize("script", ["macos", "container"])
def test_a_bot_that_is_asked_to_stop_ends_as_it_does_by_itself(script: str, tmp_path: Path) -> None:
    bot = "trap 'sleep 0.2; exit 0' TERM; echo runs; for _ in {1..200}; do sleep 0.1; done"
    program(tmp_path / ".venv/bin/transfer-bot", bot)
    at = tmp_path / f"deploy/{script}/run.sh"
    at.parent.mkdir(parents=True)
    at.write_bytes((DEPLOY / script / "run.sh").read_bytes())
    path = f"{tmp_path / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
    with subprocess.Popen(["bash", at, "run"], stdout=subprocess.PIPE, text=True, env={"PATH": path}) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "runs\n"
        running.terminate()
        try:
            assert running.wait(30) == OK
        finally:
            running.kill()


@ON_POSIX
@pytest.mark.parametrize("status", IN_VAIN)
def test_a_container_waits_where_another_start_would_not_help(status: int, tmp_path: Path) -> None:
    program(tmp_path / "transfer-bot", f"exit {status}")
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    run = ["bash", str(DEPLOY / "container/run.sh"), "run"]
    with subprocess.Popen(run, stderr=subprocess.PIPE, text=True, env={"PATH": path}) as waiting:
        assert waiting.stderr is not None
        assert "stop the container" in waiting.stderr.readline()
        assert waiting.poll() is None
        waiting.terminate()
        try:
            assert waiting.wait(30) == OK
        finally:
            waiting.kill()
    # Another command ends as it is.
    ended = subprocess.run([*run[:2], "check"], env={"PATH": path}, timeout=30, check=False)
    assert ended.returncode == status


class Unit(configparser.RawConfigParser):
    """A unit file, in which the case of a key matters."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def test_the_service_ends_with_its_imports_and_is_not_started_again_in_vain() -> None:
    unit = Unit(strict=False)
    unit.read_string(text("deploy/linux/transfer-bot.service"))
    service = unit["Service"]
    assert service["ExecStart"].endswith("/.venv/bin/transfer-bot run")
    assert service["RestartPreventExitStatus"].split() == [str(status) for status in IN_VAIN]
    assert service["Type"] == "notify"
    assert int(service["WatchdogSec"]) > TIMES.silent_for + TIMES.look_every
    assert int(service["TimeoutStopSec"]) > Settings.model_fields["ixbrowser_timeout"].default + 5
    assert service["UMask"] == "0077"
    assert service["DynamicUser"] == service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_the_windows_script_starts_the_bot_at_log_on_and_is_not_started_again_in_vain() -> None:
    script = text("deploy/windows/at-log-on.ps1")
    assert script.isascii()  # Windows PowerShell reads anything else in the system's own code page
    assert "New-ScheduledTaskTrigger -AtLogOn" in script
    assert "-WindowStyle Hidden" in script
    assert "Unregister-ScheduledTask" in script
    assert f"-in 0, {WRONG_SETTING}, {ALREADY_RUNNING}, {TOO_NEW}" in script
    assert data_folder().name in script
    # What grows without end is kept by the bot itself, in a file of its own.
    assert "-ArgumentList 'run', '--quiet'" in script
    assert script.index("Move-Item -Force $Said") < script.index("-RedirectStandardError $Said")


def test_the_image_is_made_of_what_is_there_and_does_not_run_as_root() -> None:
    instructions = text("deploy/container/Dockerfile").replace("\\\n", " ").splitlines()
    copied = [shlex.split(line)[1:-1] for line in instructions if line.startswith("COPY") and "--from" not in line]
    sources = [source for group in copied for source in group]
    assert all((ROOT / source).exists() for source in sources)
    allowed = {line[1:] for line in text("deploy/container/Dockerfile.dockerignore").splitlines() if line[:1] == "!"}
    assert allowed == set(sources)
    assert "USER transfer-bot" in instructions
    assert not any("STATION" in line for line in instructions)  # two containers would be one station
    assert any(
        line.startswith("HEALTHCHECK") and '"transfer-bot", "check", "--running"' in line for line in instructions
    )


def test_files_that_are_named_are_there() -> None:
    named = re.findall(r"deploy[/\\][\w./\\-]+\.\w+", text("deploy/README.md") + text("README.md"))
    assert named
    assert [name for name in named if not (ROOT / name.replace("\\", "/")).exists()] == []


def test_every_version_is_pinned_and_none_of_them_comes_from_an_address() -> None:
    lines = [line for line in text("constraints.txt").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][\w.]*", line) for line in lines)
    pinned = {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in lines}
    wanted = re.findall(r'^    "([A-Za-z0-9_-]+)(?:\[[a-z]+\])?[=><][^;"]*"', text("pyproject.toml"), re.MULTILINE)
    assert {name.lower() for name in wanted} <= pinned
