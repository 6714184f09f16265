# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The protocol of a worker in Python; worker.h describes it."""

import pathlib
import statistics
import sys
import time

import numpy as np


def read_peak() -> int:
    """The peak memory so far, in KiB."""
    for line in pathlib.Path("/proc/self/status").open():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def reset_peak():
    """Resets the peak to the memory in use, where that is permitted."""
    try:
        pathlib.Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def time_runs(run, budget: float) -> list[float]:
    """The milliseconds of each of three or more runs, @budget in total."""
    run()
    times: list[float] = []
    while sum(times) < budget or len(times) < 3:
        start = time.perf_counter_ns()
        run()
        times.append((time.perf_counter_ns() - start) / 1e6)
    return times


def answer(command: str, argument: str, run):
    if command == "time":
        print(statistics.median(time_runs(run, float(argument))))
    elif command == "outputs":
        with open(argument, "wb") as file:
            for values in run():
                file.write(np.ascontiguousarray(values, "<f4").tobytes())
        print("done")
    else:
        print("error unknown command", command)


def serve(load):
    """Serves the network that @load (folder, outputs) returns: a function of
    the input (1CHW) that runs it and returns its outputs."""
    folder = pathlib.Path(sys.argv[1])
    shape = [int(size) for size in sys.argv[2:5]]
    data = np.fromfile(folder / "input.nchw.f32", "<f4").reshape(
        1, shape[2], *shape[:2])
    reset_peak()
    before = read_peak()
    start = time.perf_counter_ns()
    run_network = load(folder, sys.argv[5:])
    run_network(data)
    elapsed = (time.perf_counter_ns() - start) / 1e6
    print("ready", elapsed, read_peak() - before, flush=True)
    for line in sys.stdin:
        answer(*line.split(), lambda: run_network(data))
        sys.stdout.flush()
