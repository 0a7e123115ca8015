"""What DATABASE_URL says: an SQLite file, or a database on a PostgreSQL server with libpq's parameters.

The driver in a URL such as ``postgresql+asyncpg://`` is passed over: this program has one of its own for each database.
Characters that nobody sees are passed over, too: whoever has one in a password writes it encoded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import zip_longest
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, unquote

from bot.domain.characters import without_unseen
from bot.sqlite_file import SqliteFile, read_sqlite_file, wrong

_HOW: Final = "write sqlite:///folder/file.db or postgresql://user:password@host/name"
_ESCAPE: Final = "write what is special in user, password and name as in a link, / as %2F, ? as %3F, # as %23, @ as %40"

_NOTHING_SET: Final[Mapping[str, str]] = MappingProxyType({})

_SPELLING: Final = re.compile(r"(sqlite|postgres|postgresql)(\+[a-z0-9_]+)?\s*:\s*//(.*)", re.IGNORECASE | re.DOTALL)

# fmt: off
#: libpq's parameters that may hold any text.
_TEXTS: Final = (
    "user", "password", "host", "hostaddr", "dbname", "service", "passfile", "options", "application_name",
    "fallback_application_name", "sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl", "sslcrldir",
    "requirepeer", "require_auth", "krbsrvname", "gsslib", "scram_client_key", "scram_server_key",
    "oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope", "sslkeylogfile",
)
# fmt: on
#: libpq's parameters with a pattern of what each may hold, None for any text.
_PARAMETERS: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(_TEXTS),
    **dict.fromkeys(("keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"), "[0-9]{1,9}"),
    **dict.fromkeys(("keepalives", "sslcompression", "sslsni", "gssdelegation"), "0|1"),
    **dict.fromkeys(("ssl_min_protocol_version", "ssl_max_protocol_version"), r"TLSv1|TLSv1\.1|TLSv1\.2|TLSv1\.3"),
    **dict.fromkeys(("min_protocol_version", "max_protocol_version"), r"3\.0|3\.2|latest"),
    "port": "(?:[0-9]{0,5},)*[0-9]{0,5}",
    "connect_timeout": "[0-9]{1,9}",
    "channel_binding": "disable|prefer|require",
    # The texts that are stored need all of it.
    "client_encoding": "utf8|UTF8|utf-8|UTF-8|UNICODE",
    "gssencmode": "disable|prefer|require",
    "load_balance_hosts": "disable|random",
    "sslcertmode": "disable|allow|require",
    "sslmode": "disable|allow|prefer|require|verify-ca|verify-full",
    "sslnegotiation": "postgres|direct",
    # What is written has to be possible.
    "target_session_attrs": "any|read-write|primary",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A database on a PostgreSQL server, by libpq's keywords. Several hosts and ports have commas between them."""

    parameters: Mapping[str, str]

    @property
    def url(self) -> str:
        """The one spelling of all that mean the same, everything special in it percent-encoded."""
        left = dict(self.parameters)
        user, password = (left.pop(key, None) for key in ("user", "password"))
        login = quote(user or "", safe="") + ("" if password is None else f":{quote(password, safe='')}")
        name = quote(left.pop("dbname", ""), safe="")
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in sorted(left.items()) if key not in _ADDRESS)
        return (
            "postgresql://"
            + (f"{login}@" if login else "")
            + self.addresses
            + f"/{name}"
            + (f"?{query}" if query else "")
        )

    @property
    def addresses(self) -> str:
        hosts, ports = (self.parameters.get(key, "").split(",") for key in _ADDRESS)
        pairs = zip_longest(hosts, ports, fillvalue="")
        return ",".join(_bracketed(host) + (f":{port}" if port else "") for host, port in pairs)


_ADDRESS: Final = ("host", "port")


def read_database_url(text: str, variables: Mapping[str, str] = _NOTHING_SET) -> SqliteFile | Server:
    """What a URL means; ``variables`` are those that the path of a file may name.

    Raises ``SettingError`` with one sentence in which no value stands.
    """
    text = text.strip()
    spelling = _SPELLING.fullmatch(without_unseen(text))
    if spelling is None:
        raise wrong(_not_a_url(text))
    kind, driver, rest = spelling.groups()
    try:
        if kind.lower() == "sqlite":
            return read_sqlite_file(rest, driver or "", variables)
        return _server(re.sub(r"[^\S\x00-\x20]", "", rest))
    except UnicodeDecodeError:
        raise wrong(_ESCAPE) from None


def _not_a_url(text: str) -> str:
    if "://" in text or "=" in text or not re.search(r"\.(?:db|sqlite3?)$", text):
        return _HOW
    return "it is a file's name alone, so write sqlite:/// in front of it"


def _server(rest: str) -> Server:
    if "#" in rest:
        raise wrong(_ESCAPE)
    before, _, query = rest.partition("?")
    authority, _, name = before.partition("/")
    if "/" in name or "@" in name:
        raise wrong(_ESCAPE)
    login, at, addresses = authority.rpartition("@")
    found = _parameters_of(login, has_login=bool(at)) | _addresses(addresses)
    if name:
        found["dbname"] = _decoded(name)
    asked = _query(query)
    found = {key: value for key, value in (found | asked).items() if value or key == "password"}
    if not found.keys() & {"host", "hostaddr", "service"}:
        raise wrong(f"it names no server: {_HOW}")
    if not found.keys() & {"dbname", "service"}:
        raise wrong(f"it names no database: {_HOW}")
    hosts = found.get("host", found.get("hostaddr", "")).split(",")
    ports = found.get("port", "").split(",")
    if len(ports) not in {1, len(hosts)}:
        raise wrong("write as many ports as hosts, or one for all")
    if ports[0] and len(ports) < len(hosts):
        found["port"] = ",".join(ports * len(hosts))
    return Server(found)


def _parameters_of(login: str, *, has_login: bool) -> dict[str, str]:
    user, colon, password = login.partition(":")
    found = {"user": _decoded(user)} if has_login else {}
    return found | ({"password": _decoded(password)} if colon else {})


def _addresses(text: str) -> dict[str, str]:
    """Host and port, or several with commas between them."""
    hosts, ports = [], []
    for address in text.split(","):
        parts = re.fullmatch(r"(\[[0-9A-Fa-f:.%\w]+\]|[^\s:\[\]]*)(?::([0-9]{0,5}))?", address)
        if parts is None:
            # A colon or a slash of a password ends up here.
            raise wrong(f"the server's address is not host or host:port; {_ESCAPE}")
        hosts.append(_decoded(parts[1].strip("[]")))
        ports.append(_port(parts[2] or ""))
    return {"host": ",".join(hosts), "port": ",".join(ports) if any(ports) else ""}


def _query(query: str) -> dict[str, str]:
    """The parameters, by their names. SQLAlchemy's ``host=first:1&host=second:2`` is told as libpq has it."""
    found: dict[str, str] = {}
    hosts: list[str] = []
    for part in filter(None, query.split("&")):
        key, _, value = part.partition("=")
        key, value = _decoded(key), _decoded(value)
        if (key, value.lower()) == ("ssl", "true"):
            # So does libpq, for the sake of URLs that were written for Java.
            key, value = "sslmode", "require"
        _check(key, value)
        if key == "host":
            hosts += value.split(",")
        elif key in found:
            raise wrong(f"the parameter {key} is written twice")
        else:
            found[key] = value
    return found | _asked_hosts(hosts, found)


def _asked_hosts(hosts: list[str], found: Mapping[str, str]) -> dict[str, str]:
    if not any(hosts):
        return {}
    split = [re.fullmatch(r"([\w.-]+):([0-9]{1,5})", host) for host in hosts]
    if "port" in found or not any(split):
        return {"host": ",".join(hosts)}
    return {
        "host": ",".join(pair[1] if pair else host for host, pair in zip(hosts, split, strict=True)),
        "port": ",".join(_port(pair[2]) if pair else "" for pair in split),
    }


def _check(key: str, value: str) -> None:
    if key not in _PARAMETERS:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,40}", key):
            # It may be a piece of a password.
            raise wrong(f"behind the ? stands what is no parameter of PostgreSQL's; {_ESCAPE}")
        near = ["sslmode"] if key == "ssl" else get_close_matches(key.lower(), _PARAMETERS, n=1, cutoff=0.7)
        raise wrong(
            f"PostgreSQL has no parameter {key} that can be used here"
            + (f": write {near[0]} if that is meant" if near else ", so leave it out")
        )
    allowed = _PARAMETERS[key]
    if allowed is not None and not re.fullmatch(allowed, value):
        raise wrong(f"the value of the parameter {key} is none that PostgreSQL takes there{_choices(allowed)}")
    if key == "port":
        for port in value.split(","):
            _port(port)


def _choices(allowed: str) -> str:
    if "|" not in allowed:
        return ""
    return ", so write one of " + ", ".join(allowed.replace("\\", "").split("|"))


def _port(text: str) -> str:
    if text and not 0 < int(text) < 65536:
        raise wrong("a port is a number from 1 to 65535")
    return text


def _decoded(text: str) -> str:
    decoded = unquote(text, errors="strict")
    if re.search(r"[\x00-\x1f\x7f]", decoded):
        raise wrong(_HOW)
    return decoded


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("/") else quote(host, safe="")
