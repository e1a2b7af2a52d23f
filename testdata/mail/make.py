#!/usr/bin/env python3
"""Writes the sample mails of this folder. README.md says what each one proves; the golden files beside them are
written by hand or checked by eye, never taken from a run unread.

The two S/MIME samples need a key and are made once: `make.py --smime` calls openssl.
"""
import base64
import gzip
import io
import os
import quopri
import subprocess
import sys
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
XML = b'<?xml version="1.0"?>\n<feedback><report_metadata><org_name>r.example</org_name></report_metadata></feedback>\n'
GZIP = gzip.compress(XML, mtime=0)


def zipped(name="r.xml"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo(name, (2026, 11, 24, 0, 0, 0)), XML, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def b64(data, nl=b"\n"):
    return nl.join(base64.encodebytes(data).splitlines()) + nl


TOP = b"""From: Reporter <dmarc@r.example>
To: rua@example.com
Subject: Report domain: example.com
Message-ID: <1@r.example>
MIME-Version: 1.0
"""
TEXT = b"Content-Type: text/plain\n\nAn aggregate report.\n"
ATTACHMENT = b'Content-Type: application/gzip; name="r.xml.gz"\nContent-Transfer-Encoding: base64\n\n' + b64(GZIP)


def multipart(*parts, boundary=b"b1", kind=b"mixed", head=b"", close=True):
    """Header and body of a multipart, to be put behind other header fields."""
    out = b'Content-Type: multipart/%s; boundary="%s"\n%s\n' % (kind, boundary, head)
    for part in parts:
        out += b"--" + boundary + b"\n" + part + b"\n"
    return out + (b"--" + boundary + b"--\n" if close else b"")


def mail(head=b"X-Inner: 1\n"):
    return TOP + head + multipart(TEXT, ATTACHMENT, boundary=b"in")


def message(inner, head=b""):
    return b"Content-Type: message/rfc822\n" + head + b"\n" + inner


def nested(levels):
    inner = TOP + ATTACHMENT
    for i in range(levels):
        inner = TOP + (message(inner) if i % 2 else multipart(TEXT, message(inner), boundary=b"n%d" % i))
    return inner


FEEDBACK = b"Content-Type: message/feedback-report\n\nFeedback-Type: auth-failure\nUser-Agent: X/1\nVersion: 1\n"
ORIGINAL = message(mail())
ARF = b"report; report-type=feedback-report"


def uuencoded(data, name=b"r.xml.gz"):
    out = b"begin 644 " + name + b"\n"
    for i in range(0, len(data), 45):
        line = data[i:i + 45]
        out += bytes([32 + len(line)])
        for j in range(0, len(line), 3):
            v = int.from_bytes(line[j:j + 3].ljust(3, b"\0"), "big")
            out += bytes((32 + (v >> s & 63)) for s in (18, 12, 6, 0)).replace(b" ", b"`")
        out += b"\n"
    return out + b"`\nend\n"


def made(name):
    """The octets of the S/MIME sample of that name, which `--smime` has made."""
    with open(os.path.join(HERE, name + ".eml"), "rb") as f:
        return f.read().split(b"\n\n", 1)[1]


DER = b"""From: a@r.example
Content-Type: application/pkcs7-mime; smime-type=%s; name="smime.p7m"
Content-Transfer-Encoding: base64

"""

def part(kind, data, encoding=b"base64", more=b""):
    body = {b"base64": b64, b"binary": lambda d: d, None: lambda d: d}[encoding](data)
    return b"Content-Type: " + kind + b"\n" + (b"Content-Transfer-Encoding: " + encoding + b"\n" if encoding else b"") + more + b"\n" + body


def quoted(data):
    return b"".join(b"> " + line + b"\n" for line in data.splitlines())


# Packets of OpenPGP that hold a session key: for a public key, and for a pass phrase.
PGP_KEY = b"\x85\x01\x0c\x03" + b"KEYIDKEY" + b"\x01" + b"k" * 258
PGP_PHRASE = b"\x8c\x0d\x04\x09\x03\x08" + b"saltsalt" + b"\xff" + b"\xd2\x3f\x01" + b"d" * 62
PGP_ARMOUR = b"-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----\n"
# CompressedData (RFC 3274), as far as it is looked at.
CMS_COMPRESSED = b"\x30\x11\x06\x0b*\x86H\x86\xf7\x0d\x01\x09\x10\x01\x09\xa0\x02\x30\x00"

SAMPLES = {
    # the shapes of reporters
    "root-gzip": TOP + ATTACHMENT,
    "root-zip-binary": TOP + b"Content-Type: application/zip\nContent-Transfer-Encoding: binary\n\n" + zipped(),
    "mixed": TOP + multipart(TEXT, ATTACHMENT),
    "mixed-crlf": (TOP + multipart(TEXT, ATTACHMENT)).replace(b"\n", b"\r\n"),
    "xml-quoted-printable": TOP + multipart(
        TEXT, b"Content-Type: text/xml\nContent-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(XML)),
    "xml-only-body": TOP + b"\n" + XML,
    "wrong-types": TOP + multipart(
        b"Content-Type: text/plain\nContent-Transfer-Encoding: BASE64\n\n" + b64(GZIP),
        b"Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n" + b64(zipped()),
        b"Content-Transfer-Encoding: base64\n\n" + b64(GZIP),
        b"Content-Type: \nContent-Transfer-Encoding: base64\n\n" + b64(GZIP)),
    # encoded containers
    "container-binary": TOP + multipart(TEXT, ATTACHMENT, head=b"Content-Transfer-Encoding: binary\n"),
    "container-base64-lie": TOP + multipart(TEXT, ATTACHMENT, head=b"Content-Transfer-Encoding: base64\n"),
    "container-base64": TOP + b"Content-Type: multipart/mixed; boundary=b1\nContent-Transfer-Encoding: base64\n\n"
    + b64(multipart(TEXT, ATTACHMENT).split(b"\n\n", 1)[1]),
    "container-quoted": TOP + b'Content-Type: multipart/mixed; boundary="=b1"\nContent-Transfer-Encoding: quoted-printable\n\n'
    + quopri.encodestring(multipart(TEXT, ATTACHMENT, boundary=b"=b1").split(b"\n\n", 1)[1]),
    "message-base64": TOP + message(b64(mail()), b"Content-Transfer-Encoding: base64\n"),
    "message-quoted": TOP + message(quopri.encodestring(mail()), b"Content-Transfer-Encoding: quoted-printable\n"),
    "message-quoted-lie": TOP + message(mail(), b"Content-Transfer-Encoding: quoted-printable\n"),
    # nesting
    "nested-5": nested(5),
    "nested-6": nested(6),
    "digest": TOP + multipart(b"\n" + TOP + ATTACHMENT, b"Content-Type: text/plain\n\nx\n", kind=b"digest"),
    "attached-eml": TOP + multipart(
        TEXT, b'Content-Type: application/octet-stream; name="fwd.eml"\nContent-Transfer-Encoding: base64\n\n'
        + b64(mail())),
    # signed and encrypted
    "signed": TOP + multipart(
        multipart(TEXT, ATTACHMENT, boundary=b"in"),
        b"Content-Type: application/pkcs7-signature\n\nMII=\n", kind=b"signed"),
    "signature-beside": TOP + multipart(ATTACHMENT, b"Content-Type: application/pgp-signature\n\nx\n"),
    "pgp-mime": TOP + multipart(
        b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n",
        b"Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n", kind=b"encrypted"),
    "pgp-inline": TOP + b"\n-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----\n",
    "partial": TOP + b'Content-Type: message/partial; id="a"; number=1; total=2\n\nFrom: x\n\ny\n',
    "external-body": TOP + multipart(TEXT, b"Content-Type: message/external-body; access-type=URL\n\nContent-Type: a/b\n\n"),
    "pgp-key": TOP + multipart(TEXT, part(b"application/octet-stream", PGP_KEY)),
    "pgp-phrase": TOP + multipart(TEXT, part(b"application/octet-stream; name=r.xml.gz.gpg", PGP_PHRASE)),
    "pgp-named": TOP + multipart(TEXT, part(b'application/octet-stream; name="r.xml.pgp"', b"\xd2\xff" + b"d" * 40)),
    "pgp-armour-encoded": TOP + multipart(TEXT, part(b"text/plain", PGP_ARMOUR)),
    "pgp-decrypted": TOP + multipart(
        part(b"application/pgp-encrypted", b"Version: 1\n", None), part(b"application/octet-stream", GZIP), kind=b"encrypted"),
    "pgp-mime-binary": TOP + multipart(
        part(b"application/pgp-encrypted", b"Version: 1\n", None), part(b"application/octet-stream", PGP_KEY), kind=b"encrypted"),
    "smime-no-encoding": TOP + b"Content-Type: application/pkcs7-mime; name=smime.p7m\n\n" + made("smime-signed"),
    "smime-pem": TOP + b"Content-Type: application/pkcs7-mime; name=smime.p7m\n\n-----BEGIN PKCS7-----\n" + made("smime-signed")
    + b"-----END PKCS7-----\n",
    "smime-compressed": TOP + part(b"application/pkcs7-mime; smime-type=compressed-data", CMS_COMPRESSED),
    "smime-opened": TOP + part(b"application/pkcs7-mime; name=smime.p7m", multipart(TEXT, ATTACHMENT, boundary=b"in")),
    # what the octets are decides, not the type
    "type-rfc822": TOP + multipart(TEXT, part(b"message/rfc822", GZIP)),
    "type-rfc822-binary": TOP + multipart(TEXT, part(b"message/rfc822", GZIP, b"binary")),
    "type-rfc822-xml": TOP + multipart(TEXT, part(b"message/rfc822", XML), part(b"message/rfc822", XML, None)),
    "type-rfc822-root": TOP + part(b"message/rfc822", zipped()),
    "type-global": TOP + multipart(TEXT, part(b"message/global", zipped())),
    "type-digest": TOP + multipart(
        b"Content-Transfer-Encoding: base64\n\n" + b64(GZIP), b"\n" + TOP + ATTACHMENT, kind=b"digest"),
    "type-eml-name": TOP + multipart(TEXT, part(b'application/octet-stream; name="r.eml"', GZIP)),
    "type-pkcs7": TOP + multipart(
        part(b"application/pkcs7-mime", GZIP), part(b"application/x-pkcs7-mime", XML, None), part(b"a/b; name=r.p7m", zipped())),
    "type-signature": TOP + multipart(
        part(b"application/pkcs7-signature", GZIP), part(b"application/pgp-signature", XML, None)),
    "type-partial": TOP + multipart(
        part(b"message/partial; id=a; number=1; total=1", GZIP), part(b"message/external-body; access-type=x", zipped())),
    "type-feedback": TOP + multipart(
        TEXT, part(b"message/feedback-report", GZIP), ORIGINAL, kind=ARF),
    "type-feedback-xml": TOP + multipart(TEXT, part(b"message/feedback-report", XML, None)),
    # feedback reports
    "arf": TOP + multipart(TEXT, FEEDBACK, ORIGINAL, kind=ARF),
    "arf-headers-only": TOP + multipart(TEXT, FEEDBACK, b"Content-Type: text/rfc822-headers\n\n" + TOP, kind=ARF),
    "arf-mangled": TOP + multipart(
        TEXT, FEEDBACK.replace(b"report\n", b'report; name="ATT00001"\n'),
        b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n" + b64(mail())),
    "arf-without-feedback": TOP + multipart(TEXT, TEXT, b"Content-Type: application/octet-stream\n\n" + mail(), kind=ARF),
    "arf-inside-mixed": TOP + multipart(multipart(TEXT, FEEDBACK, ORIGINAL, boundary=b"in2", kind=ARF), ATTACHMENT),
    "arf-swapped": TOP + multipart(TEXT, ORIGINAL, FEEDBACK, kind=ARF),
    "arf-folded-fields": TOP + multipart(
        TEXT, b"Content-Type: message/feedback-report\nFeedback-Type: auth-failure\nSource-IP: 192.0.2.1\n\n",
        ORIGINAL, kind=ARF),
    # what is not as it should be
    "bare-cr": (TOP + multipart(TEXT, ATTACHMENT)).replace(b"\n", b"\r"),
    "cr-cr-lf": (TOP + multipart(TEXT, ATTACHMENT)).replace(b"\n", b"\r\r\n"),
    "bom": b"\xef\xbb\xbf" + mail(),
    "blank-first": b"\n \n" + mail(),
    "mbox-line": b"From dmarc@r.example Tue Nov 24 02:24:22 2026\n" + mail(),
    "no-mime-version": mail().replace(b"MIME-Version: 1.0\n", b""),
    "header-only": TOP,
    "no-blank-line": TOP + multipart(
        TEXT, b"Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n" + b64(GZIP)),
    "garbage-line": TOP + multipart(
        TEXT, b"Content-Type: application/gzip\nthis line is no field\nContent-Transfer-Encoding: base64\n\n" + b64(GZIP)),
    "bare-name-line": TOP + multipart(
        TEXT, b'Content-Type: application/gzip;\nname="r.xml.gz"\nContent-Transfer-Encoding: base64\n\n' + b64(GZIP)),
    "misspelt": TOP + multipart(
        TEXT, b'ContentType: application/gzip; name="r.xml.gz"\nContent-Transfer_Encoding: base64\n\n' + b64(GZIP)),
    "misspelt-root": TOP + b'ContentType: multipart/mixed; boundary="b1"\n'
    + multipart(TEXT, ATTACHMENT).split(b"\n", 1)[1],
    "no-type-at-root": TOP + multipart(TEXT, ATTACHMENT).split(b"\n", 1)[1],
    "no-encoding": TOP + multipart(TEXT, b"Content-Type: application/gzip\n\n" + b64(GZIP)),
    # boundaries
    "boundary-prefix": TOP + multipart(multipart(TEXT, ATTACHMENT, boundary=b"b1-1", kind=b"related"), TEXT),
    "boundary-unclosed": TOP + multipart(multipart(TEXT, ATTACHMENT, boundary=b"in", close=False), TEXT, close=False),
    "boundary-wrong": TOP + b"Content-Type: multipart/mixed; boundary=other\n"
    + multipart(TEXT, ATTACHMENT).split(b"\n", 1)[1],
    "boundary-absent": TOP + b"Content-Type: multipart/mixed\n" + multipart(TEXT, ATTACHMENT).split(b"\n", 1)[1],
    "boundary-nowhere": TOP + b"Content-Type: multipart/mixed; boundary=b1\n\n" + b64(GZIP),
    "boundary-blanks": TOP + multipart(TEXT, ATTACHMENT).replace(b"\n--b1\n", b"\n--b1 \t\n"),
    "boundary-rfc2231": TOP + b"Content-Type: multipart/mixed; boundary*0=b; boundary*1=1\n"
    + multipart(TEXT, ATTACHMENT).split(b"\n", 1)[1],
    "part-behind-close": TOP + multipart(TEXT) + b"\nepilogue\n--b1\n" + ATTACHMENT + b"--b1--\n",
    "empty-parts": TOP + b"Content-Type: multipart/mixed; boundary=b1\n\n--b1\n--b1\n\n--b1\n" + ATTACHMENT + b"--b1--\n",
    # names
    "name-rfc2231": TOP + multipart(
        b"Content-Type: application/gzip;\n name*1=\".xml\"; name*0=\"r.example!example.com\";\n name*2*=%2Egz\n"
        b"Content-Transfer-Encoding: base64\n\n" + b64(GZIP),
        b"Content-Type: application/gzip\nContent-Disposition: attachment;\n"
        b" filename=\"plain.gz\"; filename*=iso-8859-1'de'%FCber.gz\nContent-Transfer-Encoding: base64\n\n" + b64(GZIP)),
    "name-rfc2047": TOP + multipart(
        b'Content-Type: application/gzip; name="=?utf-8?B?cg==?=\n =?utf-8?Q?=2Exml.gz?="\nContent-Transfer-Encoding: base64\n\n'
        + b64(GZIP),
        b"Content-Type: application/gzip\nContent-Disposition: attachment; filename=two words.gz; size=1\n"
        b"Content-Transfer-Encoding: base64\n\n" + b64(GZIP)),
    # packed into text
    "uuencode": TOP + b"\nSee below.\n\n" + uuencoded(GZIP) + b"\nand\n" + uuencoded(zipped()),
    "x-uuencode": TOP + b"Content-Type: application/gzip\nContent-Transfer-Encoding: x-uuencode\n\n" + uuencoded(GZIP),
    "base64-in-text": TOP + b"\n<External mail: be careful>\n\n" + b64(GZIP) + b"\n-- \nfooter\n",
    "base64-twice": TOP + b"Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n" + b64(b64(GZIP)),
    "base64-footer": TOP + b"Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n" + b64(GZIP)
    + b"\n_______\nlist footer\n",
    "base64-lie": TOP + b"Content-Type: text/xml\nContent-Transfer-Encoding: base64\n\n" + XML,
    "blank-before-binary": TOP + b"Content-Type: application/gzip\nContent-Transfer-Encoding: binary\n\n\r\n" + GZIP,
    "xml-quoted-undeclared": TOP + multipart(TEXT, b"Content-Type: text/xml\n\n" + quopri.encodestring(XML)),
    "xml-text-base64": TOP + b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + b64(XML),
    "xml-pasted": TOP + b"\nHello,\n\n" + XML + b"\nBye\n",
    "json-pasted": TOP + b'\nHello,\n\n{"organization-name":"r","policies":[]}\n',
    "base64-quoted": TOP + b"\nYou wrote:\n\n" + quoted(b64(GZIP)),
    "base64-quoted-encoded": TOP + b"Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n" + quoted(b64(GZIP)),
    "blank-at-the-start": b"\r\n" + GZIP,
    "tnef": TOP + b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+IgAA\n",
    # what is no report
    "bounce": b"Return-Path: <>\n" + TOP + multipart(
        TEXT, b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; r.example\n",
        b"Content-Type: text/rfc822-headers\n\nSubject: x\n", kind=b"report; report-type=delivery-status"),
    "bounce-plain": b"X-Failed-Recipients: a@example.net\n" + TOP + b"\nA message could not be delivered.\n",
    "vacation": b"Return-Path: <>\nAuto-Submitted: auto-replied (vacation)\n" + TOP + b"\nI am away.\n",
    "read-receipt": TOP + multipart(
        TEXT, b"Content-Type: message/disposition-notification\n\nDisposition: x\n",
        kind=b"report; report-type=disposition-notification"),
    "generated": b"Auto-Submitted: auto-generated\n" + TOP + b"\nBuy now.\n",
    "empty": b" \r\n\n",
    "no-mail": b64(GZIP),
    # facts
    "facts": b"""Received: by mx.example.com
Authentication-Results: mx.example.com;
 dkim=pass header.d=r.example
From: "Re@porter, Inc." (c@omment) <dmarc@R.Example.>
Message-ID:
 <2@r.example>
Subject: =?UTF-8?Q?Report_f=C3=BCr?=
 =?utf-8?B?IGV4YW1wbGUuY29t?=
From: second@other.example

x
""",
}


def smime():
    with tempfile.TemporaryDirectory() as d:
        key, cert, plain = (os.path.join(d, n) for n in ("key", "cert", "plain"))
        with open(plain, "wb") as f:
            f.write(multipart(TEXT, ATTACHMENT))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", key, "-out", cert,
                        "-subj", "/CN=r.example", "-days", "1"], check=True, stderr=subprocess.DEVNULL)
        sign = ["openssl", "cms", "-sign", "-nodetach", "-nocerts", "-binary", "-in", plain, "-signer", cert, "-inkey", key,
                "-outform", "DER"]
        for name, extra in (("smime-signed", []), ("smime-signed-stream", ["-stream"])):
            der = subprocess.run(sign + extra, check=True, stdout=subprocess.PIPE).stdout
            write(name, DER % b"signed-data" + b64(der))
        der = subprocess.run(["openssl", "cms", "-encrypt", "-binary", "-in", plain, "-outform", "DER", cert], check=True,
                             stdout=subprocess.PIPE).stdout
        write("smime-enveloped", DER % b"enveloped-data" + b64(der))


def write(name, data, ending=".eml"):
    with open(os.path.join(HERE, name + ending), "wb") as f:
        f.write(data)


if sys.argv[1:] == ["--smime"]:
    smime()
else:
    for sample, content in SAMPLES.items():
        write(sample, content)
    # What the attachments are, for comparison.
    write("r", GZIP, ".xml.gz")
    write("r", zipped(), ".zip")
    write("r", XML, ".xml")
