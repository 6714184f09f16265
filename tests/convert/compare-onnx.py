#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Exports networks from PyTorch, converts them, and compares each layer that is
a tensor of the file with ONNX Runtime.

    tests/convert/compare-onnx.py BUILD [NETWORK...]

Needs what torch_networks.py and onnx_runtime.py say; without it nothing is
compared, which is said. Fails if a layer differs by more than 1e-4 of its
largest value.
"""

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import onnx_runtime

TOLERANCE = 1e-4


def compare(network, build: Path, folder: Path) -> float:
    source, model = folder / "network.onnx", folder / "model"
    network.export(source)
    subprocess.run([build / "src/tools/activationmap-convert", source, model],
                   check=True, capture_output=True)
    picture = np.random.default_rng(3).normal(
        0, 1, (1, 3, network.size, network.size)).astype("f4")
    origins = onnx_runtime.find_origins(model)
    names = sorted(set(origins.values()) - {"input"})
    content = onnx_runtime.with_outputs(
        source.read_bytes(), [name for name in names if name != "output"])
    wanted = onnx_runtime.run(content, picture, names, folder)
    found = onnx_runtime.run_engine(build / "src/tools/activationmap-model",
                                    model, picture, folder)
    errors = {layer: onnx_runtime.largest_error(
        onnx_runtime.to_engine(wanted[name]), found[layer])
        for layer, name in origins.items() if name != "input"}
    worst = max(errors, key=errors.get)
    print(f"{network.name}: {len(errors)} layers, the worst is {worst} with "
          f"{errors[worst]:.2g} of its largest value", flush=True)
    return errors[worst]


def main():
    missing = [name for name in ("torch", "torchvision")
               if not importlib.util.find_spec(name)]
    if missing or not onnx_runtime.is_there():
        print("skipped: there is no", missing[0] if missing
              else f"onnxruntime-node in {onnx_runtime.PEERS}")
        return
    from torch_networks import NETWORKS
    worst = 0.0
    for network in NETWORKS:
        if sys.argv[2:] and network.name not in sys.argv[2:]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            worst = max(worst, compare(network, Path(sys.argv[1]),
                                       Path(folder)))
    sys.exit(not worst <= TOLERANCE)


if __name__ == "__main__":
    main()
