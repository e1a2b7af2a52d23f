/* A notice with everything in it. */
#ifndef TEST_RENDER_SAMPLE_H
#define TEST_RENDER_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/notice.h"

static inline sv sample_text(arena *a, const char *unit, size_t times)
{
    char *p = arena_alloc(a, strlen(unit) * times + 1);
    assert_non_null(p);
    for (size_t i = 0; i < times; i++)
        memcpy(p + i * strlen(unit), unit, strlen(unit));
    return sv_of(p, strlen(unit) * times);
}

/* Lists of `n` entries whose texts are `text`. */
static inline struct notice_item sample_item(arena *a, size_t n, sv text)
{
    struct notice_item i = {
        .rule = RULE_unknown_source,
        .severity = SEVERITY_warning,
        .news = NEWS_tenfold,
        .episode = 7,
        .domain = SV("example.com"),
        .subject = SV("203.0.113.0/24"),
        .via = SV("platform"),
        .first_day = 20700,
        .last_day = 20780,
        .reported = 1795500000,
        .counts = {1000, 900, {500, 300, 100}},
        .dkim = {0, 400, 100, 300, 100},
        .spf = {0, 100, 200, 300, 300},
        .dkim_passed = 50,
        .spf_passed = 60,
        .unclear = 70,
        .since_told = 800,
        .p = POLICY_REJECT,
        .sp = POLICY_UNKNOWN,
        .testing = true,
    };
    memset(i.incident, 0xab, sizeof i.incident);
    i.sources = arena_array(a, n, sizeof *i.sources);
    i.reporters = arena_array(a, n, sizeof *i.reporters);
    i.spfs = arena_array(a, n, sizeof *i.spfs);
    i.dkims = arena_array(a, n, sizeof *i.dkims);
    i.header_froms = arena_array(a, n, sizeof *i.header_froms);
    assert_false(a->failed);
    for (size_t k = 0; k < n; k++) {
        i.sources[k].ip.b[15] = (uint8_t)k;
        i.sources[k].counts = (struct counts){9, 9, {1, 3, 5}};
        i.reporters[k] = (struct notice_reporter){.name = text, .messages = 9};
        i.spfs[k] = (struct notice_spf){text, {SPF_SOFTFAIL, SV_ABSENT}, k % 2 == 0, 9};
        i.dkims[k] = (struct notice_dkim){text, text, {WORD_UNKNOWN, SV("odd")}, k % 2 == 1, 9};
        i.header_froms[k] = (struct notice_name){text, 9};
    }
    i.n_sources = i.n_reporters = i.n_spfs = i.n_dkims = i.n_header_froms = n;
    i.all_sources = i.all_reporters = i.all_spfs = i.all_dkims = i.all_header_froms = n + 5;
    return i;
}

static inline struct notice sample_notice(arena *a, size_t items, size_t entries, sv text)
{
    struct notice n = {.created = 1795600000,
                       .severity = SEVERITY_warning,
                       .tenant = SV("acme"),
                       .domain = SV("example.com"),
                       .n_items = items,
                       .more = 3,
                       .known = 2};
    memset(n.id, 0xcd, sizeof n.id);
    n.items = arena_array(a, items, sizeof *n.items);
    assert_non_null(n.items);
    for (size_t i = 0; i < items; i++)
        n.items[i] = sample_item(a, entries, text);
    return n;
}

#endif
