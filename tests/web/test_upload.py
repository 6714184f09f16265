#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Sends models to activationmap-server: good ones run, and of all others nothing
stays but the reason.

    test_upload.py MODEL KERAS    # the folders of the model gender, and of files
                                  # of Keras
"""

import glob
import io
import json
import os
import shutil
import sys
import tarfile
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(__file__))
from logins import open_as, write_users  # noqa: E402
from web_server import Server, tap  # noqa: E402
from websocket import Viewer  # noqa: E402

MODEL, KERAS = sys.argv[1:]
FOLDER = tempfile.TemporaryDirectory()
os.environ["TMPDIR"] = FOLDER.name
SERVER = Server()
BINARY = {"Content-Type": "application/octet-stream"}


def pack(*more, form=tarfile.GNU_FORMAT, folder="gender/"):
    """Return an archive of the model, with more members: (TarInfo, bytes)."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=form) as tar:
        for path in sorted(glob.glob(os.path.join(MODEL, "*"))):
            tar.add(path, folder + os.path.basename(path))
        for member, data in more:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return archive.getvalue()


def member(name, kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def send(name, body, headers=()):
    """Return the status, and the answer."""
    status, _, answer = SERVER.ask("POST", f"/api/models?file={name}", body,
                                   {**BINARY, **dict(headers)})
    try:
        return status, json.loads(answer)
    except ValueError:
        return status, answer


def list_files():
    """Return what lies in the private folder."""
    return sorted(os.path.relpath(os.path.join(path, name), FOLDER.name)
                  for path, _, names in os.walk(FOLDER.name) for name in names)


def test_archive_runs():
    for form in (tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT):
        status, answer = send("sent.tar", pack(form=form))
        assert status == 200, answer
        assert answer["running"] == "sent" and answer["name"], answer
        assert answer["models"] == ["default", "sent"], answer["models"]
    with Viewer(SERVER.port) as viewer:
        viewer.find(lambda message: message.subject is not None)
    # Of models of the same name, the last one stays.
    assert len(list_files()) == len(glob.glob(os.path.join(MODEL, "*")))
    for path, folders, _ in os.walk(FOLDER.name):
        for name in folders:
            assert os.stat(os.path.join(path, name)).st_mode & 0o077 == 0, name
    assert SERVER.ask("PUT", "/api/model", {"name": "default"})[0] == 200
    assert SERVER.ask("PUT", "/api/model", {"name": "sent"})[0] == 200


def refuse(name, body, status, word):
    """Nothing but the reason is left of a model that cannot be used."""
    before, running = list_files(), SERVER.get("/api/model")["running"]
    answer = send(name, body)
    assert answer[0] == status, (name, answer)
    assert word in json.dumps(answer[1]), answer
    assert list_files() == before, (list_files(), before)
    assert SERVER.get("/api/model")["running"] == running


def test_hostile_archives():
    for info, word in (
            (member("../escape.json"), "leads out"),
            (member("gender/../../escape.json"), "leads out"),
            (member("/escape.json"), "leads out"),
            (member("gender/link", tarfile.SYMTYPE, "/etc/passwd"), "no file"),
            (member("gender/hard", tarfile.LNKTYPE, "/etc/passwd"), "no file"),
            (member("gender/pipe", tarfile.FIFOTYPE), "no file"),
            (member("gender/disk", tarfile.BLKTYPE), "no file"),
            (member("other/model.json"), "model.json"),
            (member("gender/" + 200 * "n"), "no file")):
        refuse("hostile.tar", pack((info, b"")), 422, word)
    many = [(member(f"file-{i}"), b"") for i in range(1100)]
    refuse("many.tar", pack(*many), 422, "more than")


def test_damaged_archives():
    good = pack()
    refuse("short.tar", good[:3000], 422, "too early")
    refuse("empty.tar", b"", 422, "too early")
    refuse("noise.tar", bytes(range(256)) * 40, 422, "damaged")
    refuse("checksum.tar", b"X" + good[1:], 422, "damaged")
    huge = bytearray(pack(form=tarfile.USTAR_FORMAT))
    huge[124:136] = b"\x80" + 10 * b"\xff" + b"\x00"
    huge[148:156] = b"%06o\0 " % (sum(huge[:148]) + 8 * 32 + sum(huge[156:512]))
    refuse("huge.tar", bytes(huge), 422, "damaged")
    empty = io.BytesIO()
    tarfile.open(fileobj=empty, mode="w").close()
    refuse("nothing.tar", empty.getvalue(), 422, "model.json")


def test_bad_models():
    bad = io.BytesIO()
    with tarfile.open(fileobj=bad, mode="w") as tar:
        info = member("model.json")
        info.size = 2
        tar.addfile(info, io.BytesIO(b"{}"))
    refuse("bad.tar", bad.getvalue(), 422, "model.json")
    for name in ("model.zip", "model", "", ".tar", "a%2Fb.tar", "..%2Fx.tar",
                 "default.tar", 120 * "n" + ".tar"):
        refuse(name, pack(), 400, "model")


def test_many_models():
    for number in range(10):
        status, answer = send(f"number-{number}.tar", pack())
        assert status == 200, answer
    kept = [name for name in answer["models"] if name.startswith("number")]
    assert kept == [f"number-{number}" for number in range(2, 10)], kept


def test_limits():
    assert send("a.tar", pack(), {"Content-Type": "text/plain"})[0] == 415
    assert send("a.tar", pack(), {"Content-Type": "application/json"})[0] == 415
    assert send("a.tar", pack(), {"Origin": "http://evil.example"})[0] == 403
    assert send("a.tar", bytes((128 << 20) + 1))[0] == 413


def test_files_of_keras():
    if not shutil.which("activationmap-convert"):
        refuse("animals.h5", b"\x89HDF", 422, "not installed")
        raise tap.Skip("there is no converter")
    with open(os.path.join(KERAS, "packed.keras"), "rb") as file:
        good = file.read()
    refuse("broken.keras", good[:1000], 422, "broken.keras: ")
    refuse("broken.h5", b"\x89HDF\r\n\x1a\n", 422, "error")
    refuse("broken.onnx", b"onnx", 422, "error")
    for path in sorted(glob.glob(os.path.join(KERAS, "*.keras"))):
        with open(path, "rb") as file:
            status, answer = send(os.path.basename(path), file.read())
        # They are converted, but their input is no picture.
        name = os.path.basename(path)
        assert status == 422 and "is not an image network" in answer["error"], answer
        assert f"{name}:" in answer["error"] and FOLDER.name not in answer["error"]
    assert not [name for name in list_files() if name.endswith(".keras")]


def test_only_operators():
    users = write_users(os.path.join(FOLDER.name, "users"), "ann", "bob")
    with Server(f"--users={users}", "--operators=ann") as server:
        path = "/api/models?file=a.tar"
        assert server.ask("POST", path, pack(), BINARY)[0] == 401
        # The format of the body does not matter to who may not send one.
        for name, expected in (("bob", (403, 415)), ("ann", (415,))):
            assert open_as(server, name, f"secret {name}")("POST", path[1:],
                                                         {})[0] in expected
    os.unlink(users)


try:
    tap.main(globals())
finally:
    SERVER.__exit__()
    assert list_files() == []
    FOLDER.cleanup()
