"""Big cities after which no time zone is named, by the zone that is theirs, in the languages of the bot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(";"))


CITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "Europe/Moscow": _names("""
        Saint Petersburg; St Petersburg; Санкт-Петербург; Питер; СПб; МСК; 圣彼得堡; Sochi;
        Сочи; Kazan; Казань; Краснодар; Krasnodar; Ростов-на-Дону; Нижний Новгород;
        Воронеж
    """),
    "Asia/Yekaterinburg": _names("Chelyabinsk; Челябинск; Perm; Пермь; Ufa; Уфа; Tyumen; Тюмень; ЕКБ"),
    "Europe/Kyiv": _names("Kiev; Kharkiv; Харьков; Odesa; Odessa; Одесса; Днепр; Lviv; Львов; Львів"),
    "Asia/Almaty": _names("Astana; Астана; 阿斯塔纳; Shymkent; Шымкент"),
    "Asia/Shanghai": _names("""
        Beijing; Peking; 北京; Пекин; Bắc Kinh; Shenzhen; 深圳; Шэньчжэнь; Thâm Quyến;
        Guangzhou; 广州; Гуанчжоу; Quảng Châu; Hangzhou; 杭州; Yiwu; 义乌; Иу; Chengdu; 成都; 重庆;
        武汉; 南京; 苏州; 天津; 厦门; 东莞; 佛山; 西安; 青岛; 宁波; 长沙
    """),
    "Asia/Ho_Chi_Minh": _names("""
        Saigon; Sài Gòn; 西贡; Сайгон; TP HCM; TPHCM; Ho Chi Minh City;
        Thành phố Hồ Chí Minh; Hanoi; Ha Noi; Hà Nội; 河内; Ханой; Da Nang; Đà Nẵng; 岘港;
        Дананг; Hai Phong; Hải Phòng; Can Tho; Cần Thơ; Nha Trang; Нячанг; Huế
    """),
    "Asia/Kolkata": _names("Mumbai; Delhi; New Delhi; Bangalore; Мумбаи; Дели; 孟买; 新德里"),
    "America/New_York": _names("""
        Washington; Вашингтон; 华盛顿; Miami; Майами; 迈阿密; Boston; Бостон; 波士顿; Atlanta;
        Philadelphia; Orlando
    """),
    "America/Chicago": _names("Houston; Хьюстон; 休斯顿; Dallas; Даллас; Austin; San Antonio"),
    "America/Los_Angeles": _names("""
        San Francisco; Сан-Франциско; 旧金山; San Diego; Seattle; Сиэтл; 西雅图; Las Vegas;
        Лас-Вегас; 拉斯维加斯; San Jose
    """),
    "America/Toronto": _names("Montreal; Монреаль; 蒙特利尔; Ottawa"),
    "America/Sao_Paulo": _names("Rio de Janeiro; Рио-де-Жанейро; 里约热内卢; Brasilia"),
    "Europe/Berlin": _names("""
        Munich; München; Мюнхен; 慕尼黑; Hamburg; Гамбург; 汉堡; Frankfurt; Франкфурт; 法兰克福;
        Cologne; Köln; Кёльн; Düsseldorf; Stuttgart
    """),
    "Europe/London": _names("Manchester; Манчестер; 曼彻斯特; Birmingham; Edinburgh"),
    "Europe/Rome": _names("Milan; Милан; 米兰; Naples"),
    "Europe/Madrid": _names("Barcelona; Барселона; 巴塞罗那; Valencia; Валенсия"),
    "Europe/Istanbul": _names("Ankara; Анкара; 安卡拉; Antalya; Анталья; Анталия; Izmir"),
    "Europe/Warsaw": _names("Krakow; Краков; Wroclaw; Вроцлав"),
    "Asia/Dubai": _names("Abu Dhabi; Абу-Даби; 阿布扎比"),
    "Asia/Jerusalem": _names("Tel Aviv; Тель-Авив; 特拉维夫"),
    "Asia/Tokyo": _names("Osaka; Осака; 大阪"),
    "Asia/Bangkok": _names("Phuket; Пхукет; 普吉; Pattaya; Паттайя"),
    "Asia/Makassar": _names("Bali; Бали; 巴厘岛; Denpasar"),
    "Australia/Melbourne": _names("Мельбурн"),
}
