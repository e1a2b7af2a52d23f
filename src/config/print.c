/* The configuration in force as YAML. */
#include "print.h"
#include "config/config.h"
#include "config/duration.h"
#include "load.h"
#include "model/domain.h"

static value_printer *const printers[] = {
#define KIND_PRINTER(name, words) [KIND_##name] = print_##name,
    KINDS(KIND_PRINTER)
#undef KIND_PRINTER
};

const void *print_field(const struct key *k, const void *base)
{
    return (const char *)base + k->at;
}

sv print_field_sv(const struct key *k, const void *base)
{
    sv s;
    memcpy(&s, print_field(k, base), sizeof s);
    return s;
}

size_t print_field_count(const struct key *k, const void *base)
{
    size_t n;
    memcpy(&n, (const char *)base + k->count_at, sizeof n);
    return n;
}

const void *print_field_items(const struct key *k, const void *base)
{
    const void *items;
    memcpy(&items, print_field(k, base), sizeof items);
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
void print_word(buf *out, sv s)
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

void print_key(struct printer *p, sv name)
{
    buf_printf(p->out, "%*s", p->indent, "");
    print_word(p->out, name);
    buf_char(p->out, ':');
}

sv print_leaf(const struct key *k)
{
    sv path = sv_c(k->path);
    size_t n = path.n;
    while (n && path.p[n - 1] != '.')
        n--;
    return sv_skip(path, n);
}

void print_line(struct printer *p, const struct key *k, sv text)
{
    print_key(p, print_leaf(k));
    buf_char(p->out, ' ');
    print_word(p->out, text);
    buf_char(p->out, '\n');
}

void print_keys(struct printer *p, const char *pattern, const void *base)
{
    sv leaf;
    for (const struct key *k = NULL; (k = schema_next(pattern, k, &leaf));)
        if (schema_applies(k, base))
            printers[k->kind](p, k, base);
}

/* Nothing for a group in which nothing is set. */
void print_group(struct printer *p, const struct key *k, const void *base)
{
    size_t before = p->out->n;
    print_key(p, print_leaf(k));
    buf_char(p->out, '\n');
    size_t head = p->out->n;
    p->indent += PRINT_STEP;
    print_keys(p, k->path, base);
    p->indent -= PRINT_STEP;
    if (p->out->n == head)
        p->out->n = before;
}

struct wildcard_room {
    char p[DOMAIN_MAX + 2];
};

static sv wildcard_name(sv name, struct wildcard_room *room)
{
    size_t n = name.n ? 2 : 1;
    memcpy(room->p, "*.", n);
    if (name.n)
        memcpy(room->p + n, name.p, name.n);
    return sv_of(room->p, n + name.n);
}

static void print_entry(struct printer *p, const char *pattern, const void *entry, bool is_domain)
{
    sv name;
    struct wildcard_room room;
    memcpy(&name, entry, sizeof name);
    p->indent += PRINT_STEP;
    if (is_domain && ((const struct domain_cfg *)entry)->wildcard)
        name = wildcard_name(name, &room);
    print_key(p, name);
    size_t before = p->out->n;
    buf_char(p->out, '\n');
    p->indent += PRINT_STEP;
    print_keys(p, pattern, entry);
    p->indent -= 2 * PRINT_STEP;
    if (p->out->n == before + 1) {
        p->out->n = before;
        buf_puts(p->out, " {}\n");
    }
}

void print_entries(struct printer *p, const struct key *k, const void *base)
{
    char pattern[64] = {0};
    size_t n = print_field_count(k, base), length = strlen(k->path);
    if (n == 0)
        return;
    memcpy(pattern, k->path, length);
    memcpy(pattern + length, ".*", 2);
    print_key(p, print_leaf(k));
    buf_char(p->out, '\n');
    for (size_t i = 0; i < n; i++)
        print_entry(p, pattern, (const char *)print_field_items(k, base) + i * k->size, k->is_domain);
}

void print_text(struct printer *p, const struct key *k, const void *base)
{
    if (print_field_sv(k, base).n)
        print_line(p, k, print_field_sv(k, base));
}

void print_path(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

void print_readable(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

void print_from(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

void print_secret(struct printer *p, const struct key *k, const void *base)
{
    if (print_field_sv(k, base).n)
        print_line(p, k, SV("(secret)"));
}

void print_signing_key(struct printer *p, const struct key *k, const void *base)
{
    print_secret(p, k, base);
}

void print_webhook_url(struct printer *p, const struct key *k, const void *base)
{
    print_secret(p, k, base);
}

void print_service_url(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

void print_lang(struct printer *p, const struct key *k, const void *base)
{
    enum lang lang;
    memcpy(&lang, print_field(k, base), sizeof lang);
    if (lang != LANG_UNSET)
        print_line(p, k, sv_c(lang_word(lang)));
}

void print_webhook_format(struct printer *p, const struct key *k, const void *base)
{
    enum webhook_format format = ((const struct channel_cfg *)base)->format;
    if (format != FORMAT_NATIVE)
        print_line(p, k, sv_c(webhook_format_word(format)));
}

void print_https_url(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

/* The key of a certificate and that of a service account are the same field. */
void print_pem(struct printer *p, const struct key *k, const void *base)
{
    if (((const struct oauth_cfg *)base)->grant == OAUTH_CLIENT_ASSERTION)
        print_secret(p, k, base);
}

void print_account(struct printer *p, const struct key *k, const void *base)
{
    if (((const struct oauth_cfg *)base)->grant == OAUTH_SERVICE_ACCOUNT)
        print_secret(p, k, base);
}

void print_mechanism(struct printer *p, const struct key *k, const void *base)
{
    print_line(p, k, sv_c(mechanism_word(((const struct oauth_cfg *)base)->mechanism)));
}

void print_oauth2(struct printer *p, const struct key *k, const void *base)
{
    const struct oauth_cfg *cfg = print_field(k, base);
    if (cfg->grant == OAUTH_NONE)
        return;
    print_key(p, print_leaf(k));
    buf_char(p->out, '\n');
    p->indent += PRINT_STEP;
    print_keys(p, "oauth2", cfg);
    p->indent -= PRINT_STEP;
}

void print_trust(struct printer *p, const struct key *k, const void *base)
{
    const struct trust_cfg *t = print_field(k, base);
    bool is_service = t->in == TRUST_IN_EXCHANGE_ONLINE || t->in == TRUST_IN_GOOGLE;
    if (t->in == TRUST_IN_NOBODY)
        return;
    if (is_service && t->hops == TRUST_HOPS_UNSET) {
        print_line(p, k, sv_c(trust_service_word(t->in)));
        return;
    }
    print_key(p, print_leaf(k));
    buf_char(p->out, '\n');
    p->indent += PRINT_STEP;
    print_keys(p, k->path, t);
    p->indent -= PRINT_STEP;
}

void print_authserv_id(struct printer *p, const struct key *k, const void *base)
{
    const struct trust_cfg *t = base;
    print_line(p, k, t->in == TRUST_IN_ID ? t->authserv_id : sv_c(trust_service_word(t->in)));
}

void print_hops(struct printer *p, const struct key *k, const void *base)
{
    uint64_t hops = *(const uint64_t *)print_field(k, base);
    if (hops == TRUST_HOPS_UNSET)
        return;
    print_key(p, print_leaf(k));
    buf_printf(p->out, " %llu\n", (unsigned long long)hops);
}

static void put_url(struct printer *p, const struct key *k, const char *scheme, bool implicit, sv host,
                    uint16_t port)
{
    bool is_v6 = sv_find_char(host, ':', 0) != SIZE_MAX;
    print_key(p, print_leaf(k));
    buf_printf(p->out, " %s%s://%s", scheme, implicit ? "s" : "", is_v6 ? "[" : "");
    buf_sv(p->out, host);
    buf_printf(p->out, "%s:%u\n", is_v6 ? "]" : "", port);
}

void print_mailbox_url(struct printer *p, const struct key *k, const void *base)
{
    const struct mailbox_cfg *m = base;
    put_url(p, k, "imap", m->tls == TLS_IMPLICIT, m->host, m->port);
}

static void put_move(struct printer *p, const struct key *k, sv folder)
{
    print_key(p, print_leaf(k));
    buf_puts(p->out, " {move: ");
    print_word(p->out, folder);
    buf_puts(p->out, "}\n");
}

void print_after(struct printer *p, const struct key *k, const void *base)
{
    const struct mailbox_cfg *m = base;
    switch (m->after) {
    case AFTER_KEEP:
        print_line(p, k, SV("keep"));
        return;
    case AFTER_SEEN:
        print_line(p, k, SV("seen"));
        return;
    case AFTER_MOVE:
        put_move(p, k, m->after_folder);
        return;
    case AFTER_DELETE:
        print_key(p, print_leaf(k));
        buf_puts(p->out, " {delete: {older_than: ");
        duration_print(m->delete_after, p->out);
        buf_puts(p->out, "}}\n");
        return;
    }
}

void print_on_error(struct printer *p, const struct key *k, const void *base)
{
    const struct mailbox_cfg *m = base;
    if (m->on_error_folder.n)
        put_move(p, k, m->on_error_folder);
}

void print_smtp_url(struct printer *p, const struct key *k, const void *base)
{
    const struct channel_cfg *c = base;
    put_url(p, k, "smtp", c->smtp_tls == TLS_IMPLICIT, c->smtp_host, c->smtp_port);
}

void print_channel_type(struct printer *p, const struct key *k, const void *base)
{
    print_line(p, k, sv_c(channel_type_word(((const struct channel_cfg *)base)->type)));
}

/* "key: [" … "]", each item put by `put`. */
void print_list(struct printer *p, const struct key *k, const void *base, size_t size,
                void (*put)(struct printer *p, const void *item))
{
    size_t n = print_field_count(k, base);
    if (n == 0 && !k->required)
        return;
    print_key(p, print_leaf(k));
    buf_puts(p->out, " [");
    for (size_t i = 0; i < n; i++) {
        buf_puts(p->out, i ? ", " : "");
        put(p, (const char *)print_field_items(k, base) + i * size);
    }
    buf_puts(p->out, "]\n");
}

static void put_address(struct printer *p, const void *item)
{
    print_word(p->out, *(const sv *)item);
}

static void put_network(struct printer *p, const void *item)
{
    char text[CIDR_TEXT];
    print_word(p->out, sv_c(cidr_text(item, text)));
}

static void put_sender(struct printer *p, const void *item)
{
    print_word(p->out, p->c->senders[*(const size_t *)item].name);
}

void print_addresses(struct printer *p, const struct key *k, const void *base)
{
    static const sv end = SV_INIT("]\n");
    print_list(p, k, base, sizeof(sv), put_address);
    if (!((const struct channel_cfg *)base)->to_owner || !sv_ends(buf_view(p->out), end))
        return;
    p->out->n -= end.n;
    buf_puts(p->out, ", owner]\n");
}

void print_argv(struct printer *p, const struct key *k, const void *base)
{
    print_list(p, k, base, sizeof(sv), put_address);
}

void print_networks(struct printer *p, const struct key *k, const void *base)
{
    print_list(p, k, base, sizeof(struct cidr), put_network);
}

/* A parked domain may have inherited some, which do not count and could not be written. */
void print_senders(struct printer *p, const struct key *k, const void *base)
{
    const struct domain_cfg *d = base;
    if (!d->parked)
        print_list(p, k, base, sizeof(size_t), put_sender);
}

void print_duration(struct printer *p, const struct key *k, const void *base)
{
    if (*(const int64_t *)print_field(k, base) == 0 && k->def == NULL)
        return;
    print_key(p, print_leaf(k));
    buf_char(p->out, ' ');
    duration_print(*(const int64_t *)print_field(k, base), p->out);
    buf_char(p->out, '\n');
}

void print_number(struct printer *p, const struct key *k, const void *base)
{
    if (*(const uint64_t *)print_field(k, base) == 0) /* not set */
        return;
    print_key(p, print_leaf(k));
    buf_printf(p->out, " %llu\n", *(const unsigned long long *)print_field(k, base));
}

/* Those that differ from the standard and have no key of their own. */
void print_limits(struct printer *p, const struct key *k, const void *base)
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
            print_key(p, print_leaf(k));
        buf_printf(p->out, "%s  %s: %llu\n", any ? "" : "\n", table[i].name, (unsigned long long)v);
        any = true;
    }
}

void config_print(const struct config *c, buf *out)
{
    struct printer p = {.c = c, .out = out};
    print_keys(&p, "", c);
}
