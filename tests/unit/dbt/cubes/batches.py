"""What happens to facts between two builds: one small change of the warehouse for each function."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from tests.unit.dbt.cubes.world import FIRST_DAY, World

Change = Callable[[World, Random], None]
DEALERS = {"D1": "north", "D2": "north", "D3": "south"}


def _some(rng: Random, table: str, key: str, most: int = 4) -> str:
    """A few rows of a table, the same ones for the same random numbers."""
    order = f"order by hash({key} || '{rng.random()}') limit {rng.randint(1, most)}"
    return f"{key} in (select {key} from core.{table} {order})"


def _leads(world: World, rng: Random, ago: int, dealer: str | None = None) -> None:
    day = world.today - timedelta(days=ago)
    for _ in range(rng.randint(1, 4)):
        outlet = dealer or rng.choice([*DEALERS, None])
        person = rng.choice([f"P{rng.randint(1, 12)}", None])
        visited = (
            f"timestamp '{day} 10:00' + interval '{rng.randint(1, 45)} days'"
            if rng.random() < 0.5
            else "null"
        )
        world.run(
            f"insert into core.fct_lead values (?, ?, ?, ?, ?, ?, ?, ?, {visited}, ?)",
            [
                f"L{rng.random()}", person, outlet, DEALERS.get(outlet or "", "new"),
                rng.choice(["app", "walk", None]), day, f"{day} 09:00", rng.random() < 0.8,
                rng.choice([None, 12.5, 99.99]),
            ],
        )  # fmt: skip
    _number_people(world)


def _number_people(world: World) -> None:
    world.run(
        """
        insert into core.dim_customer
        select
            one_id,
            (select coalesce(max(person_no), 0) from core.dim_customer) + row_number() over (order by one_id)
        from (select distinct one_id from core.fct_lead) as seen
        where one_id is not null and one_id not in (select one_id from core.dim_customer)
        """
    )


def a_new_day(world: World, rng: Random) -> None:
    """A day goes by: leads, and a snapshot of the stock."""
    world.today += timedelta(days=1)
    _leads(world, rng, 0)
    for number in range(rng.randint(1, 5)):
        values = [world.today, f"VIN{number}", rng.choice([*DEALERS]), rng.choice([20_000, 35_000.5])]
        world.run("insert into core.fct_stock_day values (?, ?, ?, ?)", values)


def late_leads(world: World, rng: Random) -> None:
    _leads(world, rng, rng.randint(0, 12))


def a_new_dealer(world: World, rng: Random) -> None:
    _leads(world, rng, rng.randint(0, 5), dealer=f"D{rng.randint(10, 99)}")


def corrected_leads(world: World, rng: Random) -> None:
    dealer, spend = rng.choice([*DEALERS]), rng.choice(["null", "7.25"])
    world.run(
        f"update core.fct_lead set dealer_id = '{dealer}', is_counted = not is_counted, spend_amt = {spend} "
        f"where {_some(rng, 'fct_lead', 'lead_id')}"
    )


def leads_moved_to_another_day(world: World, rng: Random) -> None:
    day = world.today - timedelta(days=rng.randint(0, 12))
    world.run(f"update core.fct_lead set created_on = date '{day}' where {_some(rng, 'fct_lead', 'lead_id')}")


def cohorts_went_on(world: World, rng: Random) -> None:
    days = rng.randint(1, 40)
    world.run(
        f"update core.fct_lead set visited_at = created_at + interval '{days} days' "
        f"where visited_at is null and {_some(rng, 'fct_lead', 'lead_id', 9)}"
    )


def deleted_leads(world: World, rng: Random) -> None:
    world.run(f"delete from core.fct_lead where {_some(rng, 'fct_lead', 'lead_id')}")


def a_day_deleted(world: World, rng: Random) -> None:
    day = world.today - timedelta(days=rng.randint(0, 12))
    table, column = rng.choice([("fct_lead", "created_on"), ("fct_stock_day", "stat_on")])
    world.run(f"delete from core.{table} where {column} = date '{day}'")


def visits_come_or_go(world: World, rng: Random) -> None:
    """has_rows(fct_visit) turns: what it decides changes on every day."""
    if world.rows("select 1 from core.fct_visit"):
        world.run("delete from core.fct_visit")
    else:
        world.run("insert into core.fct_visit values ('V1')")


def corrected_stock(world: World, rng: Random) -> None:
    world.run(
        f"update core.fct_stock_day set list_amt = list_amt + 1, dealer_id = '{rng.choice([*DEALERS])}' "
        f"where {_some(rng, 'fct_stock_day', 'vin', 2)}"
    )


def people_merged(world: World, rng: Random) -> None:
    people = [row[0] for row in world.rows("select one_id from core.dim_customer order by one_id")]
    if len(people) > 1:
        stays, goes = rng.sample(people, 2)
        world.run(f"update core.fct_lead set one_id = '{stays}' where one_id = '{goes}'")
        world.run(f"delete from core.dim_customer where one_id = '{goes}'")


def a_person_split(world: World, rng: Random) -> None:
    people = [
        row[0]
        for row in world.rows("select distinct one_id from core.fct_lead where one_id is not null order by 1")
    ]
    if people:
        was = rng.choice(people)
        half = f"one_id = '{was}' and hash(lead_id || '{rng.random()}') % 2 = 0"
        world.run(f"update core.fct_lead set one_id = 'S{rng.randint(1, 10_000)}' where {half}")
        _number_people(world)


def people_numbered_anew(world: World, rng: Random) -> None:
    """Somebody dropped the tables of OneID: the same people, other numbers."""
    world.run("update core.dim_customer set person_no = 1000 - person_no")


def nothing(world: World, rng: Random) -> None:
    """A build without news."""


COMMON: list[Change] = [
    a_new_day, late_leads, corrected_leads, leads_moved_to_another_day, cohorts_went_on,
    deleted_leads, a_day_deleted, a_new_dealer, corrected_stock, people_merged, a_person_split,
]  # fmt: skip
RARE: list[Change] = [visits_come_or_go, people_numbered_anew, nothing]


def first_batch(world: World, rng: Random) -> None:
    """Ten days of facts."""
    world.today = FIRST_DAY
    for _ in range(9):
        a_new_day(world, rng)


def batch(rng: Random) -> list[Change]:
    """What one batch brings: mostly a few of the common changes, sometimes a rare one."""
    changes = rng.sample(COMMON, rng.randint(1, 3))
    return [*changes, rng.choice(RARE)] if rng.random() < 0.15 else changes
