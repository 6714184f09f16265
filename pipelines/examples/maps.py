#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Print what the network says about each face of a film, and its maps.

    maps.py [--probe] FILE

The pictures come from an appsink at the end of the pipeline. With --probe a
probe looks at them as they pass a pad, which any pipeline of yours has.

Needs python3-gi, python3-numpy and the typelib of GstActivationMeta.
"""

import argparse

import gi
import numpy

gi.require_version("Gst", "1.0")
gi.require_version("GstActivationMeta", "1.0")
gi.require_version("GstApp", "1.0")
from gi.repository import Gst, GstActivationMeta, GstApp  # noqa: E402

PIPELINE = """filesrc name=file
    ! decodebin expose-all-streams=false caps=video/x-raw(ANY) ! videoconvert
    ! videoflip video-direction=auto ! facetracker ! cnninference
    ! appsink name=pictures sync=false max-buffers=2"""


def metas_of(buffer):
    """Yield what is attached to a buffer. It is the buffer's: while you keep
    the activations for longer, hold meta.activations.ref()."""
    index = 0
    while meta := GstActivationMeta.buffer_get_nth_activation_meta(buffer,
                                                                   index):
        yield meta
        index += 1


def maps_of(activations, layer):
    """Return the maps of a layer: an array of height x width x channels."""
    data, *shape = activations.get_layer_bytes(layer)
    return numpy.frombuffer(data.get_data(), numpy.float32).reshape(shape)


def prediction_of(activations):
    """Return what is predicted, in words, with the score of a class."""
    text = activations.to_text()
    if activations.get_kind() != GstActivationMeta.ActivationsKind.CLASSES:
        return text or "an image"
    return f"{text} {activations.get_score(activations.get_winner()):.2f}"


def show(buffer):
    """Print a line for each face, and one for each layer below it."""
    for meta in metas_of(buffer):
        face = meta.activations
        print(f"{buffer.pts / Gst.SECOND:.3f} s, face {meta.id}:",
              prediction_of(face))
        for layer in range(face.get_n_layers()):
            maps = maps_of(face, layer)
            print(f"    {face.get_layer_name(layer)}: shape {maps.shape},",
                  f"maximum {maps.max():.3f}")


def show_passing(_pad, info):
    """Show a picture that passes a pad, in the thread that streams it."""
    show(info.get_buffer())
    return Gst.PadProbeReturn.OK


def samples_of(pipeline, sink):
    """Yield what comes to an appsink until the film ends."""
    bus = pipeline.get_bus()
    pipeline.set_state(Gst.State.PLAYING)
    try:
        while not sink.is_eos():
            if sample := sink.try_pull_sample(Gst.SECOND // 10):
                yield sample
            elif error := bus.pop_filtered(Gst.MessageType.ERROR):
                raise SystemExit("{0.message}\n{1}".format(
                    *error.parse_error()))
    finally:
        pipeline.set_state(Gst.State.NULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--probe", action="store_true")
    parser.add_argument("file")
    arguments = parser.parse_args()

    Gst.init(None)
    pipeline = Gst.parse_launch(PIPELINE)
    pipeline.get_by_name("file").set_property("location", arguments.file)
    pictures = pipeline.get_by_name("pictures")
    if arguments.probe:
        pictures.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER,
                                                  show_passing)
    for sample in samples_of(pipeline, pictures):
        if not arguments.probe:
            show(sample.get_buffer())


main()
