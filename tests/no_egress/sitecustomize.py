"""Every Python process of the tests, servers, commands and their children too, may reach this machine alone.

Python imports a module of this name by itself where it finds one (site, "sitecustomize"); running.py puts it there.
A name that is looked up leaves the machine too, so only our own may be.
"""

import socket
import sys

_HERE = ("127.0.0.1", "::1", "localhost", "", None)


def _refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        asked, address = arguments
        if asked.family not in (socket.AF_INET, socket.AF_INET6) or address is None:
            return
        host = address[0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if host not in _HERE and host not in (b"127.0.0.1", b"localhost"):
        sys.stderr.write(f"EGRESS: {event} {host!r}\n")
        raise PermissionError(f"the program reaches for {host!r}")


sys.addaudithook(_refuse)
