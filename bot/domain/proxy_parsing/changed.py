"""Words that say that a part of a proxy is not as it was, or was told wrongly."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.late_pattern import LatePattern

#: What stands in front of what is right, where somebody has written something else before.
OOPS = "oops|sorry|ой|упс|точнее|nhầm"
#: An arrow from what was to what is.
ARROW = "[=-]>|[→⇒➜]"
CHANGED = LatePattern(
    rf"(?<![^\W_])(?:{OOPS}|now|wrong\w*|correct(?:ed|ion|s)?|ups|typo|mistake\w*|actually|instead|should|must"
    r"|chang\w+(?![ _-]?ip)(?<!changeip)|replac\w+|became|becomes|updated?|fix(?:ed)?|rather|different|another|moved"
    r"|new(?! (?:york|jersey|zealand|mexico|delhi|orleans))|edit(?:ed)?"
    r"|теперь|измен\w+|поменя\w+|смен\w+(?! ip| айпи)|исправ\w+|ошиб\w+|опечат\w+|сорри|извин\w+|прости\w*|вернее"
    r"|вместо|неправильн\w+|неверн\w+|не (?:тот|та|то)|нов(?:ый|ая|ое|ого|ому)|стал[аои]?|будет|замен\w+|долж\w+"
    r"|правильн\w+|верный|обнов\w+|на самом деле|только|переехал\w*|друг(?:ой|ая|ое|ие)"
    r"|тепер|змін\w+|помилк\w+|замість|нови[йм]|нова|має|вибач\w*|тільки"
    r"|đổi|sửa|thành|sai|giờ|mới|phải là|xin lỗi|khác"
    r"|ahora|cambi\w+|corr[ei][gcj]\w+|error|nuev[oa]|equivoc\w+|perd[oó]n|debe|otr[oa]"
    r"|agora|mud(?:ou|ei|ar)|alter\w+|nov[oa]|errad[oa]|desculp\w+"
    r"|maintenant|nouveau|nouvel(?:le)?|erreur|pardon|plutôt|autre"
    r"|jetzt|geändert|neue[rsn]?|falsch\w*|statt|sondern|korrig\w+|richtig\w*|andere[rs]?"
    r"|teraz|zmien\w+|zmian\w+|now[yea]|zamiast|błąd|błędn\w+|przepraszam|powin\w+|inn[yea]"
    r"|şimdi|değiş\w+|yeni|yanlış|oldu|yerine|olmalı|artık"
    r"|adesso|nuov[oa]|sbagliat\w+|sekarang|ganti|baru|berubah|salah)(?![^\W_])"
    rf"|(?:{ARROW})[ \t]*\S|改|换成|換成|变|變|更正|更新|错|錯|应该|應該|应为|应是|不是|现在|新|不同",
    re.IGNORECASE,
)
#: What says where in a row a login stands.
_POSITIONS = frozenset(
    {
        *("последний", "последняя", "последним", "первый", "первая", "первым", "третий", "третьим", "четвёртый"),
        *("четвертый", "четвертым", "после", "перед", "last", "first", "after", "before"),
    }
)


def is_about_login(word: str) -> bool:
    """Whether a word is no login but says something of one: that it is another now, or where it stands."""
    return CHANGED.compiled.fullmatch(word) is not None or word.lower() in _POSITIONS
