/* What a mail's header says of its authenticity. */
#include "cursor.h"
#include "model/domain.h"

static void put_statement(buf *out, const struct auth_statement *s)
{
    put_u8(out, (uint8_t)s->method);
    put_u8(out, (uint8_t)s->result);
    put_text(out, s->domain);
    put_text(out, s->helo);
}

static void put_field(buf *out, const struct auth_field *f)
{
    put_u8(out, (uint8_t)f->source);
    put_text(out, f->id);
    put_u32(out, f->hop);
    put_count(out, f->n_statements);
    for (size_t i = 0; i < f->n_statements; i++)
        put_statement(out, &f->statements[i]);
}

void wire_put_authentication(buf *out, const struct mail_auth *m)
{
    size_t start = wire_open(out, WIRE_authentication);
    put_count(out, m->n_received);
    for (size_t i = 0; i < m->n_received; i++)
        put_text(out, m->received_by[i]);
    put_count(out, m->n_fields);
    for (size_t i = 0; i < m->n_fields; i++)
        put_field(out, &m->fields[i]);
    put_bool(out, m->more);
    wire_close(out, start);
}

static bool is_lower(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (ascii_lower(s.p[i]) != s.p[i])
            return false;
    return true;
}

/* Absent, or a plain name in lower case. */
static sv get_name(struct cursor *c)
{
    sv name = get_text(c, DOMAIN_MAX);
    if (name.p && !(domain_is_plain(name) && is_lower(name)))
        c->failed = true;
    return name;
}

/* An authserv-id is any text (RFC 8601 2.5), here of printable ASCII. */
static sv get_id(struct cursor *c)
{
    sv id = get_text(c, DOMAIN_MAX);
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] <= ' ' || id.p[i] >= 0x7F)
            c->failed = true;
    if (!is_lower(id))
        c->failed = true;
    return id;
}

static void get_statement(struct cursor *c, struct auth_statement *s)
{
    s->method = (enum auth_method)get_enum(c, AUTH_METHOD_END);
    s->result = (enum auth_result)get_enum(c, AUTH_RESULT_END);
    s->domain = get_name(c);
    s->helo = get_name(c);
}

/* *left: how many results all fields may have yet. */
static void get_field(struct cursor *c, uint64_t *left, struct auth_field *f)
{
    f->source = (enum auth_source)get_enum(c, AUTH_SOURCE_END);
    f->id = get_id(c);
    f->hop = get_u32(c);
    f->statements = get_array(c, *left, sizeof *f->statements, &f->n_statements);
    *left -= f->n_statements;
    for (size_t i = 0; i < f->n_statements; i++)
        get_statement(c, &f->statements[i]);
}

bool wire_get_authentication(sv payload, const struct limits *l, arena *a, struct mail_auth *m)
{
    struct cursor c = {.rest = payload, .limits = l, .arena = a};
    uint64_t left = l->auth_results;
    uint32_t hop = 0;
    *m = (struct mail_auth){.more = false};
    m->received_by = get_array(&c, l->auth_hops, sizeof *m->received_by, &m->n_received);
    for (size_t i = 0; i < m->n_received; i++)
        m->received_by[i] = get_name(&c);
    m->fields = get_array(&c, l->auth_fields, sizeof *m->fields, &m->n_fields);
    for (size_t i = 0; i < m->n_fields && !c.failed; i++) {
        get_field(&c, &left, &m->fields[i]);
        c.failed = c.failed || m->fields[i].hop < hop || m->fields[i].hop > m->n_received;
        hop = m->fields[i].hop;
    }
    m->more = get_bool(&c);
    return get_end(&c);
}
