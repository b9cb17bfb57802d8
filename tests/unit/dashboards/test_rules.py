"""What holds for all code of the dashboards."""

import ast
import re
import tomllib
from pathlib import Path

import dashboards
from dashboards import loaders

FOLDER = Path(dashboards.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))


def strings(file: Path) -> list[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_no_page_holds_sql():
    sql = re.compile(r"\bselect\b.+\bfrom\b|\bjoin\b.+\bon\b", re.IGNORECASE | re.DOTALL)
    assert [(file.name, text) for file in FILES for text in strings(file) if sql.search(text)] == []


def test_charts_and_words_do_not_know_streamlit():
    names = ("formats", "theme", "findings", "labels", "funnel_rows")
    pure = [*(FOLDER / "charts").glob("*.py"), *(FOLDER / f"{name}.py" for name in names)]
    assert len(pure) > 8
    assert [
        file.name
        for file in pure
        if "streamlit" in file.read_text(encoding="utf-8").lower().split('"""', 2)[2]
    ] == []


def test_every_question_of_the_pages_is_cached_by_snapshot():
    questions = [
        value
        for value in vars(loaders).values()
        if getattr(value, "__module__", "").startswith("serving.")
        and callable(value)
        and not isinstance(value, type)
    ]
    assert len(questions) >= 10
    assert all(hasattr(question, "clear") for question in questions), (
        "a question that st.cache_data does not wrap"
    )


def test_nothing_is_reported_home():
    settings = tomllib.loads((FOLDER / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["address"] == "127.0.0.1"
    for file in [*FILES, FOLDER / "assets" / "favicon.svg"]:
        found = re.findall(
            r"https?://(?!localhost|127\.0\.0\.1|www\.w3\.org/2000/svg)[\w.]+",
            file.read_text(encoding="utf-8"),
        )
        assert found == [], file


def test_the_pages_folder_is_not_called_pages():
    """Streamlit would then build its own navigation out of it."""
    assert not (FOLDER / "pages").exists()
