#include "totals.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/num.h"
#include "model/domain.h"

enum { FIRST_SLOTS = 1024 };

static bool open_totals(struct output *o)
{
    struct totals *t = calloc(1, sizeof *t);
    if (t == NULL)
        return false;
    arena_init(&t->arena, SIZE_MAX / 4);
    arena_init(&t->folded, SIZE_MAX / 4);
    reject_list_init(&t->rejects);
    siphash_key_make(&t->hash_key);
    o->state = t;
    return true;
}

static uint32_t *slot_of(const struct totals *t, sv key)
{
    size_t i = siphash(&t->hash_key, key) & (t->n_slots - 1);
    while (t->slots[i] && !sv_eq(t->items[t->slots[i] - 1].key, key))
        i = (i + 1) & (t->n_slots - 1);
    return &t->slots[i];
}

/* Room for one more: slots stay at least half free. */
static bool grow(struct totals *t)
{
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : FIRST_SLOTS / 2;
        struct total *items = reallocarray(t->items, cap, sizeof *items);
        if (items == NULL || cap > UINT32_MAX / 2)
            return false;
        t->items = items;
        t->cap = cap;
    }
    if (t->n < t->n_slots / 2)
        return true;
    size_t n_slots = t->n_slots ? t->n_slots * 2 : FIRST_SLOTS;
    uint32_t *slots = calloc(n_slots, sizeof *slots);
    if (slots == NULL)
        return false;
    free(t->slots);
    t->slots = slots;
    t->n_slots = n_slots;
    for (size_t i = 0; i < t->n; i++)
        *slot_of(t, t->items[i].key) = (uint32_t)(i + 1);
    return true;
}

static struct total *total_of(struct totals *t, sv key)
{
    if (!grow(t)) {
        t->failed = true;
        return NULL;
    }
    uint32_t *slot = slot_of(t, key);
    if (*slot == 0) {
        t->items[t->n] = (struct total){.key = arena_sv(&t->arena, key)};
        *slot = (uint32_t)++t->n;
    }
    return &t->items[*slot - 1];
}

static void add(struct totals *t, sv key, uint64_t order, const struct record *r)
{
    struct total *to = total_of(t, key.n ? key : SV("-"));
    if (to == NULL)
        return;
    to->order = order;
    to->messages = sat_add(to->messages, r->count);
    if (!record_passes(r))
        to->failed = sat_add(to->failed, r->count);
    if (r->dkim.v == VERDICT_PASS)
        to->dkim_pass = sat_add(to->dkim_pass, r->count);
    if (r->spf.v == VERDICT_PASS)
        to->spf_pass = sat_add(to->spf_pass, r->count);
    uint64_t *fate = r->disposition.v == DISPOSITION_QUARANTINE ? &to->quarantined
                     : r->disposition.v == DISPOSITION_REJECT   ? &to->rejected
                                                                : &to->no_action;
    *fate = sat_add(*fate, r->count);
}

static void add_by_selector(struct totals *t, const struct record *r)
{
    char key[1024];
    for (size_t i = 0; i < r->n_dkims; i++) {
        const struct dkim_auth *d = &r->dkims[i];
        (void)snprintf(key, sizeof key, "%.*s%s%.*s", SV_ARG(d->selector),
                       d->selector.n ? "._domainkey." : "(no selector) ", SV_ARG(d->domain));
        add(t, sv_c(key), 0, r);
    }
    if (r->n_dkims == 0)
        add(t, SV("unsigned"), 0, r);
}

/* The day on which the report ended, in the zone asked for. A period that ends at midnight belongs to the
 * day before. */
static void add_by_day(struct totals *t, const struct output *o, const struct report *report,
                       const struct record *r)
{
    int64_t begin, end;
    char text[CLOCK_TEXT];
    report_period(report, &begin, &end);
    int64_t last = end - 1;
    if (o->options.zone_offset)
        last += o->options.zone_offset(last);
    add(t, sv_c(clock_date(last, text)), (uint64_t)day_of(last), r);
}

static void add_record(const struct output *o, struct totals *t, const struct report *report,
                       const struct record *r)
{
    char ip[IP_TEXT];
    struct output_label label;
    switch (o->options.view) {
    case OUTPUT_BY_SOURCE:
        add(t, sv_c(ip_text(&r->source_ip, ip)), 0, r);
        return;
    case OUTPUT_BY_DOMAIN:
        arena_reset(&t->folded);
        add(t, domain_fold(&t->folded, report->domain, NULL), 0, r);
        return;
    case OUTPUT_BY_DAY:
        add_by_day(t, o, report, r);
        return;
    case OUTPUT_BY_SENDER:
        label = output_label_of(o, report, r);
        add(t, label.sender.n ? label.sender : label.who, 0, r);
        return;
    case OUTPUT_BY_SELECTOR:
        add_by_selector(t, r);
        return;
    case OUTPUT_BY_REPORTER:
    case OUTPUT_VIEW_END:
        return;
    }
}

static void document(struct output *o, sv file, const struct document *d, struct record_cursor *records)
{
    struct totals *t = o->state;
    struct record r;
    (void)file;
    t->reports++;
    while (records->next(records, &r))
        add_record(o, t, &d->report, &r);
}

static void reject(struct output *o, sv file, sv member, enum reject reason, sv detail)
{
    struct totals *t = o->state;
    struct reject_item item = {.file = file, .member = member, .reason = reason, .detail = detail};
    if (!reject_list_add(&t->rejects, &t->arena, item))
        t->failed = true;
}

static void not_a_report(struct output *o, sv file, sv member, enum not_report reason)
{
    (void)o, (void)file, (void)member, (void)reason;
}

/* Days in their order; everything else failing first, then by size. */
static int by_weight(const void *a, const void *b)
{
    const struct total *x = a, *y = b;
    if (x->order != y->order)
        return (int64_t)x->order < (int64_t)y->order ? -1 : 1;
    if (x->failed != y->failed)
        return x->failed > y->failed ? -1 : 1;
    if (x->messages != y->messages)
        return x->messages > y->messages ? -1 : 1;
    return sv_cmp(x->key, y->key);
}

static void close_totals(struct output *o)
{
    struct totals *t = o->state;
    if (t->n)
        qsort(t->items, t->n, sizeof *t->items, by_weight);
    o->named->totals(o, t);
    o->out_of_memory = o->out_of_memory || t->failed || t->arena.failed;
    arena_free(&t->arena);
    arena_free(&t->folded);
    free(t->items);
    free(t->slots);
    free(t);
}

const struct output_format output_totals = {
    .name = "totals",
    .open = open_totals,
    .document = document,
    .reject = reject,
    .not_a_report = not_a_report,
    .close = close_totals,
};
