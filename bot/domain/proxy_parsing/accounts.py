"""Words for what has an account of its own, which is not the proxy's: a profile, a shop, a mailbox, a site."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.late_pattern import LatePattern

#: What has accounts of its own, and what a proxy may be for.
PANELS = r"panel|dashboard|cabinet|панел[ьи]|админк[аи]|кабинет\w*"
HAN_PANELS = "面板|后台"
_ACCOUNTS = (
    rf"{PANELS}|profiles?|accounts?|acc|facebook|fb|instagram|insta|ig|tiktok|google|gmail|steam|twitter|telegram"
    r"|discord|ebay|amazon|etsy|shopify|paypal|linkedin|reddit|vk|wi-?fi|e-?mail|mail(?:box)?|web ?site|site"
    r"|shopee|lazada|temu|aliexpress|walmart|wildberries|wb|ozon|netflix|zalo|tiki|whatsapp|wechat|qq|notion|canva"
    r"|seller ?central|nick|озон\w*|вб|вайлдберриз\w*|али|яндекс\w*|ватсап\w*|shop|store|game|bank|crm|admin(?:ka)?"
    r"|профил[ьяюе]|аккаунт\w*|акк|уч[её]тк\w*|фейсбук\w*|фб|инст\w*|тик-?ток\w*"
    r"|гугл\w*|стим\w*|телеграм\w*|тг|вк|авито|вайфай\w*|лк|почт[аыу]|сайта?|магазин\w*|игр[аы]|госуслуг\w*|банк\w*"
    r"|црм|trang web|hồ sơ|perfil|cuenta|konto"
)
_HAN_ACCOUNTS = (
    f"{HAN_PANELS}|亚马逊|虾皮|抖音|拼多多|京东|速卖通|紫鸟|小红书|支付宝"
    "|店铺|微信|淘宝|邮箱|账号资料|账户资料|平台|网站"
)
#: What says in front of a login whose it is: "Facebook: ", "Profile data - ".
_IN_FRONT = LatePattern(
    rf"(?:(?<![^\W_])(?:{_ACCOUNTS})(?![^\W_])|{_HAN_ACCOUNTS})"
    r"(?:[ \t]+(?:account|profile|data|access|details|info|данные|доступы?|аккаунт\w*|вход))?[ \t:：–—-]*\Z",
    re.IGNORECASE,
)
_NAME = LatePattern(rf"(?:{_ACCOUNTS}|{_HAN_ACCOUNTS})[:：]?", re.IGNORECASE)


def ends_in_account(text: str) -> bool:
    """Whether a text ends in words that say to what account the login behind it belongs."""
    return _IN_FRONT.compiled.search(text) is not None


def is_account(text: str) -> bool:
    """Whether a text consists of such words."""
    return _IN_FRONT.compiled.fullmatch(text) is not None


def names_account(word: str) -> bool:
    """Whether a word is one for what has an account."""
    return _NAME.compiled.fullmatch(word) is not None
