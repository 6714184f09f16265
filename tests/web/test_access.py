#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests whom activationmap-server lets in: logins, and those that are not meant
to be; limits; and what a reload changes.

    test_access.py MODEL         # the folder of the model gender
"""

import hashlib
import os
import pty
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import termios
import time
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(__file__))
from logins import REALM, Client, get_ha1, get_password, open_as, \
    write_users  # noqa: E402
from web_server import TIMEOUT, Server, end_with_parent, tap  # noqa: E402

MODEL = sys.argv[1]
FOLDER = tempfile.TemporaryDirectory()


def in_folder(name):
    return os.path.join(FOLDER.name, name)


def write_ann_and_bob():
    return write_users(in_folder("users"), "ann", "bob")


class Log:
    """What a server says, in a file."""

    def __init__(self, name):
        self.path = in_folder(name)
        self.file = open(self.path, "w", encoding="utf-8")

    def wait_for(self, text):
        """Wait until it is there, and forget what comes before."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            with open(self.path, encoding="utf-8") as file:
                lines = file.read()
            if text in lines:
                os.truncate(self.path, 0)
                self.file.seek(0)
                return lines
            assert time.monotonic() < deadline, f"no {text} in {lines}"
            time.sleep(0.05)


# Each address may fail ten times, so tests have addresses of their own.
WITH_USERS = Server(f"--users={write_ann_and_bob()}")
OPEN_LOG = Log("open.log")
OPEN = Server(log=OPEN_LOG.file)


def test_a_login_is_worth_something_once():
    ann = Client(WITH_USERS, "ann")
    status, challenge = ann.ask()
    assert status == 401 and "stale" not in challenge, (status, challenge)
    # As a browser does, some requests overtake others.
    for count in (1, 2, 5, 3, 4, 100):
        assert ann.ask(ann.sign(count=count))[0] == 200, count
    for count in (2, 100, 1):
        nonce = ann.nonce
        status, challenge = ann.ask(ann.sign(count=count))
        assert status == 401 and "stale=true" in challenge, (count, challenge)
        ann.nonce = nonce
    check_other_requests(WITH_USERS, ann)


def check_other_requests(server, ann):
    """What was heard on the wire opens nothing else, and to nobody else."""
    ann.ask()
    heard = ann.sign("/api/streams")
    for path, method in (("/metrics", "GET"), ("/api/streams?a", "GET"),
                         ("/api/streams", "HEAD")):
        status, challenge = Client(server, "ann").ask(heard, path, method)
        assert status == 401 and "stale" not in challenge, (path, challenge)
    status, challenge = Client(server, "ann", address="127.0.0.2").ask(heard)
    assert status == 401 and "stale=true" in challenge, challenge
    assert ann.ask(heard)[0] == 200


def test_nonces_are_the_servers():
    ann = Client(WITH_USERS, "ann")
    status, challenge = ann.ask(ann.sign(nonce="0123"))
    assert status == 401 and "stale=true" in challenge, (status, challenge)
    assert ann.ask(ann.sign())[0] == 200
    eve = Client(WITH_USERS, "ann", "guessed")
    status, challenge = eve.ask(eve.sign(nonce="0123"))
    assert status == 401 and "stale" not in challenge, (status, challenge)


def open_rtsp(server, address):
    host, port = server.rtsp.split("/")[2].split(":")
    return socket.create_connection((host, int(port)), TIMEOUT, (address, 0))


def describe(server, name, password, address, tries=1):
    """Log in by RTSP, on one connection, and return the statuses."""
    statuses = []
    nonce = "0"
    with open_rtsp(server, address) as connection, \
            connection.makefile("rb") as answers:
        for number in range(tries + 1):
            place = hashlib.md5(f"DESCRIBE:{server.rtsp}".encode()).hexdigest()
            response = hashlib.md5(
                f"{get_ha1(name, password)}:{nonce}:{place}".encode()).hexdigest()
            header = f'Authorization: Digest username="{name}", realm="{REALM}", ' \
                f'nonce="{nonce}", uri="{server.rtsp}", response="{response}"\r\n'
            connection.sendall(
                f"DESCRIBE {server.rtsp} RTSP/1.0\r\nCSeq: {number + 1}\r\n"
                f"{header if number else ''}\r\n".encode())
            answer = b""
            while not answer.endswith(b"\r\n\r\n"):
                answer += answers.readline()
            statuses.append(int(answer.split()[1]))
            challenge = re.search(rb'nonce="([^"]+)"', answer)
            nonce = challenge[1].decode() if challenge else nonce
            if statuses[-1] == 200:
                break
    return statuses[1:]


def test_wrong_passwords_by_http_lock_out():
    """By HTTP and RTSP alike, and only the address that they come from."""
    eve = Client(WITH_USERS, "ann", "guessed", "127.0.0.3")
    eve.ask()
    for _ in range(12):
        assert eve.ask(eve.sign())[0] == 401
    ann = Client(WITH_USERS, "ann", address="127.0.0.3")
    ann.ask()
    assert ann.ask(ann.sign())[0] == 401, "she is not locked out"
    assert describe(WITH_USERS, "ann", get_password("ann"), "127.0.0.3") == [401]
    elsewhere = Client(WITH_USERS, "ann", address="127.0.0.4")
    elsewhere.ask()
    assert elsewhere.ask(elsewhere.sign())[0] == 200
    assert describe(WITH_USERS, "ann", get_password("ann"), "127.0.0.4") == [200]


def test_wrong_passwords_by_rtsp_lock_out():
    statuses = describe(WITH_USERS, "ann", "guessed", "127.0.0.5", 12)
    assert statuses == 12 * [401], statuses
    assert describe(WITH_USERS, "ann", get_password("ann"), "127.0.0.5") == [401]
    ann = Client(WITH_USERS, "ann", address="127.0.0.5")
    ann.ask()
    assert ann.ask(ann.sign())[0] == 401, "she is not locked out by HTTP"
    assert describe(WITH_USERS, "ann", get_password("ann"), "127.0.0.6") == [200]


def ask_at_once(server, address, count):
    """Return the statuses of requests that are all made before one is read."""
    connections = [socket.create_connection(("127.0.0.1", server.port), TIMEOUT,
                                            (address, 0)) for _ in range(count)]
    for connection in connections:
        connection.sendall(b"GET /api/streams HTTP/1.1\r\nHost: localhost\r\n\r\n")
    statuses = []
    for connection in connections:
        with connection, connection.makefile("rb") as answer:
            statuses.append(int(answer.readline().split()[1]))
    return statuses


def test_too_many_requests():
    """Far more than are allowed in a second."""
    statuses = []
    end = time.monotonic() + 10
    while 429 not in statuses:
        statuses += ask_at_once(OPEN, "127.0.0.7", 50)
        if time.monotonic() > end:
            raise tap.Skip("fewer requests than are allowed can be answered here")
    assert len(statuses) > 1000 and set(statuses) == {200, 429}, set(statuses)
    assert ask_at_once(OPEN, "127.0.0.8", 1) == [200]


def write_config(**options):
    path = in_folder("server.conf")
    lines = [f"{name.replace('_', '-')}={value}\n" for name, value in options.items()]
    with open(path, "w", encoding="ascii") as file:
        file.writelines(["[server]\n", *lines])
    return path


def make_certificate(name):
    """Return a PEM file with a certificate and its key."""
    pem = in_folder(name)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", pem, "-out",
                    pem + ".crt", "-subj", f"/CN={name}"],
                   check=True, capture_output=True)
    with open(pem + ".crt", encoding="ascii") as certificate, \
            open(pem, "a", encoding="ascii") as both:
        both.write(certificate.read())
    return pem


def get_role(server, name):
    status, body = open_as(server, name, get_password(name))("GET", "api/session")
    return re.search(rb'"role":"(\w+)"', body)[1].decode() if status == 200 else None


def test_reload_changes_operators():
    users = write_ann_and_bob()
    log = Log("operators.log")
    config = write_config(users=users, operators="ann")
    with Server(f"--config={config}", log=log.file) as server:
        assert (get_role(server, "ann"), get_role(server, "bob")) == \
            ("operator", "viewer")
        users = write_users(in_folder("others"), "bob", "eve")
        write_config(users=users, operators="bob")
        server.process.send_signal(signal.SIGHUP)
        log.wait_for("Reloaded users")
        assert [get_role(server, name) for name in ("ann", "bob", "eve")] == \
            [None, "operator", "viewer"]
        assert describe(server, "eve", get_password("eve"), "127.0.0.1") == [200]
        assert describe(server, "ann", get_password("ann"), "127.0.0.1") == [401]


def test_reload_changes_nothing_after_an_error():
    """Wherever the error is: what is right beside it is not taken over."""
    users = write_ann_and_bob()
    log = Log("errors.log")
    right = {"users": users, "property": "colormap=inferno"}
    config = write_config(**right)
    changed = {"users": users, "operators": "bob", "property": "colormap=viridis"}
    with Server(f"--config={config}", log=log.file) as server:
        for wrong in ({"users": "/no/such/file"}, {"operators": "carol"},
                      {"property": "colormap=viridis;colormap=magic"},
                      {"property": "colormap=viridis;model=/no/such/model"},
                      {"certificate": "/no/such/file"}):
            write_config(**{**changed, **wrong})
            server.process.send_signal(signal.SIGHUP)
            assert "is now" not in log.wait_for("Reload failed"), wrong
            assert get_role(server, "bob") == "viewer", wrong
        write_config(property="colormap=viridis")
        server.process.send_signal(signal.SIGHUP)
        log.wait_for("--users can be added or removed only by a restart")
        assert get_role(server, "bob") == "viewer"
        write_config(**changed)
        server.process.send_signal(signal.SIGHUP)
        log.wait_for("Reloaded users")
        assert get_role(server, "bob") == "operator"


def test_reload_chooses_the_model():
    """Whatever an operator has chosen before; it is then the default."""
    models = in_folder("models")
    for name in ("chosen", "configured"):
        shutil.copytree(MODEL, os.path.join(models, name))
    log = Log("model.log")
    config = write_config(models=models)
    with Server(f"--config={config}", log=log.file) as server:
        assert server.ask("PUT", "/api/model", {"name": "chosen"})[0] == 200
        assert server.get("/api/model")["running"] == "chosen"
        path = os.path.join(models, "configured")
        write_config(models=models, property=f"model={path}")
        server.process.send_signal(signal.SIGHUP)
        log.wait_for("Reloaded users")
        assert server.get("/api/model")["running"] == "default"
        assert server.ask("PUT", "/api/model", {"name": "chosen"})[0] == 200
        log.wait_for("chosen")
        assert server.ask("PUT", "/api/model", {"name": "default"})[0] == 200
        assert f"model is now {path}" in log.wait_for("model is now")


def get_certificate(host, port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection((host, port), TIMEOUT) as connection, \
            context.wrap_socket(connection) as wrapped:
        return ssl.DER_cert_to_PEM_cert(wrapped.getpeercert(True))


def test_reload_changes_certificate():
    if not shutil.which("openssl"):
        raise tap.Skip("there is no openssl")
    log = Log("certificate.log")
    config = write_config(certificate=make_certificate("first"))
    with Server(f"--config={config}", log=log.file) as server:
        host, port = server.rtsp.split("/")[2].split(":")
        places = ((host, int(port)), ("127.0.0.1", server.port))
        before = {get_certificate(*place) for place in places}
        second = make_certificate("second")
        write_config(certificate=second)
        server.process.send_signal(signal.SIGHUP)
        log.wait_for("Reloaded users")
        with open(second + ".crt", encoding="ascii") as file:
            after = {file.read()}
        assert len(before) == 1 and before != after
        assert {get_certificate(*place) for place in places} == after


def test_read_only():
    with Server("--read-only") as server:
        assert server.get("/api/session")["role"] == "viewer"
        assert server.ask("PATCH", "/api/properties", {"interval": 1})[0] == 403
    assert OPEN.get("/api/session")["role"] == "operator"
    for name in ("X-Forwarded-For", "Forwarded", "Via"):
        status = OPEN.ask("PATCH", "/api/properties", {"interval": 1},
                          {name: "for=192.0.2.1"})[0]
        assert status == 403, name


def test_viewers_of_mjpeg_are_logged():
    with urllib.request.urlopen(f"{OPEN.url}mjpeg", timeout=TIMEOUT) as answer:
        answer.read1(10)
        OPEN_LOG.wait_for("127.0.0.1 watches /mjpeg")
    OPEN_LOG.wait_for("127.0.0.1 has left /mjpeg")


def test_interrupted_password_leaves_the_terminal():
    control, terminal = pty.openpty()
    before = termios.tcgetattr(terminal)
    assert before[3] & termios.ECHO
    process = subprocess.Popen(
        [*tap.command(os.environ["ACTIVATIONMAP_SERVER"]),
         f"--users={in_folder('none')}", "--add-user=ann"],
        stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
        preexec_fn=end_with_parent)
    shown = b""
    while b"Password: " not in shown:
        shown += os.read(control, 1024)
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(TIMEOUT) == -signal.SIGINT
    assert termios.tcgetattr(terminal) == before
    os.close(control)
    os.close(terminal)


def test_names_of_no_host_are_refused():
    for name in ("a b", "http://camera.example/", "camera.example:80"):
        done = subprocess.run(
            [*tap.command(os.environ["ACTIVATIONMAP_SERVER"]), "--source=test",
             f"--http-name={name}"], capture_output=True, text=True,
            timeout=TIMEOUT, check=False)
        assert done.returncode == 1, done.returncode
        assert f"--http-name={name}: must be a host name" in done.stderr, done.stderr


try:
    tap.main(globals())
finally:
    WITH_USERS.__exit__()
    OPEN.__exit__()
    FOLDER.cleanup()
