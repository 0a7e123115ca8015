"""What is said about language and time zone."""

from __future__ import annotations

from bot.chat.translator import Html, Translator


def choose_language(t: Translator) -> Html:
    return t("<b>Which language do you want me to speak?</b>")


def language_chosen(t: Translator) -> Html:
    return t("I speak English with you now.")


def time_zone_is(t: Translator, place: str, time: str) -> Html:
    return t("I show times as they are in <b>{place}</b>, where it is {time} now.", place=place, time=time)


def no_time_zone(t: Translator, time: str) -> Html:
    return t("I don't know your time zone, so I show the time of the computer on which I run: {time}.", time=time)


def how_to_choose(t: Translator) -> Html:
    return t("Tap a place, or write a city after the command, like <code>/timezone Berlin</code>.")


def several(t: Translator) -> Html:
    return t("<b>Which of these is it?</b>")


def too_many(t: Translator) -> Html:
    return t("More places fit this. If yours is not here, write more of its name.")


def not_found(t: Translator) -> Html:
    return t(
        "I don't know this place. Write a big city near you, like <code>/timezone Berlin</code>, or the difference "
        "from UTC, like <code>/timezone UTC+3</code>."
    )


def unset(t: Translator) -> Html:
    return t("Not set")
