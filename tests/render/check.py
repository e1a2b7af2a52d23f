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

ENDS = ("over", "explained")


def no_controls(text, where):
    for c in text:
        category = unicodedata.category(c)
        assert c == "\n" or category not in ("Cc", "Cf", "Zl", "Zp"), "%s: U+%04X in %r" % (where, ord(c), text)


def wording(text, where):
    assert "delivered" not in text, "%s: let through is not delivered" % where
    for command in re.findall(r"dmarcwarn ([a-z]\w*)", text):
        assert command in ("run", "parse", "test", "alerts", "outbox", "check", "quarantine", "import", "silence"), "%s: no such command: %s" % (where, command)


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


# The rules that count messages of which some or all passed DMARC.
COUNTS_PASSING = {"sender_leg_lost", "new_source_passing", "new_dkim_selector", "foreign_passing", "sender_expired", "domain_parked_sending",
                  "report_untrusted"}

ALL_PASSED = {"new_source_passing", "new_dkim_selector", "foreign_passing", "domain_parked_sending"}

# Every member that an alert has, and what its values may be; a list holds objects of its one form.
NUMBER, TEXT, FLAG, NOTHING = int, str, bool, type(None)
MAYBE = (str, NOTHING)
ALERT = {
    "fingerprint": TEXT, "rule": TEXT, "severity": TEXT, "state": TEXT, "reason": TEXT, "episode": NUMBER, "domain": MAYBE,
    "subject": {"type": TEXT, "name": TEXT}, "owner": MAYBE, "via": MAYBE, "verified": FLAG, "cause": MAYBE, "title": TEXT, "summary": TEXT,
    "next_steps": [TEXT], "window": {"begin": TEXT, "end": TEXT},
    "counts": dict(dict.fromkeys(["total", "counted", "let_through", "quarantined", "rejected", "unclear", "since_last_notice", "sources",
                                  "reporters"], NUMBER), failed=(NUMBER, NOTHING)),
    "reporters": [{"org": MAYBE, "messages": NUMBER, "trusted": NOTHING}],
    "not_reported_yet": {"count": NUMBER, "reporters": [{"org": MAYBE}]},
    "sources": [{"ip": TEXT, "count": NUMBER, "ptr": NOTHING, "ptr_verified": NOTHING, "asn": NOTHING}],
    "header_from": [{"domain": MAYBE, "messages": NUMBER}],
    "auth": {"spf": [{"domain": MAYBE, "result": MAYBE, "aligned": FLAG, "messages": NUMBER}],
             "dkim": [{"domain": MAYBE, "selector": MAYBE, "result": MAYBE, "aligned": FLAG, "messages": NUMBER}]},
    "policy": {"p": MAYBE, "sp": MAYBE, "np": NOTHING, "testing": FLAG, "before": MAYBE, "after": MAYBE}, "links": {"report": NOTHING, "docs": MAYBE, "runbook": NOTHING}}
NOTICE = {"schema": TEXT, "id": TEXT, "reason": TEXT, "sent_at": TEXT, "repeat_possible": FLAG,
          "group": {"key": TEXT, "tenant": MAYBE, "title": MAYBE, "domain": MAYBE}, "truncated": NUMBER, "alerts": [ALERT]}


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


def rule_of(item):
    """What stands where its rule does: a list of other news has none."""
    return item.get("kind") or item["rule"]


def form_of(item):
    """Only an alert about many domains has a list of them."""
    number = "incidents" if item.get("kind") else "messages"
    return dict(ALERT, domains=[{"domain": TEXT, "severity": TEXT, number: NUMBER}]) if item.get("lines") else ALERT


def cut(name):
    """At most 256 octets of a stranger's name, whole characters."""
    return name.encode("utf-8")[:256].decode("utf-8", "ignore")


def check_webhook(name, notice):
    raw = (FOLDER / (name + ".webhook")).read_bytes()
    assert raw.endswith(b"}\n") and raw.count(b"\n") == 1 and all(31 < c < 127 for c in raw[:-1]), name
    body = json.loads(raw)
    has_form(dict(body, alerts=[]), NOTICE, name)
    for alert, item in zip(body["alerts"], notice["items"]):
        has_form(alert, form_of(item), name)
    assert (body["schema"], body["id"]) == ("dmarcwarn.alert.v1", notice["id"]), name
    assert body["reason"] == ("test" if notice.get("test") else notice["items"][0]["news"]), name
    assert body["truncated"] == notice["more"] and len(body["alerts"]) == len(notice["items"]), name
    tenant = notice["tenant"]
    assert body["group"] == {"key": (tenant + "/" if tenant else "") + (notice["domain"] or "*"), "tenant": tenant, "title": notice.get("title"), "domain": notice["domain"]}
    for alert, item in zip(body["alerts"], notice["items"]):
        assert (alert["fingerprint"], alert["rule"], alert["severity"]) == (item["incident"], rule_of(item), item["severity"]), name
        counted = dict(item["counts"], counted=item["counts"]["failed"], failed=None if item["rule"] in COUNTS_PASSING else item["counts"]["failed"])
        assert {k: alert["counts"][k] for k in counted} == counted, name
        assert [s["ip"] for s in alert["sources"]] == [s["ip"] for s in item["sources"]], name
        assert [r["org"] for r in alert["reporters"]] == [cut(r["name"]) for r in item["reporters"]], name
        for text in [alert["title"], alert["summary"]] + alert["next_steps"]:
            check_mail_text(text, name)
        assert alert["next_steps"], name


def check_japanese(name, notice):
    """Whole sentences in Japanese, the same numbers; no line wider than 76 columns but for what cannot be broken."""
    text = (FOLDER / (name + ".ja.txt")).read_text(encoding="utf-8")
    check_mail_text(text, name)
    assert len(re.findall("[\u3040-\u30ff\u4e00-\u9fff]", text)) > 60, name
    for english in (" the ", " of ", "DMARC for", "messages"):
        assert english not in text, "%s: %r in %s" % (name, english, text)
    for item in notice["items"]:
        untold = item["news"] in ENDS or item.get("kind") or item["rule"] in ALL_PASSED
        for fate, word in (("let_through", "通過"), ("quarantined", "隔離"), ("rejected", "拒否")):
            count = 0 if untold else item["counts"].get(fate)
            assert not count or "{}{:,}通".format(word, count) in re.sub(r"\s+", "", text), "%s: %s" % (name, fate)
    for line in text.splitlines()[1:]:
        wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
        assert wide <= 80 or " " not in line.strip(), "%s: %d columns: %s" % (name, wide, line)


def check_plain(name):
    text = (FOLDER / (name + ".txt")).read_text(encoding="utf-8")
    assert text.endswith("\n\n"), name
    check_mail_text(text, name)
    return text


def load(name, suffix):
    raw = (FOLDER / (name + "." + suffix)).read_bytes()
    return json.loads(raw.decode("utf-8"))


def check_markdown(text, where):
    """Outside of code spans nothing begins a format, a link or a mention; inside nothing is a link of Mattermost's."""
    no_controls(text, where)
    for line in text.split("\n"):
        assert len(re.findall(r"(?<!\\)`", line)) % 2 == 0, "%s: an open code span: %r" % (where, line)
        spans = re.findall(r"(?<!\\)`[^`]*`", line)
        for span in spans:
            assert not re.search(r"(?<!\[)<", span), "%s: %r" % (where, span)
            for never in NEVER:
                assert never not in span, "%s: %r in %r" % (where, never, span)
        bare = re.sub(r"\\[\\`*_~|<>\[\]#@:]", "", re.sub(r"(?<!\\)`[^`]*`", "", line))
        bare = re.sub(r"^\*\*(.*?)\*\*", r"\1", bare)
        assert not re.search(r"[`*_~|<>\[\]#@]|://", bare), "%s: mark-up: %r" % (where, bare)


def unmarked(text):
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)[`*]", "", text))


def units(text):
    return len(text.encode("utf-16-le")) // 2


def check_discord(name):
    body = load(name, "discord")
    assert set(body) == {"content", "allowed_mentions", "embeds"} and body["allowed_mentions"] == {"parse": []}, name
    texts = [body["content"]] + [e["description"] for e in body["embeds"]]
    assert units(texts[0]) <= 2000 and 2 <= len(body["embeds"]) <= 10 and sum(units(t) for t in texts[1:]) <= 6000, name
    for text in texts:
        check_markdown(text, name)
        assert 0 < units(text) <= 4096, name
    for embed in body["embeds"]:
        assert set(embed) == {"description", "color"} and 0 <= embed["color"] < 1 << 24, name
    return unmarked("\n".join(texts))


def check_mattermost(name):
    body = load(name, "mattermost")
    assert set(body) == {"text"} and len(body["text"]) <= 16383, name
    check_markdown(body["text"], name)
    return unmarked(body["text"])


def all_texts(node):
    """The values of all members `text`, in order."""
    if isinstance(node, dict):
        return [t for k, v in node.items() for t in ([v] if k == "text" and isinstance(v, str) else all_texts(v))]
    return [t for v in node for t in all_texts(v)] if isinstance(node, list) else []


def check_teams(name):
    raw = (FOLDER / (name + ".teams")).read_bytes()
    body = json.loads(raw)
    assert len(raw) <= 21000 and body["type"] == "message" and len(body["attachments"]) == 1, name
    (attachment,) = body["attachments"]
    card = attachment["content"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive", name
    assert (card["type"], card["version"], card["msteams"]) == ("AdaptiveCard", "1.4", {"width": "Full"}), name
    lines = []
    for block in card["body"]:
        assert block["type"] == "RichTextBlock" and block["inlines"] and set(block) <= {"type", "inlines", "separator"}, name
        for run in block["inlines"]:
            assert run["type"] == "TextRun" and set(run) <= {"type", "text", "weight", "color"}, name
        lines.append("".join(run["text"] for run in block["inlines"]))
    check_mail_text("\n".join(lines), name)
    return "\n".join(lines)


class Few(Page):
    """Of HTML only what the chat knows."""

    def __init__(self, tags):
        super().__init__()
        self.tags = tags

    def handle_starttag(self, tag, attrs):
        assert tag in self.tags and not attrs, (tag, attrs)


def few(text, tags, where):
    reader = Few(tags)
    reader.feed(text)
    reader.close()
    check_mail_text(reader.text, where)
    return reader.text


def check_google_chat(name):
    raw = (FOLDER / (name + ".google_chat")).read_bytes()
    body = json.loads(raw)
    assert len(raw) <= 32000 and set(body) == {"fallbackText", "cardsV2"}, name
    (with_id,) = body["cardsV2"]
    card = with_id["card"]
    check_mail_text(card["header"]["title"], name)
    for section in card["sections"]:
        assert [set(w) for w in section["widgets"]] == [{"textParagraph"}], name
    return "\n".join([card["header"]["title"]] + [few(t, {"b"}, name) for t in all_texts(card["sections"])])


def check_telegram(name):
    body = load(name, "telegram")
    assert set(body) == {"chat_id", "text", "parse_mode", "link_preview_options"}, name
    assert (body["chat_id"], body["parse_mode"], body["link_preview_options"]) == ("room", "HTML", {"is_disabled": True}), name
    assert len(body["text"]) <= 4096 and not re.search(r"&(?!(amp|lt|gt|quot|#39);)", body["text"]), name
    return few(body["text"], {"b", "code"}, name)


def check_ntfy(name):
    body = load(name, "ntfy")
    assert set(body) == {"topic", "title", "message", "priority", "tags"} and body["priority"] in (2, 3, 5), name
    assert len(body["message"].encode()) <= 4096 and len(body["title"].encode()) <= 250 and "\n" not in body["title"], name
    check_mail_text(body["title"] + "\n" + body["message"], name)
    return body["message"]


def check_pagerduty(name, notice):
    events = [json.loads(line) for line in (FOLDER / (name + ".pagerduty")).read_text(encoding="utf-8").splitlines()]
    assert [e["dedup_key"] for e in events] == [i["incident"] for i in notice["items"]], name
    for event, item in zip(events, notice["items"]):
        over = item["news"] in ENDS
        assert (event["routing_key"], event["event_action"]) == ("routing-key", "resolve" if over else "trigger"), name
        if not over:
            payload = event["payload"]
            assert 0 < len(payload["summary"]) <= 1024 and payload["severity"] == item["severity"], name
            assert (payload["source"], payload["class"]) == (item["domain"] or "dmarcwarn", rule_of(item)), name
            check_mail_text(payload["summary"] + "\n" + "\n".join(payload["custom_details"].values()), name)


def check_alerts(alerts, items, name):
    for alert in alerts:
        labels = alert["labels"]
        assert set(labels) - {"tenant", "domain"} == {"alertname", "rule", "severity"}, name
        assert labels.get("domain") != "", name
        assert re.fullmatch("Dmarc[A-Z][A-Za-z]+", labels["alertname"]), name
        assert alert["startsAt"] < alert["endsAt"], name
        check_mail_text("\n".join(alert["annotations"].values()), name)
    told = {(a["labels"]["rule"], a["labels"]["severity"], a["labels"].get("domain", "")) for a in alerts}
    assert told == {(rule_of(i), i["severity"], i["domain"] or "") for i in items}, name


def check_alertmanager(name, notice):
    path = FOLDER / (name + ".alertmanager")
    items = [i for i in notice["items"] if i["severity"] != "info" and not i.get("kind")]
    if not items:
        assert path.read_bytes() == b"", "%s: info and lists are never told" % name
        return
    alerts = json.loads(path.read_text(encoding="utf-8"))
    check_alerts(alerts, items, name)
    for alert in alerts:
        over = all(i["news"] in ENDS for i in items if rule_of(i) == alert["labels"]["rule"])
        assert (alert["endsAt"] == "2026-11-25T09:48:20Z") == over, name


def check_v4(name, notice):
    body = load(name, "v4")
    assert set(body) == {"version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels",
                         "commonAnnotations", "externalURL", "alerts"} and body["version"] == "4", name
    assert len(body["alerts"]) == len(notice["items"]) and body["truncatedAlerts"] == notice["more"], name
    check_alerts(body["alerts"], notice["items"], name)
    for alert in body["alerts"]:
        assert set(alert) == {"labels", "annotations", "startsAt", "endsAt", "status", "generatorURL", "fingerprint"}, name
        for key, value in body["commonLabels"].items():
            assert alert["labels"][key] == value, name


SYSLOG = re.compile(r"<(\d+)>1 (\S+) (\S+) dmarcwarn - (\w{1,32}) \[dmarcwarn@32473((?: \w+=\"(?:[^\"\\\]]|\\.)*\")+)\] \ufeff(.+)")


def check_syslog(name, notice):
    raw = (FOLDER / (name + ".syslog")).read_bytes()
    lines = raw.decode("utf-8").splitlines()
    assert raw.endswith(b"\n") and len(lines) == len(notice["items"]), name
    for line, item in zip(lines, notice["items"]):
        match = SYSLOG.fullmatch(line)
        assert match and len(line.encode()) <= 2048, line
        level = 5 if item["news"] in ENDS else {"info": 6, "warning": 4, "critical": 2}[item["severity"]]
        assert int(match.group(1)) == 24 + level and match.group(4) == rule_of(item), line
        check_mail_text(match.group(6), name)


def check_shorter():
    """What several.json is at each length: a channel is never given more than before, and at last one line."""
    suffixes = ["slack", "eml", "webhook", "txt", "discord", "mattermost", "teams", "google_chat", "telegram", "ntfy", "pagerduty",
                "alertmanager", "syslog"]
    for suffix in suffixes:
        full, short, text = ((FOLDER / ("several%s.%s" % (length, suffix))).read_bytes() for length in ("", ".short", ".text"))
        assert len(full) > len(short) > len(text) > 0, suffix
        assert b"What to do" not in short and b"9f3c1b7e" in short + b"9f3c1b7e" * (suffix in ("pagerduty", "alertmanager")), suffix
        for raw in (short, text):
            assert b"example.com" in raw, suffix


def main():
    assert len(NAMES) >= 18
    check_shorter()
    for name in NAMES:
        notice = json.loads((FOLDER / (name + ".json")).read_text())
        check_webhook(name, notice)
        check_pagerduty(name, notice)
        check_alertmanager(name, notice)
        check_v4(name, notice)
        check_syslog(name, notice)
        check_japanese(name, notice)
        for text in (check_slack(name), check_mail(name, notice), check_plain(name), check_discord(name), check_mattermost(name),
                     check_teams(name), check_google_chat(name), check_telegram(name), check_ntfy(name)):
            assert ("This is a test" in re.sub(r"\s+", " ", text)) == notice.get("test", False), name
            told = [i for i in notice["items"] if i["incident"] in text or i.get("kind")]
            left_out = len(notice["items"]) - len(told) + notice["more"]
            assert told and (not left_out or "%d more incident" % left_out in text), "%s: what is left out is not counted" % name
            for item in told:
                for line in item.get("lines", []):
                    assert line["name"] in text, "%s: %s is not told" % (name, line["name"])
                if item.get("kind"):
                    assert item["severity"].upper() in text and str(item["all_lines"]) in text, name
                    continue
                number = "{:,}".format(item["counts"]["failed"]) if item["counts"]["failed"] else item["domain"]
                ended = item["news"] in ENDS
                severity = "RESOLVED" if ended else item["severity"].upper()
                for word in (severity, item["rule"], number):
                    assert word in text, "%s: %s is not told" % (name, word)
                for fate in ("let_through", "quarantined", "rejected"):
                    count = item["counts"].get(fate)
                    if count and not ended and item["rule"] not in ALL_PASSED:
                        assert "{:,} {}".format(count, fate.replace("_", " ")) in re.sub(r"\s+", " ", text), name
            assert ("not verified" in text) != all(i.get("verified") or i.get("kind") or i["rule"] == "no_reports" for i in notice["items"]), name
    print("%d notices on %d kinds of channels: nothing but text" % (len(NAMES), 14))


main()
