"""huggingface.co and arxiv.org over TLS on this machine, with the pages that tests put there.

The same server is the proxy at papers.example, behind which other machines reach a library. Chromium maps the
names to it; Firefox uses it as its HTTP proxy. All other names are refused, so no request leaves the machine.
"""

import contextlib
import http.client
import http.server
import select
import socket
import ssl
import subprocess
import threading

DIGEST = "https://huggingface.co"
ARXIV = "https://arxiv.org"
PAPERS = "https://papers.example"
NAMES = ("huggingface.co", "arxiv.org", "papers.example")


class Host:
    """`pages` has the pages by URL without query, `requested` the requested URLs; `library` is the port
    of the server behind papers.example."""

    def __init__(self, folder):
        self.library = None
        self.pages = {}
        self.requested = []
        self._site = _listen(_site(self))
        self._site.socket = _tls(folder).wrap_socket(self._site.socket, server_side=True)
        self._proxy = _listen(_proxy(self.port))
        for server in (self._site, self._proxy):
            threading.Thread(target=server.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self._site.server_address[1]

    @property
    def proxy_port(self):
        return self._proxy.server_address[1]

    def close(self):
        for server in (self._site, self._proxy):
            server.shutdown()
            server.server_close()


def _listen(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # browsers open connections early and drop them
    return server


def _tls(folder):
    """Return the context of a new self-signed certificate for all names."""
    key, certificate = folder / "tls.key", folder / "tls.crt"
    names = ",".join(f"DNS:{name}" for name in NAMES)
    line = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tests -addext subjectAltName={names}"
    subprocess.run([*line.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _site(host):
    class Site(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self):
            if self.headers["Host"] == "papers.example":
                return self.forward()
            return self.show_page()

        def forward(self):
            """Forward the request and the response unchanged, with the Host that was requested."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", host.library)) as server:
                server.request(self.command, self.path, body or None, dict(self.headers))
                answer = server.getresponse()
                content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name not in ("Content-Length", "Connection", "Date", "Server", "Transfer-Encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward  # noqa: N815

        def show_page(self):
            address = f"https://{self.headers['Host']}{self.path}"
            host.requested.append(address)
            page = host.pages.get(address.partition("?")[0])
            body = (page or "").encode()
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Site


def _proxy(port):
    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self):
            if self.path not in {f"{name}:443" for name in NAMES}:
                self.send_error(403)
                return
            self.send_response(200)
            self.end_headers()
            with socket.create_connection(("127.0.0.1", port)) as site:
                _forward(self.connection, site)
            self.close_connection = True

        def log_message(self, *_):
            pass

    return Proxy


def _forward(one, other):
    """Forward what either sends, until one of them closes."""
    while True:
        for sender in select.select([one, other], [], [])[0]:
            content = sender.recv(65536)
            if not content:
                return
            (other if sender is one else one).sendall(content)
