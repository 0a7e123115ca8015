"""Values of labels that say that a login is told elsewhere, or has changed, rather than tell it."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.changed import says_changed
from bot.domain.proxy_parsing.label_values import Label
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.vocabulary import ELSEWHERE, PROSE


def is_elsewhere(word: str, label: Label) -> bool:
    """Whether a value that begins so says that it is told elsewhere: "same", "is in the chat"."""
    bare = word.strip(".,;!?()").lower()
    alone = label.signed and label.end - label.start <= len(word)
    return (bare in ELSEWHERE and not (alone and bare.isascii() and len(bare) < 4)) or (
        not label.signed and bare in PROSE and len(bare) < 4
    )


def is_said_to_have_changed(view: View, label: Label, word: str) -> bool:
    """Whether the word behind a label, with no sign between, says that it is another now, or where it stands."""
    sign = view.plain[label.begin + len(label.name) : label.start]
    return not re.search(r"[^\w\s]", sign) and says_changed(word.strip(".,:;!?()"))
