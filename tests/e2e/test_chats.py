#!/usr/bin/env python3
"""The channels of other people's services, against a listener that knows their forms and limits; syslog at a real socket."""
import json
import os
import re
import socket
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import agent  # noqa: E402
from lib.scene import Scene  # noqa: E402
from lib.webhook import Answer  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402

# Type -> the further keys that it needs, the path of its request, what it answers when all is well.
HTTP = {
    "discord": ({}, "/hook/secret-part", Answer(204, b"")),
    "mattermost": ({}, "/hook/secret-part", Answer(200, b"ok")),
    "teams": ({}, "/hook/secret-part", Answer(202, b"")),
    "google_chat": ({}, "/hook/secret-part", Answer(200, b"{}")),
    "telegram": ({"token": "123:secret-part", "chat": "-100"}, "/bot123:secret-part/sendMessage", Answer(200, b'{"ok":true}')),
    "ntfy": ({"token": "tk_secret-part", "topic": "secret-part"}, "/", Answer(200, b"{}")),
    "pagerduty": ({"key": "secret-part"}, "/v2/enqueue", Answer(202, b'{"status":"success"}')),
    "alertmanager": ({}, "/am/api/v2/alerts", Answer(200, b"")),
}
BASES = {"telegram": "", "ntfy": "/", "pagerduty": "/v2/enqueue", "alertmanager": "/am/"}


def texts(node):
    """All that people may read in a message."""
    if isinstance(node, dict):
        return [t for v in node.values() for t in texts(v)]
    if isinstance(node, list):
        return [t for v in node for t in texts(v)]
    return [node] if isinstance(node, str) else []


class ChatScene(Scene):
    def channel(self, kind, server):
        more, _, _ = HTTP[kind]
        return dict({"type": kind, "url": server.url(BASES.get(kind, "/hook/secret-part"))}, **more)

    def only(self, **channels):
        values = self.values()
        values["channels"] = channels
        return self.config(values)

    def each(self):
        """(kind, listener that answers as it does, configuration) of every kind."""
        for kind, (_, _, answer) in sorted(HTTP.items()):
            server = self.listener()
            server.rule = lambda request, answer=answer: answer
            yield kind, server, self.only(chat=self.channel(kind, server))


class EveryKind(ChatScene):
    def test_a_test_alert(self):
        for kind, server, yml in self.each():
            _, path, answer = HTTP[kind]
            result = agent.test_alert(yml)
            self.assertEqual((result.code, result.out, result.err), (0, "chat: sent (status %d)\n" % answer.status, ""), str(result))
            (request,) = server.take()
            self.assertEqual((request.method, request.path), ("POST", path), kind)
            self.assertTrue(request.headers["Content-Type"].startswith("application/json"), kind)
            self.assertEqual(request.headers.get("Authorization"), "Bearer tk_secret-part" if kind == "ntfy" else None)
            text = re.sub(r"[\\*`]", "", "\n".join(texts(request.json())))
            self.assertIn("this is only a test", text, kind)

    def test_notices_of_a_run_arrive_once(self):
        servers, channels = {}, {}
        for kind, (_, _, answer) in HTTP.items():
            servers[kind] = self.listener()
            servers[kind].rule = lambda request, answer=answer: answer
            channels[kind] = self.channel(kind, servers[kind])
        yml = self.only(**channels)
        self.add(samples.mails(self.now))
        self.expect_quiet(self.run_agent(yml))
        incidents = sum(len(n.incidents) for n in expected.FIRST_RUN)
        for kind, server in servers.items():
            requests = server.take()
            want = {"pagerduty": incidents, "alertmanager": 2 * len(expected.FIRST_RUN)}  # which is told at once and again
            self.assertEqual(len(requests), want.get(kind, len(expected.FIRST_RUN)), kind)
            told = re.sub(r"[\\*`]", "", "\n".join(t for r in requests for t in texts(r.json())))
            for notice in expected.FIRST_RUN:
                self.assertIn(notice.domain, told, kind)
                for incident in notice.incidents:
                    self.assertTrue(any(source in told for source in incident.sources), kind)
        self.expect_quiet(self.run_agent(yml, 1))
        for kind, server in servers.items():
            again = len(expected.FIRST_RUN) if kind == "alertmanager" else 0  # what goes on is told in each run
            self.assertEqual(len(server.take()), again, kind)


class Ladder(ChatScene):
    def test_what_is_refused_as_too_long_is_told_in_fewer_words(self):
        for kind, server, yml in self.each():
            with self.subTest(kind):
                self.refuse(kind, server, yml, 1 if kind == "discord" else 2)  # which is written to slowly

    def refuse(self, kind, server, yml, levels):
        good = HTTP[kind][2]
        seen = []

        def rule(request):
            seen.append(len(request.body))
            return good if len(seen) > levels else Answer((400, 413, 422)[len(seen) % 3], b"too long")

        server.rule = rule
        result = agent.test_alert(yml)
        self.assertEqual((result.code, result.out, result.err), (0, "chat: sent (status %d)\n" % good.status, ""), str(result))
        self.assertEqual(len(seen), levels + 1, kind)
        self.assertEqual(sorted(seen, reverse=True), seen, kind)
        self.assertGreater(seen[0], seen[-1], kind)
        server.rule = lambda request: good

    def test_what_is_refused_in_every_length_is_given_up_or_waits_for_a_person(self):
        """A 400 of Telegram or PagerDuty may be a wrong chat or key: those notices must not be lost."""
        servers = {kind: self.listener() for kind in ("discord", "telegram", "pagerduty")}
        for server in servers.values():
            server.rule = lambda request: Answer(400, b"no")
        yml = self.only(**{kind: self.channel(kind, server) for kind, server in servers.items()})
        self.add([samples.thirteenth(self.now)])
        first = self.run_agent(yml)
        self.assertEqual(re.findall("channel (\\w+): a notice was given up", first.err), ["discord"], str(first))
        for kind, server in servers.items():
            self.assertEqual(len(server.take()), 3, kind)
            server.rule = lambda request: Answer(200, b"ok")
        self.expect_quiet(self.run_agent(yml, 3))
        self.assertEqual({kind: len(server.take()) for kind, server in servers.items()}, {"discord": 0, "telegram": 1, "pagerduty": 1})


class PagerDuty(ChatScene):
    def test_an_event_an_incident_and_the_same_key_again(self):
        server = self.listener()
        yml = self.only(pager=self.channel("pagerduty", server))
        self.add(samples.mails(self.now))
        server.script = [Answer(202, b""), Answer(500, b"")]
        self.expect_quiet(self.run_agent(yml))
        first = [r.json() for r in server.take()]
        self.assertEqual(len(first), 2, "what fails ends the attempt")
        self.expect_quiet(self.run_agent(yml, 1))
        second = [r.json() for r in server.take()]
        incidents = [i for n in expected.FIRST_RUN for i in n.incidents]
        self.assertEqual(len({e["dedup_key"] for e in first + second}), len(incidents))
        self.assertIn(first[0]["dedup_key"], {e["dedup_key"] for e in second} | {first[0]["dedup_key"]})
        for event in first + second:
            self.assertEqual((event["routing_key"], event["event_action"], event["client"]), ("secret-part", "trigger", "dmarcwarn"))
            self.assertEqual(event["payload"]["severity"], "warning")


class Telegram(ChatScene):
    def test_it_says_in_the_body_how_long_to_wait(self):
        server = self.listener()
        body = json.dumps({"ok": False, "error_code": 429, "parameters": {"retry_after": 7200}}).encode()
        server.script = [Answer(429, body)]
        server.rule = lambda request: HTTP["telegram"][2]
        yml = self.only(chat=self.channel("telegram", server))
        self.add([samples.thirteenth(self.now)])
        self.expect_quiet(self.run_agent(yml))
        self.assertEqual(len(server.take()), 1)
        self.expect_quiet(self.run_agent(yml, 1.9))
        self.assertEqual(server.take(), [])
        self.expect_quiet(self.run_agent(yml, 2.1))
        self.assertEqual(len(server.take()), 1)

    def test_no_secret_is_quoted(self):
        server = self.listener()
        for said in (b"secret-part", b"123 secret-part"):
            server.script = [Answer(404, said)]
            self.expect_line(agent.test_alert(self.only(chat=self.channel("telegram", server))), 78, "has no such webhook: status 404; ")


class Syslog(ChatScene):
    LINE = re.compile(r'<28>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S+ dmarcwarn - \w+ \[dmarcwarn@32473( \w+="[^"]*")+\] \ufeff(.+)')

    def daemon(self, kind):
        server = socket.socket(socket.AF_UNIX, kind)
        self.addCleanup(server.close)
        server.bind(self.path("log"))
        server.settimeout(10)
        return server

    def test_datagrams(self):
        server = self.daemon(socket.SOCK_DGRAM)
        yml = self.only(log={"type": "syslog", "socket": "log"})
        self.add(samples.mails(self.now))
        self.expect_quiet(self.run_agent(yml))
        incidents = [i for n in expected.FIRST_RUN for i in n.incidents]
        for _ in incidents:
            self.assertRegex(server.recv(65536).decode("utf-8"), self.LINE)
        server.settimeout(0.2)
        self.assertRaises(socket.timeout, server.recv, 65536)

    def test_a_stream(self):
        server = self.daemon(socket.SOCK_STREAM)
        server.listen()
        result = agent.test_alert(self.only(log={"type": "syslog", "socket": "log"}))
        self.assertEqual((result.code, result.out, result.err), (0, "log: sent\n", ""), str(result))
        connection, _ = server.accept()
        with connection:
            line = connection.makefile("rb").read().decode("utf-8")
        self.assertRegex(line, self.LINE)
        self.assertTrue(line.endswith("\n"))
        self.assertIn("TEST WARNING", line)

    def test_nobody_listens(self):
        yml = self.only(log={"type": "syslog", "socket": "log"})
        self.expect_line(agent.test_alert(yml), 75, "cannot be written to .No such file or directory.; check socket")
        self.add([samples.thirteenth(self.now)])
        self.expect_quiet(self.run_agent(yml))
        server = self.daemon(socket.SOCK_DGRAM)
        self.expect_quiet(self.run_agent(yml, 1))
        self.assertRegex(server.recv(65536).decode("utf-8"), self.LINE)


class Alertmanager4(ChatScene):
    def test_a_webhook_speaks_as_alertmanager_does(self):
        server = self.listener()
        yml = self.only(hook={"type": "webhook", "url": server.url(), "format": "alertmanager"})
        self.add(samples.mails(self.now))
        self.expect_quiet(self.run_agent(yml))
        bodies = [r.json() for r in server.take()]
        self.assertEqual(sorted(b["groupLabels"]["domain"] for b in bodies), sorted(n.domain for n in expected.FIRST_RUN))
        for body in bodies:
            self.assertEqual((body["version"], body["status"], body["receiver"]), ("4", "firing", "hook"))
            for alert in body["alerts"]:
                self.assertEqual((alert["status"], alert["labels"]["domain"]), ("firing", body["groupLabels"]["domain"]))


if __name__ == "__main__":
    unittest.main()
