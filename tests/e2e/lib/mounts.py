"""Mounts that only the program under test sees: a private mount namespace that dies with the test."""
import os
import time

from . import process


class Namespace:
    """A mount namespace held open by a sleeping child. As an ordinary user it comes with a user namespace of its own."""

    def __init__(self):
        unshare = process.tool("unshare", "util-linux")
        self._user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        self._child = process.start([unshare] + self._user + ["--mount", "--propagation", self._propagation(unshare), "sleep", "3600"])
        end = time.monotonic() + 10
        while process.name(self._child.pid) != "sleep":  # unshare has done its work
            if self._child.poll() is not None or time.monotonic() > end:
                raise process.Missing("a private mount namespace cannot be made: run this test as root")
            time.sleep(0.01)

    @property
    def prefix(self):
        """Put before a command to run it inside; --root: below a chroot it stays there."""
        user = ["--user", "--preserve-credentials"] if self._user else []
        return [process.tool("nsenter", "util-linux"), "--target", str(self._child.pid), "--mount", "--root"] + user + ["--"]

    def run(self, *argv):
        return process.run(self.prefix + list(argv))

    def tmpfs(self, folder, size):
        """An empty tmpfs of so many octets over a folder."""
        self.run("mount", "-t", "tmpfs", "-o", "size=%d,mode=0700" % size, "tmpfs", folder)

    def read_only(self, folder):
        self.run("mount", "--bind", folder, folder)
        self.run("mount", "-o", "remount,bind,ro", folder)

    def close(self):
        process.stop(self._child)

    def _propagation(self, unshare):
        """private, but below a chroot, whose root is no mount point, that is refused."""
        try:
            process.run([unshare] + self._user + ["--mount", "--propagation", "private", "true"])
            return "private"
        except RuntimeError:
            return "unchanged"
