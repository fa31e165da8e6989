"""The languages an article may be written in: data only, no behaviour of any one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Language:
    """One language: ISO 639-1 code, its own name for itself, its English name."""

    code: str
    endonym: str
    english: str
    direction: Direction = "ltr"


_ALL = (
    Language("ar", "العربية", "Arabic", "rtl"),
    Language("bg", "български", "Bulgarian"),
    Language("ca", "català", "Catalan"),
    Language("cs", "čeština", "Czech"),
    Language("da", "dansk", "Danish"),
    Language("de", "Deutsch", "German"),
    Language("el", "Ελληνικά", "Greek"),
    Language("en", "English", "English"),
    Language("es", "español", "Spanish"),
    Language("et", "eesti", "Estonian"),
    Language("eu", "euskara", "Basque"),
    Language("fa", "فارسی", "Persian", "rtl"),
    Language("fi", "suomi", "Finnish"),
    Language("fr", "français", "French"),
    Language("ga", "Gaeilge", "Irish"),
    Language("gl", "galego", "Galician"),
    Language("he", "עברית", "Hebrew", "rtl"),
    Language("hi", "हिन्दी", "Hindi"),
    Language("hr", "hrvatski", "Croatian"),
    Language("hu", "magyar", "Hungarian"),
    Language("id", "Bahasa Indonesia", "Indonesian"),
    Language("is", "íslenska", "Icelandic"),
    Language("it", "italiano", "Italian"),
    Language("ja", "日本語", "Japanese"),
    Language("ko", "한국어", "Korean"),
    Language("lt", "lietuvių", "Lithuanian"),
    Language("lv", "latviešu", "Latvian"),
    Language("mk", "македонски", "Macedonian"),
    Language("ms", "Bahasa Melayu", "Malay"),
    Language("mt", "Malti", "Maltese"),
    Language("nb", "norsk bokmål", "Norwegian Bokmål"),
    Language("nl", "Nederlands", "Dutch"),
    Language("nn", "norsk nynorsk", "Norwegian Nynorsk"),
    Language("no", "norsk", "Norwegian"),
    Language("pl", "polski", "Polish"),
    Language("pt", "português", "Portuguese"),
    Language("ro", "română", "Romanian"),
    Language("ru", "русский", "Russian"),
    Language("sk", "slovenčina", "Slovak"),
    Language("sl", "slovenščina", "Slovenian"),
    Language("sq", "shqip", "Albanian"),
    Language("sr", "српски", "Serbian"),
    Language("sv", "svenska", "Swedish"),
    Language("th", "ไทย", "Thai"),
    Language("tr", "Türkçe", "Turkish"),
    Language("uk", "українська", "Ukrainian"),
    Language("ur", "اردو", "Urdu", "rtl"),
    Language("vi", "Tiếng Việt", "Vietnamese"),
    Language("zh", "中文", "Chinese"),
)

LANGUAGES: Mapping[str, Language] = MappingProxyType({one.code: one for one in _ALL})


def is_known(code: str) -> bool:
    """Whether the portal can name this language."""
    return code in LANGUAGES
