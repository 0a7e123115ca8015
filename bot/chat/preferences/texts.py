"""What is said about language and time zone."""

from __future__ import annotations

from bot.chat.translator import Html, Translator


def choose_language(t: Translator) -> Html:
    return t("<b>Which language do you want me to speak?</b>")


def language_chosen(t: Translator) -> Html:
    return t("I speak English with you now.")


def time_zone_is(t: Translator, place: str, time: str) -> Html:
    return t("I tell you times of <b>{place}</b>, where it is {time} now.", place=place, time=time)


def no_time_zone(t: Translator, time: str) -> Html:
    return t("I don't know your time zone, so I tell you times of the computer where I run: {time}.", time=time)


def how_to_choose(t: Translator) -> Html:
    return t("Tap a place, or write a city behind the command, like <code>/timezone Berlin</code>.")


def several(t: Translator) -> Html:
    return t("<b>Which of these is it?</b>")


def too_many(t: Translator) -> Html:
    return t("There are more that fit: write more of the name if yours is not among them.")


def not_found(t: Translator) -> Html:
    return t(
        "I know no such place. Write a big city near you, like <code>/timezone Berlin</code>, or the hours, like "
        "<code>/timezone UTC+3</code>."
    )


def unset(t: Translator) -> Html:
    return t("Not set")
