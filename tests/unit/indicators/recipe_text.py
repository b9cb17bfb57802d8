"""The recipe "add an indicator" of CONTRIBUTING.md as edits of a registry's files."""

import re
from dataclasses import dataclass
from pathlib import Path

CONTRIBUTING = Path(__file__).resolve().parents[3] / "CONTRIBUTING.md"


@dataclass(frozen=True)
class Recipe:
    """The two YAML blocks by their keys, the new period, the page's code and the code that is queried."""

    process: dict[str, str]
    roots: dict[str, str]
    period: str
    code: str
    asked: str

    @property
    def line_cnt(self) -> int:
        """Lines that a newcomer writes."""
        texts = [*self.process.values(), *self.roots.values()]
        return sum(len(text.splitlines()) for text in texts) + 1  # and the period's word

    def write_process(self, registry: Path) -> None:
        """What goes into the process's own file."""
        _insert(registry / "visit.yml", self.process)

    def write_words(self, registry: Path) -> None:
        """What goes into the naming standard."""
        _insert(registry / "_roots.yml", self.roots)
        standard = registry / "_standard.yml"
        standard.write_text(standard.read_text().replace("periods: [", f"periods: [{self.period}, ", 1))


def recipe() -> Recipe:
    """The recipe as it is written in CONTRIBUTING.md."""
    section = CONTRIBUTING.read_text().split("### … add an indicator")[1].split("\n### ")[0]
    process, roots = (_by_key(block) for block in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL))
    period, code, asked = (
        re.search(pattern, section)
        for pattern in (r"new period, `(\w+)`", r"dictionary\?code=(\w+)", r"forecourt query (\w+)")
    )
    assert period and code and asked
    return Recipe(process, roots, period[1], code[1], asked[1])


def _by_key(block: str) -> dict[str, str]:
    lines = [line.removeprefix("   ") for line in block.rstrip().splitlines()]
    found: dict[str, str] = {}
    for line in lines:
        if line.strip().endswith(":") and not line.startswith(" "):
            key = line.strip()
            found[key] = ""
        elif line.strip():
            found[key] += line + "\n"
    return found


def _insert(file: Path, by_key: dict[str, str]) -> None:
    text = file.read_text()
    for key, lines in by_key.items():
        assert f"\n{key}\n" in text, f"{file.name} has no {key}"
        text = text.replace(f"\n{key}\n", f"\n{key}\n{lines}", 1)
    file.write_text(text)
