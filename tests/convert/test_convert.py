#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests activationmap-convert: test_convert.py PROGRAM

Needs the files written by make-keras-files.py, but only Python's standard
library. Prints TAP.
"""

import base64
import io
import json
import os
import random
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent))
import tap  # noqa: E402
sys.path.append(str(HERE.parents[1] / "model" / "train"))
import layers_model  # noqa: E402

PROGRAM = tap.command(sys.argv[1])
SLOW = HERE / "slow/repeated-layer.h5"  # takes minutes without a limit
SEED = 7

# Files that the engine loads; the others are converted with --no-check.
MUST_LOAD = {"chunks", "fixed-strings", "fixed-utf8", "new-format",
             "null-terminated", "packed", "prefixed", "renamed", "small",
             "space-padded", "split-attributes", "variable-ascii",
             "variable-utf8", "numbered", "numbered-old", "teachable-machine"}


def is_in_libhdf5(report):
    """Return whether AddressSanitizer reports a fault of libhdf5: the innermost
    frame, below those of the sanitizer and of libc, is one of its own."""
    stack = re.search(r"(?:^ +#\d+ 0x.*\n)+", report, re.MULTILINE)
    frames = [frame for frame in (stack.group() if stack else "").splitlines()
              if not re.search(r"__interceptor|__asan|__sanitizer|sysdeps|libc\.so",
                               frame)]
    return bool(frames) and "libhdf5" in frames[0]


class Workplace:
    """A temporary folder for conversions, with checks of their results."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="activationmap-"))
        self.output = self.path / "out" / "model"
        self.output.parent.mkdir()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def run(self, source, *options, output=None, environment=None,
            library_may_crash=False):
        result = subprocess.run(
            [*PROGRAM, *map(str, options), str(source),
             str(output or self.output)],
            capture_output=True, text=True, errors="replace", timeout=120,
            env={**os.environ, **(environment or {})})
        if not (library_may_crash and is_in_libhdf5(result.stderr)):
            for mark in ("Sanitizer", "runtime error:"):
                assert mark not in result.stderr, result.stderr
        return result

    def convert(self, source, *options, output=None):
        result = self.run(source, *options, output=output)
        assert result.returncode == 0, result.stderr
        return read_model(output or self.output)

    def refuse(self, source, *options, says=""):
        """Expects an error of one line and no changes in the folder."""
        before = sorted(self.path.rglob("*"))
        result = self.run(source, *options)
        assert result.returncode == 1, (result.returncode, result.stderr)
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert result.stderr.startswith("activationmap-convert: ")
        assert says in result.stderr, (says, result.stderr)
        assert sorted(self.path.rglob("*")) == before, "left something behind"

    def write(self, name, content):
        path = self.path / name
        path.write_bytes(content)
        return path


def read_model(folder):
    """Returns model.json and {name: (manifest entry, bytes)}."""
    model, stored = layers_model.read(folder)
    (group,) = model["weightsManifest"]
    entries = {entry["name"]: entry for entry in group["weights"]}
    assert len(entries) == len(stored)
    return model, {weight.name: (entries[weight.name], weight.content)
                   for weight in stored}


def expected(name):
    document = json.loads((HERE / "keras" / f"{name}.expected.json").read_text())
    return document, {entry["name"]: (entry["shape"],
                                      base64.b64decode(entry["float32"]))
                      for entry in document["weights"]}


def sources():
    for path in sorted((HERE / "keras").iterdir()):
        if path.suffix in (".h5", ".keras"):
            yield path


def options_for(path):
    return [] if path.stem in MUST_LOAD else ["--no-check"]


def floats(data):
    return struct.unpack(f"<{len(data) // 4}f", data)


# ---- contents of the model

def test_weights_and_topology():
    for path in sources():
        with Workplace() as place:
            model, weights = place.convert(path, *options_for(path))
            document, wanted = expected(path.stem)
            assert {name: (entry["shape"], data)
                    for name, (entry, data) in weights.items()} == wanted, path
            assert all(entry["dtype"] == "float32"
                       for entry, _ in weights.values())
            assert model["format"] == "layers-model"
            topology = model["modelTopology"]
            assert topology["model_config"] == document["model_config"], path
            assert topology["keras_version"] == document["keras_version"]
            assert topology["backend"] == "tensorflow"
            assert [p.name for p in place.output.parent.iterdir()] == ["model"]


def test_shards():
    for size in (16, 100, 101, 452, 453, 1 << 20):
        with Workplace() as place:
            model, weights = place.convert(HERE / "keras/fixed-strings.h5",
                                           "--shard-size", size)
            paths = model["weightsManifest"][0]["paths"]
            sizes = [(place.output / path).stat().st_size for path in paths]
            n = -(-452 // size)
            assert paths == [f"group1-shard{i + 1}of{n}.bin" for i in range(n)]
            assert sizes[:-1] == [size] * (n - 1) and 0 < sizes[-1] <= size
            assert {name: data for name, (_, data) in weights.items()} == {
                name: data for name, (_, data)
                in expected("fixed-strings")[1].items()}


def test_uint8():
    with Workplace() as place:
        _, weights = place.convert(HERE / "keras/small.keras", "--quantize",
                                   "uint8", "--no-check")
        for name, (shape, data) in expected("small")[1].items():
            entry, stored = weights[name]
            if len(shape) < 2:
                assert "quantization" not in entry and stored == data, name
                continue
            quantization = entry["quantization"]
            scale, minimum = quantization["scale"], quantization["min"]
            zero = -minimum / scale
            assert abs(zero - round(zero)) < 1e-9, "zero is not represented"
            for byte, value in zip(stored, floats(data)):
                error = abs(byte * scale + minimum - value)
                # Shifting the range to include zero adds error at the ends.
                limit = 0.5 if 0 < byte < 255 else 1.0
                assert error <= limit * scale * (1 + 1e-6), (name, error, scale)


def test_float16():
    with Workplace() as place:
        _, weights = place.convert(HERE / "keras/small.keras", "--quantize",
                                   "float16", "--no-check")
        for name, (shape, data) in expected("small")[1].items():
            entry, stored = weights[name]
            if len(shape) < 2:
                assert "quantization" not in entry and stored == data, name
                continue
            assert entry["quantization"]["dtype"] == "float16"
            values = floats(data)
            # struct rounds to nearest, ties to even, as in IEEE 754.
            assert stored == struct.pack(f"<{len(values)}e", *values), name


# ---- output folder

def test_existing_output():
    source = HERE / "keras/small.keras"
    with Workplace() as place:
        place.output.mkdir()
        place.convert(source)  # an empty folder
        before = (place.output / "model.json").read_bytes()
        place.refuse(HERE / "keras/renamed.h5", says="is not empty")
        assert (place.output / "model.json").read_bytes() == before
        place.convert(HERE / "keras/renamed.h5", "--force", "--shard-size", 100)
        assert (place.output / "model.json").read_bytes() != before
        place.convert(source, "--force")
        files = sorted(p.name for p in place.output.iterdir())
        assert files == ["group1-shard1of1.bin", "model.json",
                         "preprocess.json"], files
        place.refuse(HERE / "hostile/lambda.h5", "--force", says="Lambda")
        assert (place.output / "model.json").read_bytes() == before
        (place.output / "thesis.txt").write_text("precious")
        place.refuse(source, "--force", says="thesis.txt")
        assert (place.output / "thesis.txt").read_text() == "precious"


def test_output_that_cannot_be():
    source = HERE / "keras/small.keras"
    with Workplace() as place:
        place.output.write_text("a file")
        place.refuse(source)
        place.refuse(source, "--force")
        assert place.output.read_text() == "a file"
    with Workplace() as place:
        place.output.parent.rmdir()
        place.refuse(source, says="no folder can be made")


def test_output_through_link():
    with Workplace() as place:
        real = place.path / "real"
        real.mkdir()
        place.output.symlink_to(real)
        place.convert(HERE / "keras/small.keras")
        assert place.output.is_symlink() and (real / "model.json").exists()


def test_no_space():
    """The error names the file that could not be written, and files that were
    written are removed."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    with Workplace() as place:
        result = subprocess.run(
            [*PROGRAM, HERE / "keras/small.keras", place.output],
            capture_output=True, text=True, preexec_fn=limit, timeout=120)
        assert result.returncode == 1, result.stderr
        assert "group1-shard1of1.bin" in result.stderr, result.stderr
        assert list(place.output.parent.iterdir()) == []


def test_permissions():
    with Workplace() as place:
        mask = os.umask(0o027)
        try:
            place.convert(HERE / "keras/small.keras")
        finally:
            os.umask(mask)
        assert place.output.stat().st_mode & 0o777 == 0o750
        assert (place.output / "model.json").stat().st_mode & 0o777 == 0o640


# ---- preprocess.json

def preprocess(*options, source="keras/small.keras"):
    with Workplace() as place:
        place.convert(HERE / source, *options)
        return json.loads((place.output / "preprocess.json").read_text())


def with_channels(place, name, channels):
    """A model that is nothing but its input."""
    with zipfile.ZipFile(HERE / "keras/small.keras") as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    config = json.loads(members["config.json"])
    config["config"]["layers"] = [config["config"]["layers"][0]]
    config["config"]["layers"][0]["config"]["batch_shape"][-1] = channels
    members["config.json"] = json.dumps(config).encode()
    return place.write(name, make_zip(members))


def open_size(place):
    """A model that leaves the size of its input open, with weights for 6x6."""
    with zipfile.ZipFile(HERE / "keras/small.keras") as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    config = json.loads(members["config.json"])
    config["config"]["layers"][0]["config"]["batch_shape"][1:3] = [None, None]
    members["config.json"] = json.dumps(config).encode()
    return place.write("open.keras", make_zip(members))


def test_input_size():
    with Workplace() as place:
        source = open_size(place)
        place.refuse(source, says="--input-size 224x224")
        place.refuse(source, "--input-size", "8x8", says="kernel")
        place.refuse(source, "--input-size", "6", says="'6' is not a height")
        place.convert(source, "--input-size", "6x6")
        document = json.loads((place.output / "preprocess.json").read_text())
        assert document["input_size"] == [6, 6]
    with Workplace() as place:
        place.refuse(HERE / "keras/small.keras", "--input-size", "6x7",
                     says="the fixed width 6")


def test_preprocess():
    assert preprocess() == {
        "version": 1, "resize": "half-pixel", "channels": "rgb",
        "scale": 1 / 255, "offset": 0}
    assert preprocess("--input-range", "-1..1", "--resize", "legacy",
                      "--crop-scale", "1.5", "--attribute", "gender") == {
        "version": 1, "resize": "legacy", "channels": "rgb",
        "scale": 2 / 255, "offset": -1, "crop_scale": 1.5,
        "attribute": "gender"}
    found = preprocess("--input-range=0..255", "--resize=align-corners")
    assert (found["scale"], found["offset"]) == (1, 0)
    assert found["resize"] == "align-corners"


def input_and(place, name, shape, *layers):
    """A model without weights: an input of this shape, and layers."""
    with zipfile.ZipFile(HERE / "keras/small.keras") as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    config = json.loads(members["config.json"])
    entries = config["config"]["layers"][:1]
    entries[0]["config"]["batch_shape"] = [None, *shape]
    for class_name, layer_name, options in layers:
        entries.append({"module": "keras.layers", "class_name": class_name,
                        "config": {"name": layer_name, **options}})
    config["config"]["layers"] = entries
    members["config.json"] = json.dumps(config).encode()
    return place.write(name, make_zip(members))


def convert_preprocess(place, source, *options):
    """Returns preprocess.json, stdout and stderr."""
    result = place.run(source, "--force", *options)
    assert result.returncode == 0, result.stderr
    return (json.loads((place.output / "preprocess.json").read_text()),
            result.stdout, result.stderr)


def test_own_rescaling():
    """A model that scales its input itself is not scaled twice."""
    layers = [("Dropout", "drop", {"rate": 0.5}),
              ("Rescaling", "rescale", {"scale": 1 / 255, "offset": 0.0})]
    with Workplace() as place:
        source = input_and(place, "own.keras", [4, 4, 3], *layers)
        found, said, _ = convert_preprocess(place, source)
        assert (found["scale"], found["offset"]) == (1, 0)
        assert "the model scales its input itself: input = pixel, 0..255" in said
        found, said, _ = convert_preprocess(place, source, "--input-range=0..1")
        assert (found["scale"], found["offset"]) == (1 / 255, 0)
        assert "as --input-range says" in said
        layers[1][2].update(scale=2.0, offset=-1.0)  # from 0..1
        source = input_and(place, "half.keras", [4, 4, 3], *layers)
        found, said, _ = convert_preprocess(place, source)
        assert (found["scale"], found["offset"]) == (1 / 255, 0)
        assert "itself" not in said


def test_known_layers():
    """The range of a known network is pointed out, but not guessed."""
    with Workplace() as place:
        source = input_and(place, "vgg.keras", [4, 4, 3],
                           ("Dropout", "block1_conv1", {"rate": 0.1}),
                           ("Dropout", "block2_conv1", {"rate": 0.1}))
        found, _, warned = convert_preprocess(place, source)
        assert (found["scale"], found["offset"]) == (1 / 255, 0)
        assert len(warned.splitlines()) == 1 and "VGG" in warned, warned
        assert "--input-range" in warned
        _, _, warned = convert_preprocess(place, source, "--input-range=0..255")
        assert warned == ""


def test_fit():
    assert "fit" not in preprocess()
    for fit in ("stretch", "cover", "contain"):
        assert preprocess("--fit", fit)["fit"] == fit
    with Workplace() as place:
        place.refuse(HERE / "keras/small.keras", "--fit", "fill",
                     says="'fill' is none of stretch, cover, contain")


def test_shapes_of_input():
    """Height x width is gray, and four channels are RGBA."""
    with Workplace() as place:
        for shape, channels in (([4, 6], "gray"), ([4, 6, 1], "gray"),
                                ([4, 6, 3], "rgb"), ([4, 6, 4], "rgba")):
            source = input_and(place, "input.keras", shape,
                               ("Flatten", "flat", {}))
            found, _, _ = convert_preprocess(place, source)
            assert found["channels"] == channels, shape
        place.refuse(source, "--force", "--channel-order", "rgb",
                     says="has 3 channels, but the model takes 4")


TEACHABLE_MACHINE = {"version": 1, "resize": "half-pixel", "channels": "rgb",
                     "scale": 1 / 127, "offset": -1, "fit": "cover"}


def teachable_machine(place, labels):
    folder = place.path / "export"
    folder.mkdir(exist_ok=True)
    shutil.copy(HERE / "keras/teachable-machine.h5", folder / "keras_model.h5")
    if labels is not None:
        (folder / "labels.txt").write_bytes(labels)
    return folder


def test_teachable_machine():
    numbered = "0 Katze\r\n1 1 Hund\r\n2 女\r\n".encode()
    with Workplace() as place:
        folder = teachable_machine(place, numbered)
        for source in (folder, folder / "keras_model.h5"):
            found, said, warned = convert_preprocess(place, source)
            assert found == {**TEACHABLE_MACHINE, "labels": "labels.txt"}
            assert (place.output / "labels.txt").read_text() == (
                "Katze\n1 Hund\n女\n")
            assert "Teachable Machine" in said and warned == "", (said, warned)
        # What is given wins, and labels may be without numbers.
        mine = place.write("mine.txt", b"0 a\n2 b\n1 c\n")
        found, said, _ = convert_preprocess(
            place, folder, "--labels", mine, "--fit=stretch",
            "--input-range=0..255", "--resize=legacy")
        assert found == {**TEACHABLE_MACHINE, "resize": "legacy", "scale": 1,
                         "offset": 0, "fit": "stretch", "labels": "labels.txt"}
        assert (place.output / "labels.txt").read_bytes() == mine.read_bytes()
        assert "as --input-range says" in said


def test_teachable_machine_without_labels():
    for labels, reason in ((None, "cannot be opened"), (b"a\nb\n", "2 labels"),
                           (b"\xff\n" * 3, "UTF-8")):
        with Workplace() as place:
            folder = teachable_machine(place, labels)
            found, said, warned = convert_preprocess(place, folder)
            assert found == TEACHABLE_MACHINE
            assert not (place.output / "labels.txt").exists()
            assert "classes without labels" in said
            assert len(warned.splitlines()) == 1 and reason in warned, warned


def test_channels():
    with Workplace() as place:
        source = with_channels(place, "rgb.keras", 3)
        place.convert(source, "--no-check", "--channel-order", "bgr")
        document = json.loads((place.output / "preprocess.json").read_text())
        assert document["channels"] == "bgr"
    with Workplace() as place:  # the model takes two
        place.refuse(HERE / "keras/small.keras", "--channel-order", "gray",
                     says="channels")


def test_labels():
    with Workplace() as place:
        labels = place.write("names.txt", "Frau\nMädchen\n".encode())
        place.convert(HERE / "keras/small.keras", "--labels", labels)
        document = json.loads((place.output / "preprocess.json").read_text())
        assert document["labels"] == "labels.txt"
        assert (place.output / "labels.txt").read_bytes() == labels.read_bytes()
    with Workplace() as place:
        labels = place.write("names.txt", b"one\ntwo\nthree\n")
        place.refuse(HERE / "keras/small.keras", "--labels", labels,
                     says="3 labels")
        place.refuse(HERE / "keras/small.keras", "--labels",
                     place.path / "missing.txt", says="missing.txt")


def two_labels(place):
    """A model whose values each end with a sigmoid."""
    with zipfile.ZipFile(HERE / "keras/small.keras") as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    config = members["config.json"]
    assert config.count(b'"softmax"') == 1
    members["config.json"] = config.replace(b'"softmax"', b'"sigmoid"')
    return place.write("labels.keras", make_zip(members))


def test_output():
    """What the output means, which has to fit the model."""
    source = HERE / "keras/small.keras"
    with Workplace() as place:
        place.convert(two_labels(place), "--threshold", "0.25,0.75")
        document = json.loads((place.output / "preprocess.json").read_text())
        assert document["threshold"] == [0.25, 0.75]
    with Workplace() as place:
        place.convert(two_labels(place), "--threshold", "0.25")
        document = json.loads((place.output / "preprocess.json").read_text())
        assert document["threshold"] == 0.25
    with Workplace() as place:
        place.convert(source, "--output", "0")
        document = json.loads((place.output / "preprocess.json").read_text())
        assert document["output"] == "0"
    with Workplace() as place:
        place.refuse(two_labels(place), "--threshold", "0.5,0.5,0.5",
                     says="has 3 values, but there are 2 labels")
        place.refuse(source, "--threshold", "0.5",
                     says="each end with a sigmoid")
        place.refuse(source, "--unit", "years", says="is for a number")
        place.refuse(source, "--output", "age", says="has no output 'age'")


def test_options():
    source = HERE / "keras/small.keras"
    with Workplace() as place:
        for option, value in (("--quantize", "int4"), ("--shard-size", "0"),
                              ("--shard-size", "-1"), ("--input-range", "0..2"),
                              ("--resize", "cubic"), ("--crop-scale", "nan"),
                              ("--crop-scale", "-1"), ("--attribute", ""),
                              ("--attribute", "a\nb"),
                              ("--attribute", "two words"),
                              ("--crop-scale", "0.05"),
                              ("--crop-scale", "11"),
                              ("--threshold", "1.5"), ("--threshold", "a"),
                              ("--threshold", "0.5,"), ("--threshold", "nan"),
                              ("--unit", ""), ("--output", ""),
                              ("--channel-order", "yuv")):
            place.refuse(source, option, value)
        result = subprocess.run([*PROGRAM, str(source)], capture_output=True,
                                text=True)
        assert result.returncode == 1 and "Usage" in result.stderr


# ---- files that are refused

def test_no_model():
    with Workplace() as place:
        place.refuse(place.path / "missing.h5", says="cannot be opened")
        place.refuse(place.path, says="is a folder")
        place.refuse(HERE.parent / "golden/tfjs/grid",
                     says="holds a model.json, which needs no conversion")
        place.refuse(place.write("empty", b""), says="neither HDF5")
        place.refuse(place.write("text", b"# a text\n" * 100),
                     says="neither HDF5")


def test_hostile_files():
    says = {
        "compressed-beyond-reason": "compressed beyond reason",
        "config-not-json": "model_config",
        "deflate-bomb": "damaged chunk",
        "external-link": "not followed",
        "external-storage": "not followed",
        "huge": "limit",
        "huge-chunks": "chunks",
        "lambda": "Lambda",
        "missing-chunk": "not have all its chunks",
        "not-finite": "finite",
        "other-filter": "filter",
        "short-chunk": "damaged chunk",
        "soft-link": "not followed",
        "virtual": "not followed",
        "weights-only": "model.save ()",
        "wrong-shape": "26x2",
    }
    for path in sorted((HERE / "hostile").glob("*.h5")):
        with Workplace() as place:
            place.refuse(path, says=says.get(path.stem, "dense"))


def read_cpu_limits(pid):
    """The soft and hard limits of the only child of a process, in seconds."""
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    (line,) = [line for line in
               Path(f"/proc/{child}/limits").read_text().splitlines()
               if line.startswith("Max cpu time")]
    return [int(limit) for limit in line.split()[3:5]]


def test_slow_file():
    """The error says that the file takes too long, and no files are left. The
    test lowers the limit to save time."""
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (1, 3))

    with Workplace() as place:
        result = subprocess.run(
            [*PROGRAM, SLOW, place.output], capture_output=True, text=True,
            preexec_fn=limit, timeout=120)
        assert result.returncode == 1, result
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert "too long" in result.stderr, result.stderr
        assert list(place.output.parent.iterdir()) == []


def test_time_limit():
    """The limit grows with the file; HDF5 ignores bytes after its end."""
    if not Path("/proc/self/task").exists():
        raise tap.Skip("/proc is not mounted")
    for size, wanted in ((0, 20), (7 << 20, 27), (1 << 30, 600)):
        with Workplace() as place:
            source = place.write("slow.h5", SLOW.read_bytes())
            if size:
                os.truncate(source, size)
            process = subprocess.Popen([*PROGRAM, source, place.output],
                                       stderr=subprocess.PIPE, text=True)
            try:
                found = wait_for_limits(process)
            finally:
                process.terminate()
                message = process.communicate(timeout=120)[1]
            assert found == [wanted, wanted + 1], (size, found)
            assert "interrupted" in message, message
            assert list(place.output.parent.iterdir()) == []


def wait_for_limits(process):
    """Waits, because the worker exists for a moment before it sets limits."""
    while True:
        try:
            return read_cpu_limits(process.pid)
        except ValueError:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.01)


def test_truncated():
    for name in ("fixed-strings.h5", "new-format.h5", "chunks.h5",
                 "small.keras", "packed.keras"):
        content = (HERE / "keras" / name).read_bytes()
        step = max(1, len(content) // 40)
        with Workplace() as place:
            for size in [1, 8, 47, 95] + list(range(96, len(content), step)) + [
                    len(content) - 1]:
                place.refuse(place.write(name, content[:size]))


def test_flipped_bytes():
    """A damaged file is refused or still converted to a model."""
    generator = random.Random(SEED)
    for name in ("fixed-strings.h5", "variable-utf8.h5", "new-format.h5",
                 "chunks.h5", "small.keras", "packed.keras"):
        content = (HERE / "keras" / name).read_bytes()
        for _ in range(40):
            damaged = bytearray(content)
            for _ in range(generator.choice((1, 1, 2, 8))):
                damaged[generator.randrange(len(damaged))] ^= (
                    1 << generator.randrange(8))
            with Workplace() as place:
                # libhdf5 leaks memory when it fails, and may crash: that ends
                # the worker, with one line of the converter's.
                result = place.run(place.write(name, damaged), environment={
                    "ASAN_OPTIONS": "detect_leaks=0"}, library_may_crash=True)
                left = [p.name for p in place.output.parent.iterdir()]
                if result.returncode == 0:
                    assert left == ["model"]
                    read_model(place.output)
                else:
                    assert result.returncode == 1, result.returncode
                    assert result.stderr.strip() and left == [], left


# ---- tricks with zip archives

def make_zip(members, change=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (members.items() if isinstance(members, dict)
                              else members):
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def small_members():
    with zipfile.ZipFile(HERE / "keras/small.keras") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def find_record(content, name, signature):
    """Returns the offset of a member's header."""
    at = -1
    while True:
        at = content.index(signature, at + 1)
        start = at + (46 if signature == b"PK\1\2" else 30)
        if content[start:start + len(name)] == name.encode():
            return at


def patched(content, name, signature, offset, layout, value):
    content = bytearray(content)
    struct.pack_into(layout, content,
                     find_record(content, name, signature) + offset, value)
    return bytes(content)


def test_zip_names():
    for name in ("../model.weights.h5", "/etc/passwd", "a/../../b", "a\\b",
                 "c:d"):
        with Workplace() as place:
            archive = make_zip({**small_members(), name: b"x"})
            place.refuse(place.write("a.keras", archive), says="relative path")


def test_zip_members():
    members = small_members()
    for name in members:
        with Workplace() as place:
            less = {n: c for n, c in members.items() if n != name}
            place.refuse(place.write("a.keras", make_zip(less)), says=name)
            content = list(members.items()) + [(name, members[name])]
            with _no_warnings():
                archive = make_zip(content)
            place.refuse(place.write("a.keras", archive), says="twice")


class _no_warnings:
    """Silences zipfile, which warns of members with the same name."""

    def __enter__(self):
        import warnings
        self.catch = warnings.catch_warnings()
        self.catch.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *details):
        self.catch.__exit__(*details)


def test_zip_fields():
    good = (HERE / "keras/small.keras").read_bytes()
    weights = "model.weights.h5"
    size = len(small_members()[weights])
    directory, local = b"PK\1\2", b"PK\3\4"
    tricks = {
        "encrypted": (directory, 8, "<H", 1),
        "method": (directory, 10, "<H", 12),
        "checksum": (directory, 16, "<I", 1),
        "stored size": (directory, 20, "<I", size + 1),
        "stored size, much": (directory, 20, "<I", 0x7fffffff),
        "size": (directory, 24, "<I", size - 1),
        "zip64": (directory, 24, "<I", 0xffffffff),
        "place": (directory, 42, "<I", 0),
        "place, far": (directory, 42, "<I", 0x7fffffff),
        "local signature": (local, 0, "<I", 0),
        "local method": (local, 8, "<H", 8),
        "local name": (local, 30, "<B", 0x41),
        "local extra": (local, 28, "<H", 0xffff),
    }
    for trick, (signature, offset, layout, value) in tricks.items():
        with Workplace() as place:
            archive = patched(good, weights, signature, offset, layout, value)
            place.refuse(place.write("a.keras", archive))
    for archive in (b"PK\3\4" + good, good + b"x", good[:-22],
                    good + b"PK\5\6" + bytes(18)):
        with Workplace() as place:
            place.refuse(place.write("a.keras", archive))


def test_zip_bomb():
    with Workplace() as place:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in small_members().items():
                if name == "model.weights.h5":
                    content = content + bytes(32 << 20)
                archive.writestr(name, content)
        place.refuse(place.write("a.keras", buffer.getvalue()),
                     says="beyond reason")


def test_zip_comment():
    good = (HERE / "keras/small.keras").read_bytes()
    comment = b"a comment, which is allowed"
    with Workplace() as place:
        archive = good[:-2] + struct.pack("<H", len(comment)) + comment
        place.convert(place.write("a.keras", archive))


def rewritten(place, change):
    """Writes small.keras with a changed config.json."""
    members = small_members()
    config = json.loads(members["config.json"])
    change(config["config"]["layers"])
    members["config.json"] = json.dumps(config).encode()
    return place.write("a.keras", make_zip(members))


def test_archive_layers():
    def unknown_with_weights(layers):
        layers[1]["class_name"] = "Conv2DLike"

    def without_bias(layers):
        layers[1]["config"]["use_bias"] = False

    def one_more(layers):
        layers.append(dict(layers[-1], config=dict(layers[-1]["config"],
                                                   name="dense_9")))

    def nameless(layers):
        del layers[1]["config"]["name"]
        layers[1].pop("name", None)

    def deep(layers):
        inner = layers[-1]
        for _ in range(40):
            inner = {"class_name": "Sequential",
                     "config": {"name": "s", "layers": [inner]}}
        layers.append(inner)

    for change in (one_more, without_bias, nameless, deep):
        with Workplace() as place:
            place.refuse(rewritten(place, change))
    with Workplace() as place:
        place.refuse(rewritten(place, unknown_with_weights), says="conv2d")


# ---- dialects

DIALECTS = HERE / "dialects"


def test_windows():
    """Names of groups with a backslash lead to the same model."""
    found = []
    for name in ("keras3.h5", "keras3.keras", "windows.keras"):
        with Workplace() as place:
            model, weights = place.convert(DIALECTS / name)
            weights = {key: data for key, (_, data) in weights.items()}
            found.append((model["modelTopology"], weights))
    assert found[0] == found[1] == found[2]


def test_architecture():
    text = DIALECTS / "architecture.json"
    with Workplace() as place:
        model, weights = place.convert(DIALECTS / "keras3.h5")
    for name in ("only.h5", "only.weights.h5", "keras3.h5"):
        with Workplace() as place:
            again, found = place.convert(DIALECTS / name, "--architecture", text)
            assert found == weights, name
            assert (again["modelTopology"]["model_config"]
                    == model["modelTopology"]["model_config"]), name
    with Workplace() as place:
        place.refuse(DIALECTS / "only.h5", says="--architecture")
        place.refuse(DIALECTS / "keras3.keras", "--architecture", text,
                     says="is no HDF5 file")
        place.refuse(DIALECTS / "only.h5", "--architecture", "missing.json",
                     says="missing.json")
        place.refuse(HERE / "keras/small.keras", "--architecture", text)
        place.refuse(DIALECTS / "only.weights.h5", "--architecture",
                     place.write("a.json", text.read_bytes().replace(
                         b"DepthwiseConv2D", b"Dense")),
                     says="has no weights in the file")


def test_lambda_of_keras1():
    with Workplace() as place:
        place.refuse(DIALECTS / "lambda-keras1.h5",
                     says="layer 'my_lambda': is a Lambda")


def walk(item):
    yield item
    for value in (item.values() if isinstance(item, dict) else
                  item if isinstance(item, list) else ()):
        yield from walk(value)


def test_keras2_spelling():
    """Nothing is left that only Keras 3 writes."""
    with Workplace() as place:
        model, weights = place.convert(DIALECTS / "keras3.h5")
    only_keras3 = {"module", "registered_name", "build_config", "batch_shape",
                   "build_input_shape", "kernel_initializer",
                   "negative_slope", "keepdims", "args"}
    config = model["modelTopology"]["model_config"]
    for item in walk(config):
        if isinstance(item, dict):
            assert not only_keras3 & item.keys(), item
            assert item.get("dtype", "float32") == "float32"
    layers = {entry["name"]: entry for entry in config["config"]["layers"]}
    assert layers["random_flip"]["class_name"] == "Dropout"
    assert layers["normalization"]["class_name"] == "Rescaling"
    assert layers["leaky_re_lu"]["config"]["alpha"] == .1
    assert layers["re_lu"]["class_name"] == "LeakyReLU"
    assert layers["conv2d"]["config"]["activation"]["config"]["alpha"] == .3
    assert "depthwise_conv2d/depthwise_kernel" in weights
    assert not any(name.startswith("normalization") for name in weights)


def test_notes():
    """What TensorFlow.js cannot do is a line, and no error."""
    def grouped(layers):
        layers[1]["config"]["activation"] = "exponential"

    with Workplace() as place:
        result = place.run(rewritten(place, grouped))
        assert result.returncode == 0, result.stderr
        (line,) = result.stderr.splitlines()
        assert "layer 'conv2d' (Conv2D): TensorFlow.js will not load" in line


def test_other_files():
    """What needs no conversion, or another one, is told by name."""
    with Workplace() as place:
        lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"
        place.refuse(place.write("lfs.keras", lfs), says="git lfs pull")
        place.refuse(place.write("model.json", b"{}"), says="no conversion")
        place.refuse(place.path, says="needs no conversion")
        (place.path / "model.json").unlink()
        place.refuse(place.write("saved_model.pb", b""), says="SavedModel")
        place.refuse(place.path, says="SavedModel")
        place.refuse(place.write("a.zip", b"PK\3\4"), says="unpack it")


# ---- docs/models.md

def read_commands():
    """Yields each command as a list of words."""
    text = (HERE.parents[1] / "docs/models.md").read_text()
    for command in re.findall(r"^    (activationmap-convert(?:.*\\\n)*.*)$", text,
                              re.MULTILINE):
        yield command.replace("\\\n", " ").split()[1:]


def test_documented_commands():
    """Each converts a small model in the place of the one it names."""
    n_commands = 0
    for words in read_commands():
        with Workplace() as place:
            rgb = with_channels(place, "model.keras", 3)
            files = {"model.keras": rgb, "my-model": place.output,
                     "model.h5": DIALECTS.parent / "keras/variable-utf8.h5",
                     "model.json": DIALECTS / "architecture.json",
                     "model.weights.h5": DIALECTS / "only.weights.h5"}
            if "converted_keras" in words:
                files["converted_keras"] = teachable_machine(
                    place, b"0 a\n1 b\n2 c\n")
            if "model.onnx" in words:
                files["model.onnx"] = HERE / "onnx/dense.onnx"
            if "gray" in words:
                files["model.h5"] = with_channels(place, "gray.keras", 1)
            if "--labels" in words:
                labels = words[words.index("--labels") + 1]
                n_classes = 5 if "model.onnx" in words else 36
                files[labels] = place.write(labels, b"label\n" * n_classes)
            if not files.keys() & set(words):
                continue
            result = subprocess.run(
                [*PROGRAM, *(str(files.get(word, word)) for word in words)],
                capture_output=True, text=True, timeout=120)
            if "-Donnx=enabled" in result.stderr:
                continue
            assert result.returncode == 0, (words, result.stderr)
            read_model(place.output)
            n_commands += 1
    assert n_commands >= 4, n_commands


if __name__ == "__main__":
    tap.main(globals())
