"""What the reader makes of the proxies that its tests write in many ways."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.proxy import Custom, ProxyType

BARE = Custom(host="203.0.113.7", port=1080, password="")
FULL = Custom(host="203.0.113.7", port=1080, user="ana", password="pass")
SOCKS5 = replace(FULL, type=ProxyType.SOCKS5)
IPV6 = replace(FULL, host="2001:db8::7")
NAMED = replace(FULL, host="gate.example.com")
