"""Host names and addresses as people type them: read by the proxy and by the bypass list alike."""

from __future__ import annotations

import ipaddress
import re
import unicodedata

LONGEST_NAME = 253  # RFC 1035, without the dot of the root
LONGEST_LABEL = 63

_IDEOGRAPHIC_FULL_STOPS = str.maketrans("。｡", "..")
_ALL_NUMERIC = re.compile(r"[0-9.]+")


def read_host(text: str) -> str | None:
    """A host as it is kept, or None where the text is none.

    IPv4, IPv6 (with or without brackets, kept without) or a name, whose labels may be of any script; full-width
    characters are read, capitals become small. Something with only digits and dots must be an IPv4 address, and the
    last label of a name is not a number.
    """
    host = unicodedata.normalize("NFKC", text).translate(_IDEOGRAPHIC_FULL_STOPS).lower()
    digits = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in host)
    bracketed = host.startswith("[") and host.endswith("]")
    if bracketed:
        host = host[1:-1]
    if bracketed or ":" in host:
        return host if _is_ip(host) and ":" in host else None
    if _ALL_NUMERIC.fullmatch(digits):
        return digits if _is_ip(digits) else None
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > LONGEST_NAME or labels[-1].isdecimal() or not all(map(_is_label, labels)):
        return None
    return host


def is_ip(host: str) -> bool:
    """Whether a host that has been read is an address."""
    return ":" in host or _ALL_NUMERIC.fullmatch(host) is not None


def is_evident(host: str) -> bool:
    """Whether a host that has been read can hardly be a user's name: an address, a dotted name or ``localhost``."""
    return ":" in host or "." in host or host == "localhost"


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text  # a zone means nothing on another computer


def _is_label(label: str) -> bool:
    """Whether this is one part of a host name. Underscores are no part of the standard, and in use."""
    if not 0 < len(label) <= LONGEST_LABEL or label.startswith("-") or label.endswith("-"):
        return False
    if not all(sign.isalnum() or sign in "-_" or unicodedata.category(sign) in {"Mn", "Mc"} for sign in label):
        return False
    try:
        # What goes over the wire is the ASCII form, which is longer and may be too long.
        label.encode("idna")
    except UnicodeError:
        return False
    return True
