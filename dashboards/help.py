"""What an indicator means, for the question mark beside a number: the dictionary's words everywhere."""

from dashboards import loaders
from indicators.dictionary import ADDITIVITY_WORDS
from indicators.lookup import UnknownCode, resolve
from indicators.periods import describe


def help_for(code: str) -> str:
    """A code's definition in Markdown, with the way to its page; empty for a code that nobody knows."""
    registry = loaders.registry()
    try:
        derived = resolve(registry, code)
    except UnknownCode:
        return ""
    base = registry.bases[derived.base]
    item = registry.indicator(code) or base
    period = f", {describe(derived.period)}" if derived.period else ""
    formula = getattr(base, "formula", None) or getattr(base, "measure", "")
    said = [
        f"**{item.name.en}** ({item.name.zh}){period}: `{formula}`, in {base.unit}.",
        f"{ADDITIVITY_WORDS[registry.additivity(derived.base)].capitalize()}.",
        *([item.note] if item.note else []),
        f"Owner {item.owner.replace('_', ' ')}, {item.status}, version {item.version}. "
        f"[Dictionary](indicator-dictionary?code={code})",
    ]
    return "  \n".join(said)
