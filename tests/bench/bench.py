#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Measures this engine and its peers on the same networks, in turns.

bench.sh builds and installs what is needed, and documents the options.
"""

import argparse
import contextlib
import dataclasses
import datetime
import importlib.util
import json
import math
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

import numpy as np

import networks
import onnx_model
import zoo

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1] / "model" / "train"))
import layers_model  # noqa: E402

REFERENCE = "ONNX Runtime"
CURRENT = "ONNX Runtime, current"
RELATIVE_TOLERANCE = 1e-3
SETS = 5
WARM_UP_ROUNDS = 2


class WorkerError(Exception):
    """The message of a worker about a network that it cannot run."""


@dataclasses.dataclass
class Engine:
    title: str
    command: list
    channels_first: bool
    converted: bool = False
    environment: dict[str, str] = dataclasses.field(default_factory=dict)


def convert(folder: pathlib.Path, program: pathlib.Path):
    """Converts model.onnx, which ONNX Runtime runs, for this engine."""
    subprocess.run([program, "--force", folder / "model.onnx",
                    folder / "converted"], check=True, capture_output=True)
    shutil.copy(folder / "input.nhwc.f32", folder / "converted")


def find_converted_outputs(folder: pathlib.Path) -> list[str]:
    """The layers that are the outputs of the file, in its order."""
    model = json.loads((folder / "model.json").read_text())
    config = model["modelTopology"]["model_config"]["config"]
    return [name for name, _, _ in config["output_layers"]]


class Worker:
    """A process that runs one network on one engine; see worker.h."""

    def __init__(self, engine: Engine, network: networks.Network,
                 folder: pathlib.Path):
        self.engine = engine
        self.network = network
        outputs = network.outputs
        if engine.converted:
            folder = folder / "converted"
            outputs = find_converted_outputs(folder)
        with (folder / f"{engine.title}.log").open("w") as log:
            self.process = subprocess.Popen(
                [*map(str, engine.command), folder,
                 *map(str, network.input_shape), *outputs],
                env={**os.environ, **engine.environment}, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        try:
            _, load_time, memory = self.read_line().split()
        except WorkerError:
            self.close()
            raise
        self.load_time, self.memory = float(load_time), int(memory)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.process.communicate()

    def read_line(self) -> str:
        line = self.process.stdout.readline().strip()
        if not line or line.startswith("error"):
            raise WorkerError(line or "see its log in build-bench/networks")
        return line

    def ask(self, command: str, argument) -> str:
        self.process.stdin.write(f"{command} {argument}\n")
        self.process.stdin.flush()
        return self.read_line()

    def read_outputs(self, file: pathlib.Path) -> list[np.ndarray]:
        """The outputs of the network, NHWC."""
        self.ask("outputs", file)
        data = np.fromfile(file, "<f4")
        outputs = []
        for name in self.network.outputs:
            shape = self.network.shapes[name]
            count = int(np.prod(shape))
            values, data = data[:count], data[count:]
            if self.engine.channels_first and len(shape) == 3:
                rows, columns, channels = shape
                values = values.reshape(channels, rows, columns)
                values = values.transpose(1, 2, 0)
            outputs.append(values.reshape(shape))
        return outputs

    def read_steps(self, budget: float) -> list[tuple[float, int, str]]:
        steps = []
        line = self.ask("steps", budget)
        while line != "done":
            time, macs, label = line.split(maxsplit=2)
            steps.append((float(time), int(macs), label))
            line = self.read_line()
        return steps


class Peers:
    """The engines that are installed, and notes on those that are left out."""

    def __init__(self, build: pathlib.Path, engine_build: pathlib.Path,
                 converted: bool):
        self.packages = build / "peers" / "node_modules"
        self.programs = engine_build / "tests" / "bench"
        self.engines: list[Engine] = []
        self.versions: list[str] = []
        self.left_out: list[str] = []
        self.add_ours(converted)
        self.add_onnxruntime(REFERENCE, "onnxruntime-node")
        self.add_onnxruntime(CURRENT, "onnxruntime-node-current")
        self.add_python("OpenCV DNN", "cv2", "python3-opencv",
                        "bench-opencv.py")
        self.add_python("PyTorch", "torch", "python3-torch", "bench-torch.py")
        self.add_tfjs(build)

    def add_ours(self, converted: bool):
        for name in kernel_sets():
            self.engines.append(Engine(
                f"gst-activationmap, {name}", [self.programs / "bench-engine"],
                False, converted, {"ACTIVATIONMAP_CPU": name}))

    def add_onnxruntime(self, title: str, package: str):
        folder = self.packages / package
        library = next(folder.glob(
            f"bin/*/linux/{node_machine()}/libonnxruntime.so.1"), None)
        if not library:
            self.leave_out(title, "npm", package)
            return
        self.engines.append(Engine(
            title, [self.programs / "bench-onnxruntime"], True,
            environment={"BENCH_ONNXRUNTIME": str(library)}))
        self.versions.append(f"{title} {package_version(folder)}")

    def add_python(self, title: str, module: str, package: str, script: str):
        if not importlib.util.find_spec(module):
            self.leave_out(title, "Debian", package)
            return
        version = importlib.import_module(module).__version__
        self.engines.append(Engine(title, [sys.executable, HERE / script],
                                   True,
                                   environment={"OMP_NUM_THREADS": "1"}))
        self.versions.append(f"{title} {version}")

    def add_tfjs(self, build: pathlib.Path):
        folder = self.packages / "@tensorflow" / "tfjs-backend-wasm"
        if not folder.exists():
            self.leave_out("TensorFlow.js", "npm",
                           "@tensorflow/tfjs-backend-wasm")
            return
        self.engines.append(Engine(
            "TensorFlow.js, wasm", ["node", HERE / "bench-tfjs.mjs"], False,
            environment={"BENCH_PEERS": str(build / "peers")}))
        self.versions.append(f"TensorFlow.js {package_version(folder)}, "
                             f"Node.js {output_of('node', '--version')[1:]}")

    @property
    def closest(self) -> list[Engine]:
        """The two fastest of ours, and those with which they compete."""
        return self.engines[:2] + [engine for engine in self.engines
                                   if engine.title in (REFERENCE, CURRENT)]

    def leave_out(self, title: str, source: str, package: str):
        self.left_out.append(
            f"{title} is left out: {package} ({source}) is not installed.")


def output_of(*command: str) -> str:
    return subprocess.run(command, text=True, check=True,
                          stdout=subprocess.PIPE).stdout.strip()


def package_version(folder: pathlib.Path) -> str:
    return json.loads((folder / "package.json").read_text())["version"]


def node_machine() -> str:
    return {"x86_64": "x64", "aarch64": "arm64"}.get(
        os.uname().machine, os.uname().machine)


def cpu_property(name: str) -> str:
    match = re.search(rf"^{name}\s*: (.*)",
                      pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match.group(1) if match else ""


def kernel_sets() -> list[str]:
    """The kernels of kernels.h that this processor can run, fastest first."""
    needs = {"avx512": {"avx512f", "avx512vl", "avx512bw", "avx512dq", "avx2",
                        "fma"},
             "avx2": {"avx2", "fma"}, "baseline": set(), "scalar": set()}
    flags = set(cpu_property("flags").split())
    return [name for name, wanted in needs.items() if wanted <= flags]


def write_layers_model(network: networks.Network, folder: pathlib.Path):
    def describe(kind, name, inputs, config):
        return {"class_name": kind, "name": name,
                "config": {"name": name, **config},
                "inbound_nodes": layers_model.inbound_nodes(inputs)}

    layers = [describe("InputLayer", "input_1", [], {
        "dtype": "float32", "batch_input_shape": [None, *network.input_shape]})]
    layers += [describe(layer.kind, layer.name, layer.inputs, layer.config)
               for layer in network.layers]
    layers_model.write(
        folder, {"model_config": layers_model.functional(
            network.name, layers, network.outputs)},
        [layers_model.float32_weight(f"{layer.name}/{key}", value)
         for layer in network.layers for key, value in layer.weights.items()])


def write_network(network: networks.Network, root: pathlib.Path,
                  for_torch: bool):
    folder = root / network.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "input.nhwc.f32").write_bytes(network.input.tobytes())
    (folder / "input.nchw.f32").write_bytes(
        network.input.transpose(2, 0, 1).tobytes())
    write_layers_model(network, folder)
    onnx_model.write(network, folder)
    if for_torch and importlib.util.find_spec("torch"):
        import torch_model
        torch_model.write(network, folder)
    return folder


class Measurement:
    """One network on all engines that can run it."""

    def __init__(self, network: networks.Network, folder: pathlib.Path,
                 engines: list[Engine]):
        self.network = network
        self.folder = folder
        self.engines = list(engines)
        self.times: dict[str, list[float]] = {}
        self.loads: dict[str, list[tuple[float, int]]] = {}
        self.steps: list[tuple[float, int, str]] = []
        self.notes: list[str] = []

    def start(self, stack: contextlib.ExitStack) -> list[Worker]:
        workers = []
        for engine in list(self.engines):
            try:
                worker = Worker(engine, self.network, self.folder)
            except WorkerError as error:
                self.engines.remove(engine)
                self.notes.append(f"{self.network.title} on {engine.title} is "
                                  f"left out: {error}.")
            else:
                self.loads.setdefault(engine.title, []).append(
                    (worker.load_time, worker.memory))
                workers.append(stack.enter_context(worker))
        return workers

    def check_outputs(self, workers: list[Worker]):
        """All engines must agree, relative to the largest value."""
        file = self.folder / "outputs.f32"
        expected = workers[0].read_outputs(file)
        for worker in workers[1:]:
            outputs = worker.read_outputs(file)
            for name, x, y in zip(self.network.outputs, expected, outputs):
                error = np.abs(x - y).max() / np.abs(x).max()
                if not error <= RELATIVE_TOLERANCE:
                    sys.exit(f"{self.network.title}: {name} of "
                             f"{worker.engine.title} differs by {error:.2g} "
                             f"from {workers[0].engine.title}")

    def run_rounds(self, workers: list[Worker], rounds: int, budget: float):
        for i in range(-WARM_UP_ROUNDS, rounds):
            for worker in workers:
                time = float(worker.ask("time", budget))
                if i >= 0:
                    self.times.setdefault(worker.engine.title, []).append(time)

    def run(self, rounds: int, budget: float, steps: bool):
        """Runs several sets of new processes, because an unlucky memory layout
        can make all runs in one process slower than in another."""
        for i in range(SETS):
            with contextlib.ExitStack() as stack:
                workers = self.start(stack)
                self.check_outputs(workers)
                self.run_rounds(workers, math.ceil(rounds / SETS), budget)
                if steps and i == 0:
                    self.steps = workers[0].read_steps(10 * budget)

    def ratios(self, title: str, reference: str = REFERENCE) -> list[float]:
        """Times relative to the reference in the same round."""
        return [x / y for x, y in zip(self.times.get(title, []),
                                      self.times.get(reference, []))]

    def spread(self, title: str) -> float:
        """Half of the interquartile range, relative to the median."""
        values = self.ratios(title) or self.times[title]
        if len(values) < 2:
            return 0.0
        low, middle, high = statistics.quantiles(values, n=4)
        return (high - low) / 2 / middle


def format_number(value: float) -> str:
    """Formats a number with three significant digits."""
    return f"{value:.{max(0, 2 - int(np.floor(np.log10(value))))}f}"


def format_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def format_ratio(measurement: Measurement, title: str,
                 reference: str = REFERENCE) -> str:
    ratios = measurement.ratios(title, reference)
    return f"{statistics.median(ratios):.2f}" if ratios else ""


def format_cell(measurement: Measurement, title: str) -> list[str]:
    if title not in measurement.times:
        return ["", ""]
    return [format_number(statistics.median(measurement.times[title])),
            format_ratio(measurement, title)]


def format_times(peers: Peers, measurements: list[Measurement]) -> list[str]:
    head = ["Engine, one thread"]
    for measurement in measurements:
        head += [f"{measurement.network.title} [ms]", "ratio"]
    rows = [format_row(head), format_row(["---"] + ["--:"] * (len(head) - 1))]
    for engine in peers.engines:
        cells = [engine.title]
        for measurement in measurements:
            cells += format_cell(measurement, engine.title)
        rows.append(format_row(cells))
    return rows


def format_ratios(peers: Peers, measurements: list[Measurement]) -> list[str]:
    """A row for each network, with the engines that are closest."""
    engines = [engine.title for engine in peers.closest]
    ours = [title for title in engines if title not in (REFERENCE, CURRENT)]
    pairs = [(title, reference) for reference in engines[len(ours):]
             for title in ours]
    head = ["Network", *(f"{title} [ms]" for title in engines),
            *(f"{title.split()[-1]} to {reference}"
              for title, reference in pairs)]
    rows = [format_row(head), format_row(["---"] + ["--:"] * (len(head) - 1))]
    for measurement in measurements:
        times = [format_cell(measurement, title)[0] for title in engines]
        rows.append(format_row([
            measurement.network.title, *times,
            *(format_ratio(measurement, *pair) for pair in pairs)]))
    return rows


def format_loads(measurement: Measurement) -> list[str]:
    rows = [format_row(["Engine", "Load [ms]", "Memory [MiB]"]),
            format_row(["---", "--:", "--:"])]
    for title, loads in measurement.loads.items():
        time, memory = (statistics.median(values) for values in zip(*loads))
        rows.append(format_row([title, format_number(time),
                                f"{memory / 1024:.1f}"]))
    return rows


def describe_priority() -> str:
    """Says so if other processes have to wait, as with chrt -r 1."""
    realtime = (os.SCHED_FIFO, os.SCHED_RR)
    return (", run with real-time priority"
            if os.sched_getscheduler(0) in realtime else "")


def describe_machine(peers: Peers) -> str:
    compiler = output_of(os.environ.get("CC", "cc"), "--version")
    load = os.getloadavg()[0]
    commit = output_of("git", "-C", str(HERE), "rev-parse", "--short", "HEAD")
    return (f"{cpu_property('model name')} (family "
            f"{cpu_property('cpu family')}, model {cpu_property('model')}), "
            f"{os.cpu_count()} cores, load {load:.1f} at the start"
            f"{describe_priority()}; "
            f"{compiler.splitlines()[0]}; {'; '.join(peers.versions)}; "
            f"commit {commit}; {datetime.date.today()}.")


def describe_method(measurements: list[Measurement]) -> str:
    rounds = max(len(times) for times in measurements[0].times.values())
    spreads = sorted((m.spread(title), title) for m in measurements
                     for title in m.times)
    return ("Median time of a run at batch 1, and its ratio to another engine "
            "in the same round (less is faster). All engines have the same "
            "random weights, agreed on all outputs before they were timed, "
            f"and took turns: {rounds} rounds, in {SETS} sets of new "
            "processes. Half the distance of the quartiles of a ratio is "
            f"{spreads[len(spreads) // 2][0]:.1%} of it in the middle and "
            f"{spreads[-1][0]:.1%} at most, of {spreads[-1][1]}.")


def format_small(peers: Peers, measurements: list[Measurement]) -> list[str]:
    """The sections on all engines."""
    first = measurements[0]
    return [
        "## All engines", "", *format_times(peers, measurements), "",
        f"Ratios are to {REFERENCE}.", "", "## Loading", "",
        f"Loading, of {first.network.title}, whose weights take "
        f"{first.network.weight_bytes / 2**20:.1f} MiB:", "",
        *format_loads(first), "",
        "From the files to the first result, and by how much this raises the "
        "peak of the memory of a new process, after the engine itself was "
        f"started; medians of {SETS}.", ""]


def format_report(machine: str, peers: Peers, small: list[Measurement],
                  large: list[Measurement]) -> str:
    measurements = small + large
    notes = peers.left_out + [n for m in measurements for n in m.notes]
    return "\n".join([
        "# Benchmark", "",
        f"`{os.environ.get('BENCH_COMMAND', ' '.join(sys.argv))}`", "",
        machine, "", describe_method(measurements), "",
        f"## {REFERENCE}", "", *format_ratios(peers, measurements), "",
        f"{REFERENCE} chooses its instruction set itself, up to AVX-512, and "
        "cannot be kept from it: where the processor has AVX-512, the ratios "
        "of avx2 compare AVX2 with AVX-512.", "",
        *(format_small(peers, small) if small else []),
        *notes]).rstrip() + "\n"


def format_steps(measurement: Measurement) -> str:
    """A table of the steps of this engine with its fastest kernels."""
    rows = [f"{measurement.network.title}, {measurement.engines[0].title}:",
            "", format_row(["us", "GMAC/s", "step"]),
            format_row(["--:", "--:", "---"])]
    for time, macs, label in measurement.steps:
        rows.append(format_row([f"{time * 1e3:.1f}",
                                f"{macs / time / 1e6:.1f}", label]))
    return "\n".join(rows) + "\n"


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="bench.sh", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--block", type=float, default=100, metavar="MS",
                        help="how long an engine runs in its turn")
    parser.add_argument("--network", action="append", help="only this network",
                        choices=[n.name for n in (*networks.small_networks(),
                                                  *zoo.zoo_networks())])
    parser.add_argument("--output", type=pathlib.Path, metavar="FILE.md")
    parser.add_argument("--convert", action="store_true",
                        help="run what activationmap-convert makes of the "
                        "file that ONNX Runtime runs")
    parser.add_argument("--steps", action="store_true",
                        help="also print the time of each step")
    parser.add_argument("--build", type=pathlib.Path, required=True,
                        help=argparse.SUPPRESS)
    parser.add_argument("--engine-build", type=pathlib.Path, required=True,
                        help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(found: list[networks.Network], engines: list[Engine],
            for_torch: bool, arguments) -> list[Measurement]:
    measurements = []
    for network in found:
        if arguments.network and network.name not in arguments.network:
            continue
        folder = write_network(network, arguments.build / "networks",
                               for_torch)
        if arguments.convert:
            convert(folder, arguments.engine_build / "src" / "tools"
                    / "activationmap-convert")
        measurement = Measurement(network, folder, engines)
        measurement.run(arguments.rounds, arguments.block, arguments.steps)
        measurements.append(measurement)
    return measurements


def main():
    arguments = parse_arguments()
    peers = Peers(arguments.build, arguments.engine_build, arguments.convert)
    machine = describe_machine(peers)
    small = measure(networks.small_networks(), peers.engines, True, arguments)
    large = measure(zoo.zoo_networks(), peers.closest, False, arguments)
    report = format_report(machine, peers, small, large)
    print(report)
    if arguments.steps:
        print(*map(format_steps, small + large), sep="\n")
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(report)


if __name__ == "__main__":
    main()
