#!/usr/bin/env python3
"""A scripted IMAP server that does what real ones rarely show: it drips, goes silent, lies, forges.

In a test: ImapPeer(mails, "drip", cert=...).start(). As a program: imap_peer.py MODE FOLDER [CERT KEY] serves the files of
FOLDER as mails with UIDs from 1 on, prints its port and ends when its standard input does; without arguments it lists the modes.
Any user and password are accepted, unless the mode says otherwise. Standard library only, Python 3.9 and newer.
"""
import os
import socket
import ssl
import sys
import threading

from imap_modes import MODES
from imap_session import Hangup


def crlf(mail):
    return mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class ImapPeer:
    """`mails` maps UIDs to octets. `seconds` is the pause of the dripping modes. TLS from the start with `cert` (.cert, .key),
    by STARTTLS with `starttls` too, without `cert` none."""

    def __init__(self, mails, mode="plain", cert=None, starttls=False, seconds=1.0, uidvalidity=7, kind=None):
        self.mails = {uid: crlf(mail) for uid, mail in dict(mails).items()}
        self.kind = kind or MODES[mode]  # a class of Session
        self.starttls = starttls
        self.seconds = seconds
        self.uidvalidity = uidvalidity
        self.commands = []
        self.stopping = threading.Event()
        self.context = None
        if cert:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(cert.cert, cert.key)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    def url(self):
        implicit = self.context and not self.starttls
        return "%s://localhost:%d" % ("imaps" if implicit else "imap", self.port)

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self):
        self.stopping.set()
        try:
            self._listening.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listening.close()

    def _accept(self):
        while not self.stopping.is_set():
            try:
                sock = self._listening.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        session = None
        try:
            if self.context and not self.starttls:
                sock = self.context.wrap_socket(sock, server_side=True)
            session = self.kind(self, sock)
            session.serve()
        except (Hangup, OSError):
            pass  # the client went, or the mode is over
        finally:
            (session.sock if session else sock).close()


def _main(argv):
    if len(argv) not in (3, 5) or argv[1] not in MODES:
        sys.exit("usage: imap_peer.py MODE FOLDER [CERT KEY]\nmodes:\n" + "".join(
            "  %-20s %s\n" % (name, kind.__doc__.strip().split("\n")[0]) for name, kind in MODES.items()))
    mails = {}
    for uid, name in enumerate(sorted(os.listdir(argv[2])), 1):
        with open(os.path.join(argv[2], name), "rb") as f:
            mails[uid] = f.read()
    cert = None
    if len(argv) == 5:
        cert = type("Cert", (), {"cert": argv[3], "key": argv[4]})
    peer = ImapPeer(mails, argv[1], cert).start()
    print(peer.port, flush=True)
    sys.stdin.read()
    peer.stop()


if __name__ == "__main__":
    _main(sys.argv)
