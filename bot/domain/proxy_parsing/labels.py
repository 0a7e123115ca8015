"""Labels in a text: ``IP: 203.0.113.7``, ``Порт - 1080``, ``"username": "ana"``, ``Password`` over its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.proxy_parsing.addresses import find_addresses, find_hosts
from bot.domain.proxy_parsing.vocabulary import NAMES, PROSE, Part

_QUALIFIED = r"(?:(?P<qualifier>https?(?:\(s\))?(?:/https?)?(?:/socks5)?|socks5?h?)[ _/-]*)?"
_SPELLED = {
    part: "|".join(re.escape(name).replace(r"\ ", "[ _-]?") for name in sorted(names, key=len, reverse=True))
    for part, names in NAMES.items()
}
_ANY = "|".join(f"(?P<{part.value}>{spelled})" for part, spelled in _SPELLED.items())
#: A sign, a dash, the end of the line, nothing between a Chinese label and its value, "is", or a space.
_JOIN = (
    r"(?P<join>[ \t]*(?:[:=]>?|->|→|>)[ \t]*|[ \t]+[-–—][ \t]+|[ \t]*(?=\n)|(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])"
    r"|[ \t]+(?:is|are|ist|es|est|é|là|это)[ \t]+|[ \t]+)"
)
_LABEL = re.compile(
    r"(?:(?<![\w:@/.+=%$])(?<!\w-)|(?<=http\.)|(?<=https\.))(?:your[ _]|my[ _]|the[ _]|mi[ _]|мой[ ]|ваш[ ])?"
    rf"{_QUALIFIED}(?:{_ANY})"
    r"(?P<note>[ \t]*[(（][^()（）\n]{1,24}[)）]"
    r"|[ \t]+(?:https?(?:\(s\))?|socks5?h?)(?:/(?:https?|socks5?))*(?=[ \t]*[:=-]))?"
    rf"[\"'”*_`]{{0,3}}{_JOIN}(?P<open>[\"'“`*_]{{0,3}})",
    re.IGNORECASE,
)
_FOR_WEAK = frozenset({Part.PORT, Part.USER, Part.PASSWORD, Part.LOGIN})
_WEAK_WORDS = re.compile(
    r"(?:port|user|acc|account|username|user ?name|login|pass|password|passwd|pwd|log|pw|порт|логин|пароль|юзер|cổng"
    r"|mật khẩu|tài khoản|端口|账号|密码|用户名|usuario|contraseña|puerto|benutzer|benutzername|passwort|kennwort"
    r"|utilisateur|mot de passe|senha|usuário|porta|parol|hasło)\b",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"(?<!\S)(?P<option>--?(?:proxy-user|proxy|preproxy|socks5-hostname|socks5|socks4a|socks4|proxy-server|proxy-auth|x|U))"
    r"(?:=|[ \t]*)(?=[\"']?\S)"
)
#: "u: ana p: pass": letters are labels only together.
_INITIALS = (re.compile(r"(?<!\w)u[ \t]*[:=]", re.IGNORECASE), re.compile(r"(?<!\w)p[ \t]*[:=]", re.IGNORECASE))
#: The name of an account in Telegram, and a date.
_ORDINARY_VALUE = re.compile(r"@\w{4,}|[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}(?:[ \t]+[0-9:]{4,8})?")
#: What parts a value from the label behind it in its line.
_BETWEEN = re.compile(r"(?:[ \t]+[(/–—-]+|[ \t,;|&{}\"'])+\Z")
_BY_OPTION = {"-U": Part.LOGIN, "--proxy-user": Part.LOGIN, "--proxy-auth": Part.LOGIN}
_UNKNOWN = re.compile(
    r"^[^\w\n]*(?:[0-9]{1,3}[.):][ \t]*)?(?P<label>[^\W\d_](?:[\w .()/'-]{0,30}[\w.)])?)"
    r"[\"']?[ \t]*(?:[:=](?=[ \t\"'])|[ \t][-–—](?=[ \t]))"
    r"[ \t]*(?P<value>\S+(?:[ \t]+\S+)?)[ \t,;]*$"
    r"|^[^\w\n]*(?P<alone>[^\W\d_](?:[\w ()/'-]{0,30}[\w)])?)[ \t]*[:=][ \t]*\n[ \t]*(?P<below>\S+)[ \t]*$",
    re.MULTILINE,
)


_NAMED_NEXT = re.compile(rf"(?:{'|'.join(_SPELLED.values())})[:|;,@]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its value, which stands at ``start`` to ``end``.

    ``strict`` says that its sign and its line leave no doubt that the value is the whole of the line; ``quoted`` that
    it stood in quotes. ``qualifier`` is the type that a port is for.
    """

    part: Part
    begin: int
    start: int
    end: int
    strict: bool
    quoted: bool = False
    qualifier: str = ""
    name: str = ""


def find_labels(plain: str) -> list[Label]:
    """Every label of a text whose meaning is known, with its value."""
    matches = _matches(plain)
    options = [match for match in _OPTION.finditer(plain) if _is_command(plain, match)]
    starts = sorted([match.start() for match in matches] + [match.start() for match in options])
    found = [_labelled(plain, match, starts) for match in matches]
    found += [_option(plain, match) for match in options]
    return sorted(found, key=lambda label: label.begin)


def _matches(plain: str) -> list[re.Match[str]]:
    matches: list[re.Match[str]] = []
    doubtful: list[re.Match[str]] = []
    initials = all(letter.search(plain) for letter in _INITIALS)
    for match in _LABEL.finditer(plain):
        if matches and not matches[-1]["join"] and not plain[matches[-1].end() : match.start()].strip():
            continue  # the value of a label that stands above it
        # "Password: Pw=1secret": what a label begins with is its value.
        spaced = match["join"].endswith((" ", "\t")) or not match["join"].strip()
        inside = bool(matches) and matches[-1].end() == match.start() and bool(matches[-1]["join"].strip())
        if inside and not spaced and _part(matches[-1]) in _FOR_WEAK:
            continue
        if _is_label(plain, match, initials=initials):
            matches.append(match)
        elif match["join"].strip():
            doubtful.append(match)
    parts = set(map(_part, matches))
    if any(_part(match) is Part.HOST and _tells_host(plain, match.end()) for match in matches):
        # "Host: …, Password:x@203.0.113.7:80": where a label tells the host, no other tells an address.
        matches += [match for match in doubtful if _part(match) not in parts and _part(match) in _FOR_WEAK]
    return sorted(matches, key=lambda match: match.start())


def _tells_host(plain: str, start: int) -> bool:
    value = plain[start : start + 260].lstrip(" \t\n\"'`*")
    return any(begin == 0 for begin, _, _ in find_hosts(value, 0, len(value)))


def unknown_labels(plain: str, whole: str) -> Iterator[str]:
    """The labels of lines that nobody has explained: what is known of the ``whole`` text is blank in ``plain``.

    A value of three words and more is a sentence, and one that holds an address is a proxy with a name in front.
    """
    for match in _UNKNOWN.finditer(plain):
        label, value = match["label"] or match["alone"], match["value"] or match["below"]
        begin = match.start("label" if match["label"] else "alone")
        if any(map(str.isalpha, whole[whole.rfind("\n", 0, begin) + 1 : begin])):
            continue  # what is left of a line that was explained
        if (
            match["below"]
            and plain[match.start("below") : match.end()]
            != whole[match.start("alone") : match.end()].partition("\n")[2].lstrip()
        ):
            continue  # a heading over what was explained
        if (
            not find_addresses(value)
            and not _ORDINARY_VALUE.fullmatch(value)
            and label.lower() not in PROSE
            and value.strip(" \t\"'{}[](),;*_`-–—.!?")
        ):
            yield label.strip()


def _is_label(plain: str, match: re.Match[str], *, initials: bool) -> bool:
    part, join = _part(match), match["join"]
    if not join:
        # "密码Pw1", or alone on its line, over its value
        return _is_heading(plain, match) if plain.startswith("\n", match.end()) else part in _FOR_WEAK
    value = _value_word(plain, match.end())
    if match.start("join") - match.start() == 1 and plain[match.start()].isascii() and not initials:
        return False
    if _is_taken_otherwise(match, part, value):
        return False
    if join.strip():
        return True
    if part is Part.HOST:
        return any(start == 0 for start, _, _ in find_hosts(value, 0, len(value)))
    weak = part in _FOR_WEAK and _WEAK_WORDS.match(plain[match.start() : match.start("join")].strip()) is not None
    behind = find_addresses(plain[match.end() : match.end() + 80])
    return weak and value.strip(".,;!?").lower() not in PROSE and not (behind and behind[0].start == 0)


def _is_heading(plain: str, match: re.Match[str]) -> bool:
    """Whether a label stands alone on its line, and a value on the next one."""
    before = plain[plain.rfind("\n", 0, match.start()) + 1 : match.start()]
    below, _, rest = plain[match.end() :].lstrip("\n").partition("\n")
    if before.strip(" \t-*•·>#0123456789.)\"'{") or not below.strip() or match["note"]:
        return False
    # "Username" over "user" over "Password": a value between two labels, although it is a word for one.
    further = rest.lstrip("\n").partition("\n")[0].strip()
    return not any(map(_is_name, (below.strip(), below.split()[0]))) or _is_name(further)


def _is_taken_otherwise(match: re.Match[str], part: Part, value: str) -> bool:
    """Whether what looks like a label with its sign is a field of a header line, or a part of a login."""
    join = match["join"]
    spaced = bool(join.strip()) and join.endswith((" ", "\t"))
    bare = value.strip(" \"'*_,;:|")
    if (
        _is_name(bare)
        and part not in (Part.OTHER, Part.PASSWORD)
        and (part is Part.HOST or not (join.strip() and value == bare))
    ):
        return True
    if not spaced and _NAMED_NEXT.match(value) and "@" not in value:
        return True  # "ip:port:user:pass"
    found = find_addresses(value) if part in _FOR_WEAK else []
    # "no password: 203.0.113.7:1080", and "user:pass@203.0.113.7:1080", which tells a login
    glued = join.strip() in (":", "=") and not spaced and not match["open"]
    return bool(found) and (found[0].start == 0 or glued)


def _value_word(plain: str, start: int) -> str:
    return re.compile(r"\S*").match(plain, start).group()  # type: ignore[union-attr]


def _is_name(text: str) -> bool:
    return re.fullmatch(rf"(?:{'|'.join(_SPELLED.values())})", text, re.IGNORECASE) is not None


def _part(match: re.Match[str]) -> Part:
    return next(part for part in Part if match[part.value])


def _labelled(plain: str, match: re.Match[str], starts: list[int]) -> Label:
    start = match.end()
    join = match["join"]
    line = plain.rfind("\n", 0, match.start()) + 1
    at_start = not plain[line : match.start()].strip(" \t-*•·>#\"'{") or not any(
        map(str.isalnum, plain[line : match.start()])
    )
    rest = plain[start:]
    if not rest.partition("\n")[0].strip(" \t:*_`"):
        # The value stands on the next line that is not empty.
        skipped = len(rest) - len(rest.lstrip(" \t\n:*_`"))
        if rest[:skipped].count("\n") <= 2:
            start += skipped
    end = _line_end(plain, start)
    following = next((other for other in starts if other > match.start()), len(plain))
    shared = following < end
    end = min(end, max(start, following))
    if join.strip() == ">" and "<" in plain[start:end]:
        end = plain.index("<", start)
        return _label(plain, match, start, end, strict=True, quoted=True)
    quote = match["open"][-1:]
    if quote in "\"'“`" and quote:
        closing = _closing_quote(plain, start, end, {"“": "”"}.get(quote, quote))
        if closing is not None:
            return _label(plain, match, start, closing, strict=True, quoted=True)
    end = _before_address(plain, start, end) if _part(match) in _FOR_WEAK else end
    value = plain[start:end]
    if value.rstrip().endswith("}") and "{" in plain[line : match.start()] and "{" not in value:
        shared = True  # the last one of "{host: 203.0.113.7, port: 1080}"
    stripped = _BETWEEN.sub("", value) if shared else value.rstrip(" \t")
    end = start + len(stripped)
    return _label(
        plain, match, start, end, strict=at_start and bool(join.strip() or "\n" in plain[match.start() : start])
    )


def _before_address(plain: str, start: int, end: int) -> int:
    """Where a login's value ends that has a proxy's address behind it in the same line."""
    found = find_addresses(plain[start:end])
    word = max(plain.rfind(" ", start, start + found[0].start), start) if found else start
    return word if word > start else end


def _label(plain: str, match: re.Match[str], start: int, end: int, *, strict: bool, quoted: bool = False) -> Label:
    qualifier = match["qualifier"] or (match["note"] or "").strip(" \t()（）")
    name = plain[match.start() : match.start("join")].lower()
    return Label(_part(match), match.start(), start, end, strict, quoted, qualifier or "", name)


def _closing_quote(plain: str, start: int, end: int, quote: str) -> int | None:
    """The quote that ends a value: the first one behind which no letter or digit stands."""
    at = plain.find(quote, start, end)
    while at >= 0 and plain[at + 1 : at + 2].strip(" \t\n,;|&<>(){}[]\"'`*_:") and at + 1 < end:
        at = plain.find(quote, at + 1, end)
    return at if at >= 0 else None


def _line_end(plain: str, start: int) -> int:
    end = plain.find("\n", start)
    return len(plain) if end < 0 else end


def _is_command(plain: str, match: re.Match[str]) -> bool:
    return len(match["option"]) > 2 or re.search(r"\bcurl\b", plain, re.IGNORECASE) is not None


def _option(plain: str, match: re.Match[str]) -> Label:
    start = match.end()
    quote = plain[start : start + 1]
    if quote in "\"'" and (end := plain.find(quote, start + 1)) >= 0:
        start += 1
    else:
        end = start + len(_value_word(plain, start))
    option = match["option"]
    qualifier = option.removeprefix("--").split("-")[0] if option.startswith("--socks") else ""
    return Label(_BY_OPTION.get(option, Part.HOST), match.start(), start, end, True, True, qualifier, option)
