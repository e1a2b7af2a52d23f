#include "mail/auth.h"

#include "auth-field.h"
#include "mail/header.h"

struct reading {
    const struct limits *limits;
    arena *a;
    struct mail_auth *out;
    struct auth_room room;
};

static bool has_memory(struct reading *r)
{
    const struct limits *l = r->limits;
    if (r->out->fields)
        return true;
    r->out->fields = arena_array(r->a, l->auth_fields, sizeof *r->out->fields);
    r->room = (struct auth_room){
        .p = arena_array(r->a, l->auth_results, sizeof *r->room.p),
        .max = l->auth_results,
    };
    return r->out->fields && r->room.p;
}

static void add_received(struct reading *r, sv raw)
{
    struct mail_auth *out = r->out;
    if (out->received_by == NULL)
        out->received_by = arena_array(r->a, r->limits->auth_hops, sizeof *out->received_by);
    out->more = out->received_by == NULL || out->n_received == r->limits->auth_hops;
    if (!out->more)
        out->received_by[out->n_received++] = auth_received_by(raw, r->a);
}

static void add_field(struct reading *r, enum auth_source source, sv raw)
{
    struct mail_auth *out = r->out;
    out->more = !has_memory(r) || out->n_fields == r->limits->auth_fields;
    if (out->more)
        return;
    struct auth_field *f = &out->fields[out->n_fields++];
    *f = (struct auth_field){.source = source, .hop = (uint32_t)out->n_received};
    if (source == AUTH_SOURCE_results)
        auth_read_results(raw, &r->room, r->a, f);
    else
        auth_read_received_spf(raw, &r->room, r->a, f);
    out->more = r->room.full;
}

static void see(struct reading *r, const struct header_field *f)
{
    static const sv names[] = {SV_INIT("Authentication-Results"), SV_INIT("Received-SPF"),
                               SV_INIT("Received")};
    size_t which = 0;
    while (which < COUNT_OF(names) && !sv_eq_nocase(f->name, names[which]))
        which++;
    if (which == COUNT_OF(names))
        return;
    if (f->raw.n > r->limits->auth_field_size)
        r->out->more = true;
    else if (which == 2)
        add_received(r, f->raw);
    else
        add_field(r, which == 0 ? AUTH_SOURCE_results : AUTH_SOURCE_received_spf, f->raw);
}

void mail_auth_read(sv block, const struct limits *limits, arena *a, struct mail_auth *out)
{
    struct reading r = {.limits = limits, .a = a, .out = out};
    struct header_field f;
    *out = (struct mail_auth){.more = false};
    while (!out->more && header_next(&block, &f))
        see(&r, &f);
    if (a->failed)
        *out = (struct mail_auth){.more = false};
}
