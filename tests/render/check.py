#!/usr/bin/env python3
"""Reads the golden notices of testdata/render back with the parsers that other people use: json, email, html.parser.

check.py FOLDER: fails at the first thing that a chat or mail program could take for more than text.
"""
import email
import email.policy
import html.parser
import json
import pathlib
import re
import sys
import unicodedata

FOLDER = pathlib.Path(sys.argv.pop(1))
NAMES = sorted(p.stem for p in FOLDER.glob("*.json"))
HEADERS = ["Date", "From", "To", "Subject", "Message-ID", "References", "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress",
           "X-Dmarcwarn-Notice", "X-Dmarcwarn-Severity", "X-Dmarcwarn-Rule", "X-Dmarcwarn-Domain", "MIME-Version", "Content-Type"]
TAGS = {"html", "head", "meta", "title", "body", "div", "h2", "span", "p", "b", "table", "tr", "th", "td", "ol", "li", "hr", "code"}
INLINE = {"b", "code", "span"}
ATTRIBUTES = {"style", "lang", "charset", "name", "content", "http-equiv", "scope"}
# What hostile.json and the others put into strangers' strings; none may come out whole.
NEVER = ["evil.example", "example.org", "beta.example", "http://", "mailto:", "<!", "@everyone", "@channel", "@here", "www.", "\\\\share"]


def no_controls(text, where):
    for c in text:
        category = unicodedata.category(c)
        assert c == "\n" or category not in ("Cc", "Cf", "Zl", "Zp"), "%s: U+%04X in %r" % (where, ord(c), text)


def wording(text, where):
    assert "delivered" not in text, "%s: let through is not delivered" % where
    for command in re.findall(r"dmarcwarn ([a-z]\w*)", text):
        assert command in ("run", "parse", "test"), "%s: no such command: %s" % (where, command)


def slack_objects(node):
    """All text objects of a payload."""
    if isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "plain_text"):
            yield node
        for value in node.values():
            yield from slack_objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from slack_objects(value)


def check_slack_text(text, where):
    no_controls(text, where)
    assert not re.search(r"[<>]", text), "%s: a bracket that Slack reads: %r" % (where, text)
    assert not re.search(r"&(?!(amp|lt|gt);)", text), "%s: a bare ampersand: %r" % (where, text)
    for line in text.split("\n"):
        assert line.count("`") % 2 == 0, "%s: an open code span: %r" % (where, line)
    for never in NEVER:
        assert never not in text, "%s: %r in %r" % (where, never, text)
    wording(text.replace("`", ""), where)


def check_slack(name):
    raw = (FOLDER / (name + ".slack")).read_bytes()
    body = json.loads(raw.decode("utf-8"))
    assert set(body) == {"text", "blocks", "unfurl_links", "unfurl_media"}, name
    assert body["unfurl_links"] is False and body["unfurl_media"] is False
    check_slack_text(body["text"], name)
    assert 2 < len(body["blocks"]) <= 50
    total = 0
    for block in body["blocks"]:
        assert block["type"] in ("header", "section", "context"), block
        for o in slack_objects(block):
            check_slack_text(o["text"], name)
            limit = 150 if block["type"] == "header" else 3000
            assert 0 < len(o["text"]) <= limit, name
            assert o["type"] == "plain_text" and o["emoji"] is False or o["verbatim"] is True, o
            total += len(o["text"])
    assert total <= 10000, name
    return "\n".join(o["text"] for o in slack_objects(body["blocks"]))


class Page(html.parser.HTMLParser):
    """The text of a page; fails at every element and attribute that is not ours."""

    def __init__(self):
        super().__init__()
        self.text, self.head = "", False

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS, tag
        self.head = tag == "head" or (self.head and tag in ("meta", "title"))
        self.text += "" if tag in INLINE else " "
        for key, value in attrs:
            assert key in ATTRIBUTES, key
            assert "url(" not in value and "http" not in value, value

    def handle_endtag(self, tag):
        assert tag in TAGS, tag

    def handle_data(self, data):
        if not self.head:
            self.text += data

    def handle_comment(self, data):
        raise AssertionError("a comment: " + data)


def check_mail_text(text, where):
    no_controls(text, where)
    for never in NEVER:
        if never != "<!":  # plain text has no markup; the page's is looked at by its parser
            assert never not in text, "%s: %r in %r" % (where, never, text)
    wording(text, where)


def check_mail(name, frozen):
    raw = (FOLDER / (name + ".eml")).read_bytes()
    assert raw.decode("ascii").replace("\r\n", "").find("\n") < 0 and b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    headers = [h for h in HEADERS if h != "X-Dmarcwarn-Domain" or frozen["domain"]]
    assert not mail.defects and mail.keys() == headers, mail.keys()
    assert [a.addr_spec for a in mail["From"].addresses] == ["dmarcwarn@example.com"]
    assert [a.addr_spec for a in mail["To"].addresses] == ["postmaster@example.com", "admin@example.com"]
    assert mail["To"].addresses[1].display_name == "Müller Admin"
    assert re.fullmatch(r"<[0-9a-f]{32}@mx1\.example\.com>", mail["Message-ID"])
    assert not any(h.defects for h in mail.values())
    parts = list(mail.iter_parts())
    assert [p.get_content_type() for p in parts] == ["text/plain", "text/html"]
    plain, page = (p.get_content().replace("\r\n", "\n") for p in parts)
    check_mail_text(plain, name)
    reader = Page()
    reader.feed(page)
    reader.close()
    check_mail_text(reader.text, name)
    ours = re.sub(r"(?m)^( +[1-4]\.|--) ", " ", plain).split()
    assert ours == reader.text.split(), "%s: the two bodies differ:\n%s\n%s" % (name, " ".join(ours), reader.text)
    return plain


# Every member that an alert has, and what its values may be; a list holds objects of its one form.
NUMBER, TEXT, FLAG, NOTHING = int, str, bool, type(None)
MAYBE = (str, NOTHING)
ALERT = {
    "fingerprint": TEXT, "rule": TEXT, "severity": TEXT, "state": TEXT, "reason": TEXT, "episode": NUMBER, "domain": TEXT,
    "subject": {"type": TEXT, "name": TEXT}, "owner": MAYBE, "via": MAYBE, "verified": FLAG, "cause": MAYBE, "title": TEXT, "summary": TEXT,
    "next_steps": [TEXT], "window": {"begin": TEXT, "end": TEXT},
    "counts": dict.fromkeys(["total", "failed", "let_through", "quarantined", "rejected", "unclear", "since_last_notice", "sources",
                             "reporters"], NUMBER),
    "reporters": [{"org": MAYBE, "messages": NUMBER, "trusted": NOTHING}],
    "sources": [{"ip": TEXT, "count": NUMBER, "ptr": NOTHING, "ptr_verified": NOTHING, "asn": NOTHING}],
    "header_from": [{"domain": MAYBE, "messages": NUMBER}],
    "auth": {"spf": [{"domain": MAYBE, "result": MAYBE, "aligned": FLAG, "messages": NUMBER}],
             "dkim": [{"domain": MAYBE, "selector": MAYBE, "result": MAYBE, "aligned": FLAG, "messages": NUMBER}]},
    "policy": {"p": MAYBE, "sp": MAYBE, "np": NOTHING, "testing": FLAG, "before": MAYBE, "after": MAYBE}, "links": {"report": NOTHING, "docs": MAYBE, "runbook": NOTHING}}
NOTICE = {"schema": TEXT, "id": TEXT, "reason": TEXT, "sent_at": TEXT, "repeat_possible": FLAG,
          "group": {"key": TEXT, "tenant": MAYBE, "domain": MAYBE}, "truncated": NUMBER, "alerts": [ALERT]}


def has_form(value, form, where):
    """Exactly these members, of these types."""
    if isinstance(form, dict):
        assert isinstance(value, dict) and set(value) == set(form), "%s: %s" % (where, set(value) ^ set(form))
        for key in form:
            has_form(value[key], form[key], where + "." + key)
    elif isinstance(form, list):
        assert isinstance(value, list), where
        for one in value:
            has_form(one, form[0], where + "[]")
    else:
        assert isinstance(value, form) and (form is not NUMBER or not isinstance(value, bool)), "%s: %r" % (where, value)


def cut(name):
    """At most 256 octets of a stranger's name, whole characters."""
    return name.encode("utf-8")[:256].decode("utf-8", "ignore")


def check_webhook(name, notice):
    raw = (FOLDER / (name + ".webhook")).read_bytes()
    assert raw.endswith(b"}\n") and raw.count(b"\n") == 1 and all(31 < c < 127 for c in raw[:-1]), name
    body = json.loads(raw)
    has_form(body, NOTICE, name)
    assert (body["schema"], body["id"]) == ("dmarcwarn.alert.v1", notice["id"]), name
    assert body["reason"] == ("test" if notice.get("test") else notice["items"][0]["news"]), name
    assert body["truncated"] == notice["more"] and len(body["alerts"]) == len(notice["items"]), name
    tenant = notice["tenant"]
    assert body["group"] == {"key": (tenant + "/" if tenant else "") + (notice["domain"] or "*"), "tenant": tenant, "domain": notice["domain"]}
    for alert, item in zip(body["alerts"], notice["items"]):
        assert (alert["fingerprint"], alert["rule"], alert["severity"]) == (item["incident"], item["rule"], item["severity"]), name
        assert {k: alert["counts"][k] for k in item["counts"]} == item["counts"], name
        assert [s["ip"] for s in alert["sources"]] == [s["ip"] for s in item["sources"]], name
        assert [r["org"] for r in alert["reporters"]] == [cut(r["name"]) for r in item["reporters"]], name
        for text in [alert["title"], alert["summary"]] + alert["next_steps"]:
            check_mail_text(text, name)
        assert alert["next_steps"], name


def check_plain(name):
    text = (FOLDER / (name + ".txt")).read_text(encoding="utf-8")
    assert text.endswith("\n\n"), name
    check_mail_text(text, name)
    return text


def main():
    assert len(NAMES) >= 18
    for name in NAMES:
        notice = json.loads((FOLDER / (name + ".json")).read_text())
        check_webhook(name, notice)
        for text in (check_slack(name), check_mail(name, notice), check_plain(name)):
            assert ("This is a test" in re.sub(r"\s+", " ", text)) == notice.get("test", False), name
            for item in notice["items"]:
                number = "{:,}".format(item["counts"]["failed"]) if item["counts"]["failed"] else item["domain"]
                severity = "RESOLVED" if item["news"] == "over" else item["severity"].upper()
                for word in (severity, item["rule"], number):
                    assert word in text, "%s: %s is not told" % (name, word)
                for fate in ("let_through", "quarantined", "rejected"):
                    count = item["counts"].get(fate)
                    if count:
                        assert "{:,} {}".format(count, fate.replace("_", " ")) in re.sub(r"\s+", " ", text), name
            assert ("not verified" in text) != all(i.get("verified") or i["rule"] == "no_reports" for i in notice["items"]), name
    print("%d notices on four kinds of channels: nothing but text" % len(NAMES))


main()
