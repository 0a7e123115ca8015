"""Names of profiles, groups and shops in a text: a word for a type within one tells no type."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence

from bot.domain.proxy_parsing.addresses import find_addresses
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.lines import line_end, line_start
from bot.domain.proxy_parsing.types import TypeWord, is_type
from bot.domain.proxy_parsing.words import is_place, is_remark

#: A name is no longer than 80 characters: a text of opening signs alone is looked through in time.
_QUOTED = re.compile(
    r"(?<![^\W_])(?P<quote>[\"'`])(?P<inside>[^\"'`\n]{1,80})(?P=quote)(?![^\W_])"
    r"|«(?P<guillemets>[^«»\n]{1,80})»|[“„](?P<curly>[^“„”\n]{1,80})[”“]|‘(?P<single>[^‘’\n]{1,80})’"
    r"|「(?P<corner>[^「」\n]{1,80})」|『(?P<white>[^『』\n]{1,80})』"
)
_GROUPS = "team|campaign|папк[аиуе]|команд[аыуе]"
#: What stands in front of a name.
_NAMED = LatePattern(
    rf"(?:(?<![^\W_])(?:{_GROUPS}|profiles?|groups?|folders?|tags?|shops?|stores?|services?|accounts?|names?|titles?"
    r"|project|workspace|channel|bot|профил[ьяюе]\w*|групп[аыуе]\w*|тег[аи]?|магазин\w*|сервис\w*|аккаунт\w*|название"
    r"|имя|проект\w*|канал\w*|кампани\w+|окн[оа]"
    r"|nhóm|hồ sơ|thư mục|cửa hàng|tên|perfil|grupo|carpeta|tienda|cuenta|nombre|gruppe|ordner|profil|dossier|groupe)"
    r"|分组|配置|窗口|店铺|文件夹|标签|名称|环境)[\"'»”」]?[ \t]*[:：=#-]?[ \t]*[\"'`«“„‘「『]?\Z",
    re.IGNORECASE,
)
#: The same behind it, with no number of the profile's own: "SSH group"
_NAMED_BEHIND = LatePattern(
    rf"[\"'»”」]?[ \t-](?:{_GROUPS}|profile|group|folder|профиль|групп[аыуе])(?![^\W_])"
    r"(?![ \t]*[#№:]?[ \t]*[0-9]{1,3}(?![0-9.]))",
    re.IGNORECASE,
)
#: What a type in quotes may have beside it.
_OF_TYPES = re.compile(
    r"prox(?:y|ies)|прокс\w*|type|тип|протокол|protocol|only|только|ipv?[46]|v?5|или|or|and|и|/|代理|协议",
    re.IGNORECASE,
)
#: "Proxy for the profile: socks5 …"
_FOR_NAMED = re.compile(
    r"(?<![^\W_])(?:для|for|cho|para|pour|für)[ \t]+(?:(?:the|this|моего|этого)[ \t]+)?\w+[ \t]*[:：][ \t]*\Z",
    re.IGNORECASE,
)
_FAR = 30  # characters in front


def without_names(plain: str, words: Sequence[TypeWord]) -> list[TypeWord]:
    """The words for a type but for those that are a part of a name: 'profile "SSH test"', "group SSH"."""
    if not words:
        return []
    start = line_start(plain, words[0].start)
    quoted = [*_QUOTED.finditer(plain, start, line_end(plain, words[-1].end))]
    starts = [each.start() for each in quoted]
    kept = []
    for word in words:
        at = bisect(starts, word.start) - 1
        if not (_is_named(plain, word) or (at >= 0 and _is_name(plain, quoted[at], word))):
            kept.append(word)
    return kept


def _is_named(plain: str, word: TypeWord) -> bool:
    """Whether what a word for a type stands beside says that it is a name."""
    line = line_start(plain, word.start)
    front = plain[max(line, word.outer[0] - _FAR) : word.outer[0]]
    if _NAMED.compiled.search(front) and not _FOR_NAMED.search(front):
        return True
    return _NAMED_BEHIND.compiled.match(plain, word.outer[1]) is not None


def _is_name(plain: str, quoted: re.Match[str], word: TypeWord) -> bool:
    start, end = quoted.span(quoted.lastgroup or 0)
    if not start <= word.start < word.end <= end:
        return False
    if find_addresses(plain, start, end):
        return False
    beside = f"{plain[start : word.outer[0]]} {plain[word.outer[1] : end]}".split()
    return bool(beside) and not all(map(_tells_more, beside))


def _tells_more(text: str) -> bool:
    """Whether a word beside a type in the same quotes says more of the proxy."""
    bare = text.strip("()[],.;:&+-–—")
    return not bare or is_type(bare) or is_place(bare) or is_remark(bare) or _OF_TYPES.fullmatch(bare) is not None
