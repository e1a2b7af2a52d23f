"""An HTTP(S) listener on loopback that stands in for a webhook: it records requests and plays a script of answers."""
import http.server
import json
import socket
import ssl
import struct
import threading
import time


class Answer:
    """One HTTP answer. `kind` may also be 'hang' (say nothing) or 'reset' (TCP RST)."""

    def __init__(self, status=200, body=b"ok", headers=None, kind="answer"):
        self.status = status
        self.body = body
        self.headers = dict(headers or {})
        self.kind = kind


OK = Answer()
HANG = Answer(kind="hang")
RESET = Answer(kind="reset")


def retry_after(value, status=429):
    """429 (or another status) with Retry-After: seconds or an HTTP date."""
    return Answer(status, b"slow down", {"Retry-After": str(value)})


class Request:
    def __init__(self, method, path, headers, body):
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.at = time.time()

    def json(self):
        return json.loads(self.body.decode("utf-8"))


class Listener:
    """`script` is used up request by request; after it `rule`, a function of a request, decides, or every answer is 200 "ok"."""

    def __init__(self, cert=None):
        self.requests = []
        self.script = []
        self.rule = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._cert = cert
        self._port = 0
        self._server = None

    @property
    def port(self):
        return self._port

    def url(self, path="/hook/secret-part", host="127.0.0.1"):
        return "%s://%s:%d%s" % ("https" if self._cert else "http", host, self._port, path)

    def start(self):
        """Listen; after a stop() on the same port again."""
        self._stopping.clear()
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.owner = self
        self._port = self._server.server_address[1]
        if self._cert:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._cert.cert, self._cert.key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        if self._server:
            self._stopping.set()
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self):
        """The requests since the last take()."""
        with self._lock:
            taken, self.requests = self.requests, []
        return taken

    def _next(self, request):
        with self._lock:
            self.requests.append(request)
            if self.script:
                return self.script.pop(0)
        return self.rule(request) if self.rule else OK


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """A client that hangs up or refuses our certificate is part of the tests."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def _any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        owner = self.server.owner
        answer = owner._next(Request(self.command, self.path, dict(self.headers.items()), body))
        if answer.kind == "hang":
            owner._stopping.wait(60)
            self.close_connection = True
        elif answer.kind == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        else:
            self._send(answer)

    do_GET = do_POST = do_PUT = do_HEAD = _any

    def _send(self, answer):
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args):
        """Requests are recorded, not printed."""
