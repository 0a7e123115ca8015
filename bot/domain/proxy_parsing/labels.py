"""Labels in a text: ``IP: 203.0.113.7``, ``Порт - 1080``, ``"username": "ana"``, ``Password`` over its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.proxy_parsing.addresses import begins_with_host, find_addresses
from bot.domain.proxy_parsing.label_begins import with_doubtful_dashes, with_doubtful_signs
from bot.domain.proxy_parsing.label_in_login import is_in_login
from bot.domain.proxy_parsing.label_patterns import (
    LABEL,
    OFTEN_ELSE,
    OPTION,
    WEAK_WORDS,
    is_for_both,
    is_label_name,
    is_pair_of_names,
    names_next,
    part_of,
)
from bot.domain.proxy_parsing.label_values import (
    OF_LOGIN_OR_PORT,
    Label,
    from_option,
    labelled,
    value_of,
)
from bot.domain.proxy_parsing.labels_behind import labels_behind
from bot.domain.proxy_parsing.labels_meant import labels_meant
from bot.domain.proxy_parsing.lines import blanked, line_start
from bot.domain.proxy_parsing.other_labels import with_other_labels
from bot.domain.proxy_parsing.respelled import respelled
from bot.domain.proxy_parsing.settings import with_settings
from bot.domain.proxy_parsing.typed_ports import types_of_headings, with_typed_ports
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.vocabulary import PROSE, Part, is_about_rotation
from bot.domain.proxy_parsing.words import is_password, is_prose, is_secret, word_at

#: "u: ana p: pass": letters are labels only together.
_INITIALS = tuple(
    tuple(re.compile(rf"(?<!\w){letter}[ \t]*[:=]", re.IGNORECASE) for letter in pair) for pair in ("up", "lp", "лп")
)
_LETTER = re.compile(r"[^\W\d_]")
_BOTH_SHORT = re.compile(r"(?:tk|лог|log|usr|uid)[ \t]+\S+\s+(?:mk|пасс?|пар|pwd)[ \t]", re.IGNORECASE)
_FIRST_SHORT = re.compile(r"(?<!\S)(?:tk|лог|log|usr|uid)[ \t]+\S+\s+\Z", re.IGNORECASE)
#: "host:port:", or another sign, and the beginning of a user.
_IN_FIELDS = re.compile(r":[0-9]{1,5}[:@/|;, ][^\s:]*\Z")
#: "ana:Pw1#", and "gate.example:80"
_LOGIN_IN_FRONT = re.compile(r"(?<!\S)[^\s:]+:[^\s:]*[^\s:,;|/\w]\Z")
_HOST_WITH_PORT = re.compile(r"[^\s:]+:[0-9]{1,5}(?![\w.])")
_PASSWORD_AND_HOST = re.compile(r"(?P<password>[^\s:@/]+)[:@][^\s:@]+:[0-9]{1,5}")
_WHOLE_LOGIN = re.compile(r"[^\s:@]+:[^\s@]+@")
#: In front of the first label of a line.
_MARKS = re.compile(r"\A[ \t*•·>_`\"'-]+")
_OF_PROXY = frozenset({Part.HOST, Part.PORT, Part.TYPE})
_EDGES = ".,;:!?()"
_NEAR = 6  # as many parts as a proxy has
_FURTHEST_WORD = 80
_NEXT_WORDS = 2  # that may be user and password
_WORDS_FOR_BOTH = 5  # with "are the same" in front
_ASCII_WORD = re.compile(r"[A-Za-z0-9]*")
_FURTHEST = 400  # a value is looked for no further below its label than this


def find_labels(plain: str) -> list[Label]:
    """Every label of a text whose meaning is known, with its value."""
    if _LETTER.search(plain) is None:
        return []  # a list of transfer codes, which may be long
    behind = labels_behind(plain)
    plain = blanked(plain, [(each.begin, each.end) for each in behind])
    typed, plain = plain, respelled(plain)
    matches = _matches(plain)
    is_command = re.search(r"\bcurl\b", plain, re.IGNORECASE) is not None
    options = [match for match in OPTION.finditer(plain) if is_command or len(match["option"]) > len("-x")]
    starts = sorted([match.start() for match in matches] + [match.start() for match in options])
    found = with_doubtful_signs(matches, [labelled(plain, match, starts) for match in matches])
    found = with_doubtful_dashes(typed, plain, found)
    found += [from_option(plain, match) for match in options]
    found += types_of_headings(plain)
    found = with_typed_ports(plain, with_other_labels(plain, with_settings(plain, found)))
    return sorted([*behind, *labels_meant(plain, found)], key=lambda label: label.begin)


def _matches(plain: str) -> list[re.Match[str]]:
    matches: list[re.Match[str]] = []
    doubtful: list[re.Match[str]] = []
    initials = any(all(letter.search(plain) for letter in pair) for pair in _INITIALS)
    for match in _candidates(plain, matches):
        if matches and not matches[-1]["join"] and not plain[matches[-1].end() : match.start()].strip():
            continue  # the value of a label that stands above it
        # "Password: Pw=1secret": what a label begins with is its value.
        spaced = match["join"].endswith((" ", "\t")) or not match["join"].strip()
        inside = bool(matches) and matches[-1].end() == match.start() and bool(matches[-1]["join"].strip())
        if inside and not spaced and part_of(matches[-1]) in OF_LOGIN_OR_PORT:
            continue
        if _ends_password(plain, match, matches) or is_in_login(plain, match, matches):
            continue
        if _is_glued(plain, match) and (_ends_user(plain, match) or not _may_be_glued(plain, match, matches)):
            continue
        if _is_label(plain, match, initials=initials):
            matches.append(match)
        elif match["join"].strip():
            doubtful.append(match)
    parts = set(map(part_of, matches))
    if any(part_of(match) is Part.HOST and _tells_host(plain, match.end()) for match in matches):
        # "Host: …, Password:x@203.0.113.7:80": where a label tells the host, no other tells an address.
        matches += [match for match in doubtful if part_of(match) not in parts and part_of(match) in OF_LOGIN_OR_PORT]
    return sorted(matches, key=lambda match: match.start())


def _candidates(plain: str, before: Sequence[re.Match[str]]) -> Iterator[re.Match[str]]:
    """What is spelled like a label, from left to right; ``before`` are those that were found to be one."""
    at = 0
    while match := LABEL.compiled.search(plain, at):
        at = max(match.end(), match.start() + 1)
        if part_of(match) is Part.LOGIN and before and before[-1].end() == match.start():
            # "login: user password: pass": what begins the value of a label is no pair of labels.
            at = match.start() + len(word_at(plain, match.start()))
        else:
            yield match
            if part_of(match) is Part.LOGIN and not (before and before[-1] is match):
                at = match.start() + 1  # its second name may be a label: "user=ana0TK pass=Pw1secret"


def _ends_password(plain: str, match: re.Match[str], before: Sequence[re.Match[str]]) -> bool:
    """Whether it is the end of the password in front of an address: the "id" of "ana:Pw1#id:gate.example:80"."""
    login = _LOGIN_IN_FRONT.search(plain, max(0, match.start() - _FURTHEST), match.start())
    if match["join"] != ":" or login is None or _HOST_WITH_PORT.match(plain, match.end()) is None:
        return False
    # Not so in a row of labels: "user:ana&ip:203.0.113.7:80"
    return not any(each.start() >= login.start() for each in before)


def _is_glued(plain: str, match: re.Match[str]) -> bool:
    return match.start() > 0 and (plain[match.start() - 1].isalnum() or plain[match.start() - 1] == "/")


def _ends_user(plain: str, match: re.Match[str]) -> bool:
    """Whether what is glued on is the end of a user: the P of "host:port:ana0P:pass"."""
    begun = _IN_FIELDS.search(plain, max(0, match.start() - _FURTHEST), match.start())
    return begun is not None and plain[match.start()].isascii()


def _may_be_glued(plain: str, match: re.Match[str], before: Sequence[re.Match[str]]) -> bool:
    """Whether a label that stands directly behind other text is one: another label's value is before it."""
    if before and part_of(match) is Part.TYPE and not match["join"]:
        return _names_type(plain, match.end())  # "密码Pw1secret类型socks5"
    if not before or part_of(match) not in OF_LOGIN_OR_PORT or "\n" in plain[before[-1].end() : match.start()].strip():
        return False
    told = set(map(part_of, before[-_NEAR:]))
    signed = bool(match["join"].strip()) or not plain[match.start()].isascii()
    signed = signed or (plain[match.start() - 1] == "/" and is_secret(word_at(plain, match.end())))
    if part_of(match) is Part.LOGIN and Part.USER in told:
        return False
    return signed and part_of(match) not in told and not {Part.PASSWORD, Part.LOGIN} & {part_of(before[-1])}


def _tells_host(plain: str, start: int) -> bool:
    value = plain[start : start + 260].lstrip(" \t\n\"'`*")
    return begins_with_host(value)


def _is_label(plain: str, match: re.Match[str], *, initials: bool) -> bool:
    part, join = part_of(match), match["join"]
    if not join:
        # "密码Pw1", or alone on its line, over its value
        return _is_heading(plain, match) if plain.startswith("\n", match.end()) else _is_joined_to(plain, match, part)
    value = value_of(plain, match)
    one_letter = match.start("join") - match.start() == 1 and plain[match.start()].lower() in "uplлп"
    if (one_letter and not initials) or _is_taken_otherwise(match, part, value):
        return False
    return bool(join.strip()) or _is_label_before_space(plain, match, part, value)


def _is_joined_to(plain: str, match: re.Match[str], part: Part) -> bool:
    """Whether a name is a label with nothing at all behind it: "密码Pw1secret", "IP203.0.113.7", "类型socks5"."""
    if is_for_both(plain[match.end() : match.end() + _FURTHEST_WORD]):
        return part is Part.LOGIN
    if part is Part.HOST:
        return begins_with_host(word_at(plain, match.end())[:_FURTHEST_WORD])
    return part in OF_LOGIN_OR_PORT or (part is Part.TYPE and _names_type(plain, match.end()))


def _names_type(plain: str, start: int) -> bool:
    word = _ASCII_WORD.match(plain, start)
    return word is not None and is_type(word[0])


def _is_label_before_space(plain: str, match: re.Match[str], part: Part, value: str) -> bool:
    """Whether a name with nothing but a space behind it is a label, rather than a word of a sentence."""
    # "port of the panel: 8443", and "mật khẩu mới: " with the login behind it
    is_other = (part is Part.PORT and not _bare(value)[:1].isdecimal()) or (
        value.endswith(":") and not (part is Part.LOGIN and is_for_both(value))
    )
    if not value or is_other:
        return False
    if part in (Part.HOST, Part.SECRET):
        is_host = begins_with_host(value)
        is_key = is_secret(_bare(value)) or (value.isdecimal() and len(value) > 3)
        return is_host if part is Part.HOST else is_key
    name = match[part.value]
    # "the log says" has a word of a sentence before it.
    spoken = match.start(part.value) - match.start() > len(match["qualifier"] or "") + 1
    if spoken and not (is_secret(_bare(value)) or (part is Part.PORT and _bare(value).isdecimal())):
        return False
    if part not in OF_LOGIN_OR_PORT or not WEAK_WORDS.compiled.match(name):
        return _leads_to_link(name, value)
    behind = plain[match.end() : match.end() + _FURTHEST_WORD]
    addresses = find_addresses(behind)
    if _bare(value) in PROSE or (addresses and addresses[0].start == 0):
        return False
    is_talk = part in (Part.USER, Part.LOGIN) and _goes_on_as_sentence(value, behind)
    return not is_talk and (not OFTEN_ELSE.compiled.match(name) or _is_sure(plain, match, behind))


def _goes_on_as_sentence(value: str, behind: str) -> bool:
    """Whether words follow that are neither labels nor secrets: "user Tom says it is slow"."""
    words = behind.partition("\n")[0].split()[1:]
    plain = not any(is_label_name(word.strip(_EDGES)) or is_secret(word) for word in (value, *words))
    return len(words) > 1 and plain and any(map(is_prose, words))


def _is_sure(plain: str, match: re.Match[str], behind: str) -> bool:
    """Whether a secret stands behind a name that is often something else, or its like beside it: "tk ana mk pass"."""
    before = plain[max(0, match.start() - _FURTHEST_WORD) : match.start()]
    both = _BOTH_SHORT.match(plain, match.start()) is not None or _FIRST_SHORT.search(before) is not None
    furthest = _WORDS_FOR_BOTH if is_for_both(behind) else _NEXT_WORDS
    return both or any(map(is_secret, behind.partition("\n")[0].split()[:furthest]))


def _bare(value: str) -> str:
    return value.strip(".,;!?").lower()


def _leads_to_link(name: str, value: str) -> bool:
    """Whether this is "change ip url" before a link, which is then no proxy."""
    return value.lower().startswith(("http://", "https://")) and is_about_rotation(name)


def _is_heading(plain: str, match: re.Match[str]) -> bool:
    """Whether a label stands alone on its line, and a value on the next one."""
    before = plain[line_start(plain, match.start()) : match.start()][-_FURTHEST:]
    below, _, rest = plain[match.end() : match.end() + _FURTHEST].lstrip("\n").partition("\n")
    if before.strip(" \t-*•·>#0123456789.)\"'{") or not below.strip() or match["note"]:
        return False
    if part_of(match) not in (Part.PASSWORD, Part.SECRET) and _begins_with_label(part_of(match), below):
        return False
    # "Username" over "user" over "Password": a value between two labels, although it is a word for one.
    further = rest.lstrip("\n").partition("\n")[0].strip()
    return not any(map(is_label_name, (below.strip(), below.split()[0]))) or is_label_name(further)


def _begins_with_label(part: Part, below: str) -> bool:
    """Whether the line below what may be a label is another with its value: "HTTP proxy" over "Host: 203.0.113.7"."""
    following = LABEL.compiled.match(_MARKS.sub("", below))
    if following is None or not following["join"].strip() or following.start():
        return False
    # A value may have a colon, and no space behind it.
    return following["join"][-1].isspace() or (part is Part.HOST and part_of(following) in _OF_PROXY)


def _is_taken_otherwise(match: re.Match[str], part: Part, value: str) -> bool:
    """Whether what looks like a label with its sign is a field of a header line, or a part of a login."""
    join = match["join"]
    spaced = bool(join.strip()) and join.endswith((" ", "\t"))
    bare = value.strip(" \"'*_,;:|")
    if (
        is_label_name(bare)
        and part not in (Part.OTHER, Part.PASSWORD)
        and (part is Part.HOST or not (join.strip() and value.strip("_") == bare))
    ):
        return True
    if not spaced and not match["open"] and names_next(value) and "@" not in value:
        return True  # "ip:port:user:pass"
    if join.strip() == ":" and not spaced and is_pair_of_names(f"{match.group().partition(':')[0]}:{bare}"):
        return True  # "user:pass", which names both
    found = find_addresses(value) if part in OF_LOGIN_OR_PORT else []
    if part in (Part.HOST, Part.OTHER) and not spaced and match[0].isascii() and not is_about_rotation(match[0]):
        pair = _PASSWORD_AND_HOST.match(value)
        # "proxy:Pw1secret@host:port": a user who is called so
        if pair and (is_password(pair["password"]) or (part is Part.OTHER and value[pair.end("password")] == "@")):
            return True
    # "no password: 203.0.113.7:1080", "user:pass@203.0.113.7:1080", which tells a login, and "new password: ana:pass@…"
    opened = match["open"][-1:]
    glued = join.strip() in (":", "=", "::", "==") and not spaced and not (opened and opened in value)
    whole = bool(found) and _WHOLE_LOGIN.fullmatch(value[: found[0].start]) is not None
    return bool(found) and (found[0].start == 0 or glued or whole)
