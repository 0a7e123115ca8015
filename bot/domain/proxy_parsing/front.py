"""The login in front of an address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.proxy_parsing.addresses import Address
from bot.domain.proxy_parsing.fields import split_login, type_or_user
from bot.domain.proxy_parsing.lines import line_start
from bot.domain.proxy_parsing.logins import CLOSING, Login, View
from bot.domain.proxy_parsing.row_pairs import row_before
from bot.domain.proxy_parsing.types import SCHEME, is_type, read_type
from bot.domain.proxy_parsing.words import is_login_of_digits, is_name, is_secret

#: What may stand in front of a login without a space: brackets, quotes, emoji, a list's number, a name with "=".
_JUNK = re.compile(
    r"(?:(?:代理|使用|请用|用|和)(?=[!-~])|[\[({<\"'`“«„‘「]|[\u2190-\u2bff\U0001f000-\U0001faff]|[0-9]{1,3}\)|[0-9]{1,2}\.(?=[^\W\d])"
    r"|(?:https?|socks5?h?)[:;]?/{1,3}|/{1,3}|(?:--?)?[A-Za-z_][\w-]{2,30}=(?=[\"']?[^=]))+"
)
_ARROW = re.compile(r"[ \t]+[-–—=]*[-–—>→/\\]+[ \t]+\Z")
_ON_LINE_ABOVE = re.compile(r"@[ \t]*\n[ \t]*\Z")
#: "ana : pass @", and "ana: pass@"
_SPACED_PAIR = re.compile(r"(?<!\S)(?P<user>[^\s:@]+)(?:(?P<space>[ \t]+):[ \t]*|:[ \t]+)(?P<password>[^\s:@]+)\Z")
#: "ana:my ", in front of the rest of a password
_PAIR_BEFORE = re.compile(r"(?<![^\s/])(?P<user>[^\s:@/]+):(?!/)(?:[^\s:@]+[ \t]+){1,3}\Z")
_BULLET = re.compile(r"[-–—•>*]|#?[0-9]{1,3}[.)]?")
_BROKEN = re.compile(r"(?:^|(?<=[ \t]))(?P<user>[^\s:@]{6,}[-_])\n\Z", re.MULTILINE)
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")


def login_in_front(view: View, address: Address, floor: int, *, guess: bool) -> tuple[list[Login], int, str]:
    """The ways in which what stands before an address may be its login, where they begin, and the sign that joins them.

    None is a login where the list is empty. Without ``guess`` only what is joined on by a sign is one. Raises
    ``InputError`` where it can't be read.
    """
    plain, start = view.plain, address.start
    while start > floor and plain[start - 1] in "([{<\"'`":
        start -= 1
    before = plain[floor:start]
    trimmed = before.rstrip(" \t")
    if _ON_LINE_ABOVE.search(before):
        trimmed = before.rstrip()
    sign = trimmed[-1:] if trimmed[-1:] in tuple(":@|;,") else ""
    glued = bool(sign) and trimmed == before
    end = floor + len(trimmed) - len(sign)
    if plain[floor:start].endswith("##"):
        sign, end, glued = "@", start - 2, True
    end = floor + len(plain[floor:end].rstrip(" \t\n" if sign == "@" else " \t"))
    begin = max(floor, _word_start(plain, end))
    while begin == floor < end and plain[begin] in ",;|":
        begin = floor = begin + 1  # what parts it from the proxy before it
    if sign == "@" and (spaced := _SPACED_PAIR.search(plain, floor, end)):
        login = Login(view.typed(*spaced.span("user")), view.typed(*spaced.span("password")))
        apart = [] if spaced["space"] else [Login(login.password or "", None)]  # "Shop: ana@host:port"
        return [login, *apart], spaced.start(), sign
    if not sign and (arrow := _ARROW.search(before)):
        return _before_arrow(view, address, floor, floor + len(before[: arrow.start()].rstrip()), guess=guess)
    if sign == "@" and begin < end:
        return _before_at(view, address, begin, end), begin, sign
    if sign and begin < end:
        found = _fields(view, begin, end, sign) if glued else _spaced_fields(view, floor, begin, end, sign)
        return found, begin, sign if glued else ""
    if not guess or sign:
        return [], start, ""
    return _words(view, address, floor, end, begin)


def _before_arrow(view: View, address: Address, floor: int, end: int, *, guess: bool) -> tuple[list[Login], int, str]:
    """``ana:pass -> 203.0.113.7:1080``, and rows whose cells a slash parts."""
    begin = max(floor, _word_start(view.plain, end))
    line = max(floor, line_start(view.plain, end))
    if " / " in view.plain[line:end] and (row := row_before(view, line, end, "/", spaced=True)):
        return [row], begin, ""
    is_pair = ":" in view.plain[begin:end].strip(":") and guess and not _TIME.fullmatch(view.plain, begin, end)
    return (split_login(view, begin, end), begin, "") if is_pair else ([], address.start, "")


def _word_start(plain: str, end: int) -> int:
    return max(plain.rfind(sign, 0, end) for sign in " \t\n") + 1


def _before_at(view: View, address: Address, begin: int, end: int) -> list[Login]:
    """The login before ``@``; what stands in front of it may be no part of it."""
    line = line_start(view.plain, begin)
    above = line_start(view.plain, max(line - 1, 0))
    split = split_login(view, begin, end)
    whole = [*_wrapped(view, above, begin, split), *split, *_with_space(view, line, begin, end)]
    junk = _JUNK.match(view.plain, begin, end)
    if junk is None or junk.end() == end:
        return whole
    without = split_login(view, junk.end(), end)
    if not junk[0].strip("/"):
        return without  # what is left of a scheme
    closed = CLOSING.get(view.plain[begin], "") == view.plain[address.end : address.end + 1] != ""
    return without if closed and junk.end() == begin + 1 else [*without, *whole]


def _wrapped(view: View, above: int, begin: int, logins: Sequence[Login]) -> Sequence[Login]:
    """The logins whose user was broken at the end of the line above: "customer-ana-", and "zone1:pass@host" below."""
    broken = _BROKEN.search(view.plain, above, begin)
    return [replace(each, user=view.typed(*broken.span("user")) + each.user) for each in logins] if broken else []


def _with_space(view: View, line: int, begin: int, end: int) -> Sequence[Login]:
    """The login of which the word before ``@`` may be the end of a password with a space: "ana:my pass@host"."""
    if ":" in view.plain[begin:end]:
        return []
    pair = _PAIR_BEFORE.search(view.plain, line, begin)
    return [Login(view.typed(*pair.span("user")), None)] if pair else []


def _spaced_fields(view: View, floor: int, begin: int, end: int, sign: str) -> list[Login]:
    """``ana | pass | 203.0.113.7 | 1080``, and ``ana:pass | 203.0.113.7:1080``."""
    line = max(floor, line_start(view.plain, end))
    if sign != ":" and sign in view.plain[line:end] and (row := row_before(view, line, end, sign, spaced=True)):
        return [row]
    parts = [part.strip() for part in view.plain[line:end].split(sign)]
    if sign != ":" and len(parts) == 1 and ":" in view.plain[begin:end].rstrip(":"):
        return split_login(view, begin, end)
    if len(parts) == 2 and not any(" " in part for part in parts) and not any(map(is_name, parts)):
        seps = view.positions(line, end, sign)
        login = _user_at(view, line, seps[0])
        return [replace(login, password=view.typed(seps[0] + 1, end).strip())]
    return []


def _user_at(view: View, start: int, end: int) -> Login:
    """A user with what may be a scheme in front: that of "socks5://ana.lee pass 203.0.113.7 1080"."""
    start += len(view.plain[start:end]) - len(view.plain[start:end].lstrip())
    scheme = SCHEME.match(view.plain, start, end)
    if scheme is None:
        return Login(view.typed(start, end).strip())
    return Login(view.typed(scheme.end(), end).strip(), type=read_type(scheme["scheme"]))


def _fields(view: View, begin: int, end: int, sign: str) -> list[Login]:
    """``user:pass:203.0.113.7:1080``, perhaps with a type or a name in front."""
    between = sign if sign in view.plain[begin:end] else ":"
    seps = view.positions(begin, end, between)
    if between != ":" and (row := row_before(view, begin, end, between)):
        return [row]
    if not seps:
        word = view.typed(begin, end)
        return [Login(type=read_type(word))] if is_type(word) else []
    first = view.typed(begin, seps[0])
    others = split_login(view, seps[0] + 1, end, between) if len(seps) > 1 else []
    if is_type(first) and len(seps) > 1 and not view.plain[seps[1] : end].strip(between):
        return type_or_user(view, seps, first, end)
    if is_type(first):
        type_ = read_type(first)
        return [replace(login, type=type_) for login in others] or [Login(type=type_)]
    login = Login(first, view.typed(seps[0] + 1, end))
    if not is_name(first):
        return [login]
    return [login, *others] if others or not is_name(login.password or "") else [Login(), login]


def _words(view: View, address: Address, floor: int, end: int, begin: int) -> tuple[list[Login], int, str]:
    """A login with nothing but white space behind it."""
    plain = view.plain
    same_line = "\n" not in plain[end : address.start]
    line = max(floor, line_start(plain, end))
    words = plain[line:end].split()
    if len(words) == 3 and _BULLET.fullmatch(words[0]):
        words = words[1:]
    if not words:
        above = floor + len(plain[floor:end].rstrip())
        line = max(floor, line_start(plain, above))
        if "\n" in address.inner or len(plain[line:above].split()) != 1:
            return _lines(view, address, floor, end)
        same_line, words, begin, end = False, [plain[line:above].strip()], _word_start(plain, above), above
    if "\t" in plain[line:end] and (row := row_before(view, line, end, "\t")):
        return [row], begin, ""
    word = plain[begin:end]
    user, colon, password = word.partition(":")
    if colon and user and password and not _TIME.fullmatch(word) and "//" not in word:
        login = Login(view.typed(begin, begin + len(user)), view.typed(begin + len(user) + 1, end))
        certain = is_secret(password) or (len(words) == 1 and not is_name(password))
        return ([login] if certain else [login, Login()]), begin, ""
    if not same_line or len(words) != 2 or (any(map(is_name, words)) and not is_login_of_digits(*words)):
        return _lines(view, address, floor, end) if not same_line else ([], address.start, "")
    starts = [match.span() for match in re.compile(r"\S+").finditer(plain, line, end)][-2:]
    login = replace(_user_at(view, *starts[0]), password=view.typed(*starts[1]))
    certain = address.inner.isspace()
    return ([login] if certain else [login, Login()]), starts[0][0], ""


def _lines(view: View, address: Address, floor: int, end: int) -> tuple[list[Login], int, str]:
    """User, password, host and port, each on a line of its own."""
    certain = "\n" in address.inner
    spans = [match.span() for match in re.compile(r"[^\s][^\n]*").finditer(view.plain, floor, end)]
    texts = [view.plain[slice(*span)].strip() for span in spans]
    if len(spans) != 2 or any(" " in text for text in texts) or (not certain and any(map(is_name, texts))):
        return [], address.start, ""
    user, password = (view.typed(*span).strip() for span in spans)
    return [Login(user, password), *([] if certain else [Login()])], spans[0][0], ""
