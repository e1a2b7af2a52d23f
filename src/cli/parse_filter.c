#include "parse_filter.h"

#include <string.h>

void parse_filter_init(struct parse_filter *f)
{
    *f = (struct parse_filter){.since = INT64_MIN, .until = INT64_MAX};
}

static size_t parts_of(sv list)
{
    size_t n = 0;
    sv part;
    while (sv_split(&list, ',', &part))
        n++;
    return n;
}

bool parse_filter_ips(struct cidr_list *l, const char *option, const char *text, arena *a, struct err *e)
{
    sv rest = sv_c(text), part;
    struct cidr *nets = arena_array(a, l->n + parts_of(rest), sizeof *nets);
    if (nets == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (l->n)
        memcpy(nets, l->nets, l->n * sizeof *nets);
    l->nets = nets;
    while (sv_split(&rest, ',', &part)) {
        part = sv_trim(part);
        if (part.n == 0)
            continue;
        if (!cidr_parse(part, &nets[l->n], e)) {
            e->cls = ERR_USAGE;
            return err_prefix(e, "--%s: ", option);
        }
        l->n++;
    }
    return l->n > 0 ||
           err_set(e, ERR_USAGE, "--%s is empty; write addresses and networks, commas between", option);
}

bool parse_filter_thins(const struct parse_filter *f)
{
    return f->include.n || f->exclude.n || f->fail_only;
}

static bool wants_end(const struct parse_filter *f, int64_t end)
{
    return end - 1 >= f->since && end - 1 < f->until;
}

bool parse_filter_wants(const struct parse_filter *f, const struct report *r)
{
    int64_t begin, end;
    report_period(r, &begin, &end);
    return wants_end(f, end);
}

static bool lists(const struct cidr_list *l, const struct ip *ip)
{
    for (size_t i = 0; i < l->n; i++)
        if (cidr_contains(&l->nets[i], ip))
            return true;
    return false;
}

static bool wants_source(const struct parse_filter *f, const struct ip *ip)
{
    return (f->include.n == 0 || lists(&f->include, ip)) && !lists(&f->exclude, ip);
}

static bool wanted(const struct parse_filter *f, const struct record *r)
{
    return wants_source(f, &r->source_ip) && !(f->fail_only && record_passes(r));
}

static bool wants_tlsrpt(const struct parse_filter *f, const struct tlsrpt *r)
{
    int64_t begin, end;
    tlsrpt_period(r, &begin, &end);
    return wants_end(f, end) && f->include.n == 0 && !(f->fail_only && r->failed == 0);
}

static bool wants_failure(const struct parse_filter *f, const struct failure_report *r)
{
    bool source = r->has_source_ip ? wants_source(f, &r->source_ip) : f->include.n == 0;
    return source && (!r->has_arrival || (r->arrival >= f->since && r->arrival < f->until));
}

bool parse_filter_wants_other(const struct parse_filter *f, const struct document *d)
{
    switch (d->kind) {
    case DOCUMENT_TLSRPT:
        return wants_tlsrpt(f, &d->tlsrpt);
    case DOCUMENT_FAILURE:
        return wants_failure(f, &d->failure);
    case DOCUMENT_AGGREGATE:
    case DOCUMENT_REJECT:
        break;
    }
    return true;
}

static bool next(struct record_cursor *self, struct record *out)
{
    struct filtered *c = (struct filtered *)self;
    while (c->inner->next(c->inner, out))
        if (wanted(c->filter, out))
            return true;
    return false;
}

static void again(struct record_cursor *self)
{
    struct filtered *c = (struct filtered *)self;
    c->inner->rewind(c->inner);
}

struct record_cursor *parse_filter_records(const struct parse_filter *f, struct filtered *space,
                                           struct record_cursor *inner)
{
    if (!parse_filter_thins(f))
        return inner;
    *space = (struct filtered){{next, again}, inner, f};
    return &space->base;
}
