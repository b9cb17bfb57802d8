"""The registry's shape: what an analyst may write in one business process, and in the naming standard."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from indicators import periods

PERSON = "person"  # what the attributes of people are reached through
Status = Literal["draft", "certified", "deprecated"]
Compare = Literal["dod", "wow", "mom", "qoq", "yoy"]
Duration = Annotated[str, Field(pattern=r"^[1-9]\d*[mhd]$")]


def _period(text: str) -> str:
    if not periods.is_period(text):
        raise ValueError(f"'{text}' is no period: write {periods.FORM_WORDS}")
    return text


Period = Annotated[str, AfterValidator(_period), Field(json_schema_extra={"pattern": f"^({periods.FORM})$"})]


def hours(duration: str) -> float:
    """A duration (90m, 26h, 3d) in hours."""
    return int(duration[:-1]) * {"m": 1 / 60, "h": 1, "d": 24}[duration[-1]]


class Origin(BaseModel):
    """Where something was written: a file of the registry and a line in it, counted from 1."""

    file: str = "?"
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Shape(BaseModel):
    """Base of everything that is read from YAML: unknown keys are errors, values are never changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origin: Origin = Origin()


class Name(BaseModel):
    """A name in English and in Chinese."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: str
    zh: str


class Indicator(Shape):
    """What every indicator carries, whatever its kind.

    `same_as` says that the definition is another code's on purpose, as the first step of a funnel is: the
    checker holds the two equal. `replaced_by` names what to use instead of a deprecated one.
    """

    code: str
    id: str
    name: Name
    stage: str
    owner: str
    status: Status = "certified"
    version: Annotated[int, Field(ge=1)] = 1
    replaced_by: str | None = None
    same_as: str | None = None
    note: str | None = None


class Atomic(Indicator):
    """A measure of a business process, as `count(x)` or `median(days(a, b))`, over rows where `where` holds.

    `matures` marks a cohort measure: the number of days after the statistical date until the value is final.
    `whole: month` says that it means something over whole months only, as what is booked once a month.
    `gates` and `warns` are dbt tests beside those of its process.
    """

    measure: str
    where: str | None = None
    matures: Annotated[int, Field(gt=0)] | None = None
    whole: Literal["month"] | None = None
    unit: str
    gates: list[str] = []
    warns: list[str] = []


class Composite(Indicator):
    """A formula over other indicators; a ratio is a sum over a sum. `between` is the range it stays in.

    `whole: month` as of an atomic one; what is computed from such an indicator is one too.
    """

    formula: str
    unit: str
    whole: Literal["month"] | None = None
    between: tuple[float, float] | None = None


class Named(Indicator):
    """A derived indicator that the trade knows by a word of its own, as `app_mau` for `app_uv_30d`."""

    of: str


class Derived(Shape):
    """Periods x modifiers x compares to generate for each of the codes; none of them is ever typed out."""

    of: list[str]
    periods: list[Period]
    modifiers: list[str] = []
    compare: list[str] = []


def _dims(value: Any) -> Any:
    """`[dealer, media: channel]` as `{dealer: None, media: channel}`: dimension and the fact's column."""
    if not isinstance(value, list):
        return value
    pairs: list[tuple[str, str | None]] = []
    for item in value:
        pairs.extend(item.items() if isinstance(item, dict) else [(item, None)])
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a dimension stands twice in dims: keep one")
    return dict(pairs)


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Process(Shape):
    """One business process: the fact it is read from, and the indicators that count it.

    `snapshot`: the fact holds one row for each thing and snapshot date (`time`), as stock at each day's end;
    a value is that of the last snapshot inside the period. `sampled`: the rows are answers of a sample.
    `rollups`: sets of dimensions that also get a smaller table. `gates` are dbt tests without which its
    numbers are withheld, `warns` those without which they carry a warning; data older than `fresh_within`
    (90m, 26h, 3d) carry one too, and data older than `withhold_after` are withheld.
    """

    process: str
    source: str
    model: str
    grain: Annotated[list[str], BeforeValidator(_as_list)]
    time: str
    entity: str | None = None
    filter: str | None = None
    snapshot: Literal["day", "week", "month"] | None = None
    sampled: bool = False
    dims: Annotated[dict[str, str | None], BeforeValidator(_dims)]
    rollups: list[list[str]] = []
    gates: list[str] = []
    warns: list[str] = []
    fresh_within: Duration | None = None
    withhold_after: Duration | None = None
    modifiers: dict[str, str] = {}
    conditions: dict[str, str] = {}
    atomic: list[Atomic] = []
    composite: list[Composite] = []
    named: list[Named] = []
    derived: list[Derived] = []


class Stage(BaseModel):
    """An AARRR stage and the three letters that an indicator's id carries for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    letters: str
    name: Name


class MeasureRoot(BaseModel):
    """The last word of a code, and the kinds of measure that may carry it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: list[Literal["count", "sum", "distinct", "distinct_days", "median", "percentile", "formula"]]
    name: str


class Roots(Shape):
    """Every word that a code may be built from (`_roots.yml`)."""

    process: dict[str, str] = {}
    qualifier: dict[str, str] = {}
    measure: dict[str, MeasureRoot] = {}
    words: list[str] = []


class Unit(BaseModel):
    """A unit: `type` is the column type that holds a sum of it; a dimensionless unit cancels in formulas.

    `times` and `of` make it another one: a thousand deliveries are `times: 1000, of: delivery`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str = "bigint"
    dimensionless: bool = False
    times: Annotated[float, Field(gt=0)] = 1
    of: str | None = None


class Dimension(BaseModel):
    """A way to cut: its column; for one that cubes do not store, the dimension and table it is reached by.

    `through: person` is an attribute of the people who are counted: it cuts distinct counts only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    name: Name
    through: str | None = None
    table: str | None = None


class DriverEffect(BaseModel):
    """A factor of a driver tree: codes times and over one another (`formula`), or another tree (`tree`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    effect: str
    name: Name
    formula: str | None = None
    tree: str | None = None


class DriverTree(Shape):
    """An indicator as a product of effects (`_drivers.yml`)."""

    name: Name
    effects: Annotated[list[DriverEffect], Field(min_length=2)]


class Released(BaseModel):
    """An indicator or a modifier as last released: its version, and its digest (`digest.py`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    digest: str


class Standard(Shape):
    """The naming standard (`_standard.yml`); the roots stand in a file of their own, or here.

    `personal` lists columns that point at one person or their car. `modifier_versions` holds the version of
    each modifier that came to mean something else after its first release; the others are at 1.
    """

    stages: dict[str, Stage]
    owners: dict[str, str]
    roots: Roots = Roots()
    units: dict[str, Unit]
    dimensions: dict[str, Dimension]
    periods: list[Period]
    compares: list[Compare]
    personal: list[str] = []
    modifier_versions: dict[str, Annotated[int, Field(ge=1)]] = {}
