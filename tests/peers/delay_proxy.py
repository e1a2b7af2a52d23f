#!/usr/bin/env python3
"""A TCP relay on loopback that adds a round trip's delay, limits the rate, or breaks the connection at a given octet.

In a test: DelayProxy(port, delay=0.025).start(). As a program: delay_proxy.py PORT [--delay S] [--rate OCTETS/S] [--cut OCTET]
[--how fin|rst] prints its own port and ends when its standard input does. `delay` is one way: a round trip costs twice as much.
Rate and cut are those of the way from the server to the client. Standard library only, Python 3.9 and newer.
"""
import argparse
import collections
import contextlib
import selectors
import socket
import struct
import sys
import threading
import time

_CHUNK = 65536
_WINDOW = 64 << 20  # octets under way in one direction, above which the sender has to wait


class _Way:
    """One direction: what was read waits here for its time, then for the other socket."""

    def __init__(self, source, target, delay, rate, cut):
        self.source, self.target = source, target
        self.delay, self.rate, self.cut = delay, rate, cut
        self.waiting = collections.deque()  # (due, octets); b"" is the end
        self.octets = 0  # waiting
        self.passed = 0  # handed on
        self.ended = False  # the source said its last
        self._free_at = 0.0

    def take(self, now):
        """Read what the source has. False when it broke."""
        try:
            data = self.source.recv(_CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if self.rate:
            self._free_at = max(now, self._free_at) + len(data) / self.rate
        self.waiting.append((max(now, self._free_at) + self.delay, data))
        self.octets += len(data)
        self.ended = not data
        return True

    def due(self):
        return self.waiting[0][0] if self.waiting else None

    def give(self, now):
        """Hand on what is due. Returns 'more', 'full' (target takes no more now), 'cut' or 'broken'."""
        while self.waiting and self.waiting[0][0] <= now:
            at, data = self.waiting.popleft()
            if not data:
                with contextlib.suppress(OSError):
                    self.target.shutdown(socket.SHUT_WR)
                continue
            room = len(data) if self.cut is None else min(len(data), self.cut - self.passed)
            try:
                sent = self.target.send(data[:room]) if room else 0
            except BlockingIOError:
                self.waiting.appendleft((at, data))
                return "full"
            except OSError:
                return "broken"
            self.passed += sent
            self.octets -= sent
            if self.cut is not None and self.passed >= self.cut:
                return "cut"
            if sent < len(data):
                self.waiting.appendleft((at, data[sent:]))
        return "more"


class _Pair:
    """The two sockets of one connection and the ways between them."""

    def __init__(self, client, server, proxy):
        self.sockets = (client, server)
        self.up = _Way(client, server, proxy.delay, None, None)
        self.down = _Way(server, client, proxy.delay, proxy.rate, proxy.cut)

    def close(self, how):
        for sock in self.sockets:
            if how == "rst":
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()


class DelayProxy:
    """Relays connections to a loopback port. Attributes may be changed while it runs; new connections see them."""

    def __init__(self, port, delay=0.0, rate=None, cut=None, how="fin"):
        self.target, self.delay, self.rate, self.cut, self.how = port, delay, rate, cut, how
        self.accepted = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self.port = self._listening.getsockname()[1]
        self._wake, self._woken = socket.socketpair()
        self._pairs = []
        self._thread = threading.Thread(target=self._loop, daemon=True)

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        self._wake.close()
        self._thread.join(10)

    def _loop(self):
        while self._turn():
            pass
        for pair in self._pairs:
            pair.close("fin")
        self._listening.close()
        self._woken.close()

    def _turn(self):
        """Wait for the next event, then move what can be moved. False at the end."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            selector.register(self._listening, selectors.EVENT_READ)
            now = time.monotonic()  # one moment for both: what is due is watched, what is not yet is waited for
            self._watch(selector, now)
            ready = {key.fileobj: events for key, events in selector.select(self._timeout(now))}
        if self._woken in ready:
            return False
        if self._listening in ready:
            self._connect()
        now = time.monotonic()
        for pair in list(self._pairs):
            self._move(pair, ready, now)
        return True

    def _watch(self, selector, now):
        for pair in self._pairs:
            events = collections.Counter()
            for way in (pair.up, pair.down):
                if not way.ended and way.octets < _WINDOW:
                    events[way.source] |= selectors.EVENT_READ
                if way.due() is not None and way.due() <= now:
                    events[way.target] |= selectors.EVENT_WRITE
            for sock, mask in events.items():
                selector.register(sock, mask)

    def _timeout(self, now):
        """Seconds to the next octet that becomes due."""
        dues = [way.due() for pair in self._pairs for way in (pair.up, pair.down) if way.due() is not None]
        coming = [due - now for due in dues if due > now]
        return min(coming) if coming else None

    def _connect(self):
        client = self._listening.accept()[0]
        self.accepted += 1
        try:
            server = socket.create_connection(("127.0.0.1", self.target), 10)
        except OSError:
            client.close()
            return
        for sock in (client, server):
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._pairs.append(_Pair(client, server, self))

    def _move(self, pair, ready, now):
        end = None
        for way in (pair.up, pair.down):
            if ready.get(way.source, 0) & selectors.EVENT_READ and not way.ended and not way.take(now):
                end = end or "rst"
            result = way.give(now)
            if result in ("cut", "broken"):
                end = self.how if result == "cut" else "rst"
        if end is None and all(way.ended and not way.waiting for way in (pair.up, pair.down)):
            end = "fin"
        if end:
            self._pairs.remove(pair)
            pair.close(end)


def _main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("port", type=int)
    options.add_argument("--delay", type=float, default=0.0)
    options.add_argument("--rate", type=float)
    options.add_argument("--cut", type=int)
    options.add_argument("--how", choices=("fin", "rst"), default="fin")
    given = options.parse_args()
    proxy = DelayProxy(given.port, given.delay, given.rate, given.cut, given.how).start()
    print(proxy.port, flush=True)
    sys.stdin.read()
    proxy.stop()


if __name__ == "__main__":
    _main()
