"""Codes, words and keys with which somebody gets into an account, a telephone or a network, beside a password."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.words import is_secret

Span = tuple[int, int]

#: A code that is sent to a phone, or opens one.
_ONE_TIME = re.compile(
    r"(?:код\w{0,2} из (?:смс|sms)|(?:sms|смс|otp)[ -]?(?:code|код\w{0,2})|(?<!\w)(?:pin|пин)[ -]?(?:code|код\w{0,2})"
    r"|код\w{0,2} (?:доступа|двухфактор\w+|подтвержд\w+|безопасности)|(?:verification|security|door|access) code"
    r"|(?<!\w)(?:смс|sms|код)(?= (?:от|из|from) )|验证码|mã (?:otp|xác nhận)|(?<!\w)(?:pin|пин)(?!\w))"
    r"(?:[ \t]{1,3}[^\W\d]+){0,4}?[ \t]{0,3}(?:[:=–—-]|is|это|là|是)?[ \t]{0,3}"
    r"(?P<value>[0-9]{4,8}|[0-9]{2,3}[ -][0-9]{2,3}(?:[ -][0-9]{2,3})?)"
    # The halves of a transfer code that is not written as one are no such code.
    r"(?![\w-]|[ \t_.–—]{1,3}-?[ \t]{0,2}[0-9]|\n[0-9]{8}(?![0-9]))",
    re.IGNORECASE,
)
#: The three digits of a bank card, and what opens a door.
_OF_CARD = re.compile(
    r"(?<!\w)(?:(?:cvv2?|cvc2?)[ \t:=-]{1,3}(?P<card>[0-9]{3,4})|(?:домофон\w{0,2}|intercom)[ \t:=-]{1,3}"
    r"(?P<door>(?=[^\W_]*[0-9]{2})[^\W_]{3,10}))(?!\w)",
    re.IGNORECASE,
)
#: Words, or codes of digits, with which an account is got back.
_OF_RECOVERY = LatePattern(
    r"(?:кодов\w{2,3} слов\w{1,2}|секретн\w{2,3} слов\w{1,2}|(?:code|secret) word)[^\n:=]{0,30}[:=–—-]"
    r"[ \t]{0,3}(?P<word>\S+)"
    r"|(?:(?:backup|recovery|резервн\w{2,3})[ -](?:codes?|код\w{0,2})|备用验证码|恢复代码|mã (?:dự phòng|khôi phục))"
    r"[^0-9]{0,30}(?P<code>(?=[0-9a-z]*[0-9])[0-9a-z]{4,6}[ -]?(?=[0-9a-z]*[0-9])[0-9a-z]{4,6}(?![\w-]))"
    r"|(?:seed|mnemonic|recovery|сид|мнемо\w{1,7})[ -]?(?:phrase|фраз\w{1,2})?(?:[ \t]{1,3}[^\W\d]+){0,3}?"
    r"[ \t]{0,3}[:=–—\n-][ \t\n]{0,3}"
    r"(?P<phrase>(?:[a-z]{3,8}[ \t\n]{1,2}){3,23}[a-z]{3,8})"
    r"|(?:app|приложени[яю]|ứng dụng|应用)[^\n]{0,20}?[:=–— -][ \t]{0,3}(?P<app>(?:[a-z]{4} ){3}[a-z]{4})(?!\w)",
    re.IGNORECASE,
)
#: A second factor's key: "2fa JRXXG5BAMZXXE3LB".
_OF_SECOND_FACTOR = re.compile(
    r"(?i:2fa|totp|otp|authenticator|двухфактор\w{1,5})(?!\w)[^\n]{0,40}?"
    r"(?<!\w)(?P<value>(?=[A-Z2-7]*[2-7])[A-Z2-7]{16,64})(?!\w)",
)
#: "WiFi Office-5G / guest2026": a network has a name, and eight characters at least.
_OF_WIFI = re.compile(
    r"(?<![^\W_])(?:wi-?fi|wlan|hotspot|вай-?фа[йея]\w{0,2}|无线网络?)[ \t:]{1,3}[^\s/|:;,][^\n/|:;,]{0,30}?"
    r"(?:[ \t]*[:;|,][ \t]*|[ \t]+[/–—-][ \t]+)(?P<value>[!-~]{8,63})(?!\S)",
    re.IGNORECASE,
)
#: "root / Pw1secret"
_OF_ROOT = re.compile(
    r"(?<![^\W_])(?:root|admin|administrator)(?:[ \t]*[:|][ \t]*|[ \t]+[/–—-][ \t]+)(?P<value>[!-~]{5,64})(?!\S)",
    re.IGNORECASE,
)


def access_codes(plain: str) -> Iterator[Span]:
    """Where such codes stand."""
    for pattern in (_ONE_TIME, _OF_SECOND_FACTOR):
        yield from (match.span("value") for match in pattern.finditer(plain))
    for pattern in (_OF_RECOVERY.compiled, _OF_CARD):
        yield from (match.span(match.lastgroup or 0) for match in pattern.finditer(plain))
    for pattern in (_OF_WIFI, _OF_ROOT):
        yield from (match.span("value") for match in pattern.finditer(plain) if is_secret(match["value"]))
