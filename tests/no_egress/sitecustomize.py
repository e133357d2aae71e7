"""Allow the Python processes of the tests, including servers and commands, to connect to this machine only.

Python imports a module of this name automatically (site, "sitecustomize"); running.py puts it on the path.
Looking up a host name contacts other machines too, so only our own names are allowed.
"""

import socket
import sys

_LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost", "", None)


def _refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        requested, address = arguments
        if requested.family not in (socket.AF_INET, socket.AF_INET6) or address is None:
            return
        host = address[0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if host not in _LOCAL_HOSTS and host not in (b"127.0.0.1", b"localhost"):
        sys.stderr.write(f"EGRESS: {event} {host!r}\n")
        raise PermissionError(f"tried to connect to {host!r}")


sys.addaudithook(_refuse)
