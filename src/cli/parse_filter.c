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

bool parse_filter_wants(const struct parse_filter *f, const struct report *r)
{
    int64_t begin, end;
    report_period(r, &begin, &end);
    return end - 1 >= f->since && end - 1 < f->until;
}

static bool lists(const struct cidr_list *l, const struct ip *ip)
{
    for (size_t i = 0; i < l->n; i++)
        if (cidr_contains(&l->nets[i], ip))
            return true;
    return false;
}

static bool wanted(const struct parse_filter *f, const struct record *r)
{
    return (f->include.n == 0 || lists(&f->include, &r->source_ip)) && !lists(&f->exclude, &r->source_ip) &&
           !(f->fail_only && record_passes(r));
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
