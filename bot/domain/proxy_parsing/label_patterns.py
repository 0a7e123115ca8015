"""How a label is spelled: its name, what joins its value on, and the options of tools that say the same."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.han import HAN, HAN_RANGE
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.vocabulary import NAMES, Part, any_of, spaced

#: What makes "proxy" the beginning of another name.
_OF_PROXY = r"(?![ _.-]?(?:user|login|pass|pwd|port|type|protocol|account)(?![a-z]{0,4}[0-9.]))"


def _spelling(name: str) -> str:
    return spaced(name, "[ _.-]?") + (_OF_PROXY if name == "proxy" else "")


_SPELLED = {part: any_of(names, _spelling) for part, names in NAMES.items()}
_USERS = (
    r"(?:proxy[ _])?(?:user ?names?|users?|logins?|log|accounts?|acc)|логины?|юзер|пользователь|имя пользователя|账号"
    r"|лог"
    r"|账户|帐号|用户名|tài khoản|tai khoan|tên đăng nhập|tk|usuario|benutzer(?:name)?|utilisateur|identifiant|usuário"
)
_PASSWORDS = (
    r"(?:proxy[ _])?(?:passwords?|pass|passwd|pwd|pw|psw)|пароли?|пароль|пасс?|пар|密码|mật khẩu|mat khau|mk|contraseña"
    r"|clave|passwort|kennwort|mot de passe|mdp|senha"
)
_PAIRED = (
    r"(?:[ \t]*[/&+|\\-][ \t]*|[ \t]+(?:and|и|und|y|e|et|và|和|与)[ \t]+|,[ \t]*|[ _]"
    rf"|(?<={HAN})[和与、]?(?={HAN}))"
)
_COLON = r"[ \t]?:(?!\S+[ \t]*(?:\n|\Z))"  # "login:pass" and the end of the line is a login
#: "Login - pw", with the password's own label below: the second name is the value of the first.
_NOT_BELOW = r"(?![ \t]*\n[ \t]*(?:{names})[ \t]*(?:[:=]|[-–—][ \t]))"
#: "login and password", and the other way round.
_BOTH = (
    rf"(?:{_USERS})(?:{_PAIRED}|{_COLON})(?:{_PASSWORDS}){_NOT_BELOW.format(names=_PASSWORDS)}"
    rf"|(?P<reversed>(?:{_PASSWORDS})(?:{_PAIRED}|{_COLON})(?:{_USERS}){_NOT_BELOW.format(names=_USERS)})"
)
_SPELLED[Part.LOGIN] = f"{_BOTH}|{_SPELLED[Part.LOGIN]}"
#: "主机:端口", "хост:порт": both in one.
_ADDRESSES = (
    r"(?:(?:代理)?(?:主机|地址|服务器)|代理|(?:代理)?ip|хост|адрес|айпи|ип|сервер|máy chủ|servidor|serveur)"
    r"[ ]?[:/+&][ ]?(?:(?:代理)?端口|порт|cổng|puerto|porta)"
)
_SPELLED[Part.HOST] = f"{_ADDRESSES}|{_SPELLED[Part.HOST]}"
_ANY = "|".join(f"(?P<{part.value}>{spelled})" for part, spelled in _SPELLED.items())
NAME = rf"(?:{'|'.join(_SPELLED[part] for part in _SPELLED if part is not Part.LOGIN)})"
_NAME = LatePattern(rf"(?:{_ANY})", re.IGNORECASE)
#: A name with a sign behind it that parts the fields of a header line.
_NAMED_NEXT = LatePattern(rf"(?:{_ANY})[:|;,@]", re.IGNORECASE)
#: A label behind a sign that parts fields.
NEXT_LABEL = LatePattern(rf"[|;,](?:{_ANY})[:=]", re.IGNORECASE)
_PAIR_ALONE = LatePattern(rf"(?:{_USERS})(?:{_PAIRED}|:)(?:{_PASSWORDS})", re.IGNORECASE)
_EITHER = rf"(?:{_USERS})(?:{_PAIRED}|:)(?:{_PASSWORDS})|(?:{_PASSWORDS})(?:{_PAIRED}|:)(?:{_USERS})"

_QUALIFIED = r"(?:(?P<qualifier>https?(?:\(s\))?(?:/https?)?(?:/socks5)?|socks5?h?)[ _/-]*)?"
#: What says in Chinese that user and password are one word.
_HAN_BOTH = r"(?:都是|都为|均为)[ \t]*:?[ \t]*"
#: A sign, a dash, the end of the line, nothing between a Chinese label and its value, "is", or a space.
_JOIN = (
    r"(?P<join>[ \t]*(?:\.{2,20}[ \t]*(?=[:=]))?(?:::|==|[:=]>?|->|→|>)[ \t]*|[ \t]*[-–—][ \t]+|[ \t]*(?=\n)"
    rf"|(?<={HAN})[ \t]*[是为為][ \t]*:?[ \t]*(?=[!-~])|(?<={HAN})(?=[A-Za-z0-9]|{_HAN_BOTH}[!-~])"
    r"|(?<=ip)[ \t]*[是为為][ \t]*(?=[!-~])"
    r"|(?<=ip)(?=(?:[0-9]{1,3}\.){3}[0-9])"
    r"|[ \t]+(?:is|are|was|ist|es|est|é|là|это)[ \t]+|[ \t]+)"
)
#: Where a label may begin: behind a space or a sign, or glued to a value that can be told from it.
_BEGIN = (
    rf"(?:(?<![\w:@/.+=%$])(?<![^\s-]-)|(?<=http\.)|(?<=https\.)|(?<=[A-Za-z0-9])(?=(?-i:[\u0400-\u04ff{HAN_RANGE}]))"
    r"|(?<=[\w]/)|(?-i:(?<=[a-z0-9])(?=[A-Z])))"
)
#: Of what a login is: "Логин от прокси", "Password for the proxy".
_OF_WHAT = (
    r"[ \t]+(?:(?:от|для|к|на)[ \t]+)?(?:(?:этого|самого)[ \t]+)?"
    r"(?:прокси(?:[ \t-]?сервер[ау])?|входа|авторизации|подключения)"
    r"|[ \t]+(?:for|of|to)[ \t]+(?:the[ \t]+)?proxy(?:[ \t]server)?"
)
LABEL = LatePattern(
    rf"{_BEGIN}(?:your[ _]|my[ _]|the[ _]|mi[ _]|мой[ ]|ваш[ ])?"
    rf"{_QUALIFIED}(?:{_ANY})(?:[ \t]?[#№]?[0-9](?=[ \t]*[:=][ \t]))?"
    r"(?P<note>[ \t]*[(（][^()（）\n]{1,24}[)）]"
    r"|[ \t_]+(?:https?(?:\(s\))?|socks5?h?)(?:/(?:https?|socks5?))*(?=[ \t]*(?:[=-]|:(?!//)))"
    rf"|{_OF_WHAT}(?=[ \t]*[:=\n]|[ \t]+[-–—][ \t]))?"
    rf"[\"'”*_`]{{0,3}}{_JOIN}(?P<open>[\"'](?=[\"'](?:[,}}\]\s]|\Z))|[\"'“`*_]{{0,3}})",
    re.IGNORECASE,
)
#: Names that are a label with nothing but a space behind them.
WEAK_WORDS = LatePattern(
    rf"(?:proxy[ _])?(?:port|prt|user|usr|uid|acc|account"
    rf"|username|user ?name|login|pass|password|passwd|passphrase|pwd|log|pw|порт[уеа]?|логин(?:ом)?"
    rf"|парол(?:ь|ем)|пасс?|пар|лог|логн|logn"
    rf"|користувач|логін|ім'я користувача|utente|użytkownik|kullanıcı|pengguna|sandi"
    rf"|юзер|имя пользователя|пользователь|cổng|cong|mật khẩu|mat ?khau|tài khoản|tai ?khoan"
    rf"|tên đăng nhập|ten dang nhap|mk|tk|usuario|contraseña|puerto|benutzer|benutzername|passwort|kennwort|utilisateur"
    rf"|mot de passe|senha|usuário|porta|parol|hasło|clave|kata sandi|nama pengguna|şifre|kullanıcı adı"
    rf"|l/p|л/п|лог/пас|{HAN}+|(?:{_EITHER}))\Z",
    re.IGNORECASE,
)
#: Of those, words that are often something else: a label only with a value that has the look of a secret.
OFTEN_ELSE = LatePattern(rf"(?:acc|mk|tk|пасс?|пар|лог|usr|uid|parol|passphrase|(?:{_EITHER}))\Z", re.IGNORECASE)
OPTION = re.compile(
    r"(?<!\S)(?P<option>--?(?:(?:proxy-user|proxy-server|proxy-auth|proxy|preproxy|socks5-hostname|socks5|socks4a|socks4)"
    r"(?!-[a-z])|x|U))"
    r"(?:=|[ \t]*)(?=[\"']?\S)"
)
_GROUPS = tuple((part, part.value) for part in NAMES)
BY_OPTION = {"-U": Part.LOGIN, "--proxy-user": Part.LOGIN, "--proxy-auth": Part.LOGIN}

#: What is said where user and password are one word.
_FOR_BOTH = re.compile(
    rf"{_HAN_BOTH}|(?:đều(?:[ \t]+là)?|both|the same|same|identical|оба|обе|одно|один|одинаков\w+|совпадают)"
    r"(?![\w@.]|[:/|;,-]\S)"
    r"(?:[ \t]+(?:и|тот|то|та|же|are|is|the|same|word|слово))*[ \t:=–—-]*",
    re.IGNORECASE,
)
_LABEL_INSIDE = re.compile(
    r"(?<=[\x21-\x7e])(?:парол[ья]|пасс|логин|密码|密碼|账号|账户|端口|mật|tài)|[/,;|&](?:password|passwd|pass|pwd|pw|mk|пароль)\b"
    r"|[:=：](?:пароль|密码)|(?-i:(?<=[a-z0-9])(?:Password|Passwd|Pass|Pwd))\Z|密码[:：]",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"(?<![^\W_])(?:passwords?|passwd|pass|pwd|logins?|log ?in|username|user ?name|users?|credentials|creds|auth"
    r"|логин\w*|парол\w*|юзер\w*|mật khẩu|mat ?khau|tài khoản|tai ?khoan|tk|mk|usuario|contraseña|passwort|kennwort"
    r"|benutzer\w*|senha)(?![^\W_])|密码|账号|用户名|口令",
    re.IGNORECASE,
)
_PASSWORD_WORD = re.compile(
    r"(?<![\w:@/])(?:passwords?|passwd|pass|pwd|pw|psw|парол\w*|пасс|mật khẩu|mat ?khau|mk|contraseña|passwort|kennwort"
    r"|senha|mot de passe|şifre|hasło|kata sandi)(?![^\W_])|密码|密碼|口令",
    re.IGNORECASE,
)
#: "no login", "without password", "пароль не нужен".
_NEGATED = re.compile(
    r"(?<![^\W_])(?:no|not|non|none|without|w/o|free|open|нет|не|без|không|ko|k|khong|sin|ohne|sans|senza|kein\w*"
    r"|whitelist\w*|isn't|doesn't|don't|needn't|anonymous|null)(?![^\W_])|不需|不用|無|无|没有|沒有|免",
    re.IGNORECASE,
)


def is_label_name(text: str) -> bool:
    """Whether this is a label's name and nothing else."""
    return _NAME.compiled.fullmatch(text) is not None


def part_named(name: str) -> Part | None:
    """What a label is for of which this is the name, and nothing else."""
    match = _NAME.compiled.fullmatch(name)
    return part_of(match) if match else None


def is_pair_of_names(text: str) -> bool:
    """Whether this is "user:pass", "login and password" or the like."""
    return _PAIR_ALONE.compiled.fullmatch(text) is not None


def names_next(text: str) -> bool:
    """Whether this begins with a name that a header line has, and its sign."""
    return _NAMED_NEXT.compiled.match(text) is not None


def part_of(match: re.Match[str]) -> Part:
    """What the label is for that was matched."""
    return next(part for part, group in _GROUPS if match[group])


def is_for_both(text: str) -> bool:
    """Whether a text begins with what is said where user and password are one word."""
    return _FOR_BOTH.match(text) is not None


def word_for_both(value: str) -> str | None:
    """The word that is user and password at once, as "both ana" says; None where nothing says so."""
    said = _FOR_BOTH.match(value)
    if said is None:
        return None
    word = value[said.end() :].strip(" \t)")
    return "" if " " in word else word


def ends_in_label(text: str) -> bool:
    """Whether a label stands in what was read as a user: "ivan77пароль", "ana/password"."""
    return _LABEL_INSIDE.search(text) is not None


def mentions_login(text: str) -> bool:
    """Whether a text speaks of a login, without saying that there is none."""
    return _MENTION.search(text) is not None and _NEGATED.search(text) is None


def speaks_of_password(text: str) -> bool:
    """Whether a text speaks of a password, without saying that there is none."""
    return _PASSWORD_WORD.search(text) is not None and _NEGATED.search(text) is None
