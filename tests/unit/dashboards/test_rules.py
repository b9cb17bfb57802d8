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


def cached_functions(file: Path, name: str) -> list[ast.FunctionDef]:
    """Functions that `st.<name>` decorates or is called with; fails for one that it cannot find."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == name]
    found = []
    for function in functions.values():
        for decorator in function.decorator_list:
            if any(use in ast.walk(decorator) for use in uses):
                found.append(function)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Call) and any(use in ast.walk(call.func) for use in uses):
            found += [functions[argument.id] for argument in call.args if isinstance(argument, ast.Name)]
    assert len(found) == len(uses), f"{file.name} uses st.{name} in a way that this test cannot read"
    return found


def test_every_cached_loader_takes_the_scope_first():
    """Else one reader's rows could be another's cache hit."""
    found = [(file.name, function) for file in FILES for function in cached_functions(file, "cache_data")]
    assert found, "nothing is cached any more: this test is for nothing"
    for name, function in found:
        assert function.args.args[0].arg == "scope", f"{name}: {function.name}"
        assert ast.unparse(function.args.args[0].annotation) == "AccessScope"


def test_what_is_cached_for_all_readers_holds_no_rows():
    """The store, the registry, the audit: nothing that a scope would change."""
    found = [function.name for file in FILES for function in cached_functions(file, "cache_resource")]
    assert sorted(found) == ["_audit", "_store", "registry"]


def test_every_question_of_the_pages_is_cached():
    questions = [
        value
        for name, value in vars(loaders).items()
        if getattr(value, "__module__", "").startswith("serving.")
        and callable(value)
        and not isinstance(value, type)
    ]
    assert len(questions) >= 10
    assert all(hasattr(question, "clear") for question in questions), "a question that is not cached"


# Widgets that ask for something and keep nothing, or that hold what must not stand in a link.
NOT_IN_THE_LINK = {"review_by", "reveal_reason"}
WIDGETS = {
    "checkbox", "color_picker", "date_input", "datetime_input", "multiselect", "number_input", "pills",
    "radio", "segmented_control", "select_slider", "selectbox", "slider", "text_area", "text_input",
    "time_input", "toggle",
}  # fmt: skip


def test_every_control_is_bound_to_the_link():
    loose, bound = [], 0
    for file in FILES:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if call.func.attr not in WIDGETS or ast.unparse(call.func.value) not in ("st", "box", "column"):
                continue
            given = {word.arg: ast.unparse(word.value).strip("'") for word in call.keywords}
            if given.get("bind") == "query-params" and "key" in given:
                bound += 1
            elif given.get("key") not in NOT_IN_THE_LINK:
                loose.append(f"{file.name}:{call.lineno} {call.func.attr}")
    assert loose == []
    assert bound >= 10


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
