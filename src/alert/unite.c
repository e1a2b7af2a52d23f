#include "unite.h"

#include <stdlib.h>

#include "base/num.h"
#include "sums.h"

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int item_by_urgency(const void *a, const void *b)
{
    const struct notice_item *x = a, *y = b;
    int c = compare(news_is_end(x->news), news_is_end(y->news));
    c = c ? c : compare(y->severity, x->severity);
    c = c ? c : compare(x->rule, y->rule);
    c = c ? c : compare(y->counts.failed, x->counts.failed);
    c = c ? c : sv_cmp(x->domain, y->domain);
    return c ? c : sv_cmp(x->subject, y->subject);
}

static int source_by_address(const void *a, const void *b)
{
    return ip_cmp(&((const struct notice_source *)a)->ip, &((const struct notice_source *)b)->ip);
}

static int source_by_weight(const void *a, const void *b)
{
    const struct notice_source *x = a, *y = b;
    int c = compare(y->counts.failed, x->counts.failed);
    return c ? c : source_by_address(a, b);
}

static int reporter_by_name(const void *a, const void *b)
{
    const struct notice_reporter *x = a, *y = b;
    int c = sv_cmp(x->name, y->name);
    return c ? c : sv_cmp(x->through, y->through);
}

static int reporter_by_weight(const void *a, const void *b)
{
    const struct notice_reporter *x = a, *y = b;
    int c = compare(y->messages, x->messages);
    return c ? c : reporter_by_name(a, b);
}

static void sort(void *list, size_t n, size_t size, int (*order)(const void *, const void *))
{
    if (list && n > 1)
        qsort(list, n, size, order);
}

static size_t merge_sources(struct notice_source *list, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && source_by_address(&list[kept - 1], &list[i]) == 0)
            counts_add(&list[kept - 1].counts, &list[i].counts);
        else
            list[kept++] = list[i];
    }
    return kept;
}

static size_t merge_reporters(struct notice_reporter *list, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct notice_reporter *last = kept > 0 ? &list[kept - 1] : NULL;
        if (last && reporter_by_name(last, &list[i]) == 0) {
            last->messages = sat_add(last->messages, list[i].messages);
            last->verified = last->verified || list[i].verified;
        } else {
            list[kept++] = list[i];
        }
    }
    return kept;
}

static size_t least(size_t n, uint64_t max)
{
    return n < max ? n : (size_t)max;
}

static bool unite_sources(const struct notice_item *const *items, size_t n, const struct limits *limits,
                          arena *a, struct notice_item *to)
{
    size_t all = 0, most = 0, named = 0;
    for (size_t i = 0; i < n; i++)
        all += items[i]->n_sources;
    to->sources = arena_array(a, all, sizeof *to->sources);
    for (size_t i = 0; to->sources && i < n; i++) {
        most = items[i]->all_sources > most ? items[i]->all_sources : most;
        for (size_t k = 0; k < items[i]->n_sources; k++)
            to->sources[named++] = items[i]->sources[k];
    }
    sort(to->sources, named, sizeof *to->sources, source_by_address);
    named = merge_sources(to->sources, named);
    sort(to->sources, named, sizeof *to->sources, source_by_weight);
    to->all_sources = named > most ? named : most;
    to->n_sources = least(named, limits->notice_sources);
    return to->sources != NULL;
}

static bool unite_reporters(const struct notice_item *const *items, size_t n, const struct limits *limits,
                            arena *a, struct notice_item *to)
{
    size_t all = 0, most = 0, named = 0;
    for (size_t i = 0; i < n; i++)
        all += items[i]->n_reporters;
    to->reporters = arena_array(a, all, sizeof *to->reporters);
    for (size_t i = 0; to->reporters && i < n; i++) {
        most = items[i]->all_reporters > most ? items[i]->all_reporters : most;
        for (size_t k = 0; k < items[i]->n_reporters; k++)
            to->reporters[named++] = items[i]->reporters[k];
    }
    sort(to->reporters, named, sizeof *to->reporters, reporter_by_name);
    named = merge_reporters(to->reporters, named);
    sort(to->reporters, named, sizeof *to->reporters, reporter_by_weight);
    to->all_reporters = named > most ? named : most;
    to->n_reporters = least(named, limits->notice_evidence);
    return to->reporters != NULL;
}

bool unite(const struct notice_item *const *items, size_t n, const struct limits *limits, arena *a,
           struct notice_item *to)
{
    return unite_sources(items, n, limits, a, to) && unite_reporters(items, n, limits, a, to);
}
