"""Lets an ordinary user start a server that insists on root: Debian's fakeroot, unpacked and never installed."""
import glob
import os
import subprocess

from . import deb, process


class Fakeroot:
    """While it runs, programs started with `env` believe to be root and to change accounts and owners."""

    def __init__(self):
        folder = deb.unpacked("fakeroot", "libfakeroot")
        self.library = glob.glob(os.path.join(folder, "usr/lib/*/libfakeroot/libfakeroot-tcp.so"))[0]
        self._child = process.start([os.path.join(folder, "usr/bin/faked-tcp"), "--foreground"], stdout=subprocess.PIPE)
        self._key = self._child.stdout.readline().decode().partition(":")[0]

    @property
    def env(self):
        return {"LD_PRELOAD": self.library, "FAKEROOTKEY": self._key}

    def stop(self):
        self._child.stdout.close()
        process.stop(self._child, 2)
