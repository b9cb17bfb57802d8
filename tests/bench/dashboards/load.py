"""What a server takes: CPU for each rerun, and how long many viewers wait."""

import asyncio
import random
import statistics
import time
from collections.abc import Sequence

import psutil

from tests.bench.dashboards.protocol import Run, Viewer

PAGE = "dealer-funnel"
SEED = 20261101


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which so many lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def reruns(address: str, server: psutil.Process, count: int) -> list[dict[str, object]]:
    """CPU of the server and time to the end for reruns of one viewer: new filters, then the same again."""
    async with Viewer(address, PAGE) as viewer:
        first = await viewer.open()
        dealers = viewer.boxes["dealer"][1][:count]
        for dealer in dealers[:3]:
            await viewer.choose("dealer", dealer)
        found = []
        for what in ("new filter", "cached"):
            before = _cpu(server)
            runs = [await viewer.choose("dealer", dealer) for dealer in dealers[3:]]
            used = (_cpu(server) - before) / len(runs)
            found.append(_row(f"rerun, {what}", runs, cpu_ms=round(1000 * used, 1)))
    return [_row("page opened, one viewer", [first]), *found]


async def crowd(
    address: str, server: psutil.Process, viewers: int, seconds: float, think: float
) -> list[dict[str, object]]:
    """So many viewers, each with one action in `think` seconds: how long an action takes, and the memory."""
    chance = random.Random(SEED)
    opened: list[Run] = []
    actions: list[Run] = []
    before, started = _cpu(server), time.perf_counter()
    end = started + seconds + viewers / 20

    async def one(number: int) -> None:
        await asyncio.sleep(number / 20)  # they come over some time, as people do
        async with Viewer(address, PAGE) as viewer:
            opened.append(await viewer.open())
            # Not all at once: the first action anywhere in the first think time.
            await asyncio.sleep(chance.random() * think)
            while time.perf_counter() < end:
                key = "dealer" if chance.random() < 0.5 else "region"
                actions.append(await viewer.choose(key, chance.choice(viewer.boxes[key][1])))
                await asyncio.sleep(think * (0.5 + chance.random()))

    results = await asyncio.gather(*(one(number) for number in range(viewers)), return_exceptions=True)
    failed = [result for result in results if isinstance(result, BaseException)]
    used = (_cpu(server) - before) / (time.perf_counter() - started)
    row = _row(f"{viewers} viewers, one action in {think:g} s", actions)
    row |= {"cores used": round(used, 2), "memory (MiB)": server.memory_info().rss >> 20}
    row |= {"failed viewers": len(failed)}
    return [_row(f"page opened, {viewers} viewers coming", opened), row]


def _row(what: str, runs: Sequence[Run], **more: object) -> dict[str, object]:
    waits = [1000 * run.seconds for run in runs]
    charts = [1000 * run.first_chart for run in runs if run.first_chart is not None]
    return {
        "what": what,
        "runs": len(runs),
        "first chart p50 (ms)": round(statistics.median(charts)) if charts else None,
        "p50 (ms)": round(statistics.median(waits)),
        "p95 (ms)": round(percentile(waits, 0.95)),
        "kB": round(statistics.median(run.bytes for run in runs) / 1000),
        **more,
    }


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
