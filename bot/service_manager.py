"""What systemd is told of this process: a line is a datagram to the socket that it names. Elsewhere nothing is told."""

from __future__ import annotations

import contextlib
import socket

from bot.settings import service_socket


def notify(*lines: str) -> None:
    """Tell the service manager this, as ``READY=1``, where one has started the process and wants to be told."""
    address = service_socket()
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        # A name that begins with @ stands for one that is in no folder.
        sender.sendto("\n".join(lines).encode(), "\0" + address[1:] if address[0] == "@" else address)
