"""A real Prometheus Alertmanager from Debian's package, unpacked and never installed; it tells a webhook of ours."""
import json
import os
import time
import urllib.request

from . import deb, mounts, ports, process

_CONFIG = """route:
  receiver: hook
  group_by: ['...']
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: hook
    webhook_configs:
      - url: %s
        send_resolved: true
"""


class Alertmanager:
    def __init__(self, folder, hook):
        """`hook`: the URL that it tells."""
        self.port = ports.free()
        self._folder = folder
        self._hook = hook
        self._child = None
        self._package = deb.unpacked("prometheus-alertmanager")
        self._program = os.path.join(self._package, "usr/bin/prometheus-alertmanager")
        self._world = None

    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def start(self):
        os.makedirs(self._folder)
        path = os.path.join(self._folder, "alertmanager.yml")
        with open(path, "w") as f:
            f.write(_CONFIG % self._hook)
        log = os.path.join(self._folder, "log")
        self._world = mounts.Namespace()  # its templates are looked for where the package would have put them
        self._world.run("mount", "--bind", os.path.join(self._package, "usr/share"), "/usr/share")
        self._child = process.start(self._world.prefix + [self._program, "--config.file=" + path, "--storage.path=" + os.path.join(self._folder, "data"),
                                     "--web.listen-address=127.0.0.1:%d" % self.port, "--cluster.listen-address="], log)
        if not ports.wait_open(self.port, lambda: self._child.poll() is None, 60):
            raise AssertionError("Alertmanager does not start:\n" + process.tail(log))
        return self

    def stop(self):
        process.stop(self._child)
        if self._world:
            self._world.close()

    def alerts(self):
        """The alerts that it has now, by (rule, domain)."""
        with urllib.request.urlopen(self.url() + "/api/v2/alerts", timeout=30) as answer:
            return {(a["labels"]["rule"], a["labels"]["domain"]): a for a in json.load(answer)}

    def wait(self, what, seconds=60):
        """Until what(alerts) is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            alerts = self.alerts()
            if what(alerts):
                return alerts
            time.sleep(0.2)
        raise AssertionError("Alertmanager has only %s" % sorted(self.alerts()))
