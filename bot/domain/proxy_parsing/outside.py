"""What stands outside the proxies of a text, in pieces: words about them rather than parts of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.han import HAN, HAN_SIGN
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.lines import blanked
from bot.domain.proxy_parsing.vocabulary import NAMES, Part, any_of, spaced, words_of
from bot.domain.proxy_parsing.words import CODE

_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)
_END = re.compile(r"\n|;(?=\s|\Z)|(?<=\w)[.!?]+(?=\s|\Z)|[。！？；]")
#: Names that are mostly something else in a sentence.
_OFTEN_ELSE = words_of("u l p л п log лог tk mk pw id userid account name аккаунт cong clave passphrase") | {
    *("user id", "account name", "proxy account", "pass/key", "package key")
}
#: What is said of an address that is not the proxy's own: that of its user, or the one that pages see.
OTHER_ADDRESS = r"exit|my|real|external|outgoing|мой|внешн\w+|реальн\w+"
_CYRILLIC_END = "(?:(?<=[\u0400-\u04ff])(?:[аыуеояью]|ом|ем|ов|ам|ах|ами|ями|ей|ям|ях|ов[іи]))?"


def named(part: Part, short: Collection[str] = ()) -> LatePattern:
    """A pattern that finds a name of a part in a sentence, in any of the languages of the labels.

    ``short`` are names that are often something else, where that does no harm.
    """
    more = rf"|(?<![^\W_])(?:{'|'.join(short)})(?![^\W_])" if short else ""
    return LatePattern(spelled(part) + more, re.IGNORECASE)


def spelled(part: Part) -> str:
    """The same as it is written in a longer pattern."""
    names = [name for name in NAMES[part] if name not in _OFTEN_ELSE]
    words = any_of((name for name in names if not HAN_SIGN.search(name)), spaced)
    words += "|парол|şifren|şifresi" if part is Part.PASSWORD else ""
    han = any_of(filter(HAN_SIGN.search, names))
    return rf"(?:(?<![^\W_])(?:{words}){_CYRILLIC_END}(?![^\W_](?<!{HAN}))|{han})"


def outside(plain: str, found: Sequence[Found]) -> str:
    """The text, as long as before, without its proxies, but with the labels that tell a part of one; without links."""
    labels = {span for each in found for span in each.labels}
    spans = [span for each in found for span in each.spans if span not in labels]
    spans += [match.span() for pattern in (_LINK, CODE) for match in pattern.finditer(plain)]
    return blanked(plain, spans)


def pieces(plain: str) -> list[str]:
    """The sentences and lines of a text that say anything."""
    found = (piece.strip(" \t,") for piece in _END.split(plain))
    return [piece for piece in found if any(map(str.isalnum, piece))]
