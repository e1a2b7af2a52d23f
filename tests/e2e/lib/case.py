"""Base of the end-to-end test cases: a private folder, clean-up, a time limit, servers on demand."""
import atexit
import faulthandler
import os
import shutil
import tempfile
import unittest

from . import canary, config, tls
from .dovecot import Dovecot
from .postfix import Postfix
from .webhook import Listener

_authorities = []


class Case(unittest.TestCase):
    """`self.folder` is private to the test, readable for server accounts, and gone afterwards."""

    seconds = 120  # a test that takes longer is ended with a stack trace
    maxDiff = None

    def setUp(self):
        faulthandler.dump_traceback_later(self.seconds, exit=True)
        self.addCleanup(faulthandler.cancel_dump_traceback_later)
        # Short, because paths of UNIX sockets end at 107 octets; /tmp, because server accounts must reach it.
        self.folder = tempfile.mkdtemp(prefix="dw", dir="/tmp")
        os.chmod(self.folder, 0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        canary.start()
        self.addCleanup(self._no_secret_got_out)

    def _no_secret_got_out(self):
        self.assertEqual(canary.leaks(self.folder), [])

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, content, mode=0o644):
        """A file in the private folder; bytes or text."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            octets = content if isinstance(content, bytes) else content.encode("utf-8")
            f.write(octets)
        canary.wrote(path, octets)
        os.chmod(path, mode)
        return path

    def authority(self):
        """The certificates, made once a test program."""
        if not _authorities:
            folder = tempfile.mkdtemp(prefix="dw", dir="/tmp")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            os.chmod(folder, 0o755)
            _authorities.append(tls.Authority(folder))
        return _authorities[0]

    def dovecot(self, users=None, cert=None, start=True, introspect=None):
        """A Dovecot, by default with one user `dmarc`."""
        server = Dovecot(self.path("dovecot"), cert or self.authority().good, users or {"dmarc": "imap-secret"}, introspect)
        self.addCleanup(server.stop)
        return server.start() if start else server

    def postfix(self, cert=None, auth_socket=None):
        server = Postfix(self.path("postfix"), cert or self.authority().good, auth_socket)
        self.addCleanup(server.close)
        return server.start()

    def listener(self, cert=None):
        server = Listener(cert).start()
        self.addCleanup(server.stop)
        return server

    def config(self, values, name="dmarcwarn.yml"):
        """Writes a configuration; private, as it may hold secrets."""
        path = config.write(self.path(name), values)
        os.chmod(path, 0o600)
        canary.wrote(path, b"")
        canary.plant_values(values)
        return path
