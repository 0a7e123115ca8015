"""What the labels of a text tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.hosts import read_host
from bot.domain.proxy_parsing.accounts import names_account
from bot.domain.proxy_parsing.addresses import Grade, find_addresses, find_hosts, grade_of
from bot.domain.proxy_parsing.beside import is_pair
from bot.domain.proxy_parsing.elsewhere import goes_on, is_denied, is_elsewhere, is_said, is_said_about_login
from bot.domain.proxy_parsing.label_begins import begins_with_sign
from bot.domain.proxy_parsing.label_ends import ends_with_mark, without_sign
from bot.domain.proxy_parsing.label_patterns import is_label_name, is_pair_of_names, word_for_both
from bot.domain.proxy_parsing.label_values import Label
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.other_labels import names_somebody
from bot.domain.proxy_parsing.told_types import TypeAt
from bot.domain.proxy_parsing.types import SCHEME, is_type, read_port, read_type, read_types
from bot.domain.proxy_parsing.vocabulary import NOTHING, PROSE, WAYS_IN, Part
from bot.domain.proxy_parsing.words import is_password, is_place, is_prose, is_remark
from bot.errors import InputError

_PORT = re.compile(r"[0-9]+(?!\w)")
_TYPED = r"[0-9]{2,5}(?:[ \t]{0,4}(?:[(\[-][ \t]{0,4})?(?:https?|socks5?|ssh)[)\]]?)?"
#: "50100 (HTTP) / 50101 (SOCKS5)"
_PORTS = re.compile(rf"{_TYPED}(?:[ \t]{{0,4}}(?:[/,|&;+]|and|и|или|or)[ \t]{{0,4}}{_TYPED})+[ \t.,;]*", re.IGNORECASE)
_PORT_WITH_TYPE = re.compile(
    r"(?P<port>[0-9]{2,5})(?:[ \t]{0,4}(?:[(\[-][ \t]{0,4})?(?P<type>https?|socks5?|ssh)[)\]]?)?", re.IGNORECASE
)
_RANGE = re.compile(r"[0-9]{1,5} ?[-–] ?[0-9]{1,5}")
_PAIR = re.compile(r"[ \t]*[:/|;,&+：；，][ \t]*|[ \t]+(?:and|и|und|y|và|和)[ \t]+|(?<=[!-~])[和与、](?=[!-~])")
#: Labels of what may be the user as well.
_NAMES = frozenset(["name", "id", "имя", "tên", "ten", "名称", "nombre", "nom", "nome"])
_OF_BOTH = ("login", "account", "логин", "логін", "账号", "帐号", "账户", "帐户")
#: A phone number, as some sellers have for a user.
_PHONE = re.compile(r"\+[0-9][0-9 ()-]{5,18}[0-9]")
#: What dashboards show instead of a password.
_MASK = re.compile(r"[ \t:=>\"'`](?:[*•●·∙◦▪?.…]{3,}|[xX]{4,20})[ \t\"'`]*\Z")


@dataclass(slots=True)
class Told:
    """The parts that labels tell; a part that is None is not told.
    ``longer_user`` is the user with a second word, or a sign in front, where that may belong to it. ``open``: the
    password is told unclearly; ``elsewhere``: in another place; ``signed``: more than a space joins one of both on.
    """

    hosts: list[str] = field(default_factory=list)
    ports: list[tuple[int, str]] = field(default_factory=list)
    user: str | None = None
    longer_user: str | None = None
    password: str | None = field(default=None, repr=False)
    open: bool = False
    elsewhere: bool = False
    signed: bool = False
    types: list[TypeAt] = field(default_factory=list)
    mistake: InputError | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)
    label_count: int = 0

    @property
    def explains_login(self) -> bool:
        return self.user is not None or self.password is not None or self.open


def holds_more(view: View, label: Label) -> bool:
    """Whether a label's value is read as if nothing stood in front of it: it has an address, or a scheme."""
    value = view.plain[label.start : label.end]
    if label.part in (Part.USER, Part.PASSWORD, Part.PORT, Part.LOGIN):
        return False
    if "@" in value and any(find_hosts(value, value.rfind("@"), len(value))):
        return True
    if label.part is Part.HOST and is_type(value.strip(" \t.!")):
        return True  # "Here is the proxy:" over "SOCKS5"
    if label.part in (Part.HOST, Part.OTHER) and view.plain[label.start - 1 : label.start].isspace():
        pairs = [word for word in value.split() if is_pair(word) and read_host(word) is None]
        # "Proxy: ana:pass" with the address below, "Hello: ana:Pw1secret"
        if pairs and (label.part is Part.HOST or is_password(pairs[0].partition(":")[2])):
            return True
    return bool(find_addresses(value)) or SCHEME.match(value) is not None


def read_told(view: View, labels: Sequence[Label]) -> Told:
    """What the labels of one proxy tell."""
    told = Told()
    named = False
    for label in labels:
        if label.part in (Part.OTHER, Part.SECRET) or is_denied(view.plain, label):
            is_name = label.name in _NAMES or names_somebody(label.name)
            named = named or (is_name and len(_value(view, label).split()) == 1)
            continue
        told.label_count += 1
        told.signed |= label.signed and label.part in (Part.USER, Part.PASSWORD)
        if not holds_more(view, label):
            told.spans.append((label.begin, label.end))
        try:
            _READERS[label.part](told, view, label)
        except InputError as mistake:
            told.mistake = told.mistake or mistake
    if told.user is not None and told.user.lower() in NOTHING and not told.password and not told.open:
        told.user = ""  # "Login: none", with no password either
    if told.password and (told.user == "" or (named and told.user is None)):
        told.mistake = told.mistake or InputError("unreadable")  # the name may be the user, or no part of the proxy
    if told.elsewhere and not told.password:
        told.open = True
        if not told.user:
            told.mistake = told.mistake or InputError("unreadable")
    return told


def _value(view: View, label: Label) -> str:
    value = view.typed(label.start, label.end).strip()
    for mark in ("**", "||", "__", "~~", "`", "*", "_"):
        if value.startswith(mark) and value.endswith(mark) and len(value) > 2 * len(mark) and not label.quoted:
            return value.removeprefix(mark).removesuffix(mark)
    return value


def _host(told: Told, view: View, label: Label) -> None:
    if label.qualifier and is_type(label.qualifier):
        told.types.append(TypeAt(read_type(label.qualifier), label.begin, label.start))
    if holds_more(view, label):
        return
    plain = view.plain[label.start : label.end].strip().rstrip("/,;.")
    hosts = list(dict.fromkeys(host for _, _, host in find_hosts(plain, 0, len(plain)) if grade_of(host) is Grade.IP))
    if len(hosts) > 1 and not re.search(r"[^\W\d_]", plain):
        told.hosts += hosts  # "203.0.113.7, 203.0.113.8": either may be meant
        return
    host = read_host(plain.split(" ")[0].rstrip(",;")) if plain.lower() not in NOTHING else None
    if host is not None and grade_of(host) < Grade.DOTTED and (" " in plain or is_prose(host) or is_remark(host)):
        return  # a name or a sentence
    if host is not None:
        told.hosts.append(host)
    elif re.fullmatch(r"[0-9.]+(?:/[0-9]{1,2})?|\[[0-9A-Fa-f:.%\w]*\]|[\w-]*(?:\.[\w-]*)+", plain):
        raise InputError("bad_address", value=plain[:60])


def _port(told: Told, view: View, label: Label) -> None:
    plain = view.plain[label.start : label.end].strip().strip("\"'")
    if not plain:
        raise InputError("no_port")
    if _RANGE.match(plain):
        raise InputError("port_range")
    if _PORTS.fullmatch(plain):
        for each in _PORT_WITH_TYPE.finditer(plain):
            if number := read_port(each["port"]):
                told.ports.append((number, each["type"] or ""))
        return
    if (digits := _PORT.match(plain)) is None:
        said = plain.split()[0].isalpha() and is_said(view, label)  # "the port is busy" tells no port
        raise InputError("unreadable" if said else "port_not_number")
    port = read_port(digits.group())
    if port is None:
        raise InputError("port_out_of_range", value=digits.group()[:60])
    qualifier = label.qualifier if is_type(label.qualifier) else ""
    rest = plain[digits.end() :].strip(" ()[],;/")
    told.ports.append((port, qualifier or (rest if is_type(rest) else "")))


def _user(told: Told, view: View, label: Label) -> None:
    value = _value(view, label)
    if not label.quoted:
        words = [value] if _PHONE.fullmatch(value) else value.split()
        value = words[0] if words else ""
        if len(words) > 1 and (names_account(words[0]) or goes_on(label, words)):
            raise InputError("unreadable")  # "login of the shop kate", "login starts with sp, 4 digits: sp7741"
        if len(words) == 2 and _is_second_name(view, label, words):
            told.longer_user = " ".join(words)
        value = value.rstrip(",;.") if len(words) > 1 or not label.strict else value
        if is_elsewhere(value, label) or is_said_about_login(view, label, value):
            raise InputError("unreadable")  # whose password it is is not told here
        if not label.signed and is_label_name(value.strip("()[]")):
            raise InputError("unreadable")  # "(login password)"
    # "Login: ana:pass" tells both.
    pair = _PAIR.search(value) if label.name.endswith(_OF_BOTH) else None
    if pair and (":" in value or (not label.signed and is_password(value[pair.end() :]))):
        _login(told, view, label)
        return
    if value and value not in NOTHING and not any(map(str.isalnum, value)):
        raise InputError("unreadable")  # a sign between the label and its value
    if (label.quoted and "\\" in value) or ends_with_mark(view, label, value):
        raise InputError("unreadable")  # an escape of JSON's, or what may be Markdown
    if label.sign:
        told.longer_user = label.sign + value
    _tell(told, "user", value)


def _is_second_name(view: View, label: Label, words: Sequence[str]) -> bool:
    """Whether a second word with nothing behind it may be a part of the user: "USER Ana Lee"."""
    last = words[-1]
    alone = not view.plain[label.end : view.line_end(label.end, len(view.plain))].strip()
    return alone and all(map(str.isalpha, words)) and not (is_place(last) or is_prose(last) or is_remark(last))


def _password(told: Told, view: View, label: Label) -> None:
    value = _value(view, label)
    if label.name == "p" and read_port(value) is not None and not told.ports:
        _port(told, view, label)
        return
    if (
        label.sign
        or _is_unclear(view, label, value)
        or (told.user and not value and not label.quoted and not label.strict)
    ):
        # Without a value it is the name of a label: "login ana password password"
        told.open = True
        return
    words = value.split()
    if value.lower() in NOTHING or (words and words[0].lower()[:-1] in NOTHING and words[0][-1] in ",;."):
        value, words = "", []  # "password: none, http"
    if words and not label.quoted and is_elsewhere(words[0], label):
        told.elsewhere = True
        return
    sentence = not label.strict and (len(words) > 1 or value[-1:] in tuple(".,;!?)"))
    if not label.quoted and (len(words) > 1 or sentence or (value[-1:] in tuple(",;") and value.count(value[-1]) == 1)):
        if not label.strict and words and words[0].lower() in PROSE:
            told.elsewhere = True
            return
        told.open = True
        return
    _tell(told, "password", value)


def _is_unclear(view: View, label: Label, value: str) -> bool:
    """Whether there is a password that is not told by what stands there."""
    typed = view.typed(label.start, label.end).strip()
    if begins_with_sign(value, label) or ends_with_mark(view, label, value):
        return True
    if (label.quoted and "\\" in value) or typed in (f"_{value}_", f"*{value}*", f"__{value}__", f"||{value}||"):
        return True  # an escape of JSON's, and what may be Markdown
    if not value and view.text.plain[label.begin : label.end] != view.plain[label.begin : label.end]:
        return True  # something that has been taken for a link or a code
    return _MASK.search(view.plain, label.begin, view.line_end(label.end, len(view.plain))) is not None


def _login(told: Told, view: View, label: Label) -> None:
    if (both := word_for_both(_value(view, label))) is None:
        _two_parts(told, view, label)
        return
    if not (both := without_sign(view, label, both)):
        raise InputError("unreadable")
    user, _, password = both.partition(":")  # "admin", or "admin:admin"
    _tell(told, "user", user)
    _tell(told, "password", password or user)


def _two_parts(told: Told, view: View, label: Label) -> None:
    value = _value(view, label)
    slash = _PAIR.search(value) if "/" in label.name else None
    pair = slash or re.compile(r":").search(value) or _PAIR.search(value) or re.compile(r"[ \t]+").search(value)
    if value.lower() in NOTHING or not value or is_pair_of_names(value):
        return
    if all(word in WAYS_IN for word in re.split(r"[\s/,+-]+", value.lower())):
        return  # how one logs in, and not as whom
    if value.lower().startswith("basic "):
        raise InputError("unreadable")  # both in Base64
    if is_elsewhere(value.split()[0].rstrip(":"), label) or is_said_about_login(view, label, value.split()[0]):
        raise InputError("unreadable")
    if pair is None:
        if label.turned or (is_password(value) and not label.strict):
            raise InputError("unreadable")  # a password without its user
        _tell(told, "user", value)
        return
    first, rest = value[: pair.start()].strip(), value[pair.end() :].strip()
    if label.turned:
        first, rest = rest, first
    if " " in first:
        raise InputError("unreadable")
    _tell(told, "user", first)
    if " " in rest or not rest or (rest[-1] in ",;" and not label.quoted):
        told.open = True
    else:
        _tell(told, "password", rest)


def _type(told: Told, view: View, label: Label) -> None:
    if not holds_more(view, label):
        value = read_types(view.plain[label.start : label.end].strip(" \t.!"))
        told.types += [TypeAt(value, label.begin, label.end)] if value is not None else []


def _tell(told: Told, name: str, value: str) -> None:
    before = getattr(told, name)
    if before is not None and before != value:
        raise InputError("told_twice")
    setattr(told, name, value)


_READERS = {
    Part.HOST: _host,
    Part.PORT: _port,
    Part.USER: _user,
    Part.PASSWORD: _password,
    Part.LOGIN: _login,
    Part.TYPE: _type,
}
