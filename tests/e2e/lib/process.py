"""Child processes that never outlive the test, and the tools they need."""
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_SBIN = os.pathsep.join(["/usr/local/sbin", "/usr/sbin", "/sbin"])


class Missing(Exception):
    """A tool is not installed. A test fails with this line; nothing is skipped."""


def tool(name, package):
    """Path of a program, also of one in sbin, which an ordinary user's PATH lacks."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + os.pathsep + _SBIN)
    if path is None:
        raise Missing("%s is missing: install it with 'apt-get install %s'" % (name, package))
    return path


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def start(argv, log=None, **kw):
    """Start a child that gets SIGTERM when this process dies, however it dies. Its output goes to the file `log`."""
    if log is not None:
        out = open(log, "ab")
        kw.update(stdout=out, stderr=subprocess.STDOUT)
    try:
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent, **kw)
    finally:
        if log is not None:
            out.close()


def _parent(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return int(f.read().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


def children(pid):
    """PIDs of the direct children of a process."""
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:  # quick, but not in every kernel
            return [int(p) for p in f.read().split()]
    except OSError:
        return [int(p) for p in os.listdir("/proc") if p.isdigit() and _parent(int(p)) == pid]


def is_filtered(pid):
    """Whether it has a system call filter of its own: a confined reader, not the process that readers are copies of."""
    try:
        with open("/proc/%d/status" % pid) as f:
            return "Seccomp:\t2" in f.read()
    except OSError:
        return False


def name(pid):
    """Short name of a process, "" when it is gone."""
    try:
        with open("/proc/%d/comm" % pid) as f:
            return f.read().strip()
    except OSError:
        return ""


def tree(pid):
    """PIDs of all that descend from a process."""
    below = children(pid)
    return below + [p for child in below for p in tree(child)]


def stop(child, seconds=10.0):
    """End a child of ours and what it started: politely, then for sure. A stopped one is woken first."""
    if child is None or child.poll() is not None:
        return
    below = tree(child.pid)
    child.send_signal(signal.SIGCONT)
    child.terminate()
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        for pid in below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def run(argv, **kw):
    """Run a helper command; its output is part of the exception when it fails."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **kw)
    if done.returncode != 0:
        raise RuntimeError("%s ended with %d:\n%s" % (" ".join(argv), done.returncode, done.stdout.decode("utf-8", "replace")))
    return done.stdout.decode("utf-8", "replace")


def tail(path, lines=30):
    """The last lines of a log, for a failure message."""
    try:
        with open(path, "r", errors="replace") as f:
            return "".join(f.readlines()[-lines:])
    except OSError as e:
        return "(no log: %s)" % e
