#!/usr/bin/env python3
"""Random and nasty strings through every escaper, read back with the parsers that other people use: nothing acts, nothing is lost.

    test_sinks.py ESCAPE-DRIVE [--all] [--seed N]      --all (or DMARCWARN_SUITE=all): 1,000,000 strings a sink
"""
import csv
import email
import email.policy
import html
import html.parser
import io
import json
import os
import random
import re
import subprocess
import sys
import unicodedata

ALL = "--all" in sys.argv or os.environ.get("DMARCWARN_SUITE") == "all"
STRINGS, BATCH = (1000000 if ALL else 8000), 4000
NASTY = [s.encode("utf-8", "surrogatepass") for s in (
    "<!channel>", "<!here|x>", "<@U012AB3CD>", "<#C01>", "<https://evil.example|bank>", "@everyone", "@here", "@channel", "@all", "<@&1>",
    "[x](https://evil.example)", "![x](//evil.example)", "http://evil.example/?a=b&c", "https://", "www.evil.example", "evil.example",
    "mailto:a@example.org", "a@example.org", "javascript:alert(1)", "tg://user?id=1", "\\\\share\\x", "file:///etc/passwd",
    "<script>alert(1)</script>", "</td></table>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "<!--", "-->", "<![CDATA[", "]]>",
    "&lt;", "&#60;", "&#x3c;script>", "&amp;lt;", "&", "`", "``", "```\n", "~~~", "**", "__", "*", "_", "~", "||", "> ", "# ", "- ", "1. ",
    "\\", "\\`", "\\x1b[31m", "\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\x00", "\x07", "\x08", "\x7f", "\r\n", "\n", "\r", "\t", "\x0b", "\x0c",
    "\u202e", "\u2066", "\u2069", "\u200b", "\u200d", "\ufeff", "\u2028", "\u2029", "\u00ad", "\U000e0041", "\u061c", "\ufe0f", "\x85",
    "evil\u3002example", "evil\uff0eexample", "evil\uff61example", "a\uff20evil", "\u3002", "\uff0e", "\uff61", "\uff20",
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "=1+1", ",", ";", "\"", "\"\"", "'", "  =1", "\uff1d1", "\uff0b1",
    "\r\nBcc: a@example.org", "\r\n\r\n<html>", "\n.\n", "=?utf-8?q?=0d=0aBcc:?=", "=?utf-8?b?", "?=", "--boundary", "%0d%0a", "%s%n",
    "]", "[", "\"]", "$(id)", "${x}", "{{x}}", "null", "\ud800", "\udfff", "\u00e9", "\u65e5\u672c", "\U0001f600", "e\u0301", "\u0130", " ", "x")]
NASTY += [b"\xff", b"\xc0\xaf", b"\xe2\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xed\xa0\x80"]
# What a program that makes links out of text looks for.
LINKS = re.compile(r"(?i)[a-z][a-z0-9+.-]*://|mailto:|javascript:|\bwww\.|[\w-]\.[a-z]{2,}|[\w.]@\w|[\w-][\u3002\uff0e\uff61\ufe52\u2024]\w|[\w.][\uff20\ufe6b]\w")
MENTIONS = re.compile(r"<[!@#]|@(everyone|here|channel|all)\b")


def strings(rng, n):
    for _ in range(n):
        out = b""
        for _ in range(rng.randrange(1, 9)):
            kind = rng.random()
            if kind < 0.7:
                out += rng.choice(NASTY)
            elif kind < 0.85:
                out += chr(rng.choice((rng.randrange(0x80), rng.randrange(0xd800), rng.randrange(0xe000, 0x110000)))).encode()
            else:
                out += rng.randbytes(rng.randrange(1, 6))
        yield out * (rng.randrange(20, 60) if rng.random() < 0.01 else 1)


# Signs of Arabic, Syriac and Kaithi numbers: by their category without a picture, but they have one (Unicode 23.3).
PICTURES = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")


def is_unsafe(c):
    return c not in PICTURES and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") or "\ufe00" <= c <= "\ufe0f"


def no_unsafe(text, but=""):
    for c in text:
        assert c in but or not is_unsafe(c), "U+%04X" % ord(c)


def no_link(text):
    found = LINKS.search(text)
    assert not found, "a link: %r" % found.group(0)


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.other = [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.other.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def page_of(text):
    page = Page()
    page.feed(text)
    page.close()
    assert not page.other, page.other
    return page


def one_html(s, out):
    """The same as text and as the value of an attribute, and nothing else."""
    no_unsafe(out)
    page = page_of('<p title="%s">%s</p>' % (out, out))
    assert [t for t, _ in page.tags] == ["p"], page.tags
    assert page.tags[0][1] == {"title": page.text}, "the attribute differs"
    return page.text


def one_code_element(s, out):
    page = page_of(out)
    assert page.tags == [("code", {})] and out.startswith("<code>") and out.endswith("</code>"), page.tags
    no_unsafe(page.text)
    return page.text


def one_cell(s, out):
    """Between two others, as RFC 4180 and a spreadsheet read it."""
    no_unsafe(out, "\r\n\t")
    rows = list(csv.reader(io.StringIO("a,%s,b\r\n" % out, newline=""), strict=True))
    assert len(rows) == 1 and len(rows[0]) == 3, rows
    return rows[0][1]


def cell_that_computes_nothing(s, out):
    cell = one_cell(s, out)
    assert not cell.startswith(("\t", "\r")) and not cell.lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20")), "a formula"


def unescaped(out):
    """What text_log says came in, as octets."""
    def octets(m):
        if m.group(1):
            return b"\\"
        return bytes([int(m.group(2), 16)]) if m.group(2) else chr(int(m.group(3), 16)).encode()
    return re.sub(rb"(\\\\)|\\x([0-9a-f]{2})|\\u\{([0-9a-f]+)\}", octets, out.encode())


def one_log_line(s, out):
    no_unsafe(out)
    assert len(out.splitlines()) <= 1, "one line"
    assert unescaped(out) == s, "it says what came in"


def one_field(s, out):
    mail = email.message_from_bytes(b"Subject: " + out.encode("ascii") + b"\r\n\r\nbody", policy=email.policy.default)
    assert mail.keys() == ["Subject"] and mail.get_content() == "body", mail.keys()
    assert max(map(len, ("Subject: " + out).split("\r\n"))) <= 998
    no_unsafe(str(mail["Subject"]))


def slack(s, out):
    text = json.loads(json.dumps({"text": out}))["text"]
    no_unsafe(text)
    assert not re.search("[<>]|&(?!(amp|lt|gt);)", text), "what Slack reads"
    return text


def code_span(text):
    assert re.fullmatch("`[^`]*`|", text), "one code span"


def foreign_span(s, out):
    code_span(out)
    no_unsafe(out)
    no_link(html.unescape(out))
    assert not MENTIONS.search(out), "a mention"


def slack_foreign(s, out):
    slack(s, out)
    foreign_span(s, out)


def markdown(s, out):
    """Without what a backslash makes plain, nothing is left that formats, links or mentions."""
    no_unsafe(out)
    plain = re.sub(r"\\[!-/:-@\[-`{-~]", "", out)
    assert not re.search(r"[`*_~|\[\]]|<[^ ]", plain), plain
    assert not MENTIONS.search(plain), "a mention"


def markdown_foreign(s, out):
    foreign_span(s, out)
    assert "<" not in out.replace("[<]", ""), "a bracket that Mattermost reads"


def syslog_value(s, out):
    no_unsafe(out)
    assert not re.search(r'["\]]', re.sub(r'\\["\\\]]', "", out)), "the value ends early"


def exact_json(s, out):
    back = json.loads('"%s"' % out)
    no_unsafe(out)
    try:
        assert back == s.decode(), "it says what came in"
    except UnicodeDecodeError:
        assert "\ufffd" in back


def at_most_256(s, out):
    no_unsafe(out)
    assert len(out.replace("\u2026", "").encode()) <= 4 * 256 if b"\\" in out.encode() else len(out.encode()) <= 256 + 3
    assert len(s) > 256 or "\u2026" not in out or b"\xe2\x80\xa6" in s


CHECKS = {
    "terminal": lambda s, out: no_unsafe(out), "log": one_log_line, "csv": cell_that_computes_nothing, "csv_raw": one_cell, "html": one_html,
    "html_foreign": lambda s, out: no_link(one_html(s, out)), "html_code": one_code_element,
    "html_code_foreign": lambda s, out: no_link(one_code_element(s, out)), "mail": lambda s, out: no_unsafe(out),
    "mail_foreign": lambda s, out: (no_unsafe(out), no_link(out)), "slack": slack, "slack_code": lambda s, out: code_span(slack(s, out)),
    "slack_foreign": slack_foreign, "markdown": markdown, "markdown_code": lambda s, out: (no_unsafe(out), code_span(out)),
    "markdown_foreign": markdown_foreign, "syslog_value": syslog_value, "json": exact_json, "header": one_field, "cut": at_most_256,
}


def answers(drive, batch, n_sinks):
    octets = b"".join(len(s).to_bytes(4, "little") + s for s in batch)
    out = subprocess.run([drive], input=octets, stdout=subprocess.PIPE, check=True).stdout
    at = 0
    for s in batch:
        found = []
        for _ in range(n_sinks):
            n = int.from_bytes(out[at:at + 4], "little")
            found.append(out[at + 4:at + 4 + n])
            at += 4 + n
        yield s, found
    assert at == len(out)


def main():
    drive = sys.argv[1]
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 1
    names = subprocess.run([drive, "names"], stdout=subprocess.PIPE, check=True, text=True).stdout.split()
    assert sorted(names) == sorted(CHECKS), "each sink has its check"
    rng, faults, done = random.Random(seed), {}, 0
    while done < STRINGS:
        batch = list(strings(rng, min(BATCH, STRINGS - done)))
        for s, found in answers(drive, batch, len(names)):
            for name, out in zip(names, found):
                try:
                    CHECKS[name](s, out.decode("utf-8"))
                except Exception as e:
                    faults.setdefault(name, []).append("%s: %r became %r: %s" % (name, s, out, e))
        done += len(batch)
    for lines in faults.values():
        print("\n".join(lines[:3]))
    print("%d strings through %d sinks: %d faults" % (done, len(names), sum(map(len, faults.values()))))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
