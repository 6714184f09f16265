#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Loads what activationmap-convert writes into TensorFlow.js.

    test_tfjs.py CONVERT TOOL [PEERS]

All layers must give what they give in this engine. TensorFlow.js is looked for in
PEERS/node_modules, and in tests/golden/node_modules, where "npm install" puts it.
Needs Node.js and Python's standard library. Prints TAP.
"""

import json
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent))
import tap  # noqa: E402

CONVERT, TOOL = sys.argv[1:3]
PEERS = [Path(folder) for folder in sys.argv[3:]] + [HERE.parent / "golden"]
SEED = 7
TOLERANCE = 2e-5  # of the largest value of a layer


def find_peers():
    if not shutil.which("node"):
        raise tap.Skip("Node.js is not installed")
    for folder in PEERS:
        if (folder / "node_modules/@tensorflow/tfjs").is_dir():
            return folder
    raise tap.Skip("TensorFlow.js is not installed: cd tests/golden && npm install")


def run(*command):
    result = subprocess.run(list(map(str, command)), capture_output=True,
                            text=True, errors="replace", timeout=300)
    assert result.returncode == 0, result.stderr[-2000:]
    return result


def read_npy(path):
    content = path.read_bytes()
    (length,) = struct.unpack("<H", content[8:10])
    data = content[10 + length:]
    return struct.unpack(f"<{len(data) // 4}f", data)


def count_inputs(folder):
    """The number of values of the model's input, which is the first layer."""
    topology = json.loads((folder / "model.json").read_text())["modelTopology"]
    first = topology["model_config"]["config"]["layers"][0]["config"]
    count = 1
    for size in first["batch_input_shape"][1:]:
        count *= size
    return count


def compare(name, found, wanted):
    assert len(found) == len(wanted), (name, len(found), len(wanted))
    largest = max(map(abs, wanted))
    worst = max(abs(a - b) for a, b in zip(found, wanted))
    assert worst <= TOLERANCE * largest, (name, worst, largest)


def check(source, *options):
    peers = find_peers()
    with tempfile.TemporaryDirectory(prefix="activationmap-") as folder:
        folder = Path(folder)
        model, values = folder / "model", folder / "input.f32"
        result = run(CONVERT, *options, source, model)
        assert "TensorFlow.js" not in result.stderr, result.stderr
        generator, count = random.Random(SEED), count_inputs(model)
        values.write_bytes(struct.pack(
            f"<{count}f", *(generator.random() for _ in range(count))))
        run(TOOL, "run", model, "--input", values, "--layers", "all",
            "--output-dir", folder / "layers")
        run("node", HERE / "tfjs-outputs.mjs", peers, model, values,
            folder / "layers.json")
        layers = [(entry["name"], folder / "layers" / (
            entry["name"].replace("/", "%2F") + ".npy"), entry["values"])
                  for entry in json.loads((folder / "layers.json").read_text())]
        layers = [layer for layer in layers if layer[1].exists()]
        assert len(layers) > 2, layers
        for name, path, wanted in layers:
            compare(name, read_npy(path), wanted)


def test_keras3_h5():
    check(HERE / "dialects/keras3.h5")


def test_keras3_archive():
    check(HERE / "dialects/keras3.keras")


def test_windows():
    check(HERE / "dialects/windows.keras")


def test_weights_only():
    for name in ("only.h5", "only.weights.h5"):
        check(HERE / "dialects" / name, "--architecture",
              HERE / "dialects/architecture.json")


def test_keras2_h5():
    check(HERE / "keras/variable-utf8.h5")


def test_sequential():
    check(HERE / "keras/renamed.h5")


def test_sequential_in_archive():
    check(HERE / "keras/small.keras")


def test_prefixed_names():
    check(HERE / "keras/prefixed.h5")


def test_nested():
    check(HERE / "keras/nested.h5")
    check(HERE / "keras/nested-archive.keras")


def test_layers_with_weights():
    check(HERE / "keras/layer-zoo.keras")


def test_old_archive():
    check(HERE / "keras/numbered-old.keras")


if __name__ == "__main__":
    tap.main(globals())
