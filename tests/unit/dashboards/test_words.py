"""The dictionary of the interface: whatever is said has a Chinese sentence with the same places in it."""

import ast
import importlib
import pkgutil
import string
from pathlib import Path

import pytest

import dashboards
from dashboards import formats, words
from dashboards.pages import PAGES

FOLDER = Path(dashboards.__file__).parent
# Words that are looked up by a value and not by a literal: see where they are listed.
LISTED = {spec.title for spec in PAGES} | {spec.subtitle for spec in PAGES if spec.subtitle}


@pytest.fixture(autouse=True)
def _english_again():
    yield
    words.speak("en")


def literals(node: ast.AST) -> set[str]:
    return {
        one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def sentences(node: ast.AST) -> set[str]:
    """What an expression may come to: of `"A" if key == "b" else "C"` A and C."""
    if isinstance(node, ast.IfExp):
        return sentences(node.body) | sentences(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def said() -> set[str]:
    """First arguments of `say`, and the strings that are assigned to a name which is given to `say`."""
    found = set()
    for file in FOLDER.rglob("*.py"):
        if file.parent.name == "words":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = set()
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "say":
                found |= sentences(call.args[0])
                named |= {call.args[0].id} if isinstance(call.args[0], ast.Name) else set()
        for one in ast.walk(tree):
            is_text = isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)
            if is_text and ast.unparse(one.targets[0]) in named:
                found |= literals(one.value)
    return found


def strings() -> set[str]:
    return {
        text
        for file in FOLDER.rglob("*.py")
        if file.parent.name != "words"
        for text in literals(ast.parse(file.read_text(encoding="utf-8")))
    }


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_everything_that_is_said_has_a_chinese_sentence():
    assert said() | LISTED <= set(words.chinese()), "add these to dashboards/words/<page>.py"


def test_nothing_is_in_the_dictionary_that_nobody_says():
    assert set(words.chinese()) - said() - LISTED <= strings()


def test_a_translation_has_the_same_places():
    for english, chinese in words.chinese().items():
        assert places(english) == places(chinese), english


def test_no_two_pages_translate_a_sentence_differently():
    seen: dict[str, str] = {}
    for module in pkgutil.iter_modules(words.__path__):
        for english, chinese in importlib.import_module(f"dashboards.words.{module.name}").CHINESE.items():
            assert seen.setdefault(english, chinese) == chinese, english


def test_the_language_decides_words_numbers_and_dates():
    from datetime import date

    day = date(2026, 10, 31)
    assert (words.say("Region"), formats.compact(306_000), formats.day(day)) == (
        "Region",
        "306K",
        "31 Oct 2026",
    )
    words.speak("zh")
    assert (words.say("Region"), formats.compact(306_000), formats.day(day)) == (
        "区域",
        "30.6万",
        "2026年10月31日",
    )
    assert formats.compact(120_000_000) == "1.2亿"
    words.speak("fr")
    assert words.language() == "en"
