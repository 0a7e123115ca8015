"""By what this computer is told from others, as far as its system says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

_LINUX: Final = ("/etc/machine-id", "/var/lib/dbus/machine-id")
_IOREG: Final = ("/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice")
#: Seconds in which a program of the system's own answers.
_WITHIN: Final = 5.0


def machine_id() -> str:
    """The same for as long as the system is not installed anew; empty where it says nothing, as in a container."""
    try:
        if sys.platform == "win32":
            return _of_windows()
        return _of_mac() if sys.platform == "darwin" else _of_linux()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""


def _of_linux() -> str:
    return next((text for name in _LINUX if (file := Path(name)).exists() and (text := file.read_text().strip())), "")


def _of_mac() -> str:
    said = subprocess.run(_IOREG, capture_output=True, check=True, timeout=_WITHIN).stdout.decode()  # noqa: S603 - always the same
    found = re.search(r'"IOPlatformUUID" = "([^"]+)"', said)
    return "" if found is None else found[1]


def _of_windows() -> str:
    if sys.platform != "win32":
        return ""
    import winreg  # noqa: PLC0415 - only Windows has it

    place = r"SOFTWARE\Microsoft\Cryptography"
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
        return str(winreg.QueryValueEx(key, "MachineGuid")[0])
