"""Debian packages unpacked into the test cache and never installed."""
import glob
import os
import shutil

from . import paths, process


def unpacked(*names):
    """Folder with the files of these packages. They are fetched once (`apt-get download`). "libaio1|libaio1t64": a package that has
    another name in other releases."""
    folder = os.path.join(paths.cache(), names[0])
    if not os.path.isdir(folder):
        work = "%s.%d" % (folder, os.getpid())
        os.makedirs(work)
        try:
            _unpack([_known(name) for name in names], work)
            os.rename(os.path.join(work, "root"), folder)
        except OSError:
            if not os.path.isdir(folder):  # no other test was quicker
                raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return folder


def _known(names):
    """The first of the names that this release has; a name that others only provide has no version."""
    names = names.split("|")
    if len(names) == 1:
        return names[0]
    tool = process.tool("apt-cache", "apt")
    rows = process.run([tool, "madison"] + names).splitlines()
    known = {row.split("|")[0].strip() for row in rows}
    return next((name for name in names if name in known), names[0])


def _unpack(names, work):
    try:
        process.run([process.tool("apt-get", "apt"), "download"] + list(names), cwd=work)
    except RuntimeError as e:
        raise process.Missing("Debian's package %s cannot be fetched ('apt-get update' may help): %s" % (names[0], e))
    for package in glob.glob(os.path.join(work, "*.deb")):
        process.run([process.tool("dpkg", "dpkg"), "-x", package, os.path.join(work, "root")])
