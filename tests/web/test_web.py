#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests the page of activationmap-server without a browser: what it serves, whom
it lets in, and that what it sends is right.

    test_web.py MODEL            # the folder of the model gender
"""

import ctypes
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(__file__))
from logins import open_as, write_users  # noqa: E402
from rtsp import Player  # noqa: E402
from web_server import Server, tap  # noqa: E402
from websocket import CLOSE, PING, PONG, Refused, Viewer  # noqa: E402

MODEL = sys.argv[1]
FOLDER = tempfile.TemporaryDirectory()


def has_face(message):
    return message.subject is not None


def make_models():
    """Return a folder with one model that is good, and one that is not."""
    models = os.path.join(FOLDER.name, "models")
    if not os.path.isdir(models):
        shutil.copytree(MODEL, os.path.join(models, "other"))
        shutil.copytree(MODEL, os.path.join(models, "broken"))
        with open(os.path.join(models, "broken", "model.json"), "r+",
                  encoding="utf-8") as file:
            file.truncate(200)
        os.mkdir(os.path.join(models, "no-model"))
    return models


SERVER = Server(f"--models={make_models()}")


def test_page_is_complete():
    status, headers, body = SERVER.ask("GET", "/")
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    waiting, seen = [body.decode()], set()
    while waiting:
        text = waiting.pop()
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), text
        for name in re.findall(r"(?:src|href|from)\s*=?\s*['\"](?:\./)?"
                               r"([\w-]+\.(?:js|css|svg))['\"]", text):
            if name in seen:
                continue
            seen.add(name)
            status, headers, body = SERVER.ask("GET", f"/{name}")
            assert status == 200, name
            assert headers["X-Content-Type-Options"] == "nosniff"
            waiting.append(body.decode())
    assert {"app.js", "style.css", "message.js"} <= seen, seen


def test_nothing_else_is_served():
    for path in ("/nothing", "/../main.c", "/%2e%2e/main.c", "/api/nothing",
                 "/page.gresource.xml"):
        assert SERVER.ask("GET", path)[0] == 404, path
    assert SERVER.ask("DELETE", "/api/properties", "{}")[0] == 405


def test_message_is_a_picture_with_its_maps():
    with Viewer(SERVER.port) as viewer:
        message = viewer.find(has_face)
    header, subject = message.header, message.subject
    assert message.part(header["jpeg"])[:2] == b"\xff\xd8"
    assert header["frame"]["resolution"] == {"width": 640, "height": 480}
    regions = [item["region_id"] for item in header["frame"]["objects"]]
    assert subject["region_id"] in regions
    assert 0 <= header["age"] < 60000
    assert [stage["name"] for stage in header["stages"]] == ["faces", "network",
                                                             "jpeg"]
    shapes = [(layer["source"], layer["height"], layer["width"], layer["channels"])
              for layer in subject["layers"]]
    assert shapes == [("conv2d_1", 25, 25, 16), ("conv2d_2", 12, 12, 32),
                      ("conv2d_3", 6, 6, 32)], shapes
    for layer in subject["layers"]:
        codes = message.part(layer["values"])
        assert len(codes) == layer["height"] * layer["width"] * layer["channels"]
        assert min(codes) == 0 and max(codes) == 255


def test_no_extension():
    with Viewer(SERVER.port) as viewer:
        assert "sec-websocket-extensions" not in viewer.headers


def test_float32_and_uint8_agree():
    """Two viewers, of whom one wants exact values, see the same frames."""
    with Viewer(SERVER.port) as rough, Viewer(SERVER.port) as exact:
        exact.tell(values="float32")
        seen = {}
        for _ in range(400):
            for viewer, kind in ((rough, "uint8"), (exact, "float32")):
                message = viewer.next()
                if not has_face(message) \
                        or message.subject["layers"][0]["type"] != kind:
                    continue
                other = seen.pop(message.header["sequence"], None)
                if other:
                    compare_maps(message, other)
                    return
                seen[message.header["sequence"]] = message
    raise AssertionError("no frame was seen by both")


def compare_maps(one, other):
    for first, second in zip(one.subject["layers"], other.subject["layers"]):
        extremes = one.floats(first["extremes"])
        pairs = list(zip(one.maps(first), other.maps(second), strict=True))
        for i, (a, b) in enumerate(pairs):
            channel = i % first["channels"]
            step = (extremes[2 * channel + 1] - extremes[2 * channel]) / 255
            assert abs(a - b) <= 0.501 * step + 1e-6, (i, a, b)
    assert any(a for a, _ in pairs)


def test_contributions_add_up():
    with Viewer(SERVER.port) as viewer:
        for _ in range(5):
            message = viewer.find(has_face)
            explanation = message.subject["explanation"]
            for kind in ("channels", "cells"):
                total = explanation["bias"] + sum(message.floats(explanation[kind]))
                assert abs(total - explanation["logit"]) < 1e-3, total


def test_two_pictures_are_on_their_way():
    with Viewer(SERVER.port) as viewer:
        first, second = viewer.read(), viewer.read()
        assert not viewer.has_more(1.0), "a third one came without being asked for"
        viewer.tell(acknowledge=first.header["token"] ^ 1)
        assert not viewer.has_more(1.0), "a wrong token counted"
        viewer.tell(acknowledge=first.header["token"])
        third = viewer.read()
        # The newest one, not the one after those that were missed.
        assert third.header["sequence"] > second.header["sequence"] + 1
        viewer.tell(acknowledge=first.header["token"])
        assert not viewer.has_more(1.0), "an old token counted again"


def test_tokens_belong_to_viewers():
    with Viewer(SERVER.port) as reading, Viewer(SERVER.port) as stalled:
        missed = {stalled.read().header["sequence"], stalled.read().header["sequence"]}
        seen = {}
        while not missed & seen.keys():
            message = reading.next()
            seen[message.header["sequence"]] = message.header["token"]
        for token in seen.values():
            stalled.tell(acknowledge=token)
        assert not stalled.has_more(1.0), "another viewer's token counted"


def test_stalled_viewers_take_no_memory():
    with Viewer(SERVER.port) as watching:
        for _ in range(30):
            watching.next()
        before = SERVER.get_memory()
        stalled = [Viewer(SERVER.port, buffer=4096) for _ in range(5)]
        for viewer in stalled:
            viewer.tell(values="float32")
        for _ in range(150):
            watching.next()
        growth = SERVER.get_memory() - before
        for viewer in stalled:
            viewer.close()
    print(f"# memory grew by {growth} KiB")
    assert growth < 32 * 1024, growth


def test_bad_requests_close_the_websocket():
    for text in (b"{", b"[]", b'{"layers": 3}', b'{"values": "int4"}',
                 b'{"subject": -7}'):
        with Viewer(SERVER.port) as viewer:
            viewer.send(1, text)
            try:
                for _ in range(100):
                    viewer.next()
            except ConnectionError:
                continue
            raise AssertionError(f"{text} was taken")


def test_layers_are_chosen():
    with Viewer(SERVER.port) as viewer:
        viewer.tell(layers=["max_pooling2d_2"])
        message = viewer.find(lambda message: has_face(message) and sum(
            "values" in layer for layer in message.subject["layers"]) == 1)
    assert "values" in message.subject["layers"][1]


def find_without(viewer, count):
    return viewer.find(lambda message: has_face(message)
                       and len(message.subject["knock_outs"]) == count)


def test_knock_out_is_seen_by_all():
    with Viewer(SERVER.port) as one, Viewer(SERVER.port) as other:
        SERVER.patch(knock_out="conv2d_3:2,conv2d_3:4,conv2d_3:16")
        for viewer in (one, other):
            subject = find_without(viewer, 3).subject
            assert {item["channel"] for item in subject["knock_outs"]} == {2, 4, 16}
            assert any(item["score"] != item["intact"] for item in subject["classes"])
        SERVER.patch(knock_out="")
        subject = find_without(other, 0).subject
        assert all(item["score"] == item["intact"] for item in subject["classes"])


def test_a_change_has_a_revision():
    with Viewer(SERVER.port) as viewer:
        before = viewer.next().header["revision"]
        SERVER.patch(explain="grad-cam")
        viewer.find(lambda message: message.header["revision"] != before)
        viewer.find(lambda message: has_face(message)
                    and message.subject["explanation"]["method"] == "grad-cam")
    SERVER.patch(explain="hires-cam")


def get_properties():
    return {item["name"]: item for item in SERVER.get("/api/properties")["properties"]}


def test_properties_have_types_and_ranges():
    properties = get_properties()
    assert properties["explain"]["type"] == "choice"
    assert "hires-cam" in [c["value"] for c in properties["explain"]["choices"]]
    assert properties["roi-scale"]["maximum"] == 10
    assert properties["interval"]["type"] == "integer"
    for name in ("model", "labels", "face-model", "max-memory", "name", "parent"):
        assert name not in properties, name


def test_properties_change_together_or_not_at_all():
    before = get_properties()["interval"]["value"]
    for changes, word in (({"interval": 2, "roi-scale": 99}, "roi-scale"),
                          ({"interval": 2, "explain": "magic"}, "magic"),
                          ({"interval": 2, "explain": 3}, "type"),
                          ({"interval": "2"}, "type"), ({"interval": 2.5}, "type"),
                          ({"interval": -1}, "range"), ({"interval": 1e300}, "range"),
                          ({"interval": 2, "model": "/etc"}, "model"),
                          ([], "object"), ("{", "JSON")):
        status, _, body = SERVER.ask("PATCH", "/api/properties", changes)
        assert status == 400, (changes, status)
        assert word in json.loads(body)["error"], (changes, body)
    assert get_properties()["interval"]["value"] == before


def read_kernel():
    """Return the weights of conv2d_1, from the file itself."""
    with open(os.path.join(MODEL, "model.json"), encoding="utf-8") as file:
        manifest = json.load(file)["weightsManifest"][0]
    offset = 0
    with open(os.path.join(MODEL, manifest["paths"][0]), "rb") as file:
        data = file.read()
    for weight in manifest["weights"]:
        count = 1
        for size in weight["shape"]:
            count *= size
        stored = weight.get("quantization", {}).get("dtype", weight["dtype"])
        code, size = {"float16": ("e", 2), "float32": ("f", 4)}[stored]
        if weight["name"].endswith("conv2d_1/kernel"):
            return struct.unpack_from(f"<{count}{code}", data, offset), weight["shape"]
        offset += count * size
    raise AssertionError("no kernel of conv2d_1")


def test_kernel_is_the_file_s():
    values, (height, width, depth, channels) = read_kernel()
    layers = {layer["name"]: layer for layer in SERVER.get("/api/model")["layers"]}
    assert layers["conv2d_1"]["kernel"] == [height, width, depth]
    status, headers, body = SERVER.ask("GET",
                                       "/api/kernel?layer=conv2d_1&channel=3")
    assert status == 200 and headers["First-Input"] == "0"
    kernel = struct.unpack(f"<{len(body) // 4}f", body)
    assert kernel == tuple(values[3::channels])
    for query in ("layer=conv2d_1&channel=16", "layer=dense_1&channel=0",
                  "layer=nothing&channel=0"):
        assert SERVER.ask("GET", f"/api/kernel?{query}")[0] == 404, query
    for query in ("layer=conv2d_1", "layer=conv2d_1&channel=-1", "channel=1"):
        assert SERVER.ask("GET", f"/api/kernel?{query}")[0] == 400, query


def test_cells_see_their_part():
    layers = {layer["name"]: layer for layer in SERVER.get("/api/model")["layers"]}
    rows = layers["max_pooling2d_1"]["rows"]
    # 5x5 "same", then 2x2: cell i sees rows 2i - 2 to 2i + 3 of the input.
    assert rows[:4] == [0, 3, 0, 5] and rows[-2:] == [46, 49], rows
    assert layers["input_1"]["shape"] == [50, 50, 3]


def test_model_switches_while_running():
    assert SERVER.get("/api/model")["models"] == ["default", "broken", "other"]
    status, _, body = SERVER.ask("PUT", "/api/model", {"name": "broken"})
    assert status == 422 and "model.json" in json.loads(body)["error"], body
    assert SERVER.get("/api/model")["running"] == "default"
    for name in ("no-model", "../models/other", ".", "", "/etc"):
        assert SERVER.ask("PUT", "/api/model", {"name": name})[0] == 400, name
    with Viewer(SERVER.port) as viewer:
        SERVER.patch(knock_out="conv2d_3:2")
        status, _, body = SERVER.ask("PUT", "/api/model", {"name": "other"})
        assert status == 200 and json.loads(body)["running"] == "other", body
        find_without(viewer, 0)
    assert SERVER.ask("PUT", "/api/model", {"name": "default"})[0] == 200


def test_other_sites_are_kept_out():
    here = f"http://127.0.0.1:{SERVER.port}"
    own = socket.gethostname()
    for host in ("evil.example", f"{own}.evil.example", f"{own}.local.example"):
        status = SERVER.ask("GET", "/", headers={"Host": host})[0]
        assert status == 421, (host, status)
    for host in ("localhost", "127.0.0.1", f"localhost:{SERVER.port}", "[::1]",
                 own, f"{own}.local"):
        assert SERVER.ask("GET", "/", headers={"Host": host})[0] == 200, host
    for origin, expected in (("http://evil.example", 403), ("null", 403),
                             ("http://127.0.0.1:1", 403), (here, 200)):
        for method, path, body in (("PATCH", "/api/properties", {}),
                                   ("GET", "/api/properties", None),
                                   ("GET", "/snapshot.jpg", None)):
            status = SERVER.ask(method, path, body, {"Origin": origin})[0]
            assert status == expected, (origin, path, status)
    for origin in ("http://evil.example", "null"):
        try:
            Viewer(SERVER.port, headers={"Origin": origin}).close()
        except Refused as refused:
            assert refused.args[0] == 403, refused
        else:
            raise AssertionError(f"{origin} may watch")
    Viewer(SERVER.port, headers={"Origin": here}).close()


def test_bodies_are_limited():
    types = {"Content-Type": "text/plain"}
    assert SERVER.ask("PATCH", "/api/properties", "{}", types)[0] == 415
    before = SERVER.get_memory()
    for _ in range(3):
        connection = socket.create_connection(("127.0.0.1", SERVER.port), 60)
        connection.sendall(b"PATCH /api/properties HTTP/1.1\r\nHost: localhost\r\n"
                           b"Content-Type: application/json\r\n"
                           b"Content-Length: 100000000\r\n\r\n")
        try:
            for _ in range(1000):
                connection.sendall(bytes(100000))
        except OSError:
            pass  # the server has closed it
        connection.close()
    assert SERVER.get_memory() - before < 32 * 1024
    status, _, _ = SERVER.ask("PATCH", "/api/properties", b"2\r\n{}\r\n0\r\n\r\n", {
        "Transfer-Encoding": "chunked", "Content-Type": "application/json"})
    assert status == 411, status


def test_images():
    status, headers, body = SERVER.ask("GET", "/snapshot.jpg")
    assert status == 200 and headers["Content-Type"] == "image/jpeg"
    assert body[:2] == b"\xff\xd8" and body[-2:] == b"\xff\xd9"
    with urllib.request.urlopen(f"{SERVER.url}mjpeg", timeout=60) as answer:
        kind = answer.headers["Content-Type"]
        assert kind.startswith("multipart/x-mixed-replace"), kind
        boundary = kind.partition("boundary=")[2].encode()
        body = b""
        while body.count(b"--" + boundary) < 4:
            body += answer.read1(65536)
    first, second = body.split(b"--" + boundary)[1:3]
    assert b"image/jpeg" in first and first != second


def test_frame_as_json():
    frame = SERVER.get("/api/frame.json")
    assert frame["resolution"] == {"width": 640, "height": 480}
    assert isinstance(frame["objects"], list)


def get_metrics():
    status, headers, body = SERVER.ask("GET", "/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain")
    return dict(re.findall(r'^activationmap_(\w+)\{stream=""\} (\S+)$',
                           body.decode(), re.M))


def wait_for(is_so):
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it does not become so"
        time.sleep(0.1)


def test_health_and_metrics():
    assert SERVER.ask("GET", "/healthz")[0] == 200
    values = get_metrics()
    assert float(values["frames_seen_total"]) > 0
    assert float(values["frames_inferred_total"]) > 0
    assert values["signal"] == "1"
    with Viewer(SERVER.port):
        wait_for(lambda: get_metrics()["viewers"] == "1")
        with Player(SERVER.rtsp):
            wait_for(lambda: get_metrics()["viewers"] == "2")
        wait_for(lambda: get_metrics()["viewers"] == "1")
    wait_for(lambda: get_metrics()["viewers"] == get_metrics()["consumers"] == "0")


def has_viewers(server, count):
    body = server.ask("GET", "/metrics")[2].decode()
    return f'activationmap_viewers{{stream=""}} {count}\n' in body


def test_who_reads_nothing_is_disconnected():
    with Server("--viewer-timeout=2") as server:
        with Viewer(server.port, buffer=4096):
            wait_for(lambda: has_viewers(server, 1))
            wait_for(lambda: has_viewers(server, 0))
        with socket.create_connection(("127.0.0.1", server.port), 60) as stalled:
            stalled.sendall(b"GET /mjpeg HTTP/1.1\r\nHost: localhost\r\n\r\n")
            wait_for(lambda: has_viewers(server, 1))
            wait_for(lambda: has_viewers(server, 0))
        check_frozen_viewer(server)


def check_frozen_viewer(server):
    """Who has frozen the picture reads nothing new, but answers pings."""
    with Viewer(server.port) as viewer:
        first, _ = viewer.read(), viewer.read()
        for _ in range(6):  # for more than the time-out
            opcode, payload = viewer.read_frame()
            assert opcode == PING, opcode
            viewer.send(PONG, payload)
        viewer.tell(acknowledge=first.header["token"])
        viewer.read()


def is_let_in():
    try:
        return SERVER.ask("GET", "/healthz")[0] == 200
    except OSError:
        return False


def test_connections_are_kept():
    soup = ctypes.CDLL("libsoup-3.0.so.0")
    if not soup.soup_check_version(3, 4, 0):
        raise tap.Skip("libsoup is older than 3.4")
    connection = http.client.HTTPConnection("127.0.0.1", SERVER.port, timeout=60)
    for path in ("/", "/api/model", "/nothing", "/snapshot.jpg", "/healthz"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.read() and connection.sock, path
    connection.request("GET", "/", headers={"Origin": "http://elsewhere.example"})
    assert connection.getresponse().read() and not connection.sock, "refused"


def test_connections_are_given_back():
    """More connections than one address may have, one after the other."""
    for _ in range(75):
        connection = socket.create_connection(("127.0.0.1", SERVER.port), 60)
        connection.close()
        wait_for(is_let_in)


def test_connections_are_limited():
    many = [socket.create_connection(("127.0.0.1", SERVER.port), 60)
            for _ in range(110)]
    closed = 0
    for connection in many[100:]:
        connection.settimeout(60)
        closed += connection.recv(1) == b""
    for connection in many:
        connection.close()
    wait_for(is_let_in)
    assert closed == 10, closed


def test_tls():
    if not shutil.which("openssl"):
        raise tap.Skip("there is no openssl")
    pem = os.path.join(FOLDER.name, "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", pem, "-out",
                    pem + ".crt", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    with open(pem + ".crt", encoding="ascii") as certificate, \
            open(pem, "a", encoding="ascii") as both:
        both.write(certificate.read())
    with Server(f"--certificate={pem}") as server:
        assert server.url.startswith("https://"), server.url
        trust = ssl.create_default_context(cafile=pem + ".crt")
        with urllib.request.urlopen(f"https://localhost:{server.port}/healthz",
                                    timeout=60, context=trust) as answer:
            assert answer.status == 200


def test_users_and_their_roles():
    users = write_users(os.path.join(FOLDER.name, "users"), "ann", "bob")
    token = os.path.join(FOLDER.name, "token")
    with open(token, "w", encoding="ascii") as file:
        file.write("open sesame\n")
    with Server(f"--users={users}", "--operators=ann",
                f"--metrics-token={token}") as server:
        assert server.ask("GET", "/healthz")[0::2] == (200, b"ok\n")
        for authorization, status in (("Bearer open sesame", 200),
                                      ("Bearer open", 401), ("Bearer ", 401)):
            headers = {"Authorization": authorization}
            assert server.ask("GET", "/metrics", None, headers)[0] == status
            assert server.ask("GET", "/api/model", None, headers)[0] == 401
        for path in ("/", "/snapshot.jpg", "/api/frame.json", "/metrics", "/app.js",
                     "/api/session", "/api/model"):
            status, _, body = server.ask("GET", path)
            assert status == 401 and b"\xff\xd8" not in body, path
        for path in ("/live.ws", "/live.ws?ticket=1-2", "/live.ws?ticket="):
            try:
                Viewer(server.port, path).close()
            except Refused as refused:
                assert refused.args[0] == 401, refused
            else:
                raise AssertionError(f"{path} is open to everybody")
        check_roles(server)


def check_roles(server):
    ann, bob = (open_as(server, name, f"secret {name}") for name in ("ann", "bob"))
    for user, role, status in ((ann, "operator", 200), (bob, "viewer", 403)):
        session = json.loads(user("GET", "api/session")[1])
        assert session["role"] == role, session
        assert user("PATCH", "api/properties", {"interval": 1})[0] == status
        with Viewer(server.port, f"/live.ws?ticket={session['ticket']}") as viewer:
            viewer.next()
    assert open_as(server, "bob", "wrong")("GET", "api/session")[0] == 401
    assert open_as(server, "eve", "secret bob")("GET", "api/session")[0] == 401


def test_server_ends_while_watched():
    with Server() as server:
        viewer = Viewer(server.port)
        viewer.next()
        with urllib.request.urlopen(f"{server.url}mjpeg", timeout=60) as answer:
            answer.read1(10)
            server.process.terminate()
            assert server.process.wait(60) == 0
        opcode = None
        try:
            while opcode != CLOSE:
                opcode, _ = viewer.read_frame()
        except (ValueError, ConnectionError):
            pass  # closed without a word
        viewer.close()


try:
    tap.main(globals())
finally:
    SERVER.__exit__()
    FOLDER.cleanup()
