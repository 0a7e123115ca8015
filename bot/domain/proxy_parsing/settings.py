"""How programs are told a proxy: variables, options, keys of JSON and calls, "PROXY_AUTH=ana:Pw1secret"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.addresses import find_addresses, find_hosts
from bot.domain.proxy_parsing.label_values import Label
from bot.domain.proxy_parsing.vocabulary import Part
from bot.domain.proxy_parsing.words import is_secret
from bot.errors import InputError

Span = tuple[int, int]

_QUOTED = r"(?P<quote>[\"']?)(?P<value>(?<=\")[^\"\n]*(?=\")|(?<=')[^'\n]*(?=')"
_VALUE = rf"{_QUOTED}|(?<![\"'])(?!new[ \t])(?:[Bb]asic[ \t]+)?[^\s\"'{{\[]\S*)(?P=quote)"
#: "NAME=value", "--name=value", "$name = 'value'", and "name": "value" of JSON.
_ASSIGNED = re.compile(
    r"(?:(?<![^\s{\[(,;&])|(?<=\bexport ))(?P<sigil>--?|\$)?(?P<mark>[\"']?)"
    r"(?P<name>[A-Za-z_][\w.-]{0,40}[A-Za-z0-9])(?P=mark)"
    rf"(?P<sign>[ \t]*=>?[ \t]*|(?<=[\"']):[ \t]*|:[ \t]+(?=\S)){_VALUE}"
)
#: "--name value"
_OPTION = re.compile(rf"(?<!\S)(?P<sigil>--)(?P<name>[a-z][a-z-]{{1,40}})[ \t]+(?!-){_VALUE}")
#: "setProperty("http.proxyUser", "ana")", "curl_setopt($ch, CURLOPT_PROXYUSERPWD, 'ana:Pw1secret')"
_ARGUMENT = re.compile(
    r"(?P<head>\b[A-Za-z_][\w.]{0,40}\([ \t]*(?:\$\w+,[ \t]*)?(?P<mark>[\"']?)"
    r"(?P<name>[A-Za-z][\w.-]{2,40})(?P=mark),[ \t]*)"
    rf"{_QUOTED}|[0-9]+)(?P=quote)\)?;?"
)
#: "HTTPProxyAuth("ana", "Pw1secret")"
_CREDENTIALS = re.compile(
    r"\b[A-Za-z.]{0,40}(?:Auth|Authentication|Credentials?)\([ \t]*"
    r"(?P<quote>[\"'])(?P<user>[^\"'\n]+)(?P=quote)[ \t]*,[ \t]*(?P<mark>[\"'])(?P<password>[^\"'\n]+)(?P=mark)[ \t]*\)"
)
#: "-u ana -P Pw1secret", "-h 203.0.113.7 -p 1080 -u ana -P Pw1secret"
_SHORT = re.compile(
    r"(?<!\S)(?:-[hH][ \t]+(?P<host>\S+)[ \t]+-p[ \t]+(?P<port>[0-9]{1,5})[ \t]+)?"
    r"-[ul][ \t]+(?P<user>[^\s:-]\S*)[ \t]+-(?:P|p|pw)[ \t]+(?P<password>(?![0-9]+(?!\S))[^\s-]\S*)(?![ \t]+[^\s-])"
)
#: "ssh ana@203.0.113.7 -p 2222", the port in front as well, "sshpass -p Pw1secret ssh …"
_SWITCHES = r"(?:-(?:[fgNnqTtvC]+|D[ \t]*[0-9]{1,5})[ \t]+)*"
_SSH = tuple(
    re.compile(rf"(?<!\S)(?<=ssh )[ \t]*{_SWITCHES}{order}(?!\S)", re.IGNORECASE)
    for account in [r"(?P<user>[\w.-]+)@(?P<host>[^\s@:]+)"]
    for port in [r"-p[ \t]*(?P<port>[0-9]{1,5})"]
    for order in (rf"{account}[ \t]+{port}", rf"{port}[ \t]+{_SWITCHES}{account}")
)
_SSH_PASSWORD = re.compile(
    r"(?<!\S)sshpass[ \t]+-p[ \t]*(?P<quote>[\"']?)(?P<password>[^\s\"']+)(?P=quote)(?=[ \t]+ssh[ \t])"
)
#: "-k", "--verbose"
_SWITCH = re.compile(
    r"(?<!\S)(?:-(?![xUulpP])[A-Za-z]|--(?!proxy)(?P<name>[a-z]{2,}(?:-[a-z]+)*))"
    r"(?=[ \t]+-|[ \t]+https?://|[ \t]*$)",
    re.MULTILINE,
)
#: "$ch = curl_init();"
_CALLED = re.compile(
    r"(?:(?<=^)|(?<=\n))[ \t]*(?:\w+[ \t]+)?\$?\w+[ \t]*=[ \t]*[\w.]+\([^\"'\n()]*\)(?=[ \t]*[;#\n]|[ \t]*\Z)"
)
#: What is no user: an option, a variable, what has a quote in front or behind, a call.
_OF_PROGRAM = re.compile(
    r"--?[A-Za-z][\w-]*(?:=.*)?|(?:[A-Z]{2,}|[A-Z][A-Z0-9]*_[A-Z0-9_]*)=.*|\$\w+(?:=.*)?|[\"'].*|.*[\"']|[\w.]*\([^)]*"
)
_OF_USERS = frozenset({"-u", "-U", "--user"})
_IS_LONG_OPTION = re.compile(r"--[A-Za-z][\w-]*(?:=.*)?|-[A-Za-z]")
_IS_OPTION = re.compile(r"--?[A-Za-z][\w-]*(?:=.*)?")

#: What may stand in front of what a name ends in, without another owner of the login: "HTTP_PROXY_USER".
_OWNERS = r"(?:curlopt|https?|ftp|all|socks5?|my|your|default|upstream|proxy|proxies|px)*"
_PARTS = (
    (
        Part.LOGIN,
        rf"{_OWNERS}(?:basic)?(?:auth|authentication|authorization|credentials?|creds?"
        r"|(?:user|login)(?:name)?(?:and)?(?:pass|passwd|pwd|password))",
    ),
    (Part.USER, rf"{_OWNERS}(?:auth)?(?:user|username|login|account)"),
    (Part.PASSWORD, rf"{_OWNERS}(?:auth)?(?:pass|passw|passwd|password|pwd)"),
    (Part.TYPE, rf"{_OWNERS}proxy(?:type|protocol|scheme)"),
)
_TOLD = (Part.HOST, Part.PORT, Part.USER, Part.PASSWORD)
_OF_LOGIN = tuple((part, re.compile(spelled)) for part, spelled in _PARTS)
_OF_ADDRESS = (
    (Part.PORT, re.compile(rf"{_OWNERS}port")),
    (Part.HOST, re.compile(rf"{_OWNERS}(?:host|server|address|addr|ip|proxy)")),
)
_OTHERS = re.compile(
    r"noproxy|proxybypass|bypass(?:list)?|exclude|exceptions|nonproxyhosts|tz|lang|language|locale|path|home|shell|debug"
    r"|verbose|env|nodeenv|loglevel|(?:connect)?timeout(?:ms)?|(?:max)?retries|retry|delay|threads|workers|headless"
    r"|(?:expires?|created|updated)(?:at)?"
)
_OF_PROXY = re.compile(r"prox|host|port|user|login|pass|auth|socks|pwd|\Ahttps?\Z", re.IGNORECASE)
_PLAIN_VALUE = re.compile(r"[0-9]{1,4}(?:\.[0-9]+)?|true|false|null|none|yes|no|on|off", re.IGNORECASE)
_OF_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9_]+")
_BEHIND = re.compile(r"[ \t]+[^\W\d_]\w*(?![^\s])")
_ENDS_JSON = "}],"


def with_settings(plain: str, labels: Sequence[Label]) -> list[Label]:
    """These labels, and those that settings are: each has in its name which part of a proxy it is."""
    found: list[Label] = []
    # Beside another address nobody knows whose it is.
    of_ssh = (*_SSH, _SSH_PASSWORD) if "ssh" in plain.lower() and not find_addresses(plain) else ()
    for pattern in (_CREDENTIALS, _SHORT, *of_ssh):
        for match in pattern.finditer(plain):
            begin, quoted = match.start(), pattern is _CREDENTIALS or bool(match.groupdict().get("quote"))
            for part in sorted((each for each in _TOLD if match.groupdict().get(each.value)), key=_start_in(match)):
                start, end = match.span(part.value)
                found.append(Label(part, begin, start, end, True, quoted, name=part.value))
                begin = end
    taken = [(each.begin, each.end) for each in found]
    found += [each for each in labels if not _is_taken(taken, each.begin, each.end)]
    taken = [(each.begin, each.end) for each in found]
    for match in (*_ASSIGNED.finditer(plain), *_OPTION.finditer(plain), *_ARGUMENT.finditer(plain)):
        named = _part_of(match["name"], (*_OF_LOGIN, *_OF_ADDRESS) if match.re is _ARGUMENT else _OF_LOGIN)
        start, end = match.span("value")
        if named is None or start == end:
            continue
        if match.re is not _ARGUMENT and match["sigil"] == "--":
            found = [cut for each in found if (cut := _before_option(each, match, plain))]
            taken = [(each.begin, each.end) for each in found]
        if _is_taken(taken, match.start("name"), end):
            continue
        if named in (Part.HOST, Part.PORT) or not any(find_hosts(match["value"], 0, end - start)):
            taken.append((match.start(), end))
            found.append(
                Label(named, match.start(), start, end, True, bool(match["quote"]), name=match["name"].lower())
            )
    return found


def _start_in(match: re.Match[str]) -> Callable[[Part], int]:
    return lambda part: match.start(part.value)


def _before_option(label: Label, option: re.Match[str], plain: str) -> Label | None:
    """The label without the option behind its value; None where it is only the beginning of the option."""
    if label.begin == option.start() and len(label.name) < option.end("name") - option.start():
        return None
    if label.quoted or not label.start < option.start() < label.end:
        return label
    return replace(label, end=label.start + len(plain[label.start : option.start()].rstrip()))


def _part_of(name: str, parts: Sequence[tuple[Part, re.Pattern[str]]]) -> Part | None:
    bare = _bare(name)
    return next((part for part, pattern in parts if pattern.fullmatch(bare)), None)


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _is_taken(taken: Sequence[Span], start: int, end: int) -> bool:
    return any(begin < end and start < last for begin, last in taken)


def heads_of_calls(plain: str) -> list[Span]:
    """What stands in front of a value that a call tells a program: "curl_setopt($ch, CURLOPT_PROXY, "."""
    return [match.span("head") for match in _ARGUMENT.finditer(plain) if "proxy" in match["name"].lower()]


def other_settings(plain: str) -> list[Span]:
    """Where settings stand that are evidently about something else: "NO_PROXY=localhost", "timeout": 30."""
    found = [match.span() for match in _ASSIGNED.finditer(plain) if _is_other(match)]
    found += [match.span() for match in _SWITCH.finditer(plain) if not _OF_PROXY.search(match["name"] or "")]
    # In "NO_PROXY=localhost npm install" a command follows.
    found = [(start, end) for start, end in found if _BEHIND.match(plain, end) is None]
    return found + [match.span() for match in _CALLED.finditer(plain)]


def _is_other(match: re.Match[str]) -> bool:
    name, value = match["name"], match["value"].rstrip(_ENDS_JSON)
    if match["sign"].startswith(":") and not match["mark"]:
        return False
    if _OTHERS.fullmatch(_bare(name)):
        return not is_secret(value.partition(":")[2])  # "HOME=ana:Pw1secret"
    if "." in name:
        return False  # it may be a host
    of_environment = match["sign"] == "=" and _OF_ENVIRONMENT.fullmatch(name) is not None
    of_program = match["sigil"] or match["mark"] or of_environment
    return bool(of_program) and _OF_PROXY.search(name) is None and _PLAIN_VALUE.fullmatch(value) is not None


def without_settings(readings: Iterable[Custom], plain: str) -> list[Custom]:
    """The readings of which no user is rather an option, a variable, a key of JSON or a call.

    Raises ``InputError``, where nothing else is left, or what was left out may hold the login.
    """
    kept: list[Custom] = []
    left_out: list[Custom] = []
    for each in readings:
        if each.user in _OF_USERS and ":" in (each.password or "")[1:-1]:
            user, _, password = (each.password or "").partition(":")
            kept.append(replace(each, user=user, password=password))  # curl's login for a page, or meant for the proxy
        elif each.user and _is_of_program(each, plain):
            left_out.append(each)
        else:
            kept.append(each)
    bare = not any(each.user for each in kept)
    if left_out and bare and any(map(_may_hold_login, left_out)):
        raise InputError("unreadable")
    return kept or [replace(each, user="", password="") for each in left_out]


def _is_of_program(reading: Custom, plain: str) -> bool:
    user, spelled = reading.user, re.escape(reading.user)
    if re.search(rf"[{{,][ \t]*[\"']{spelled}[\"'][ \t]*:", plain):
        return True
    password = reading.password or ""
    if _IS_LONG_OPTION.fullmatch(password) and re.search(rf"(?<=\s){re.escape(password)}", plain):
        return True
    # What a sign joins on to an address may be any user.
    return _OF_PROGRAM.fullmatch(user) is not None and re.search(rf"(?<![:@|;]){spelled}", plain) is not None


def _may_hold_login(reading: Custom) -> bool:
    """Whether a setting that is of no known kind may tell the login: not so where it is a lone value."""
    user, password = reading.user, reading.password or ""
    if _IS_OPTION.fullmatch(user) or _IS_OPTION.fullmatch(password):
        return is_secret(password) and "=" not in password and "://" not in password
    return bool(password) or ":" in user or "=" not in user
