"""Free TCP ports on loopback."""
import contextlib
import socket
import time

_given = set()


def free():
    """A port nobody listens on, never handed out twice by this process."""
    while True:
        with contextlib.closing(socket.socket()) as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        if port not in _given:
            _given.add(port)
            return port


def _accepts(port):
    with contextlib.closing(socket.socket()) as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


def wait_open(port, alive, seconds=15.0):
    """True once something accepts on the port; False when alive() turns false or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        if _accepts(port):
            return True
        time.sleep(0.02)
    return False


def wait_closed(port, seconds=5.0):
    """Waits until nothing accepts on the port any more."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and _accepts(port):
        time.sleep(0.02)
