"""Stops worker processes of a run (SIGSTOP), chosen by a rule, as long as it lasts."""
import os
import signal
import threading

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """Processor time of a process so far; 0 when it is gone."""
    try:
        with open("/proc/%d/stat" % pid) as f:
            fields = f.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK
    except (OSError, IndexError):
        return 0.0


def sleeping(pid):
    """True when the process waits for something."""
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rpartition(")")[2].split()[0] == "S"
    except (OSError, IndexError):
        return False


class Freezer:
    """While inside `with`, every worker of the run for which rule(pid) is true is stopped, once. `stopped` lists them."""

    def __init__(self, running, rule):
        self.stopped = []
        self._running = running
        self._rule = rule
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *what):
        self._end.set()
        self._thread.join()

    def _watch(self):
        while not self._end.wait(0.005):
            for pid in self._running.workers():
                if pid not in self.stopped and self._rule(pid):
                    self.stop(pid)

    def stop(self, pid):
        try:
            os.kill(pid, signal.SIGSTOP)
            self.stopped.append(pid)
        except ProcessLookupError:
            pass
