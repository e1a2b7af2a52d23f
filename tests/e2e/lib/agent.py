"""Runs the program under test."""
import glob
import os
import pty
import shlex
import subprocess
import time

from . import canary, paths, process

# The program's deadlines and caps that tests shorten, by the names that its option --limit knows.
WORKER_PROGRESS = "worker_progress"  # ms: a worker that neither reads nor answers
IMAP_CONNECT = "imap_connect"  # ms: name look-up, TLS and login
IMAP_IDLE = "imap_idle"  # ms: a server that says nothing
IMAP_MAIL = "imap_mail"  # ms: one mail from its first octet to its last
SEND_TOTAL = "send_total"  # ms: one attempt at a channel
MAX_RUN = "max_run"  # s


def program():
    """DMARCWARN_BIN, or the newest build/<preset>/bin/dmarcwarn of the checkout that has its reader beside it."""
    named = os.environ.get("DMARCWARN_BIN")
    if named:
        return named
    readers = glob.glob(os.path.join(paths.TOP, "build", "*", "libexec", "dmarcwarn", "dmarcwarn-parse"))
    built = [p for p in (os.path.join(r, "..", "..", "..", "bin", "dmarcwarn") for r in readers) if os.path.exists(p)]
    if not built:
        raise process.Missing("dmarcwarn is not built: run 'cmake --preset dev && cmake --build --preset dev', or set DMARCWARN_BIN")
    return os.path.normpath(max(built, key=os.path.getmtime))


class Result:
    """What a run of the program left: exit code, stdout and stderr as text, seconds it took."""

    def __init__(self, argv, code, out, err, seconds):
        self.argv = argv
        self.code = code
        self.out = out.decode("utf-8", "surrogateescape")
        self.err = err.decode("utf-8", "surrogateescape")
        self.seconds = seconds

    def __str__(self):
        return "%s\nexit %s after %.2f s\nstdout: %s\nstderr: %s" % (
            " ".join(shlex.quote(a) for a in self.argv), self.code, self.seconds, self.out[-4000:] or "-", self.err[-4000:] or "-")


class Running:
    """A run in progress. With `terminal` its stderr is one."""

    def __init__(self, argv, env=None, terminal=False):
        self.argv = argv
        self._begin = time.monotonic()
        self._terminal, err = pty.openpty() if terminal else (None, subprocess.PIPE)
        self.child = process.start(argv, stdout=subprocess.PIPE, stderr=err, env=_environment(env))
        canary.watch(self.child.pid)
        if terminal:
            os.close(err)

    @property
    def pid(self):
        return self.child.pid

    def workers(self):
        """PIDs of the living confined processes of this run, oldest first."""
        return sorted(pid for pid in process.children(self.pid) if process.name(pid) == "dmarcwarn-parse" and process.is_filtered(pid))

    def result(self, timeout=120):
        """Waits for the end; a run that does not end is a failure, and is ended."""
        try:
            out, err = self.child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.child.kill()
            out, err = self.child.communicate()
            raise AssertionError("no end after %s s: %s" % (timeout, Result(self.argv, None, out, err, timeout)))
        if self._terminal is not None:
            err = _screen(self._terminal)
        for name, text in (("stdout", out), ("stderr", err)):
            canary.hear("%s of %s" % (name, self.argv[1:]), text)
        return Result(self.argv, self.child.returncode, out, err, time.monotonic() - self._begin)


def _screen(fd):
    """What was written to a terminal whose other end is closed; line ends as the program wrote them."""
    shown = b""
    try:
        while True:
            shown += os.read(fd, 65536)
    except OSError:  # how Linux says that the other end is closed
        os.close(fd)
    return shown.replace(b"\r\n", b"\n")


def start(command, args=(), limits=None, env=None, prefix=(), terminal=False):
    """Start `dmarcwarn COMMAND ARGS`. `limits` maps names to values; `prefix` is a command that runs it (nsenter …)."""
    argv = list(prefix) + [program(), command]
    for name, value in sorted((limits or {}).items()):
        argv += ["--limit", "%s=%s" % (name, value)]
    return Running(argv + list(args), env, terminal)


def run(config, now=None, args=(), timeout=120, **kw):
    """`dmarcwarn run -c FILE [--now TIME]` to its end."""
    return start_run(config, now, args, **kw).result(timeout)


def start_run(config, now=None, args=(), **kw):
    clock = [] if now is None else ["--now", str(now)]
    return start("run", ["-c", config] + clock + list(args), **kw)


def test_alert(config, *channels, **kw):
    """`dmarcwarn test-alert -c FILE [CHANNEL]` to its end."""
    return start("test-alert", ["-c", config] + list(channels), **kw).result()


def quarantine(what, config, now, *args, **kw):
    """`dmarcwarn quarantine WHAT -c FILE --now TIME ARGS` to its end."""
    return start("quarantine", [what, "-c", config, "--now", str(now)] + list(args), **kw).result()


def parse(*args, **kw):
    """`dmarcwarn parse ARGS` to its end."""
    timeout = kw.pop("timeout", 120)
    return start("parse", list(args), **kw).result(timeout)


def _environment(more):
    """A small fixed environment: no proxy, no terminal, no locale of the person who runs the tests."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    kept.update({"TERM": "dumb", "TZ": "UTC"})
    kept.update(more or {})
    return kept
