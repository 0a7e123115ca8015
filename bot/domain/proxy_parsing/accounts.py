"""What an account other than the proxy's is of: a profile, a shop, a mailbox, a site."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.late_pattern import LatePattern

_ACCOUNTS = (
    r"profiles?|accounts?|acc|facebook|fb|instagram|insta|ig|tiktok|google|gmail|steam|twitter|telegram|discord|ebay"
    r"|amazon|etsy|shopify|paypal|linkedin|reddit|vk|wi-?fi|panel|dashboard|cabinet|e-?mail|mail(?:box)?|web ?site|site"
    r"|shopee|lazada|temu|aliexpress|walmart|wildberries|wb|ozon|netflix|zalo|tiki|whatsapp|wechat|qq|notion|canva"
    r"|seller ?central|nick|озон\w*|вб|вайлдберриз\w*|али|яндекс\w*|ватсап\w*"
    r"|shop|store|game|bank|crm|admin(?:ka)?|профил[ьяюе]|аккаунт\w*|акк|уч[её]тк\w*|фейсбук\w*|фб|инст\w*|тик-?ток\w*"
    r"|гугл\w*|стим\w*|телеграм\w*|тг|вк|авито|вайфай\w*|кабинет\w*|лк|панел[ьи]|админк[аи]|почт[аыу]|сайта?|магазин\w*"
    r"|игр[аы]|госуслуг\w*|банк\w*|црм|trang web|hồ sơ|perfil|cuenta|konto"
)
_HAN_ACCOUNTS = (
    "亚马逊|虾皮|抖音|拼多多|京东|速卖通|紫鸟|小红书|支付宝|店铺|后台|面板|微信|淘宝|邮箱|账号资料|账户资料|平台|网站"
)
#: What says in front of a login whose it is: "Facebook: ", "Profile data - ".
_IN_FRONT = LatePattern(
    rf"(?:(?<![^\W_])(?:{_ACCOUNTS})(?![^\W_])|{_HAN_ACCOUNTS})"
    r"(?:[ \t]+(?:account|profile|data|access|details|info|данные|доступы?|аккаунт\w*|вход))?[ \t:：–—-]*\Z",
    re.IGNORECASE,
)
_NAME = LatePattern(rf"(?:{_ACCOUNTS}|{_HAN_ACCOUNTS})[:：]?", re.IGNORECASE)


def ends_in_account(text: str) -> bool:
    """Whether a text ends in what says whose the login behind it is."""
    return _IN_FRONT.compiled.search(text) is not None


def is_account(text: str) -> bool:
    """Whether a text says whose a login is, and nothing else."""
    return _IN_FRONT.compiled.fullmatch(text) is not None


def names_account(word: str) -> bool:
    """Whether a word names what an account is of."""
    return _NAME.compiled.fullmatch(word) is not None
