"""A name and a password side by side, and nothing else that says that this is a login."""

from __future__ import annotations

import re

from bot.domain.hosts import is_evident
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.words import is_password, is_remark, is_secret

_COLON = re.compile("[:：]")
#: "ana / Pw1secret": with another sign only where nothing else stands.
_ALONE = re.compile(
    r"\s*(?P<site>[^\s:/]{1,20}:[ \t]+)?(?P<user>[^\W\d][^\s:/@|]{1,63})[ \t]+[/|][ \t]+(?P<password>\S+)\s*"
)
#: A name over a password, where nothing else stands: "ana_7", and "Pw1secret" in the next line.
_BELOW = re.compile(r"\s*(?P<user>[^\W\d][^\s:/@|]{1,63})[ \t]*\n\s*(?P<password>\S+)\s*")
#: "ana77:Kot5551"; a year is rather part of a name.
_NUMBERED = re.compile(
    r"(?=[^:]*[A-Za-z])(?=[^:]*[0-9_])[\w.+-]{3,64}[:：](?=[^:]*[a-z])[A-Za-z]{2,}(?!(?:19|20)[0-9]{2}\b)[0-9]{3,4}"
)
_OF_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
    r"(?:(?P<sign>[:|;]|-{2,8}|[ \t]+[/|][ \t]+)|[ \t]*[:,;][ \t]*|[ \t]+[-–—][ \t]+|[ \t]+)"
    r"(?P<password>[^\s:|;/@-][^\s:|;/@]{4,62}?[^\s:|;/@-])(?=--|[\s:|;,.]|\Z)"
)
#: "100088|Pw1secret|ABCDEFGH234567JK": a bought account. The key of its second factor has capitals alone, as numbers of
#: products, and is longer.
_OF_ROWS = re.compile("[|;]")
_OF_SECOND_FACTOR = re.compile(r"(?=.*[2-7])[A-Z2-7]{16,64}")
_PHONE = re.compile(r"\+?[0-9]{10,12}")
_DIGITS = re.compile(r"[0-9]+")
_EDGES = ".,!?()\"'"
_LONG = 8  # a word with a number is hardly as long: "warm14"
#: A page, a file, and a port with a path: digits and letters in them are no password.
_PAGE = re.compile(r"\S*://\S*|[\w-]+(?:\.[\w-]+)+/\S*|[A-Za-z]:\\\S*|\\\\\S+")
_PATH = re.compile(r"(?:[0-9]{1,5})?[/\\].*")


def holds_pair(text: str) -> bool:
    """Whether it may hold a name and a password.

    A word of it may, as ``ana:Pw1secret``, or all of it, as ``ana / Pw1secret``, or what stands behind an e-mail.
    """
    alone = _ALONE.fullmatch(text)
    if alone is not None and _is_login(**alone.groupdict()):
        return True
    below = _BELOW.fullmatch(text)
    if below is not None and _is_user(below["user"]) and _is_mixed(below["password"]):
        return True
    if any(map(_is_of_mail, _OF_MAIL.finditer(text))):
        return True
    return any(_is_pair(word) or _is_account(word) for word in text.split())


def has_look(field: str) -> bool:
    """Whether a field looks like a password. JSON and paths are made of fields as well."""
    if not field.isascii() or '"' in field or _PATH.fullmatch(field) or is_type(field) or is_evident(field):
        return False
    return is_password(field)


def is_page(word: str) -> bool:
    """Whether a word is the address of a page, or of a file."""
    return _PAGE.fullmatch(word) is not None


def _is_pair(word: str) -> bool:
    name, *fields = _COLON.split(word)
    if _NUMBERED.fullmatch(word.strip(_EDGES)):
        return True
    if _PHONE.fullmatch(name) and len(fields) == 1:
        return is_secret(fields[0]) and fields[0].isascii() and not is_evident(fields[0])
    return any(map(str.isalpha, name)) and not is_page(word) and any(map(has_look, fields))


def _is_login(site: str | None, user: str, password: str) -> bool:
    """Whether it is a login, perhaps behind a site's name, "fb: ana.lee / Anchor.88", and no two names with numbers."""
    if _DIGITS.sub("", user) == _DIGITS.sub("", password):
        return False
    numbered = (
        any(map(str.isdigit, password)) and password.isascii() and is_secret(password) and not is_remark(password)
    )
    return has_look(password) or (site is not None and numbered and _is_user(user))


def _is_user(word: str) -> bool:
    return word.islower() or any(sign.isdigit() or sign == "_" for sign in word)


def _is_mixed(field: str) -> bool:
    """Whether a field looks like a password, and not like the number of a product."""
    return has_look(field) and not field.isupper()


def _is_of_mail(match: re.Match[str]) -> bool:
    password = match["password"].strip(".,!?()")
    if match["sign"] is None:
        return _is_mixed(password)
    return password.isascii() and any(map(str.isdigit, password)) and is_secret(password) and not is_evident(password)


def _is_account(word: str) -> bool:
    _, *fields = _OF_ROWS.split(word)
    return bool(fields) and not is_page(word) and any(map(_is_of_account, fields))


def _is_of_account(field: str) -> bool:
    long = len(field) >= _LONG or not field.islower()
    return (long and _is_mixed(field)) or _OF_SECOND_FACTOR.fullmatch(field) is not None
