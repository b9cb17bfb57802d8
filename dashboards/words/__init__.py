"""The words of the interface in English and Chinese. The English sentence is its own key, as with gettext.

    say("No leads of {place}.", place="Bayern")

One dictionary, a module of it for each page (`CHINESE`, English to Chinese). What has no Chinese is said in
English; a test finds it, and finds what nobody says any more. No Streamlit here: a page says which language
its reader wants (`speak`), for this thread.
"""

import importlib
import pkgutil
from contextvars import ContextVar
from functools import cache

LANGUAGES = {"en": "English", "zh": "中文"}
_language: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The language of this thread: `en` or `zh`."""
    return _language.get()


def speak(wanted: str) -> None:
    """Say everything in this language from now on; English where it is not known."""
    _language.set(wanted if wanted in LANGUAGES else "en")


def say(english: str, **values: object) -> str:
    """The sentence in the reader's language, with `{name}` replaced by the values."""
    text = chinese().get(english, english) if _language.get() == "zh" else english
    return text.format(**values) if values else text


@cache
def chinese() -> dict[str, str]:
    """Every sentence of the dictionary, English to Chinese."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= importlib.import_module(f"{__name__}.{module.name}").CHINESE
    return found
