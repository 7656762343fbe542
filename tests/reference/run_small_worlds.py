"""Compare many small worlds, in several processes, and keep a log: `python -m tests.reference.run_small_worlds`.

Each line of the log is one block of worlds that has been compared, with every difference in it. A run that
was stopped goes on where its log ends: blocks that stand in it are not compared again.
"""

import argparse
import json
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from .compare_worlds import Compared, Difference, compare_seeds

BLOCK = 50  # worlds


def blocks(first: int, worlds: int) -> list[range]:
    """The seeds from `first` on, in blocks that begin at multiples of their size."""
    end = first + worlds
    begins = [first, *range(first - first % BLOCK + BLOCK, end, BLOCK)]
    return [range(begin, min(begin - begin % BLOCK + BLOCK, end)) for begin in begins if begin < end]


def pool(processes: int) -> ProcessPoolExecutor:
    """Worker processes that share nothing with this one."""
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))


def run(first: int, worlds: int, processes: int, log: Path, sessions: bool) -> Compared:
    """Compare what the log does not hold yet; the outcome of all of it, earlier runs included."""
    done = dict(_read(log))
    todo = [block for block in blocks(first, worlds) if (block.start, block.stop) not in done]
    _end_last_line(log)
    with pool(processes) as workers, log.open("a", encoding="utf-8") as file:
        futures = {workers.submit(compare_seeds, block, sessions=sessions): block for block in todo}
        for future in as_completed(futures):
            block, compared = futures[future], future.result()
            done[block.start, block.stop] = compared
            file.write(json.dumps({"from": block.start, "to": block.stop} | compared.as_dict()) + "\n")
            file.flush()
            for difference in compared.differences:
                print(difference, flush=True)
    return sum((done[block.start, block.stop] for block in blocks(first, worlds)), Compared())


def _read(log: Path) -> Iterator[tuple[tuple[int, int], Compared]]:
    if not log.exists():
        return
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            entry: dict[str, Any] = json.loads(line)
        except json.JSONDecodeError:  # the run was stopped while it wrote this line
            continue
        differences = tuple(Difference(**difference) for difference in entry.pop("differences"))
        yield (entry.pop("from"), entry.pop("to")), Compared(**entry, differences=differences)


def _end_last_line(log: Path) -> None:
    """A run that was stopped while it wrote a line must not spoil the next one."""
    if log.exists() and not log.read_bytes().endswith(b"\n"):
        with log.open("a", encoding="utf-8") as file:
            file.write("\n")


def main() -> int:
    """The command line; exit status 1 if anything differs."""
    parser = argparse.ArgumentParser(description="Compare pathfinder with a brute force in small worlds.")
    parser.add_argument("--worlds", type=int, default=2000)
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--sessions", action="store_true", help="worlds whose sessions carry something")
    parser.add_argument("--log", type=Path, required=True)
    wanted = parser.parse_args()
    outcome = run(wanted.first, wanted.worlds, wanted.processes, wanted.log, wanted.sessions)
    print(f"{outcome.worlds} worlds, {outcome.requests} requests compared, of which {outcome.allowed} are")
    print(f"allowed; {len(outcome.differences)} worlds differ")
    return 1 if outcome.differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
