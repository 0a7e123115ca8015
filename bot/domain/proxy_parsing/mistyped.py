"""Labels that are nearly spelled as they should be: ``пороль``, ``passwrod``, ``lgoin``."""

from __future__ import annotations

from typing import Final

from bot.domain.proxy_parsing.vocabulary import NAMES, Part

_LEAST: Final = 5
_NAMES: Final = {
    Part.PASSWORD: frozenset(["password", "passphrase", "пароль", "matkhau", "contraseña", "passwort", "kennwort"]),
    Part.USER: frozenset(
        ["login", "username", "account", "логин", "пользователь", "taikhoan", "usuario", "benutzername"]
    ),
}
_KNOWN: Final = frozenset(name for names in NAMES.values() for name in names)
#: Words that are spelled nearly like a label, and are none.
_OTHERS: Final = frozenset(
    [
        "passport",
        "logic",
        "logins",
        "logan",
        "accounts",
        "пароли",
        "пароля",
        "паролю",
        "паролем",
        "пароле",
        "паролей",
        "логина",
        "логины",
        "логину",
        "логином",
        "логику",
        "логика",
        "паром",
        "юзера",
        "юзеру",
        "пользователи",
        "пользователя",
        "пользователю",
        "passwords",
        "contrasena",
    ]
)


def is_mistyped(word: str, parts: tuple[Part, ...] = (Part.PASSWORD, Part.USER)) -> bool:
    """Whether a word differs in one letter, or in two that changed places, from the name of one of these parts."""
    lower = word.lower()
    if len(lower) < _LEAST or not lower.isalpha() or lower in _KNOWN or lower in _OTHERS:
        return False
    return any(_is_near(lower, name) for part in parts for name in _NAMES[part])


def _is_near(word: str, name: str) -> bool:
    if abs(len(word) - len(name)) > 1 or word[0] not in name[:2]:
        return False
    start = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    one, other = word[start:], name[start:]
    same_end = one[1:] == other[1:] or one[1:] == other or one == other[1:]
    swapped = len(one) > 1 and len(other) > 1 and (one[0], one[1]) == (other[1], other[0]) and one[2:] == other[2:]
    return same_end or swapped
