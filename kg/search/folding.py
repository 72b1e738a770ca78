"""Words of nine languages in two scripts in one normalised form, so that a name matches however it is typed.

Uzbek in Latin or Cyrillic letters, Kazakh, Kyrgyz and Tajik with or without their own letters, Turkmen and English
with or without diacritics, Russian as such or transliterated by any of the usual tables all meet in the same few
Latin letters. The normalised form is for comparing only and is never shown.
"""

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = dict(zip("абвгдезийклмнопрстуфхыэіәғқңөұүһўҳҷӣӯ", "abvgdeziiklmnoprstufhieiagknouuhohjiu", strict=True))
_CYRILLIC |= {"ё": "io", "ж": "j", "ц": "s", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
_LATIN = {"ç": "ch", "ş": "sh", "ž": "j", "ğ": "g", "ı": "i", "ə": "a", "ø": "o", "ß": "ss", "æ": "a"}
_LETTERS = str.maketrans(_CYRILLIC | _LATIN)
APOSTROPHES = "'`\u00b4\u02b9\u02bb-\u02bf\u02c8\u02ca\u02cb\u055a\u2018-\u201b\u2032\u2035\ua78c\uff07"
"""What is written for an apostrophe, the ʻokina and the hamza, as ranges of a pattern: left out."""
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
"""What nobody sees (soft hyphens, joiners, marks of direction), as ranges of a pattern: left out."""
_LEFT_OUT = re.compile(f"[{APOSTROPHES}{INVISIBLE}]")
_SAME = (
    ("shch", "sh"),
    ("dzh", "j"),
    ("zh", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("ng", "n"),
    ("ts", "s"),
    ("ye", "e"),
    *zip("xqwy", "hkvi", strict=True),
)
_DOUBLED = re.compile(r"([a-z])\1+")
_MIN_LENGTH = 3
"""Letters that are left of a word whose doubled letters are written once: "ИИ" is no "и", "zzzz" no "z"."""
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> list[str]:
    """The normalised words of a text, in order."""
    return [_undoubled(word) for word in _WORD.findall(_normalised(text))]


@lru_cache(maxsize=4096)  # names are made of few words
def _undoubled(word: str) -> str:
    once = _DOUBLED.sub(r"\1", word)
    return once if len(once) >= _MIN_LENGTH else word


def spellings(text: str) -> list[str]:
    """The normalised words of a text, and those that a common other spelling of the text gives."""
    words = fold(text)
    lower = text.lower()
    if "ё" in lower:  # Russian print writes it as е; Uzbek and Tajik say yo
        words += [word for word in fold(lower.replace("ё", "е")) if word not in words]
    return words


@lru_cache(maxsize=256)  # each passage bears the title of its source
def _normalised(text: str) -> str:
    lower = _LEFT_OUT.sub("", unicodedata.normalize("NFC", text).lower())
    plain = lower.translate(_LETTERS)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        # Letters that only occur composed (й, ў) have lost their mark now.
        plain = plain.translate(_LETTERS)
    for spelling, common in _SAME:
        plain = plain.replace(spelling, common)
    return plain
