"""Every Python process of the tests, servers and their children too, may connect to this machine alone.

Python imports a module of this name by itself where it finds one (site, "sitecustomize"); running.py puts it there.
"""

import socket
import sys


def _refuse(event, arguments):
    if event != "socket.connect":
        return
    asked, address = arguments
    if asked.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        sys.stderr.write(f"EGRESS: a connection to {address}\n")
        raise PermissionError(f"the program connects to {address}")


sys.addaudithook(_refuse)
