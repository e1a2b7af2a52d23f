#!/usr/bin/env python3
"""How long a run takes to judge: thousands of domains, millions of rows.

  evaluate.py [--domains N] [--days N] [--rows N] PROGRAM

Fills a store by real reports (a report a domain and day with so many rows), then times a run with nothing new, one after the
configuration changed (everything is judged again) and one with an hour's arrivals. Needs about 60 bytes of /tmp a row."""
import argparse
import gzip
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from lib import config  # noqa: E402

DAY = 86400
NOW = 20600 * DAY + 7 * 3600
RECORD = ("<record><row><source_ip>%s</source_ip><count>%d</count><policy_evaluated><disposition>%s</disposition><dkim>%s</dkim>"
          "<spf>%s</spf></policy_evaluated></row><identifiers><header_from>%s</header_from></identifiers><auth_results><dkim>"
          "<domain>%s</domain><selector>s1</selector><result>%s</result></dkim><spf><domain>%s</domain><result>%s</result></spf>"
          "</auth_results></record>")


def report(domain, day, rows, org):
    """Four rows of five are of a sender that is listed and pass, every fifth is of a stranger and fails."""
    head = ("<feedback><report_metadata><org_name>%s</org_name><email>dmarc@%s</email><report_id>%s-%d</report_id><date_range><begin>%d"
            "</begin><end>%d</end></date_range></report_metadata><policy_published><domain>%s</domain><p>reject</p></policy_published>"
            % (org, org, domain, day, day * DAY, (day + 1) * DAY - 1, domain))
    out = [head]
    for n in range(rows):
        if n % 5:
            out.append(RECORD % ("192.0.2.%d" % (n % 250 + 1), n % 7 + 1, "none", "pass", "pass", domain, domain, "pass", domain, "pass"))
        else:
            out.append(RECORD % ("198.18.%d.%d" % (n % 250, day % 250 + 1), n % 3 + 1, "reject", "fail", "fail", domain, "bulk.example.org",
                                 "pass", "bulk.example.org", "fail"))
    return gzip.compress(("".join(out) + "</feedback>").encode(), 1)


def put(folder, name, content, when):
    path = os.path.join(folder, name + ".xml.gz")
    with open(path, "wb") as f:
        f.write(content)
    os.utime(path, (when, when))


def run(program, yml, now, what):
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    r = subprocess.run([program, "run", "--limit", "max_run=3600", "-c", yml, "--now", str(now)], capture_output=True, text=True)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - begin
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print("%-44s %8.2f s, %8.2f s of CPU, %5d MB at most so far, exit %d %s" % (
        what, seconds, cpu, after.ru_maxrss // 1024, r.returncode, r.stderr[:300].strip()), flush=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--domains", type=int, default=2000)
    options.add_argument("--days", type=int, default=30)
    options.add_argument("--rows", type=int, default=25)
    options.add_argument("program")
    o = options.parse_args()
    names = ["d%04d.example" % n for n in range(o.domains)]
    folder = tempfile.mkdtemp(prefix="dmarcwarn-bench-")
    try:
        mails, state = os.path.join(folder, "in"), os.path.join(folder, "state", "db")
        os.mkdir(mails)
        values = {"mailboxes": {"main": {"folder": mails}}, "senders": {"own": {"ip": ["192.0.2.0/24"]}, "more": {"ip": ["203.0.113.0/24"]}},
                  "domains": {name: {"senders": ["own"]} for name in names},
                  "channels": {"log": {"type": "command", "argv": ["/bin/true"]}}, "state": {"path": state}}
        yml = config.write(os.path.join(folder, "c.yml"), values)
        os.chmod(yml, 0o600)
        today = NOW // DAY
        for day in range(today - o.days, today):
            for name in names:
                put(mails, "%d-%s" % (day, name), report(name, day, o.rows, "alpha.example.org"), (day + 1) * DAY)
        print("%d domains, %d days, %d rows" % (o.domains, o.days, o.domains * o.days * o.rows), flush=True)
        run(o.program, yml, NOW, "all is read and judged")
        shutil.rmtree(mails)  # what is measured is judging, not the listing of a folder
        os.mkdir(mails)
        run(o.program, yml, NOW + 3600, "nothing is new")
        values["domains"] = {name: {"senders": ["own", "more"]} for name in names}
        config.write(yml, values)
        run(o.program, yml, NOW + 7200, "the configuration changed")
        for n, name in enumerate(names[::3]):
            put(mails, "new-" + name, report(name, today - 1, o.rows, "beta.example.org"), NOW + 8000)
        run(o.program, yml, NOW + 10800, "an hour's arrivals (%d reports)" % len(names[::3]))
        run(o.program, yml, NOW + DAY, "the next day")
        print("the store: %d MB" % (os.path.getsize(state) >> 20))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
