"""A proxy as most tests of its reader write it, another one beside it, and what is read of either."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.proxy import Custom, ProxyType

ADDRESS = "203.0.113.7:8000"
ROW = f"{ADDRESS}:ana:Pw1secret"
LABELLED = "IP: 203.0.113.7\nPort: 8000\nLogin: ana\nPassword: Pw1secret"
READ = Custom("203.0.113.7", 8000, None, "ana", "Pw1secret")
HTTP, SOCKS5 = (replace(READ, type=type_) for type_ in (ProxyType.HTTP, ProxyType.SOCKS5))
#: The same where its password is asked for, and where it has no login.
ASKED = replace(READ, password=None)
WITHOUT_LOGIN = replace(READ, user="", password="")

OTHER = "198.51.100.7:8001:bob:Pw2secret"
OF_OTHER = Custom("198.51.100.7", 8001, None, "bob", "Pw2secret")
