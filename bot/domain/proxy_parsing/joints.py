"""Signs with which people join the fields of a proxy besides the usual ones: "host----port----ana----pass"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.domain.proxy_parsing.label_patterns import is_label_name
from bot.domain.proxy_parsing.tidy import Tidy
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.vocabulary import NAMES, Part
from bot.domain.proxy_parsing.words import is_secret

Span = tuple[int, int]

#: What such joints are read as: the first of these that the line does not have otherwise.
_PLAIN = "|;,"

#: The two hyphens of a domain in Punycode, "xn--p1ai", join nothing.
_REPEATED = re.compile(
    r"(?<=[^\s=_~|#*+–—-])(?<![^\w-]xn)(?<!--xn)(?<!^xn)(?P<sign>[=_~|#*+–—-])(?P=sign)+(?=[^\s=_~|#*+–—-])",
    re.IGNORECASE,
)
_LONG = 3  # signs of a joint that stands alone: two hyphens stand within domains
_LABEL = r"(?:[^\W\d]\w*:)?"  # glued on to the first field
_IP = rf"{_LABEL}(?:(?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}|\[[0-9A-Fa-f:.]{{2,45}}\])"
_HOST = rf"(?:{_IP}|{_LABEL}[\w-]+(?:\.[\w-]+)+)"
_IS_IP = re.compile(_IP)
_IS_HOST = re.compile(_HOST)
_IS_PORT = re.compile(r"[0-9]{1,5}")
_IS_ADDRESS = re.compile(rf"{_HOST}(?::[0-9]{{1,5}})?")
_HAS_IP = re.compile(rf"{_IP}(?![\w.])")
_HAS_PORT = re.compile(rf"(?:{_HOST}:)?[0-9]{{1,5}}")
_WITH_PORT = re.compile(rf"{_HOST}:[0-9]{{1,5}}")
_BARE_WITH_PORT = re.compile(_WITH_PORT.pattern.replace(_LABEL, ""))
_IS_PAIR = re.compile(rf"{_LABEL}[^\s:@/|;,]+:[^\s:@/|;,]+")
#: What may stand before the login, glued on to it: a name of the whole proxy, or of the login.
_OF_LOGINS = frozenset(name.casefold() for part in (Part.HOST, Part.LOGIN) for name in NAMES[part])
#: A domain with hyphens that might be a joint, where all fields have their usual signs: "ana:pass@a---b.com:80".
_IN_DOMAIN = r"(?=[\w.-]*---)[\w-]+(?:\.[\w-]+)+:[0-9]{1,5}"
_IS_USUAL = re.compile(
    rf"(?<![\w.-]){_IN_DOMAIN}[:@]\S|(?<!\S)(?:[^\s:@]+:\S*@|(?P<front>[^\s:]+):\S+:){_IN_DOMAIN}(?!\w)"
)
#: What stands in front of the first field, and behind the last: other words, a scheme, quotes, marks of Markdown.
_IN_FRONT = re.compile(
    r"(?:.*\s)?(?:\|\||\*\*|~~)?[\"'`(<«“„]*(?:[A-Za-z][A-Za-z0-9]+://(?![^@]*@))?(?:[\"'`(<]|\[(?![0-9A-Fa-f:.]+\]))*"
)
_BEHIND = re.compile(r"[\s\"'`)>\]»”“].*|(?:\|\||\*\*|~~)\Z")

#: Signs of which one stands between all fields, with a space on either side or without.
_SIGNS = ("=>", "->", "::", *"=#~*+_/\\&^!>→、·•@-")
_JOINTS = tuple(
    (joint, re.compile(rf"(?<![:/]){joint}(?!/)" if joint == "/" else re.escape(joint)))
    for sign in _SIGNS
    for joint in (f" {sign} ", sign)
)
#: Those that domains, or their pages, hold as well.
_OF_DOMAINS = frozenset("_-/")
_DATE = re.compile(r"(?:20)?[0-9]{2}(?:[.-][0-9]{1,2}){2}|[0-9]{1,2}[.-][0-9]{1,2}[.-](?:20)?[0-9]{2}")
_ESCAPED = "\\/"
_FIELDS = 4
_FEWEST = 3  # with host and port in one
_LONGEST_PREFIX = 32  # of a network of addresses, "203.0.113.0/24"


def with_plain_joints(text: Tidy) -> Tidy:
    """The text with one usual sign for each of those that join the fields of a proxy."""
    if _ESCAPED in text.plain:
        # As programs write JSON: "http:\/\/ana:pass@host"
        text = text.with_signs({match.span(): "/" for match in re.finditer(re.escape(_ESCAPED), text.plain)})
    start = 0
    spans: dict[str, list[Span]] = {sign: [] for sign in _PLAIN}
    for line in text.plain.split("\n"):
        if joints := _repeated(line) or _odd(line):
            others = "".join(line[slice(*span)] for span in _between(line, joints))
            plain = next((sign for sign in _PLAIN if sign not in others), None)
            if plain:
                spans[plain] += [(start + begin, start + end) for begin, end in joints]
        start += len(line) + 1
    return text.with_signs({span: sign for sign, some in spans.items() for span in some})


def _repeated(line: str) -> Sequence[Span]:
    """Where a sign that stands several times joins the fields of a line: "ana----pass----203.0.113.7:8000"."""
    found = [joint.span() for joint in _REPEATED.finditer(line)]
    if not found:
        return []
    [(joint, _)] = Counter(line[slice(*span)] for span in found).most_common(1)
    # Others stand within a password.
    found = [span for span in found if line[slice(*span)] == joint]
    fields = _fields(line, found)
    if joint.startswith("-") and _are_in_domain(line, fields, joint):
        return []
    return found if _are_joined(fields, joint) else []


def _between(line: str, joints: Sequence[Span]) -> Sequence[Span]:
    starts, ends = [0, *(end for _, end in joints)], [*(start for start, _ in joints), len(line)]
    return list(zip(starts, ends, strict=True))


def _fields(line: str, joints: Sequence[Span]) -> Sequence[str]:
    """What stands between joints, without the words around all of it."""
    first, *others = (line[slice(*span)] for span in _between(line, joints))
    others[-1] = _BEHIND.sub("", others[-1])
    in_front = _IN_FRONT.match(first)
    return [first[in_front.end() if in_front else 0 :], *others]


def _are_joined(fields: Sequence[str], joint: str) -> bool:
    """Whether these are the fields of a proxy; hyphens stand within domains too: "a--b.c--d.com:80:ana:pass".

    Where the host is no address of numbers, two hyphens join nothing, and more of them only where a field has the port.
    """
    if len(fields) == 2:
        forms = (_IS_PAIR, _WITH_PORT)
        halves = any(one.fullmatch(fields[0]) and other.fullmatch(fields[1]) for one, other in (forms, forms[::-1]))
        return len(joint) >= _LONG and halves
    if not any(map(_IS_ADDRESS.fullmatch, fields)) or any("://" in field and "@" in field for field in fields):
        return False
    if not joint.startswith("-") or any(map(_HAS_IP.match, fields)):
        return True
    return joint != "--" and any(map(_HAS_PORT.fullmatch, fields))


def _are_in_domain(line: str, fields: Sequence[str], joint: str) -> bool:
    """Whether hyphens are those of a domain, since the line is a proxy without them: "ana:pass:a---b.com:80"."""
    usual = _IS_USUAL.search(line)
    labelled = [field for field in fields if is_label_name(field.partition(":")[0])]
    if usual is None or len(labelled) > 1 or any(map(_HAS_IP.match, fields)):
        return False
    front = usual["front"]
    if front is None:
        return True
    if len(fields) == _FEWEST and ":" not in fields[0] and _WITH_PORT.fullmatch(fields[2]):
        # In "ana----p:a:ss----b.com:80" a password has the colons; three hyphens may be anything.
        return len(joint) == _LONG
    # In "proxy:ana:pass---b.com:80" they join two halves.
    return not (is_type(front) or front.casefold() in _OF_LOGINS)


def _odd(line: str) -> Sequence[Span]:
    """Where one unusual sign stands between all fields, as in "host#port#ana#pass", and nothing else in them."""
    for joint, pattern in _JOINTS:
        if line.count(joint) < _FEWEST - 1:
            continue
        found = [match.span() for match in pattern.finditer(line)]
        if _FEWEST - 1 <= len(found) <= _FIELDS:
            fields = [field for field in _fields(line, found) if not is_type(field)]
            if len(fields) > _FIELDS and _DATE.fullmatch(fields[-1]):
                fields.pop()  # until when it is paid for
            if _is_row(fields, joint):
                return found
    return []


def _is_row(fields: Sequence[str], joint: str) -> bool:
    """Whether these are host, port, user and password, or user, password, host and port; either port with a colon."""
    if any(re.search(r"\s", field) or not field for field in fields):
        return False
    if len(fields) == _FEWEST and joint.strip() not in {*_OF_DOMAINS, "@"}:
        forms = (_WITH_PORT, _BARE_WITH_PORT, _BARE_WITH_PORT)
        others = [field for form, field in zip(forms, fields, strict=True) if not form.fullmatch(field)]
        parted = any(":" in field for field in others)
        return others in (fields[1:], fields[:-1]) and any(map(is_secret, others)) and not parted
    if len(fields) != _FIELDS:
        return False
    rows = [row for row in (fields, [*fields[2:], *fields[:2]]) if _begins_with_address(row, joint)]
    return len(rows) == 1 and any(map(is_secret, rows[0][2:]))


def _begins_with_address(row: Sequence[str], joint: str) -> bool:
    host = _IS_IP if joint in _OF_DOMAINS else _IS_HOST
    if host.fullmatch(row[0]) is None or _IS_PORT.fullmatch(row[1]) is None:
        return False
    return joint.strip() != "/" or int(row[1]) > _LONGEST_PREFIX
