# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A server with a page, for a test."""

import ctypes
import http.client
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap  # noqa: E402

TIMEOUT = 60
PR_SET_PDEATHSIG = 1


def end_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """The program, from its first picture on; ends with the test, or when a
    library finds that it is used wrongly. Its log goes to a file, if one is
    given."""

    def __init__(self, *arguments, log=None):
        plugin = os.environ.get("ACTIVATIONMAP_PLUGIN")
        load = [f"--gst-plugin-load={plugin}"] if plugin else []
        self.process = subprocess.Popen(
            [*tap.command(os.environ["ACTIVATIONMAP_SERVER"]), *load, "--port=0",
             "--http-port=0", "--source=sample", *arguments],
            stdout=subprocess.PIPE, stderr=log, text=True,
            env={**os.environ, "G_DEBUG": "fatal-criticals"},
            preexec_fn=end_with_parent)
        self.port = None
        for line in self.process.stdout:
            if line.startswith("Ready: "):
                self.rtsp = line.split()[1]
            elif line.startswith("Page: "):
                self.url = line.split()[1]
                self.port = int(self.url.rstrip("/").rpartition(":")[2])
                break
        assert self.port, "the server does not start"

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(TIMEOUT)
        self.process.stdout.close()
        assert status == 0, f"the server ends with {status}"

    def ask(self, method, path, body=None, headers=()):
        """Return the status, the headers and the body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=TIMEOUT)
        fields = {"Content-Type": "application/json"} if body is not None else {}
        fields.update(dict(headers))
        data = json.dumps(body) if isinstance(body, (dict, list)) else body
        try:
            connection.request(method, path, data, fields)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path):
        """Return the JSON that is there."""
        status, _, body = self.ask("GET", path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def patch(self, **changes):
        """Set properties."""
        names = {name.replace("_", "-"): value for name, value in changes.items()}
        status, _, body = self.ask("PATCH", "/api/properties", names)
        assert status == 200, (status, body)

    def get_memory(self):
        """Return the resident memory, in KiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        raise AssertionError("no VmRSS")
