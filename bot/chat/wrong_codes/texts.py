"""What admins are told of many wrong codes."""

from __future__ import annotations

from bot.chat.imports.texts import LONGEST_NAME
from bot.chat.translator import Html, Translator, cut
from bot.usecases.wrong_codes import MOST


def many_wrong_codes(t: Translator, name: str) -> Html:
    return t(
        "⚠️ {name} has sent more than {most} wrong codes within an hour. I have not stopped them: ask them "
        "what they are doing.",
        name=cut(name, LONGEST_NAME),
        most=MOST,
    )
