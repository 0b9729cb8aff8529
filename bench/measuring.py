"""CPU time of processes from /proc, candidates in turn, the median of three: holds on a busy machine too."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

TICK: Final = os.sysconf("SC_CLK_TCK")
ROUNDS: Final = 3
WARM_UP: Final = 3


def cpu_seconds(roots: Sequence[int]) -> float:
    """Return the CPU time that the processes, their children and the ended children of those have used."""
    table = _processes()
    wanted, found = list(roots), set()
    while wanted:
        pid = wanted.pop()
        if pid in table and pid not in found:
            found.add(pid)
            wanted += [child for child, (parent, _ticks) in table.items() if parent == pid]
    return sum(table[pid][1] for pid in found) / TICK


def _processes() -> dict[int, tuple[int, int]]:
    """Return parent and ticks (own ones and those of reaped children) of every process."""
    table = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        table[int(place.parent.name)] = (int(words[1]), sum(map(int, words[11:15])))
    return table


def parent_of(pid: int) -> int:
    """Return the process that started a process."""
    return _processes()[pid][0]


def memory_of(roots: Sequence[int]) -> list[int]:
    """Return the resident kilobytes of the processes' children."""
    table = _processes()
    children = [pid for pid, (parent, _ticks) in table.items() if parent in set(roots)]
    return [_resident(pid) for pid in children]


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def compare(roots: Sequence[int], candidates: Mapping[str, Callable[[], object]], times: int) -> dict[str, float]:
    """Return the milliseconds of CPU that one call of each candidate costs the processes: A B C A B C …."""
    for call in candidates.values():
        for _turn in range(WARM_UP):
            call()
    spent: dict[str, list[float]] = {name: [] for name in candidates}
    for _round in range(ROUNDS):
        for name, call in candidates.items():
            before = cpu_seconds(roots)
            for _turn in range(times):
                call()
            spent[name].append((cpu_seconds(roots) - before) * 1000 / times)
    return {name: median(values) for name, values in spent.items()}


def own_cpu(call: Callable[[], object], times: int = 1) -> float:
    """Return the milliseconds of CPU that one call costs this process."""
    before = time.process_time()
    for _turn in range(times):
        call()
    return (time.process_time() - before) * 1000 / times


def own_and(roots: Sequence[int], call: Callable[[], object], times: int = 1) -> float:
    """Return the milliseconds of CPU that one call costs this process and the processes: the median of three."""
    call()
    spent = []
    for _round in range(ROUNDS):
        before = cpu_seconds(roots)
        own = own_cpu(call, times)
        spent.append(own + (cpu_seconds(roots) - before) * 1000 / times)
    return median(spent)


def wall(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    before = time.monotonic()
    call()
    return time.monotonic() - before
