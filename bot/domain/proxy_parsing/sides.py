"""Of what stands on the two sides of an address: which is its login."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.proxy_parsing.addresses import Address
from bot.domain.proxy_parsing.logins import NONE, Login


def chosen(front: list[Login], begin: int, sign: str, behind: list[Login], address: Address) -> tuple[list[Login], int]:
    """The logins that stand, the likeliest first, and where the first of them begins.

    ``front`` begins at ``begin``, and ``sign`` joins it on to the address.
    """
    has_login = [login for login in front if login.user or login.password]
    types = [login.type for login in front if login.type and not login.user]
    if has_login and sign != "@" and all(login.type and not login.user for login in behind):
        # A row with a type at its end: "ana:pass;host:port;http".
        front, behind = [replace(login, type=login.type or behind[0].type) for login in front], [NONE]
    if has_login and (sign == "@" or behind == [NONE]):
        # "name@host:port:user:pass" may be meant either way.
        if sign == "@" and all(login.password is None for login in front) and any(login.password for login in behind):
            return [*behind, *front], begin
        return front, begin
    # Which side has it is not evident in "ana:pass;host:port;Kim".
    either = all(login.user for login in behind) and any(login.user and login.password for login in front)
    if has_login and (either if sign else any(login.user for login in behind)):
        return [*front, *behind] if sign else [*behind, *front], begin
    if has_login and sign and all(login.user for login in behind):
        return [*behind, *(front if len(behind) == 1 else [])], begin if len(behind) == 1 else address.start
    if types and not has_login:
        return [replace(login, type=types[0]) for login in behind], begin
    return behind, address.start
