# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs ONNX files with ONNX Runtime, and compares all its tensors that are
layers of a converted model with what this engine computes.

ONNX Runtime is onnxruntime-node, in node_modules of the folder that
$ACTIVATIONMAP_PEERS names, or where tests/bench/bench.sh installs it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(ROOT / "tests" / "bench"))
from onnx_model import field  # noqa: E402

PEERS = Path(os.environ.get("ACTIVATIONMAP_PEERS",
                            ROOT / "build-bench" / "peers"))


def is_there() -> bool:
    return (PEERS / "node_modules" / "onnxruntime-node").is_dir()


def with_outputs(content: bytes, names: list[str]) -> bytes:
    """The file with more outputs. Messages of the same field are merged when a
    protocol buffer is read, so that these can follow the graph."""
    float_tensor = field(2, field(1, field(1, 1)))
    more = b"".join(field(12, field(1, name) + float_tensor) for name in names)
    return content + field(7, more)


def run(content: bytes, picture: np.ndarray, names: list[str],
        folder: Path) -> dict[str, np.ndarray]:
    """Run a network on one picture (1 x channels x height x width); return the
    tensors of these names."""
    model, request = folder / "model.onnx", folder / "request.json"
    model.write_bytes(content)
    (folder / "input.f32").write_bytes(picture.astype("<f4").tobytes())
    request.write_text(json.dumps({"shape": picture.shape, "names": names}))
    result = subprocess.run(
        ["node", HERE / "run-onnx.mjs", PEERS, folder], check=True,
        capture_output=True, text=True)
    shapes = json.loads(result.stdout)
    values = np.fromfile(folder / "outputs.f32", "<f4")
    tensors, start = {}, 0
    for name, shape in shapes.items():
        count = int(np.prod(shape))
        tensors[name] = values[start:start + count].reshape(shape)
        start += count
    return tensors


def find_origins(model: Path) -> dict[str, str]:
    """The layers of a converted model that are tensors of the file."""
    document = json.loads((model / "model.json").read_text())
    layers = document["modelTopology"]["model_config"]["config"]["layers"]
    return {layer["name"]: layer["origin"] for layer in layers
            if "origin" in layer}


def run_engine(tool: str, model: Path, picture: np.ndarray,
               folder: Path) -> dict[str, np.ndarray]:
    """The output of each layer, by name."""
    values = folder / "picture.f32"
    values.write_bytes(picture[0].transpose(1, 2, 0).astype("<f4").tobytes())
    subprocess.run([tool, "run", model, "--input", values, "--layers", "all",
                    "--output-dir", folder / "layers"], check=True,
                   capture_output=True)
    return {path.stem: np.load(path)
            for path in (folder / "layers").glob("*.npy")}


def to_engine(tensor: np.ndarray) -> np.ndarray:
    """A tensor of the file in the order of this engine."""
    return tensor.transpose(0, 2, 3, 1) if tensor.ndim == 4 else tensor


def largest_error(wanted: np.ndarray, found: np.ndarray) -> float:
    """The largest difference, relative to the largest value."""
    largest = max(float(np.abs(wanted).max()), 1e-6)
    return float(np.abs(wanted.ravel() - found.ravel()).max()) / largest
