"""The baseline for the clipping benchmark: a minimal server under gunicorn that stores clips.

It parses the same JSON and runs one INSERT on an open connection per thread: WAL, synchronous FULL, BEGIN
IMMEDIATE.
"""

import json
import socket
import sqlite3
import sys
import threading

from flask import Flask, request
from gunicorn.app.base import BaseApplication

from paperclipper import server


def make_app(path):
    """Return an application with a single route that stores the request body."""
    app = Flask(__name__)
    mine = threading.local()

    def connection():
        if not hasattr(mine, "connection"):
            mine.connection = sqlite3.connect(path, isolation_level=None, timeout=10)
            mine.connection.execute("PRAGMA synchronous = FULL")
        return mine.connection

    @app.get("/ready")
    def ready():
        return "ready"

    @app.put("/clips/<clip_id>")
    def put(clip_id):
        clip = json.loads(request.get_data())
        connection().execute("BEGIN IMMEDIATE")
        connection().execute(
            "INSERT INTO clip VALUES (?, ?, ?)", (clip_id, clip["paper"]["title"], request.data)
        )
        connection().execute("COMMIT")
        return {"id": clip_id}, 201

    return app


class Floor(BaseApplication):
    """Gunicorn with the settings of `paperclipper serve` that affect speed."""

    def __init__(self, path, port):
        self.path, self.listener = path, socket.create_server((server.HOST, port), backlog=128)
        super().__init__()

    def load_config(self):
        """Apply the settings instead of parsing a command line."""
        settings = {
            "bind": f"fd://{self.listener.fileno()}",
            "workers": server.WORKERS,
            "worker_class": "gthread",
            "threads": server.THREADS,
            "preload_app": True,
            "control_socket_disable": True,
            "loglevel": "warning",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self):
        """Return the application."""
        return make_app(self.path)


def main(path, port):
    """Create the database and serve until SIGTERM."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE clip (id TEXT PRIMARY KEY, title TEXT, body BLOB)")
    database.close()
    Floor(path, int(port)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
