"""A hostile HTTP server: each mode answers every request with octets of its own making, until the client goes or it is stopped."""
import socket
import struct
import threading

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
PIECE = b"x" * 65536


def _whole(answer):
    def serve(peer, sock):
        sock.sendall(answer)
    return serve


def _away(location):
    return _whole(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")


def reset_in_body(peer, sock):
    """200, and then the connection is reset."""
    sock.sendall(OK + b"Content-Length: 1000\r\n\r\nok")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def endless_body(peer, sock):
    sock.sendall(OK + b"\r\n")
    while not peer.stopping.is_set():
        sock.sendall(PIECE)


def endless_header(peer, sock):
    sock.sendall(OK)
    while not peer.stopping.is_set():
        sock.sendall(b"X-Y: " + PIECE + b"\r\n")


def endless_line(peer, sock):
    sock.sendall(OK + b"X-Y: ")
    while not peer.stopping.is_set():
        sock.sendall(PIECE)


def endless_chunks(peer, sock):
    sock.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while not peer.stopping.is_set():
        sock.sendall(b"1\r\nx\r\n")


def endless_continue(peer, sock):
    while not peer.stopping.is_set():
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def _drip(octets):
    def serve(peer, sock):
        for n in octets:
            if peer.stopping.wait(0.1):
                return
            sock.sendall(bytes([n]))
    return serve


MODES = {
    "reset-in-body": reset_in_body,
    "endless-body": endless_body,
    "endless-header": endless_header,
    "endless-line": endless_line,
    "endless-chunks": endless_chunks,
    "endless-continue": endless_continue,
    "slow-header": _drip(OK + b"X: " + b"y" * 3600),
    "slow-body": _drip(OK + b"Content-Length: 3600\r\n\r\n" + b"y" * 3600),
    "to-file": _away(b"file:///etc/passwd"),
    "to-ftp": _away(b"ftp://192.0.2.1/x"),
    "to-private": _away(b"http://169.254.169.254/latest/meta-data/"),
    "to-itself": _away(b"/again"),
    "to-gopher": _away(b"gopher://127.0.0.1:25/_MAIL"),
    "no-http": _whole(b"SSH-2.0-x\r\n"),
    "nothing": _whole(b""),
    "nul": _whole(b"HTTP/1.1 200 OK\0\r\n\0\r\n\r\n"),
    "negative-length": _whole(OK + b"Content-Length: -1\r\n\r\nok"),
    "huge-length": _whole(OK + b"Content-Length: 99999999999999999999\r\n\r\nok"),
    "gzip-bomb": _whole(OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00"),
    "escape-signs": _whole(b"HTTP/1.1 403 \x1b[31mno\r\nContent-Length: 5\r\n\r\n\x1b[31m"),
}


class HttpPeer:
    def __init__(self, mode):
        self.mode = MODES[mode]
        self.requests = 0
        self.stopping = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d/" % self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.stopping.set()
        self.listening.close()

    def _accept(self):
        while True:
            try:
                sock = self.listening.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        with sock:
            try:
                got = b""
                while b"\r\n\r\n" not in got:
                    got += sock.recv(65536)
                self.requests += 1
                self.mode(self, sock)
            except OSError:
                pass
