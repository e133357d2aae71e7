"""Firefox's own remote protocol: JSON after its length, over TCP. It needs no driver."""

import json
import socket
import time

PATIENCE = 60


class MarionetteError(Exception):
    """An error from the browser. `kind` is its name in WebDriver."""

    def __init__(self, command, error):
        super().__init__(f"{command}: {error['error']}: {error['message']}")
        self.kind = error["error"]


class Marionette:
    def __init__(self, port):
        self._socket = _connect(port)
        self._buffer = b""
        self._count = 0
        self._receive()  # its greeting
        self("WebDriver:NewSession", acceptInsecureCerts=True)

    def __call__(self, command, **parameters):
        """Send a command and return the result. Raise MarionetteError if it fails."""
        self._count += 1
        message = json.dumps([0, self._count, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise MarionetteError(command, error)
        return result

    def chrome(self, script, *arguments):
        """Run a privileged script, which returns by calling the last of its arguments."""
        self("Marionette:SetContext", value="chrome")
        try:
            return self("WebDriver:ExecuteAsyncScript", script=script, args=list(arguments))["value"]
        finally:
            self("Marionette:SetContext", value="content")

    def _receive(self):
        length, _, rest = self._read_until(lambda: b":" in self._buffer).partition(b":")
        self._buffer = rest
        text = self._read_until(lambda: len(self._buffer) >= int(length))
        self._buffer = text[int(length) :]
        return json.loads(text[: int(length)])

    def _read_until(self, complete):
        while not complete():
            part = self._socket.recv(65536)
            if not part:
                raise ConnectionError("Firefox closed the connection.")
            self._buffer += part
        return self._buffer

    def close(self):
        self._socket.close()


def _connect(port):
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            connection.settimeout(PATIENCE)
            return connection
