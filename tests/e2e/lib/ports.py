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


def wait_open(port, alive, seconds=15.0):
    """True once something accepts on the port; False when alive() turns false or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        with contextlib.closing(socket.socket()) as s:
            s.settimeout(1)
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False
