"""Debian packages unpacked into the test cache and never installed."""
import glob
import os
import shutil

from . import paths, process


def unpacked(*names):
    """Folder with the files of these packages. They are fetched once (`apt-get download`)."""
    folder = os.path.join(paths.cache(), names[0])
    if not os.path.isdir(folder):
        work = "%s.%d" % (folder, os.getpid())
        os.makedirs(work)
        try:
            _unpack(names, work)
            os.rename(os.path.join(work, "root"), folder)
        except OSError:
            if not os.path.isdir(folder):  # no other test was quicker
                raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return folder


def _unpack(names, work):
    try:
        process.run([process.tool("apt-get", "apt"), "download"] + list(names), cwd=work)
    except RuntimeError as e:
        raise process.Missing("Debian's package %s cannot be fetched ('apt-get update' may help): %s" % (names[0], e))
    for package in glob.glob(os.path.join(work, "*.deb")):
        process.run([process.tool("dpkg", "dpkg"), "-x", package, os.path.join(work, "root")])
