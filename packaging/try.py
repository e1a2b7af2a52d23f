#!/usr/bin/env python3
"""The second half of try.sh: sample mails in a private Dovecot, a webhook listener, and two runs of dmarcwarn."""
import json
import os
import shutil
import sys
import tempfile
import textwrap
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "e2e"))
from lib import agent, told  # noqa: E402
from lib.dovecot import Dovecot  # noqa: E402
from lib.tls import Authority  # noqa: E402
from lib.webhook import Listener  # noqa: E402
import samples  # noqa: E402

USER, PASSWORD = "dmarc", "imap-secret"


def say(text=""):
    print(text, flush=True)


def put(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, 0o600)


def flow(values):
    """A map on one line of YAML; lists are written as JSON, which is YAML."""
    return "{%s}" % ", ".join("%s: %s" % (key, json.dumps(value)) for key, value in values.items())


def configure(folder, imap, slack):
    put(folder, "secrets/imap", PASSWORD + "\n")
    put(folder, "secrets/slack", slack.url() + "\n")
    lines = ["mailboxes:", "  main: {url: %s, user: %s, password: {file: secrets/imap}, ca_file: tls/ca.pem}" % (imap.imaps_url(), USER)]
    for section, entries in (("senders", samples.SENDERS), ("domains", samples.DOMAINS)):
        lines += [section + ":"] + ["  %s: %s" % (name, flow(values)) for name, values in entries.items()]
    lines += ["channels:", "  slack: {type: slack, url: {file: secrets/slack}}", "state: {path: state.db}"]
    text = "\n".join(lines) + "\n"
    put(folder, "dmarcwarn.yml", text)
    return os.path.join(folder, "dmarcwarn.yml"), text


def shown(request):
    """The notice as lines that fit a terminal; the fallback for notifications repeats the headline and is left out."""
    lines = told.slack_text(request).splitlines()
    wide = max(60, min(shutil.get_terminal_size().columns, 120) - 6)
    lines = [line for i, line in enumerate(lines) if i == 0 or line != lines[i - 1]]
    return "\n".join(part for line in lines for part in textwrap.wrap(line, wide, subsequent_indent="  ") or [""])


def run(number, yml, now, slack):
    """One run; shows what arrived at the webhook and returns how many notices that were."""
    result = agent.run(yml, now)
    say("── run %d: dmarcwarn run, %.1f s, exit %d" % (number, result.seconds, result.code))
    for line in (result.out + result.err).splitlines():
        say("   " + line)
    requests = slack.take()
    for request in requests:
        say()
        say(textwrap.indent(shown(request), "   │ ", lambda line: True))
    say("\n   %d notices" % len(requests) if requests else "   nothing to tell")
    if result.code:
        sys.exit("the run failed")
    return len(requests)


def show(folder):
    imap = Dovecot(os.path.join(folder, "dovecot"), Authority(os.path.join(folder, "tls")).good, {USER: PASSWORD})
    slack = Listener().start()
    try:
        now = int(time.time())
        mails = samples.mails(now)
        for mail in mails:
            imap.add(USER, mail.content, when=mail.received)
        imap.start()
        say("A private Dovecot holds %d mails; this is the configuration:\n" % len(mails))
        yml, text = configure(folder, imap, slack)
        say(textwrap.indent(text, "   "))
        first, second = run(1, yml, now, slack), run(2, yml, now + 3600, slack)
        if not first or second:
            sys.exit("the first run should tell something, and the second nothing")
    finally:
        imap.stop()
        slack.stop()


def main():
    folder = tempfile.mkdtemp(prefix="dmarcwarn-try-", dir="/tmp")
    os.chmod(folder, 0o755)  # Dovecot's own accounts pass through
    try:
        show(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
