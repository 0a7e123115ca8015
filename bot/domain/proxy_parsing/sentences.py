"""Sentences where a password is asked for: "sorry, the port is 9001", "не знаю, спрошу", "密码我也不知道"."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.han import HAN
from bot.domain.proxy_parsing.label_patterns import is_label_name
from bot.domain.proxy_parsing.vocabulary import words_of

#: As many Chinese characters in a row are no password.
_IN_CHINESE = re.compile(rf"(?:{HAN}|[，。？！、]){{6,}}")
#: Words that people say to one another, and that are in no passphrase.
_SAID = words_of(
    """
    ask don't dont didn't doesn't can't idk dunno know sorry oops wait sure please pls thanks thank what which where why
    how who
    """
)
_EDGES = " \t.,;:!?()\"'“”«»…-–—"
_NAMED = 3  # words of a sentence that names a part of a proxy: "pass word1" is a password


def is_sentence(text: str) -> bool:
    """Whether somebody writes about a password, or about something else, rather than types it.

    A password may have spaces in it, but hardly several words that are not in Latin letters, nor the name of a part.
    """
    if _IN_CHINESE.search(text):
        return True
    words = [bare for word in text.split() if (bare := word.strip(_EDGES))]
    if len(words) < 2:
        return False
    if 2 * sum(word.isalpha() and not word.isascii() for word in words) >= len(words):
        return True
    said = any(word.lower().replace("’", "'") in _SAID for word in words)
    return said or (len(words) >= _NAMED and any(map(is_label_name, words)))
