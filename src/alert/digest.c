#include "alert/digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "model/domain.h"

/* One kept network in the week; many of them are added up now and then. */
struct stranger {
    struct cidr net;
    uint64_t messages;
};

enum { STRANGERS_MAX = 20000 };

struct digest {
    const struct config *c;
    sv domain;
    size_t entry;
    int64_t today;
    arena *a;
    uint32_t days_seen; /* bit (1 << days ago): with reports */
    struct counts counts;
    struct notice_state state;
    int64_t *sender_seen;    /* by sender of the configuration: its last day; 0: none */
    int64_t *selector_seen;  /* the same by place in selectors() */
    uint64_t *sender_failed; /* by sender */
    struct stranger *strangers;
    size_t n_strangers;
};

/* Keys that the domain's senders list for names of its organisation: calls fn with the place of each. */
typedef void selector_fn(void *ctx, size_t place, sv domain, sv selector);

static size_t each_selector(const struct digest *d, selector_fn *fn, void *ctx)
{
    const struct domain_cfg *entry = &d->c->domains[d->entry];
    size_t n = 0;
    for (size_t i = 0; i < entry->n_senders; i++) {
        const struct sender_cfg *sender = &d->c->senders[entry->senders[i]];
        for (size_t k = 0; k < sender->n_dkims; k++) {
            const struct dkim_identity *key = &sender->dkims[k];
            for (size_t m = 0; domain_is_related(key->domain, d->domain) && m < key->n_selectors; m++, n++)
                if (fn)
                    fn(ctx, n, key->domain, key->selectors[m]);
        }
    }
    return n;
}

struct digest *digest_open(const struct config *c, sv domain, size_t entry, int64_t today, arena *a)
{
    struct digest *d = arena_alloc(a, sizeof *d);
    if (d == NULL)
        return NULL;
    *d = (struct digest){.c = c, .domain = domain, .entry = entry, .today = today, .a = a};
    d->sender_seen = arena_array(a, c->n_senders, sizeof *d->sender_seen);
    d->sender_failed = arena_array(a, c->n_senders, sizeof *d->sender_failed);
    d->selector_seen = arena_array(a, each_selector(d, NULL, NULL), sizeof *d->selector_seen);
    d->strangers = arena_array(a, STRANGERS_MAX, sizeof *d->strangers);
    return a->failed ? NULL : d;
}

/* ---- rows ---- */

struct seen_row {
    struct digest *d;
    const struct row *row;
};

static void see_selector(void *ctx, size_t place, sv domain, sv selector)
{
    struct seen_row *s = ctx;
    const struct record *r = &s->row->record;
    for (size_t i = 0; i < r->n_dkims; i++)
        if (r->dkims[i].result.v == DKIM_PASS && sv_eq_nocase(r->dkims[i].domain, domain) &&
            sv_eq_nocase(r->dkims[i].selector, selector) && s->row->day > s->d->selector_seen[place])
            s->d->selector_seen[place] = s->row->day;
}

static int by_net(const void *a, const void *b)
{
    return cidr_cmp(&((const struct stranger *)a)->net, &((const struct stranger *)b)->net);
}

static void add_up(struct digest *d)
{
    size_t n = 0;
    if (d->n_strangers == 0)
        return;
    qsort(d->strangers, d->n_strangers, sizeof *d->strangers, by_net);
    for (size_t i = 1; i < d->n_strangers; i++) {
        if (by_net(&d->strangers[n], &d->strangers[i]) == 0)
            d->strangers[n].messages = sat_add(d->strangers[n].messages, d->strangers[i].messages);
        else
            d->strangers[++n] = d->strangers[i];
    }
    d->n_strangers = n + 1;
}

/* Of very many networks those that come when there is no room are in the sums alone. */
static void add_stranger(struct digest *d, const struct row *row)
{
    if (d->n_strangers == STRANGERS_MAX)
        add_up(d);
    if (d->n_strangers < STRANGERS_MAX)
        d->strangers[d->n_strangers++] =
            (struct stranger){ip_neighbourhood(&row->record.source_ip), row->record.count};
}

static void add_month(struct digest *d, const struct row *row, const struct verdict *v)
{
    uint64_t n = row->record.count;
    bool ours = v->who == WHO_known && !v->inconclusive;
    d->days_seen |= UINT32_C(1) << (d->today - row->day);
    d->counts.total = sat_add(d->counts.total, n);
    d->state.passed = sat_add(d->state.passed, v->pass ? n : 0);
    d->state.ours = sat_add(d->state.ours, ours ? n : 0);
    if (v->pass)
        return;
    d->counts.failed = sat_add(d->counts.failed, n);
    d->counts.by_fate[v->fate] = sat_add(d->counts.by_fate[v->fate], n);
    if (ours) {
        d->state.ours_failed = sat_add(d->state.ours_failed, n);
        if (v->sender != SIZE_MAX)
            d->sender_failed[v->sender] = sat_add(d->sender_failed[v->sender], n);
    }
    if (v->who == WHO_unknown && row->day >= d->today - DIGEST_WEEK)
        add_stranger(d, row);
}

void digest_add(struct digest *d, const struct row *row, const struct verdict *v)
{
    struct seen_row seen = {d, row};
    if (row->trust.trust == TRUST_failed || row->day > d->today || v->domain == SIZE_MAX)
        return;
    (void)each_selector(d, see_selector, &seen);
    if (v->sender != SIZE_MAX && row->day > d->sender_seen[v->sender])
        d->sender_seen[v->sender] = row->day;
    if (row->day >= d->today - DIGEST_DAYS)
        add_month(d, row, v);
}

/* ---- lines ---- */

struct lines {
    struct digest *d;
    struct notice_item *item;
    size_t of_kind[LINE_END];
    int64_t since; /* what was seen on that day or later is used */
};

static void put_line(struct lines *l, enum line_kind kind, sv name, sv detail, uint64_t n)
{
    l->item->all_lines++;
    if (l->of_kind[kind]++ < DIGEST_LINES)
        l->item->lines[l->item->n_lines++] =
            (struct notice_line){.kind = kind, .name = name, .detail = detail, .n = n};
}

static void put_failing(struct lines *l)
{
    const struct config *c = l->d->c;
    for (size_t i = 0; i < c->n_senders; i++)
        if (l->d->sender_failed[i])
            put_line(l, LINE_failing, c->senders[i].name, SV_ABSENT, l->d->sender_failed[i]);
}

static int by_severity(const void *a, const void *b)
{
    const struct incident *x = *(const struct incident *const *)a, *y = *(const struct incident *const *)b;
    int c = (x->severity < y->severity) - (x->severity > y->severity);
    c = c ? c : (x->rule > y->rule) - (x->rule < y->rule);
    return c ? c : sv_cmp(x->subject, y->subject);
}

/* In an order that is the same each time, which that of opening is not. */
static void put_incidents(struct lines *l, const struct digest_about *about)
{
    const struct incident **sorted = arena_array(l->d->a, about->n_incidents, sizeof(struct incident *));
    for (size_t i = 0; sorted && i < about->n_incidents; i++)
        sorted[i] = &about->incidents[i];
    if (sorted && about->n_incidents)
        qsort(sorted, about->n_incidents, sizeof(struct incident *), by_severity);
    for (size_t i = 0; sorted && i < about->n_incidents; i++) {
        const struct incident *in = sorted[i];
        bool recent = in->last_day >= l->d->today - DIGEST_DAYS;
        if (in->state == INCIDENT_firing && recent)
            put_line(l, in->severity == SEVERITY_info ? LINE_info : LINE_going_on, in->subject,
                     sv_c(rule_name(in->rule)), 0);
    }
}

static int by_messages(const void *a, const void *b)
{
    const struct stranger *x = a, *y = b;
    int c = (x->messages < y->messages) - (x->messages > y->messages);
    return c ? c : cidr_cmp(&x->net, &y->net);
}

/* Under p=none they are told of here alone. */
static void put_strangers(struct lines *l, uint8_t p)
{
    struct digest *d = l->d;
    char text[CIDR_TEXT];
    if (p != POLICY_NONE)
        return;
    add_up(d);
    if (d->n_strangers)
        qsort(d->strangers, d->n_strangers, sizeof *d->strangers, by_messages);
    for (size_t i = 0; i < d->n_strangers; i++)
        put_line(l, LINE_source,
                 i < DIGEST_LINES ? arena_sv(d->a, sv_c(cidr_text(&d->strangers[i].net, text))) : SV_ABSENT,
                 SV_ABSENT, d->strangers[i].messages);
}

static void put_selector(void *ctx, size_t place, sv domain, sv selector)
{
    struct lines *l = ctx;
    if (l->d->selector_seen[place] < l->since)
        put_line(l, LINE_selector,
                 arena_printf(l->d->a, "%.*s._domainkey.%.*s", SV_ARG(selector), SV_ARG(domain)), SV_ABSENT,
                 0);
}

/* Only where there is data of so long a time. */
static void put_unused(struct lines *l, int64_t data_since)
{
    const struct domain_cfg *entry = &l->d->c->domains[l->d->entry];
    l->since = l->d->today - DIGEST_UNUSED;
    if (data_since > l->since)
        return;
    for (size_t i = 0; i < entry->n_senders; i++)
        if (l->d->c->senders[entry->senders[i]].kind == SENDER_OURS &&
            l->d->sender_seen[entry->senders[i]] < l->since)
            put_line(l, LINE_sender, l->d->c->senders[entry->senders[i]].name, SV_ABSENT, 0);
    (void)each_selector(l->d, put_selector, l);
}

bool digest_finish(struct digest *d, const struct digest_about *about, struct notice_item *out, struct err *e)
{
    struct lines l = {.d = d, .item = out};
    for (uint32_t days = d->days_seen; days; days &= days - 1)
        d->state.days++;
    *out = (struct notice_item){.kind = ITEM_domain,
                                .domain = d->domain,
                                .severity = SEVERITY_info,
                                .news = NEWS_first,
                                .p = about->p,
                                .counts = d->counts,
                                .state_of = d->state,
                                .first_day = d->today - DIGEST_DAYS,
                                .last_day = d->today};
    out->lines = arena_array(d->a, (size_t)LINE_END * DIGEST_LINES, sizeof *out->lines);
    if (out->lines == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    put_failing(&l);
    put_incidents(&l, about);
    put_strangers(&l, about->p);
    put_unused(&l, about->data_since);
    return !d->a->failed || err_set(e, ERR_MEMORY, "out of memory");
}

bool digest_says(const struct notice_item *item)
{
    return item->n_lines > 0 || item->p != POLICY_REJECT;
}

int64_t digest_due(const struct digest_cfg *c, int64_t now, int64_t ahead)
{
    /* Day 0 of 1970 was a Thursday. */
    int64_t today = day_of(now + ahead), weekday = ((today + WEEKDAY_thu) % 7 + 7) % 7;
    int64_t due =
        (today - (weekday - (int64_t)c->day + 7) % 7) * DAY_SECONDS + (int64_t)c->hour * 3600 - ahead;
    return due <= now ? due : due - 7 * DAY_SECONDS;
}
