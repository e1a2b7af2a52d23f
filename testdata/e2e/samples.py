#!/usr/bin/env python3
"""Mails with DMARC reports, dated relative to a given day, the same bytes for the same day.

`mails(now)` gives the twelve mails of the end-to-end test in the order of their arrival, `thirteenth(now)` one more.
README.md beside this file lists what each is there for; expected.py says what has to come of them.
As a program: samples.py FOLDER [UNIX-TIME] writes them as FOLDER/NN-name.eml.

The layouts are those of well-known reporters, the reporters and every name and number in them are made up.
"""
import base64
import gzip
import io
import os
import quopri
import re
import sys
import time
import zipfile
from email.utils import formatdate
from typing import NamedTuple, Optional

DAY = 86400

OWN = "192.0.2.10"  # sender `own`, an IPv4 address and a network of IPv6 addresses
OWN_V6 = "2001:db8:25::5"
NEWSLETTER = "198.51.100.40"  # sender `newsletter`, 198.51.100.32/28
STRANGER = "203.0.113.7"
STRANGER_NEXT = "203.0.113.8"

SENDERS = {"own": {"ip": [OWN, "2001:db8:25::/64"]}, "newsletter": {"ip": ["198.51.100.32/28"]}}
# Of two tenants, so that a first run, which tells one notice a tenant, tells of each domain in one of its own.
DOMAINS = {
    "example.com": {"senders": ["own", "newsletter"], "tenant": "north"},
    "example.net": {"senders": ["own"]},
    "example.org": {"senders": ["own", "newsletter"]},
}
POLICY = {"example.com": "reject", "example.net": "quarantine", "example.org": "quarantine"}


class Mail(NamedTuple):
    name: str
    content: bytes  # LF line ends
    received: int  # Unix seconds


class Row(NamedTuple):
    """One record. dkim and spf are the aligned verdicts; `signed` says that there is a DKIM signature at all."""

    ip: str
    count: int
    disposition: str
    dkim: str
    spf: str
    signed: bool = True
    reason: Optional[str] = None


class Report(NamedTuple):
    org: str
    email: str
    domain: str
    id: str
    begin: int
    end: int
    rows: list
    policy: Optional[str] = None  # absent: that of POLICY


def ours(ip, count):
    """Good mail of ours by DKIM. SPF passes too, but for the domain that bounces go to, which is not aligned."""
    return Row(ip, count, "none", "pass", "fail")


def spf_only(ip, count):
    """Good mail of ours by SPF alone."""
    return Row(ip, count, "none", "fail", "pass")


def broken(ip, count, disposition):
    """Mail of ours whose DKIM signature broke, so that no leg is left."""
    return Row(ip, count, disposition, "fail", "fail")


def spoof(ip, count, disposition, reason=None):
    """Somebody else's mail under our name, without any signature."""
    return Row(ip, count, disposition, "fail", "fail", False, reason)


# XML, one function a layout.


def _tags(indent, pairs):
    return "".join("%s<%s>%s</%s>\n" % (indent, tag, value, tag) for tag, value in pairs if value is not None)


def _spf(row, domain):
    """The (domain, result) of SPF for a mail from `domain`."""
    if not row.signed:
        return "bulk.example.org", "softfail"
    bounces = "bounces.example.net" if domain != "example.net" else "bounces.example.com"
    return (domain if row.spf == "pass" else bounces), "pass"


def _reason(row, indent):
    if row.reason is None:
        return ""
    return "%s<reason>\n%s%s</reason>\n" % (indent, _tags(indent + "  ", [("type", row.reason), ("comment", "")]), indent)


def _record(report, row, envelope, scope):
    """A record in RFC 7489 order; `envelope` and `scope` are what some reporters write and others leave out."""
    spf_domain, spf_result = _spf(row, report.domain)
    out = "  <record>\n    <row>\n" + _tags("      ", [("source_ip", row.ip), ("count", row.count)])
    out += "      <policy_evaluated>\n"
    out += _tags("        ", [("disposition", row.disposition), ("dkim", row.dkim), ("spf", row.spf)])
    out += _reason(row, "        ") + "      </policy_evaluated>\n    </row>\n    <identifiers>\n"
    if envelope:
        out += _tags("      ", [("envelope_to", "mail.example.org"), ("envelope_from", spf_domain)])
    out += _tags("      ", [("header_from", report.domain)]) + "    </identifiers>\n    <auth_results>\n"
    if row.signed:
        out += "      <dkim>\n" + _tags("        ", [("domain", report.domain), ("selector", "mail2026"), ("result", row.dkim)])
        out += "      </dkim>\n"
    out += "      <spf>\n" + _tags("        ", [("domain", spf_domain), ("scope", "mfrom" if scope else None), ("result", spf_result)])
    return out + "      </spf>\n    </auth_results>\n  </record>\n"


def _head(report, contact, extra_policy):
    policy = report.policy or POLICY.get(report.domain, "reject")
    out = "  <report_metadata>\n" + _tags("    ", [("org_name", report.org), ("email", report.email),
                                                    ("extra_contact_info", contact), ("report_id", report.id)])
    out += "    <date_range>\n" + _tags("      ", [("begin", report.begin), ("end", report.end)]) + "    </date_range>\n"
    out += "  </report_metadata>\n  <policy_published>\n"
    out += _tags("    ", [("domain", report.domain), ("adkim", "r"), ("aspf", "r"), ("p", policy)] + extra_policy(policy))
    return out + "  </policy_published>\n"


def google_xml(report):
    head = _head(report, "https://alpha.example.org/answer/2466580",
                 lambda p: [("sp", p), ("pct", 100), ("np", p)])
    rows = "".join(_record(report, row, False, False) for row in report.rows)
    return ('<?xml version="1.0" encoding="UTF-8" ?>\n<feedback>\n' + head + rows + "</feedback>\n").encode()


def yahoo_xml(report):
    """Every line ends in a tab, and a blank stands behind the end of the period."""
    text = '<?xml version="1.0"?>\n<feedback>\n' + _head(report, None, lambda p: [("pct", 100)])
    text += "".join(_record(report, row, False, False) for row in report.rows) + "</feedback>\n"
    return text.replace("</end>", " </end>").replace("\n", "\t\n").encode()


def microsoft_xml(report):
    """The period ends at the first second after it."""
    text = '<?xml version="1.0"?>\n<feedback xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    text += 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n  <version>1.0</version>\n'
    text += _head(report, None, lambda p: [("sp", p), ("pct", 100), ("fo", 0)])
    return (text + "".join(_record(report, row, True, True) for row in report.rows) + "</feedback>").encode()


def rfc9990_xml(report):
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">\n  <version>1.0</version>\n'
    text += _head(report, "https://delta.example.org/dmarc", lambda p: [("sp", p), ("testing", "n"), ("discovery_method", "treewalk")])
    return (text + "".join(_record(report, row, True, True) for row in report.rows) + "</feedback>\n").encode()


# Containers.


def gz(data, at):
    return gzip.compress(data, mtime=at)


def zipped(data, name, at):
    out = io.BytesIO()
    entry = zipfile.ZipInfo(name, time.gmtime(at)[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w") as z:
        z.writestr(entry, data)
    return out.getvalue()


def _file_name(report, host, suffix):
    return "%s!%s!%d!%d.%s" % (host, report.domain, report.begin, report.end, suffix)


def _b64(data):
    return base64.encodebytes(data).decode()


# Mails, one function a layout.


def _headers(report, host, received, more, subject="Report Domain: %s Submitter: %s Report-ID: <%s>"):
    subject = subject % (report.domain, host, report.id)
    return ("Return-Path: <%s>\nReceived: from %s (%s [192.0.2.250])\n\tby mx.example.com with ESMTPS; %s\n"
            "Date: %s\nFrom: %s\nTo: dmarc@example.com\nSubject: %s\n"
            "Message-ID: <%s.%d@%s>\nMIME-Version: 1.0\n%s" % (
                report.email, host, host, formatdate(received), formatdate(received - 20), report.email, subject,
                report.id.replace("@", "."), received, host, more))


def google_mail(report, received, host="alpha.example.org"):
    """The zip is the whole body, without any multipart."""
    name = _file_name(report, host, "zip")
    body = zipped(google_xml(report), _file_name(report, host, "xml"), received)
    return (_headers(report, host, received, 'Content-Type: application/zip;\n\tname="%s"\nContent-Disposition: attachment;\n\t'
                     'filename="%s"\nContent-Transfer-Encoding: base64\n\n' % (name, name),
                     "Report domain: %s Submitter: %s Report-ID: %s") + _b64(body)).encode()


def yahoo_mail(report, received, host="beta.example.org"):
    """multipart/mixed with a binary text part and a gzip."""
    name = _file_name(report, host, "xml.gz")
    boundary = "_----------=_%d" % received
    text = _headers(report, host, received, 'Content-Transfer-Encoding: binary\nContent-Type: multipart/mixed; boundary="%s"\n\n'
                    % boundary)
    text += "This is a multi-part message in MIME format.\n\n--%s\nContent-Disposition: inline\n" % boundary
    text += "Content-Transfer-Encoding: binary\nContent-Type: text/plain\n\nThis is an aggregate report from Beta\n--%s\n" % boundary
    text += 'Content-Disposition: attachment; filename="%s"\nContent-Transfer-Encoding: base64\n' % name
    text += 'Content-Type: application/gzip; name="%s"\n\n%s\n--%s--\n' % (name, _b64(gz(yahoo_xml(report), received)), boundary)
    return text.encode()


def microsoft_mail(report, received, host="gamma.example.org"):
    """mixed > related > alternative with an HTML part only, the gzip beside it."""
    name = _file_name(report, host, "xml.gz")
    mixed, related, alternative = ("_%s_%d_" % (tag, received) for tag in ("mpm", "rv", "av"))
    html = '<div style ="font-family:Segoe UI; font-size:14px;">This is a DMARC aggregate report from Gamma.</ div><br />'
    text = _headers(report, host, received, 'Content-Type: multipart/mixed;\n\tboundary="%s"\n\n' % mixed)
    text = re.sub("(?m)^Subject: (.*)", lambda m: "Subject: =?utf-8?B?%s?=" % base64.b64encode(m.group(1).encode()).decode(), text)
    text += 'This is a multi-part message in MIME format.\n\n--%s\nContent-Type: multipart/related;\n\tboundary="%s"\n\n' % (mixed, related)
    text += '--%s\nContent-Type: multipart/alternative;\n\tboundary="%s"\n\n--%s\n\n\n--%s\n' % (related, alternative, alternative, alternative)
    text += "Content-Type: text/html; charset=us-ascii\nContent-Transfer-Encoding: base64\n\n%s\n" % _b64(html.encode())
    text += "--%s--\n\n--%s--\n\n--%s\nContent-Type: application/gzip\n" % (alternative, related, mixed)
    text += "Content-Transfer-Encoding: base64\nContent-ID: <%d@gamma.example.org>\n" % received
    text += 'Content-Description: %s\nContent-Disposition: attachment; filename="%s";\n\n' % (name, name)
    text += "%s\n--%s--\n" % (_b64(gz(microsoft_xml(report), received)), mixed)
    return text.encode()


def plain_mail(report, received, host="delta.example.org"):
    """The XML uncompressed, quoted-printable."""
    boundary = "=_plain_%d" % received
    text = _headers(report, host, received, 'Content-Type: multipart/mixed; boundary="%s"\n\n' % boundary)
    text += "--%s\nContent-Type: text/plain; charset=utf-8\n\nAggregate report of Delta.\n\n--%s\n" % (boundary, boundary)
    text += 'Content-Type: text/xml; charset=utf-8; name="%s"\n' % _file_name(report, host, "xml")
    text += "Content-Transfer-Encoding: quoted-printable\nContent-Disposition: attachment\n\n"
    return text.encode() + quopri.encodestring(rfc9990_xml(report)) + ("\n--%s--\n" % boundary).encode()


def octet_stream_mail(report, received, host, body, name):
    """A small reporter: one attachment of type application/octet-stream."""
    boundary = "b-%d" % received
    text = _headers(report, host, received, 'Content-Type: multipart/mixed; boundary="%s"\n\n' % boundary)
    text += '--%s\nContent-Type: application/octet-stream; name="%s"\nContent-Transfer-Encoding: base64\n\n' % (boundary, name)
    return (text + "%s\n--%s--\n" % (_b64(body), boundary)).encode()


def forwarded_mail(inner, received):
    """A colleague forwards a report mail as an attachment."""
    boundary = "fwd-%d" % received
    text = "From: colleague@example.com\nTo: dmarc@example.com\nSubject: Fwd: this came to me\nDate: %s\n" % formatdate(received)
    text += 'Message-ID: <fwd.%d@example.com>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="%s"\n\n' % (received, boundary)
    text += "--%s\nContent-Type: text/plain\n\nNot for me, I think.\n\n--%s\nContent-Type: message/rfc822\n" % (boundary, boundary)
    text += "Content-Disposition: attachment\n\n"
    return text.encode() + inner + ("\n--%s--\n" % boundary).encode()


def bounce_mail(received):
    """A mail of ours that came back; there is no report in it."""
    boundary = "dsn-%d" % received
    text = "Return-Path: <>\nFrom: MAILER-DAEMON@example.com (Mail Delivery System)\nTo: dmarc@example.com\nDate: %s\n" % formatdate(received)
    text += "Subject: Undelivered Mail Returned to Sender\nMessage-ID: <dsn.%d@example.com>\nMIME-Version: 1.0\n" % received
    text += 'Content-Type: multipart/report; report-type=delivery-status;\n\tboundary="%s"\n\n' % boundary
    text += "--%s\nContent-Type: text/plain; charset=us-ascii\n\nYour message could not be delivered.\n\n" % boundary
    text += "--%s\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n" % boundary
    text += "Final-Recipient: rfc822; nobody@example.net\nAction: failed\nStatus: 5.1.1\n\n"
    text += "--%s\nContent-Type: text/rfc822-headers\n\nFrom: dmarc@example.com\nTo: nobody@example.net\n" % boundary
    return (text + "Subject: hello\n\n--%s--\n" % boundary).encode()


# The twelve, and one more.


def failure_mail(received, said, beside):
    """A failure report, with a part beside it that holds `beside`; `said` is what the mail says that it is about."""
    boundary = "ruf-%d" % received
    text = "From: ruf@zeta.example.org\nTo: dmarc@example.com\nDate: %s\nSubject: FW: hello\n" % formatdate(received)
    text += "Message-ID: <ruf.%d@zeta.example.org>\nMIME-Version: 1.0\n" % received
    text += 'Content-Type: multipart/report; report-type=feedback-report; boundary="%s"\n\n' % boundary
    text += "--%s\nContent-Type: text/plain\n\nA failure.\n\n--%s\nContent-Type: text/xml\n\n" % (boundary, boundary)
    text += beside + "\n--%s\nContent-Type: message/feedback-report\n\n" % boundary
    text += "Feedback-Type: auth-failure\nAuth-Failure: dmarc\nSource-IP: 192.0.2.77\nReported-Domain: example.com\n\n"
    text += "--%s\nContent-Type: message/rfc822\n\nFrom: a@example.com\nSubject: hello\n\n%s\n--%s--\n" % (boundary, said, boundary)
    return text.encode()


def reporter(org, host, day, length=1, end=-1):
    """A maker of reports of one reporter. `day` is the first second of the (first) day reported."""
    def make(domain, rows):
        report_id = "%s.%d@%s" % (domain, day, host)
        return Report(org, "dmarc@" + host, domain, report_id, day, day + length * DAY + end, rows)
    return make


def mails(now):
    """The twelve mails. `now` is any second of the day on which they arrive; they report the days before it."""
    today = int(now) // DAY * DAY
    yesterday = today - DAY
    alpha = reporter("Alpha Mail", "alpha.example.org", yesterday)
    beta = reporter("Beta! Inc.", "beta.example.org", yesterday)
    gamma = reporter("Gamma Outlook", "gamma.example.org", yesterday, end=0)
    delta = reporter("Delta", "delta.example.org", yesterday)
    epsilon = reporter("epsilon.example.org", "epsilon.example.org", today - 4 * DAY, length=4)
    zeta = reporter("Zeta Webmail", "zeta.example.org", yesterday)

    alpha_com = alpha("example.com", [
        ours(OWN, 180), broken(OWN, 12, "reject"), spoof(STRANGER, 25, "none", "local_policy"), spoof("2001:db8:a::1", 3, "reject")])
    beta_com = beta("example.com", [ours(OWN, 40), broken(OWN, 4, "reject"), spoof("198.51.100.200", 60, "reject")])
    gamma_com = gamma("example.com", [
        ours(OWN, 90), ours(OWN_V6, 30), spf_only(NEWSLETTER, 50), spoof(STRANGER, 15, "none")])
    delta_com = delta("example.com", [
        ours(OWN, 20), broken(OWN, 2, "quarantine"), ours("198.51.100.41", 46), broken("198.51.100.41", 4, "reject"),
        spoof("2001:db8:9::25", 9, "none", "local_policy")])
    epsilon_net = epsilon("example.net", [
        ours(OWN, 80), spoof("2001:db8:77::1", 24, "none", "local_policy"), spoof("2001:db8:77:5::9", 8, "quarantine")])
    beta_net = beta("example.net", [ours(OWN, 25)])
    alpha_org = alpha("example.org", [
        ours(OWN, 60), ours("198.51.100.33", 395), broken("198.51.100.33", 5, "quarantine")])
    zeta_com = zeta("example.com", [ours(OWN, 10), spoof(STRANGER_NEXT, 5, "none")])
    gamma_org = gamma("example.org", [ours(OWN, 20), spoof("2001:db8:b::66", 9, "quarantine")])
    zeta_org = zeta("example.org", [ours(OWN, 500)] + [spoof("203.0.113.6%d" % n, 100, "none") for n in range(1, 8)])

    at = [today + n for n in range(12)]  # they come a second apart, from midnight on
    whole = gz(google_xml(zeta_org), at[10])
    made = [
        ("google-zip", google_mail(alpha_com, at[0])),
        ("yahoo-gz", yahoo_mail(beta_com, at[1])),
        ("microsoft-gz", microsoft_mail(gamma_com, at[2])),
        ("plain-rfc9990", plain_mail(delta_com, at[3])),
        ("four-days-gz", octet_stream_mail(epsilon_net, at[4], "epsilon.example.org", gz(google_xml(epsilon_net), at[4]), "report.gz")),
        ("yahoo-gz-passing", yahoo_mail(beta_net, at[5])),
        ("google-zip-noise", google_mail(alpha_org, at[6])),
        ("nested", forwarded_mail(google_mail(zeta_com, at[7], "zeta.example.org"), at[7])),
        ("same-report-again", octet_stream_mail(alpha_com, at[8], "alpha.example.org", gz(google_xml(alpha_com), at[8]), "again.xml.gz")),
        ("bounce", bounce_mail(at[9])),
        ("cut-gzip", octet_stream_mail(zeta_org, at[10], "zeta.example.org", whole[:-24], "cut.xml.gz")),
        ("microsoft-gz-noise", microsoft_mail(gamma_org, at[11])),
    ]
    return [Mail(name, content, when) for (name, content), when in zip(made, at)]


def thirteenth(now):
    """A mail about the domain that had nothing to tell so far."""
    today = int(now) // DAY * DAY
    beta = reporter("Beta! Inc.", "beta.example.org", today - DAY)
    report = beta("example.org", [ours(OWN, 70), spoof("198.51.100.99", 33, "none", "local_policy"), spoof("198.51.100.99", 7, "quarantine")])
    return Mail("thirteenth", yahoo_mail(report, today + 20), today + 20)


def warning(domain, now, padding=b"", rows=()):
    """A mail whose report alone leads to one warning about `domain`: 20 spoofed messages let through. `padding` makes the mail
    larger, `rows` the report."""
    today = int(now) // DAY * DAY
    report = reporter("Eta", "eta.example.org", today - DAY)(domain, list(rows) + [spoof(STRANGER, 20, "none")])
    mail = octet_stream_mail(report, today + 30, "eta.example.org", gz(google_xml(report), today), "report.xml.gz")
    return Mail("warning-" + domain, mail + b"\n" + base64.encodebytes(padding), today + 30)


def write(folder, now):
    """Writes the twelve as NN-name.eml and returns their paths."""
    paths = []
    for n, mail in enumerate(mails(now), 1):
        paths.append(os.path.join(folder, "%02d-%s.eml" % (n, mail.name)))
        with open(paths[-1], "wb") as f:
            f.write(mail.content)
        os.utime(paths[-1], (mail.received, mail.received))
    return paths


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: samples.py FOLDER [UNIX-TIME]")
    os.makedirs(sys.argv[1], exist_ok=True)
    print("\n".join(write(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else time.time())))
