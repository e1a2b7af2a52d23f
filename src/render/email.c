/* A whole message of RFC 5322: header, and the same content as text and as HTML. */
#include <stdio.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "channel.h"
#include "email_body.h"
#include "model/domain.h"
#include "story.h"
#include "text/escape.h"

enum { QP_LINE = 76 };

static void put_field(buf *out, const char *name, sv value)
{
    buf_printf(out, "%s: ", name);
    text_header(out, value, strlen(name) + 2);
    buf_puts(out, "\r\n");
}

/* Quoted-printable (RFC 2045 6.7) of text with LF line ends. */
static void put_quoted(buf *out, sv text)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t column = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n') {
            buf_puts(out, "\r\n");
            column = 0;
            continue;
        }
        bool last = i + 1 == text.n || text.p[i + 1] == '\n';
        bool plain = (c > ' ' && c <= '~' && c != '=') || (c == ' ' && !last);
        if (column + (plain ? 1 : 3) > QP_LINE - 1) {
            buf_puts(out, "=\r\n");
            column = 0;
        }
        if (plain)
            buf_char(out, (char)c);
        else
            buf_printf(out, "=%c%c", hex[c >> 4], hex[c & 15]);
        column += plain ? 1 : 3;
    }
}

static bool is_address_sign(char c)
{
    return c > ' ' && c <= '~' && c != '<' && c != '>' && c != ',' && c != ';';
}

/* The address alone: whatever could end it or add another one is left out. */
static void put_address(buf *out, sv address)
{
    for (size_t i = 0; i < address.n; i++) {
        if (is_address_sign(address.p[i]))
            buf_char(out, address.p[i]);
    }
}

static bool is_ascii_text(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    }
    return sv_find(s, SV("=?"), 0) == SIZE_MAX;
}

/* A display name: quoted, or encoded-words. */
static void put_name(buf *out, sv name, size_t used)
{
    if (!is_ascii_text(name)) {
        text_header(out, name, used);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '"' || name.p[i] == '\\')
            buf_char(out, '\\');
        buf_char(out, name.p[i]);
    }
    buf_char(out, '"');
}

static sv without_quotes(sv name)
{
    name = sv_trim(name);
    bool quoted = name.n >= 2 && name.p[0] == '"' && name.p[name.n - 1] == '"';
    return quoted ? sv_of(name.p + 1, name.n - 2) : name;
}

/* "Name <address>" or an address. */
static void put_mailbox(buf *out, sv mailbox, size_t used)
{
    size_t open = sv_find_char(mailbox, '<', 0);
    if (open == SIZE_MAX) {
        put_address(out, mailbox);
        return;
    }
    sv name = without_quotes(sv_first(mailbox, open));
    if (name.n > 0) {
        put_name(out, name, used);
        buf_puts(out, "\r\n ");
    }
    buf_char(out, '<');
    put_address(out, sv_skip(mailbox, open + 1));
    buf_char(out, '>');
}

static void put_people(buf *out, const struct channel_cfg *channel, sv owner)
{
    const sv *to = owner.n ? &owner : channel->to;
    size_t n_to = owner.n ? 1 : channel->n_to;
    buf_puts(out, "From: ");
    put_mailbox(out, channel->from, 6);
    buf_puts(out, "\r\nTo: ");
    for (size_t i = 0; i < n_to; i++) {
        if (i > 0)
            buf_puts(out, ",\r\n ");
        put_mailbox(out, to[i], 4);
    }
    buf_puts(out, "\r\n");
}

/* The same for every attempt; follow-ups of one domain stand in one thread. */
static void put_ids(buf *out, const struct notice *n, sv host, const char *id)
{
    uint8_t thread[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    buf_printf(out, "Message-ID: <%s@%.*s>\r\n", id, SV_ARG(host));
    if (!sha256(n->domain.n > 0 ? n->domain : n->tenant, thread)) {
        out->failed = true;
        return;
    }
    hex_of(thread, 16, hex);
    buf_printf(out, "References: <domain-%s@%.*s>\r\n", hex, SV_ARG(host));
}

static void put_rules(buf *out, const struct notice *n)
{
    bool seen[RULE_END + ITEM_END] = {false};
    buf_puts(out, "X-Dmarcwarn-Rule:");
    for (size_t i = 0; i < n->n_items; i++) {
        const struct notice_item *item = &n->items[i];
        bool *was = &seen[item->kind == ITEM_incident ? (unsigned)item->rule : RULE_END + item->kind];
        if (!*was)
            buf_printf(out, " %s", story_rule(item));
        *was = true;
    }
    buf_puts(out, "\r\n");
}

static void put_own_fields(buf *out, const struct notice *n, const char *id)
{
    buf_puts(out, "Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\nX-Auto-Response-Suppress: All\r\n");
    buf_printf(out, "X-Dmarcwarn-Notice: %s\r\n", id);
    buf_printf(out, "X-Dmarcwarn-Severity: %s\r\n", severity_name(n->severity));
    if (n->kind != NOTICE_digest)
        put_rules(out, n);
    if (n->domain.n > 0)
        put_field(out, "X-Dmarcwarn-Domain", n->domain);
}

static void put_part(buf *out, const char *boundary, const char *type, sv body)
{
    buf_printf(out, "--%s\r\nContent-Type: %s; charset=utf-8\r\n", boundary, type);
    buf_puts(out, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    put_quoted(out, body);
    buf_puts(out, "\r\n");
}

static void put_header(buf *out, const struct notice *n, const struct render_context *c, sv subject,
                       const char *id)
{
    char date[CLOCK_TEXT];
    sv host = domain_is_plain(c->host) ? c->host : SV("localhost");
    buf_printf(out, "Date: %s\r\n", clock_rfc5322(c->now, date));
    put_people(out, c->channel, n->owner);
    put_field(out, "Subject", subject);
    put_ids(out, n, host, id);
    put_own_fields(out, n, id);
    buf_puts(out, "MIME-Version: 1.0\r\n");
}

/* Quoted-printable never writes "=_": no body can hold the boundary (RFC 2045 6.7). */
static void put_message(buf *out, const struct notice *n, const struct render_context *c, const buf bodies[3])
{
    char id[INCIDENT_ID_TEXT], boundary[INCIDENT_ID_TEXT + 8];
    hex_of(n->id, INCIDENT_ID, id);
    (void)snprintf(boundary, sizeof boundary, "=_%s", id);
    put_header(out, n, c, buf_view(&bodies[0]), id);
    buf_printf(out, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n", boundary);
    put_part(out, boundary, "text/plain", buf_view(&bodies[1]));
    put_part(out, boundary, "text/html", buf_view(&bodies[2]));
    buf_printf(out, "--%s--\r\n", boundary);
}

bool render_email(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    arena memory;
    buf bodies[3]; /* subject, text, HTML */
    arena_init(&memory, c->limits->notice_size * 8);
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        buf_init(&bodies[i], c->limits->notice_size);
    size_t told = email_items_that_fit(n, c, &memory);
    bool ok = email_subject(n, c, &memory, &bodies[0]) && email_text(n, c, told, &memory, &bodies[1]) &&
              email_html(n, c, told, &memory, &bodies[2]);
    if (ok)
        put_message(out, n, c, bodies);
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        buf_free(&bodies[i]);
    arena_free(&memory);
    if (ok && !out->failed)
        return true;
    return err_set(e, out->failed ? ERR_LIMIT : ERR_MEMORY, "the notice could not be rendered as a mail");
}
