/* The configuration in force as YAML. */
#include "config/config.h"
#include "duration.h"
#include "load.h"

enum { STEP = 2 };

struct printer {
    const struct config *c;
    buf *out;
    int indent;
};

typedef void value_printer(struct printer *p, const struct key *k, const void *base);
#define KIND_PRINTER(name, words) static value_printer print_##name;
KINDS(KIND_PRINTER)
#undef KIND_PRINTER

static value_printer *const printers[] = {
#define KIND_PRINTER(name, words) [KIND_##name] = print_##name,
    KINDS(KIND_PRINTER)
#undef KIND_PRINTER
};

static const void *field(const struct key *k, const void *base)
{
    return (const char *)base + k->at;
}

static sv field_sv(const struct key *k, const void *base)
{
    sv s;
    memcpy(&s, field(k, base), sizeof s);
    return s;
}

static size_t field_count(const struct key *k, const void *base)
{
    size_t n;
    memcpy(&n, (const char *)base + k->count_at, sizeof n);
    return n;
}

static const void *field_items(const struct key *k, const void *base)
{
    const void *items;
    memcpy(&items, field(k, base), sizeof items);
    return items;
}

static bool is_plain(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);
        bool ok =
            (c >= 'a' && c <= 'z') || ascii_is_digit(c) || (c && strchr("-_./@", c) && i > 0) || c == '/';
        if (!ok)
            return false;
    }
    return s.n > 0;
}

/* Plain where that is surely the same text, else in double quotes. No text of a configuration holds a
 * control character. */
static void put_text(buf *out, sv s)
{
    if (is_plain(s)) {
        buf_sv(out, s);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_char(out, '\\');
        buf_char(out, s.p[i]);
    }
    buf_char(out, '"');
}

static void put_key(struct printer *p, sv name)
{
    buf_printf(p->out, "%*s", p->indent, "");
    put_text(p->out, name);
    buf_char(p->out, ':');
}

static sv leaf_of(const struct key *k)
{
    sv path = sv_c(k->path);
    size_t n = path.n;
    while (n && path.p[n - 1] != '.')
        n--;
    return sv_skip(path, n);
}

static void put_line(struct printer *p, const struct key *k, sv text)
{
    put_key(p, leaf_of(k));
    buf_char(p->out, ' ');
    put_text(p->out, text);
    buf_char(p->out, '\n');
}

static void print_keys(struct printer *p, const char *pattern, const void *base)
{
    sv leaf;
    for (const struct key *k = NULL; (k = schema_next(pattern, k, &leaf));)
        if (schema_applies(k, base))
            printers[k->kind](p, k, base);
}

static void print_group(struct printer *p, const struct key *k, const void *base)
{
    put_key(p, leaf_of(k));
    buf_char(p->out, '\n');
    p->indent += STEP;
    print_keys(p, k->path, base);
    p->indent -= STEP;
}

static void print_entry(struct printer *p, const char *pattern, const void *entry)
{
    sv name;
    memcpy(&name, entry, sizeof name);
    p->indent += STEP;
    put_key(p, name);
    size_t before = p->out->n;
    buf_char(p->out, '\n');
    p->indent += STEP;
    print_keys(p, pattern, entry);
    p->indent -= 2 * STEP;
    if (p->out->n == before + 1) {
        p->out->n = before;
        buf_puts(p->out, " {}\n");
    }
}

static void print_entries(struct printer *p, const struct key *k, const void *base)
{
    char pattern[64] = {0};
    size_t n = field_count(k, base), length = strlen(k->path);
    if (n == 0)
        return;
    memcpy(pattern, k->path, length);
    memcpy(pattern + length, ".*", 2);
    put_key(p, leaf_of(k));
    buf_char(p->out, '\n');
    for (size_t i = 0; i < n; i++)
        print_entry(p, pattern, (const char *)field_items(k, base) + i * k->size);
}

static void print_text(struct printer *p, const struct key *k, const void *base)
{
    if (field_sv(k, base).n)
        put_line(p, k, field_sv(k, base));
}

static void print_path(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

static void print_readable(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

static void print_from(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

static void print_secret(struct printer *p, const struct key *k, const void *base)
{
    if (field_sv(k, base).n)
        put_line(p, k, SV("(secret)"));
}

static void print_webhook_url(struct printer *p, const struct key *k, const void *base)
{
    print_secret(p, k, base);
}

static void put_url(struct printer *p, const struct key *k, const char *scheme, bool implicit, sv host,
                    uint16_t port)
{
    bool is_v6 = sv_find_char(host, ':', 0) != SIZE_MAX;
    put_key(p, leaf_of(k));
    buf_printf(p->out, " %s%s://%s", scheme, implicit ? "s" : "", is_v6 ? "[" : "");
    buf_sv(p->out, host);
    buf_printf(p->out, "%s:%u\n", is_v6 ? "]" : "", port);
}

static void print_mailbox_url(struct printer *p, const struct key *k, const void *base)
{
    const struct mailbox_cfg *m = base;
    put_url(p, k, "imap", m->tls == TLS_IMPLICIT, m->host, m->port);
}

static void put_move(struct printer *p, const struct key *k, sv folder)
{
    put_key(p, leaf_of(k));
    buf_puts(p->out, " {move: ");
    put_text(p->out, folder);
    buf_puts(p->out, "}\n");
}

static void print_after(struct printer *p, const struct key *k, const void *base)
{
    const struct mailbox_cfg *m = base;
    switch (m->after) {
    case AFTER_KEEP:
        put_line(p, k, SV("keep"));
        return;
    case AFTER_SEEN:
        put_line(p, k, SV("seen"));
        return;
    case AFTER_MOVE:
        put_move(p, k, m->after_folder);
        return;
    case AFTER_DELETE:
        put_key(p, leaf_of(k));
        buf_puts(p->out, " {delete: {older_than: ");
        duration_print(m->delete_after, p->out);
        buf_puts(p->out, "}}\n");
        return;
    }
}

static void print_on_error(struct printer *p, const struct key *k, const void *base)
{
    const struct mailbox_cfg *m = base;
    if (m->on_error_folder.n)
        put_move(p, k, m->on_error_folder);
}

static void print_smtp_url(struct printer *p, const struct key *k, const void *base)
{
    const struct channel_cfg *c = base;
    put_url(p, k, "smtp", c->smtp_tls == TLS_IMPLICIT, c->smtp_host, c->smtp_port);
}

static void print_channel_type(struct printer *p, const struct key *k, const void *base)
{
    put_line(p, k, sv_c(channel_type_word(((const struct channel_cfg *)base)->type)));
}

/* "key: [" … "]", each item put by `put`. */
static void print_list(struct printer *p, const struct key *k, const void *base, size_t size,
                       void (*put)(struct printer *p, const void *item))
{
    size_t n = field_count(k, base);
    if (n == 0 && !k->required)
        return;
    put_key(p, leaf_of(k));
    buf_puts(p->out, " [");
    for (size_t i = 0; i < n; i++) {
        buf_puts(p->out, i ? ", " : "");
        put(p, (const char *)field_items(k, base) + i * size);
    }
    buf_puts(p->out, "]\n");
}

static void put_address(struct printer *p, const void *item)
{
    put_text(p->out, *(const sv *)item);
}

static void put_network(struct printer *p, const void *item)
{
    char text[CIDR_TEXT];
    put_text(p->out, sv_c(cidr_text(item, text)));
}

static void put_sender(struct printer *p, const void *item)
{
    put_text(p->out, p->c->senders[*(const size_t *)item].name);
}

static void print_addresses(struct printer *p, const struct key *k, const void *base)
{
    print_list(p, k, base, sizeof(sv), put_address);
}

static void print_networks(struct printer *p, const struct key *k, const void *base)
{
    print_list(p, k, base, sizeof(struct cidr), put_network);
}

static void print_senders(struct printer *p, const struct key *k, const void *base)
{
    print_list(p, k, base, sizeof(size_t), put_sender);
}

static void print_duration(struct printer *p, const struct key *k, const void *base)
{
    if (*(const int64_t *)field(k, base) == 0 && k->def == NULL)
        return;
    put_key(p, leaf_of(k));
    buf_char(p->out, ' ');
    duration_print(*(const int64_t *)field(k, base), p->out);
    buf_char(p->out, '\n');
}

static void print_number(struct printer *p, const struct key *k, const void *base)
{
    put_key(p, leaf_of(k));
    buf_printf(p->out, " %llu\n", *(const unsigned long long *)field(k, base));
}

/* Those that differ from the standard and have no key of their own. */
static void print_limits(struct printer *p, const struct key *k, const void *base)
{
    unsigned n;
    struct limits now = p->c->limits;
    const struct limit_info *table = limits_table(&n);
    bool any = false;
    (void)base;
    for (unsigned i = 0; i < n; i++) {
        uint64_t v = *limits_at(&now, i);
        if (v == table[i].def || schema_find("", sv_c(table[i].name)))
            continue;
        if (!any)
            put_key(p, leaf_of(k));
        buf_printf(p->out, "%s  %s: %llu\n", any ? "" : "\n", table[i].name, (unsigned long long)v);
        any = true;
    }
}

void config_print(const struct config *c, buf *out)
{
    struct printer p = {.c = c, .out = out};
    print_keys(&p, "", c);
}
