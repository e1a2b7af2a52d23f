"""Modified UTF-7, the form of mailbox names on an IMAP wire and in a Maildir (RFC 3501 5.1.3)."""
import base64
import re


def _shift(run):
    coded = base64.b64encode(run.group().encode("utf-16-be")).decode().rstrip("=")
    return "&" + coded.replace("/", ",") + "-"


def encode(name):
    """A Unicode name to its wire form."""
    return re.sub(r"[^\x20-\x7e]+", _shift, name.replace("&", "&-"))
