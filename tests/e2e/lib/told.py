"""What a person reads in a notice, without the wrapping of its channel, and checks of it against an expected one."""
import html
import re


def slack_text(request):
    """All text of a Block Kit message, in order; the mark-up signs are gone, the escapes resolved."""
    body = request.json()
    return html.unescape(re.sub(r"[*`]", "", "\n".join(_strings(body))))


def _strings(node):
    if isinstance(node, dict):
        found = [node["text"]] if isinstance(node.get("text"), str) else []
        return found + [s for key, value in node.items() if not isinstance(value, str) for s in _strings(value)]
    if isinstance(node, list):
        return [s for item in node for s in _strings(item)]
    return []


def mail_texts(mail):
    """The texts of a multipart/alternative: {'plain': …, 'html': …}, the second without its tags."""
    plain = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    return {"plain": plain, "html": html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(style|head)\b.*?</\1>", " ", page)))}


def number(n):
    """A pattern for a number, with or without separators of thousands, that is no part of another one."""
    return r"(?<![\d.,:])%s(?![\d:]|[.,]\d)" % "[,. ]?".join(_thousands(n))


def _thousands(n):
    return format(n, ",").split(",")


def check(case, text, notice, where):
    """Fails unless the text tells exactly the expected notice: domain, rules, sources, counts, fates."""
    def has(pattern, what):
        case.assertRegex(text, "(?is)" + pattern, "%s: %s of %s is not told in:\n%s" % (where, what, notice.domain, text))

    has(re.escape(notice.domain), "the domain")
    has(r"\b%s\b" % notice.severity, "the severity")
    has("authenticat|verif", "that nobody vouches for the reports")
    for incident in notice.incidents:
        has(r"\b%s\b" % incident.rule, "the rule")
        has("|".join(r"(?<![\w.])%s(?![\w])" % re.escape(s) for s in incident.sources), "the source")
        has(number(incident.failed), "the failed messages")
        if incident.total is not None:
            has(number(incident.total), "all messages")
        if incident.cause:
            has(incident.cause, "the cause")
        for fate, messages in incident.fates.items():
            has(r"%s[^\d.]{0,30}\b%s\b" % (number(messages), fate.replace(" ", r"\s+")), "%d %s" % (messages, fate))
    for other in notice.never:
        case.assertNotIn(other, text, "%s: %s does not belong into the notice of %s:\n%s" % (where, other, notice.domain, text))


def same(case, texts, notices, where):
    """Exactly the expected notices, in any order."""
    case.assertEqual(len(texts), len(notices), "%s: %d notices instead of %d:\n%s" % (
        where, len(texts), len(notices), "\n-----\n".join(texts)))
    for notice in notices:
        fitting = [t for t in texts if notice.domain in t]
        case.assertEqual(len(fitting), 1, "%s: not one notice of %s in:\n%s" % (where, notice.domain, "\n-----\n".join(texts)))
        check(case, fitting[0], notice, where)
