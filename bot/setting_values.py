"""What may be written for each kind of setting: what is evident is forgiven, the rest is refused with its reason.

Every function takes the text as it was typed. A reason never repeats it, since it may be a secret.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from ipaddress import IPv6Address, ip_address
from typing import Final

from pydantic_core import PydanticCustomError, Url

from bot.domain.characters import without_marks, without_unseen

#: The kind of fault that brings its own reason.
REASON: Final = "reason"

_QUOTES: Final = "\"'`´“”„‟‘’‚‛«»‹›「」『』＂＇｀"
_AROUND: Final = _QUOTES + " \t\r\n"
#: Dashes that a program for writing has put in the place of a plain one.
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))

#: Telegram's ids have no more bits than this.
_ID_BITS: Final = 52
#: Senders that are Telegram itself: its service messages, admins who hide behind a group, channels.
_TELEGRAMS_OWN: Final = frozenset({777000, 1087968824, 136817688})

_TOKEN: Final = re.compile("[0-9]{6,}:[A-Za-z0-9_-]{30,}")
_HOST_PORT: Final = r"(?:\[[0-9A-Fa-f:.]+\]|[^\s:/?#@\[\]]+):[0-9]{1,5}(?![0-9])"
#: Names of the computer that a program, or the container that it is in, runs on.
_THIS_COMPUTER: Final = frozenset(
    {"localhost", "host.docker.internal", "gateway.docker.internal", "host.containers.internal"}
)
#: Ports of proxies that are as a rule not of the kind ``http://``.
_SOCKS_PORTS: Final = frozenset({*range(1080, 1090), 7891, 9050, 9150, 10808})


def wrong(reason: str) -> PydanticCustomError:
    """The fault of a value: the beginning of a sentence that goes on with how to write it."""
    return PydanticCustomError(REASON, "{reason}", {"reason": reason})


def unquoted(text: str) -> str:
    """A value without what stands around it: spaces, characters that nobody sees, a pair of quotes of any kind."""
    text = _stripped(text)
    while len(text) > 1 and (
        (text[0] in _QUOTES and text[-1] in _QUOTES) or (text.startswith("<") and text.endswith(">"))
    ):
        text = _stripped(text[1:-1])
    return text


def plain_name(text: str) -> str:
    """A name without characters that nobody sees."""
    return without_unseen(unquoted(text))


def _stripped(text: str) -> str:
    """The text without spaces and marks at both ends; in its middle they may belong to it."""
    seen = [place for place, each in enumerate(text) if not each.isspace() and without_marks(each)]
    return text[seen[0] : seen[-1] + 1] if seen else ""


def _plain(text: str) -> str:
    """A text of plain letters and digits as it was meant: no marks, nothing of double width, no typographic dash."""
    return unicodedata.normalize("NFKC", without_marks(text).strip(_AROUND)).translate(_DASHES).strip(_AROUND)


# --- a bot's token ----------------------------------------------------------------------------------------------------


def bot_token(text: str) -> str:
    """The token, also as a piece of the Bot API's URL."""
    text = re.sub(r"\s*:\s*", ":", _plain(text))
    joined = re.sub(r"\s", "", text)
    if re.fullmatch(r"[0-9]{6,}:[A-Za-z0-9_-]{35}", joined):
        text = joined
    found = re.fullmatch(
        rf"(?:https?://[^/\s]+/)?(?:file/)?(?:bot)?({_TOKEN.pattern})(?:/[\w.-]*)?", text, re.IGNORECASE
    )
    if found is None or "ExampleExample" in found[1]:
        raise wrong(_about_token(text))
    return found[1]


def _about_token(text: str) -> str:
    reasons = (
        ("ExampleExample", "it is the example"),
        (r"^@?[A-Za-z]\w*bot$", "a bot's name is not its token"),
        (r"^[0-9]+:?$", "only the number before the colon is there, and the rest is missing"),
        (rf"{_TOKEN.pattern}\D+{_TOKEN.pattern}", "there are two tokens"),
        (r"\s", "there is a space or a line break in it"),
        (r"[^\x21-\x7e]", "there is a character in it that no token has, such as a long dash or a Cyrillic letter"),
        (r"^[0-9]{6,}:[A-Za-z0-9_-]*$", "its end is missing"),
        (r"^[0-9]{0,5}:?[A-Za-z0-9_-]{30,}$", "its beginning, the number before the colon, is missing"),
    )  # fmt: skip
    return next((reason for pattern, reason in reasons if re.search(pattern, text, re.IGNORECASE)), "it is no token")


# --- ids of people ----------------------------------------------------------------------------------------------------


def person_ids(text: str) -> Collection[int]:
    """Ids with commas, semicolons or spaces between them."""
    text = re.sub(rf"[{re.escape(_QUOTES)}\[\](){{}}<>]", " ", without_marks(text))
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    grouped = r"\s*[0-9]{1,3}(?:%s[0-9]{3})+\s*"
    entries = [entry.strip() for entry in re.split(r"[,;|/、，]|\bu?id\s*[:=]", text, flags=re.IGNORECASE)]
    if re.fullmatch(grouped % ",", text) or any(re.fullmatch(grouped % r"[\s.'_]", entry) for entry in entries):
        raise wrong("there is something between the digits of a number, which is written without")
    if re.search(r"https?://|tg://|t\.me", text, re.IGNORECASE):
        raise wrong("a link is not an id")
    ids = [part for entry in entries for part in re.sub(r"(?<=[+-])\s+(?=[0-9])", "", entry).split()]
    return [_person_id(part, f"entry {place} is" if len(ids) > 1 else "it is") for place, part in enumerate(ids, 1)]


def _person_id(text: str, it_is: str) -> int:
    digits = text.lstrip("+-")
    if not digits.isdecimal():
        if re.fullmatch(rf"(?:bot)?{_TOKEN.pattern}", text, re.IGNORECASE):
            raise wrong(f"{it_is} a bot's token")
        if re.fullmatch(r"\+?[0-9().-]{6,}", text):
            raise wrong(f"{it_is} written like a phone number, and a phone number is not an id")
        if re.search("[^\\W\\d_]", text):
            raise wrong(f"{it_is} a name, and a name is not an id")
        raise wrong(f"{it_is} no number")
    number = int(digits) if len(digits) < 30 else 1 << _ID_BITS
    if text.startswith("-"):
        raise wrong(f"{it_is} negative, as the ids of groups are, and not of people")
    if text.startswith(("+", "0")) and number:
        raise wrong(f"{it_is} written like a phone number, and a phone number is not an id")
    if not 0 < number < 1 << _ID_BITS:
        raise wrong(f"{it_is} a number that nobody on Telegram has")
    if number in _TELEGRAMS_OWN:
        raise wrong(f"{it_is} Telegram's own, for those who write as a group or a channel")
    return number


# --- addresses --------------------------------------------------------------------------------------------------------


def origin(path: str, *, port_alone: bool = False) -> Callable[[str], str]:
    """A check that gives ``https://host:port`` alone.

    ``path`` is what people copy along with it. With ``port_alone`` a port of this computer is enough.
    """

    def check(text: str) -> str:
        text = re.sub(r"\s*([:/])\s*", r"\1", _plain(text))
        text = re.sub(r"^(https?)(?::?[/\\]{1,}|;[/\\]+)", r"\1://", text, flags=re.IGNORECASE)
        if port_alone and re.fullmatch(r":?[0-9]{1,5}/?", text):
            text = f"127.0.0.1:{text.strip(':/')}"
        if re.match(_HOST_PORT, text.lstrip("/")):
            text = text.lstrip("/")
            secure = re.match(r"[^/]+:443(?![0-9])", text) is not None
            text = f"{'https' if secure else 'http'}://{text}"
        return _origin(text, path)

    return check


def _origin(text: str, path: str) -> str:
    if re.search(r"\s", text):
        raise wrong("there is a space in it")
    scheme, there, _ = text.partition("://")
    if not there:
        raise wrong("http:// or https:// is missing, and the port")
    if scheme.lower() not in {"http", "https"}:
        raise wrong("it begins neither with http:// nor with https://")
    url = _url(text)
    if url.username is not None or url.password is not None:
        raise wrong("a login stands before the host")
    if url.query is not None or url.fragment is not None or (url.path or "").rstrip("/") not in {"", path}:
        raise wrong("something stands behind the host and port")
    return f"{url.scheme}://{_address(url, default={'http': 80, 'https': 443}[url.scheme])}"


def proxy(text: str) -> str:
    """A proxy's URL, with whatever is special in its user and password percent-encoded."""
    text = re.sub(r"[^\S ]", "", without_unseen(text)).strip(_QUOTES + " ")
    text = re.sub(r"^(https?|socks\w*)\s*:\s*[/\\]+\s*", r"\1://", text, flags=re.IGNORECASE)
    scheme, there, rest = text.partition("://")
    if not there:
        scheme, rest = _scheme_of(text), text
    kind = {"socks5h": "socks5", "socks": "socks5"}.get(scheme.lower(), scheme.lower())
    if kind not in {"http", "socks5"}:
        raise wrong("a proxy of its kind can't be used")
    if re.fullmatch(rf"{_HOST_PORT}:.+:.+", rest) and "@" not in rest:
        raise wrong("the login stands behind the host")
    if re.search("[?#/].*@", rest):
        raise wrong("what is special in the password is written as in a link, # as %23, / as %2F, ? as %3F, @ as %40")
    login, _, address = rest.rpartition("@")
    address = re.sub(r"\s", "", address).rstrip("/")
    if not re.fullmatch(_HOST_PORT, address):
        raise wrong("it does not end with host and port")
    url = _url(f"{kind}://{login}{'@' if login else ''}{address}")
    known_as = (url.username or "") + ("" if url.password is None else f":{url.password}")
    return f"{kind}://{known_as}{'@' if known_as else ''}{_address(url)}"


def _scheme_of(text: str) -> str:
    """What is meant where no kind is written: ``http``, unless the port is one of another kind's."""
    found = re.search(r":([0-9]{1,5})/?$", text)
    if found is None or int(found[1]) in _SOCKS_PORTS:
        raise wrong("its kind is missing: http:// or socks5:// stands at its beginning")
    return "http"


def _url(text: str) -> Url:
    try:
        url = Url(text)
    except ValueError:
        raise wrong("no host and port can be read in it; a port is a number from 1 to 65535") from None
    if not url.host or url.port == 0:
        raise wrong("no host and port can be read in it; a port is a number from 1 to 65535")
    return url


def _address(url: Url, default: int | None = None) -> str:
    return f"{url.host}" if url.port == default else f"{url.host}:{url.port}"


def is_another_computer(origin_url: str) -> bool:
    """Whether an origin names another computer than this one, or than the one that this container is on."""
    host = re.sub(r":[0-9]+$", "", origin_url.partition("://")[2]).strip("[]")
    if host in _THIS_COMPUTER or host.endswith(".localhost"):
        return False
    try:
        ip = ip_address(host)
    except ValueError:
        return True
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return not (ip.is_loopback or ip.is_unspecified or (mapped is not None and mapped.is_loopback))


# --- numbers and the key ----------------------------------------------------------------------------------------------


def number(value: object) -> object:
    """A number as it was meant; what is none is left to be refused."""
    if not isinstance(value, str):
        return value
    text = re.sub(r"\s", "", _plain(value)).lower()
    return re.sub(r"^([0-9]+),([0-9]+)$", r"\1.\2", re.sub(r"(?<=[0-9])(?:s|secs?|seconds?)$", "", text))


def hours(value: object) -> object:
    """The same of a number of hours."""
    return number(re.sub(r"(?i)(?<=[0-9])\s*(?:h|hrs?|hours?)\W*$", "", value) if isinstance(value, str) else value)


def level(value: object) -> object:
    """A level's name, also by another program's."""
    if not isinstance(value, str):
        return value
    name = _plain(value).upper()
    return {"WARN": "WARNING", "CRITICAL": "ERROR", "FATAL": "ERROR", "TRACE": "DEBUG"}.get(name, name)


def word(value: object) -> object:
    """One of the words between which there is a choice."""
    return _plain(value).lower() if isinstance(value, str) else value


def key(text: str) -> str:
    """The key's digits."""
    digits = re.sub(r"\s", "", _plain(text)).removeprefix("0x").lower()
    if not re.fullmatch("[0-9a-f]*", digits):
        raise wrong("it holds other characters than hexadecimal digits, which are 0 to 9 and a to f")
    if len(digits) != 64:
        raise wrong(f"it has {len(digits)} digits in place of 64")
    return digits
