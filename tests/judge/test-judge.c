/* The rows of testdata/verdicts/rows.json and their verdicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "judge/judge.h"

static arena memory;
static struct config cfg;
static json_t *file;

static sv text_of(const json_t *j)
{
    return j && json_is_string(j) ? arena_sv(&memory, sv_of(json_string_value(j), json_string_length(j)))
                                  : SV_ABSENT;
}

static sv text_at(const json_t *array, size_t i)
{
    return text_of(json_array_get(array, i));
}

static void *room(size_t n, size_t size)
{
    void *p = arena_array(&memory, n, size);
    assert_non_null(p);
    return p;
}

static sv *names_of(const json_t *array, size_t *n)
{
    *n = json_array_size(array);
    sv *out = room(*n, sizeof *out);
    for (size_t i = 0; i < *n; i++)
        out[i] = text_at(array, i);
    return out;
}

static void read_sender(struct sender_cfg *s, const char *name, const json_t *j)
{
    s->name = sv_c(name);
    sv kind = text_of(json_object_get(j, "kind"));
    s->kind = sv_eq(kind, SV("forwarder")) ? SENDER_FORWARDER
              : sv_eq(kind, SV("foreign")) ? SENDER_FOREIGN
                                           : SENDER_OURS;
    s->shared = json_is_true(json_object_get(j, "shared"));
    const json_t *ips = json_object_get(j, "ip"), *dkims = json_object_get(j, "dkim");
    s->n_ips = json_array_size(ips);
    s->ips = room(s->n_ips, sizeof *s->ips);
    for (size_t i = 0; i < s->n_ips; i++)
        assert_true(cidr_parse(text_at(ips, i), &s->ips[i], &(struct err){0}));
    s->n_dkims = json_array_size(dkims);
    s->dkims = room(s->n_dkims, sizeof *s->dkims);
    for (size_t i = 0; i < s->n_dkims; i++) {
        s->dkims[i].domain = text_at(json_array_get(dkims, i), 0);
        s->dkims[i].selectors =
            names_of(json_array_get(json_array_get(dkims, i), 1), &s->dkims[i].n_selectors);
    }
    s->spfs = names_of(json_object_get(j, "spf"), &s->n_spfs);
    s->signs_as = names_of(json_object_get(j, "signs_as"), &s->n_signs_as);
    s->bounces_as = names_of(json_object_get(j, "bounces_as"), &s->n_bounces_as);
}

static size_t sender_named(sv name)
{
    for (size_t i = 0; i < cfg.n_senders; i++) {
        if (sv_eq(cfg.senders[i].name, name))
            return i;
    }
    fail_msg("no sender %.*s", SV_ARG(name));
    return SIZE_MAX;
}

static void read_domain(struct domain_cfg *d, const char *name, const json_t *senders)
{
    d->wildcard = sv_starts(sv_c(name), SV("*."));
    d->name = sv_skip(sv_c(name), d->wildcard ? 2 : 0);
    d->n_senders = json_array_size(senders);
    d->senders = room(d->n_senders, sizeof *d->senders);
    for (size_t i = 0; i < d->n_senders; i++)
        d->senders[i] = sender_named(text_at(senders, i));
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&memory, 64u << 20);
    file = json_load_file(TESTDATA "/verdicts/rows.json", 0, NULL);
    assert_non_null(file);
    const char *name;
    json_t *j;
    json_t *senders = json_object_get(file, "senders"), *domains = json_object_get(file, "domains");
    cfg.senders = room(json_object_size(senders), sizeof *cfg.senders);
    json_object_foreach(senders, name, j) read_sender(&cfg.senders[cfg.n_senders++], name, j);
    cfg.domains = room(json_object_size(domains), sizeof *cfg.domains);
    json_object_foreach(domains, name, j) read_domain(&cfg.domains[cfg.n_domains++], name, j);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(file);
    arena_free(&memory);
    return 0;
}

static sv text_or(const json_t *j, const char *key, const char *other)
{
    return json_object_get(j, key) ? text_of(json_object_get(j, key)) : sv_c(other);
}

static void read_results(struct record *r, const json_t *j)
{
    const json_t *dkims = json_object_get(j, "dkims"), *spfs = json_object_get(j, "spfs");
    r->n_dkims = json_array_size(dkims);
    r->dkims = room(r->n_dkims, sizeof *r->dkims);
    for (size_t i = 0; i < r->n_dkims; i++) {
        const json_t *d = json_array_get(dkims, i);
        r->dkims[i] = (struct dkim_auth){.domain = text_at(d, 0),
                                         .selector = text_at(d, 1),
                                         .result = word_read(DKIM_LIST, text_at(d, 2))};
    }
    r->n_spfs = json_array_size(spfs);
    r->spfs = room(r->n_spfs, sizeof *r->spfs);
    for (size_t i = 0; i < r->n_spfs; i++) {
        const json_t *s = json_array_get(spfs, i);
        r->spfs[i] = (struct spf_auth){.domain = text_at(s, 0),
                                       .result = word_read(SPF_LIST, text_at(s, 1)),
                                       .scope = word_read(SCOPE_LIST, text_at(s, 2))};
    }
}

static void read_row(struct row *row, const json_t *j)
{
    struct record *r = &row->record;
    *row = (struct row){.domain = text_or(j, "domain", "example.com")};
    assert_true(ip_parse(text_of(json_object_get(j, "ip")), &r->source_ip));
    r->count = 1;
    r->header_from =
        json_object_get(j, "header_from") ? text_of(json_object_get(j, "header_from")) : row->domain;
    r->envelope_from = text_of(json_object_get(j, "envelope_from"));
    r->disposition = word_read(DISPOSITION_LIST, text_or(j, "disposition", "none"));
    r->dkim = word_read(VERDICT_LIST, text_or(j, "dkim", "fail"));
    r->spf = word_read(VERDICT_LIST, text_or(j, "spf", "fail"));
    read_results(r, j);
    const json_t *reasons = json_object_get(j, "reasons");
    r->n_reasons = json_array_size(reasons);
    r->reasons = room(r->n_reasons, sizeof *r->reasons);
    for (size_t i = 0; i < r->n_reasons; i++) {
        const json_t *reason = json_array_get(reasons, i);
        r->reasons[i] = (struct reason){word_read(REASON_LIST, text_at(reason, 0)), text_at(reason, 1)};
    }
}

static const char *const steps[] = {"none", "address", "dkim", "spf", "signs_as", "bounces_as"};
static const char *const forwardings[] = {"none", "intact", "reason", "arc", "arc_ours"};
static const char *const legs[] = {"passed", "broken", "temporary", "unaligned", "absent"};

static void same_text(const char *about, const char *what, sv got, sv want)
{
    if (!sv_eq(got, want))
        fail_msg("%s: %s is %.*s, should be %.*s", about, what, SV_ARG(got), SV_ARG(want));
}

static sv entry_name(size_t i)
{
    if (i == SIZE_MAX)
        return SV_ABSENT;
    const struct domain_cfg *d = &cfg.domains[i];
    return arena_printf(&memory, "%s%.*s", d->wildcard ? "*." : "", SV_ARG(d->name));
}

static sv sender_name(size_t i)
{
    return i == SIZE_MAX ? SV_ABSENT : cfg.senders[i].name;
}

static void check_row(const struct judge *j, const json_t *json)
{
    const char *about = json_string_value(json_object_get(json, "about"));
    const json_t *want = json_object_get(json, "expect");
    struct row row;
    struct verdict v;
    assert_non_null(want);
    read_row(&row, json);
    judge_row(j, &row, &v);
    same_text(about, "who", sv_c(who_name(v.who)), text_or(want, "who", "unknown"));
    same_text(about, "sender", sender_name(v.sender), text_or(want, "sender", ""));
    same_text(about, "via", sender_name(v.via), text_or(want, "via", ""));
    same_text(about, "step", sv_c(steps[v.step]), text_or(want, "step", "none"));
    same_text(about, "forwarding", sv_c(forwardings[v.forwarding]), text_or(want, "forwarding", "none"));
    same_text(about, "fate", sv_c(fate_name(v.fate)), text_or(want, "fate", "let_through"));
    same_text(about, "dkim", sv_c(legs[v.dkim]), text_or(want, "dkim", "absent"));
    same_text(about, "spf", sv_c(legs[v.spf]), text_or(want, "spf", "absent"));
    sv entry = json_object_get(want, "entry") ? text_of(json_object_get(want, "entry")) : row.domain;
    same_text(about, "entry", entry_name(v.domain), entry);
    same_text(about, "pass", sv_c(v.pass ? "yes" : "no"),
              sv_c(json_is_true(json_object_get(want, "pass")) ? "yes" : "no"));
    same_text(about, "unclear", sv_c(v.unclear ? "yes" : "no"),
              sv_c(json_is_true(json_object_get(want, "unclear")) ? "yes" : "no"));
    same_text(about, "inconclusive", sv_c(v.inconclusive ? "yes" : "no"),
              sv_c(json_is_true(json_object_get(want, "inconclusive")) ? "yes" : "no"));
}

static void golden_verdicts(void **state)
{
    (void)state;
    const struct judge *j = judge_prepare(&cfg, &memory);
    assert_non_null(j);
    json_t *rows = json_object_get(file, "rows"), *row;
    size_t i;
    assert_true(json_array_size(rows) >= 60);
    json_array_foreach(rows, i, row) check_row(j, row);
}

static void star_covers_the_rest(void **state)
{
    (void)state;
    struct domain_cfg domains[] = {{.name = SV("example.com")}, {.wildcard = true}};
    struct config c = {.domains = domains, .n_domains = 2};
    const struct judge *j = judge_prepare(&c, &memory);
    struct row row = {.domain = SV("example.info"), .record = {.header_from = SV("example.org")}};
    struct verdict v;
    judge_row(j, &row, &v);
    assert_int_equal(v.domain, 1);
    row.domain = SV("example.com");
    judge_row(j, &row, &v);
    assert_int_equal(v.domain, 0);
    assert_int_equal(judge_domain(j, SV("example.com")), 0);
    assert_int_equal(judge_domain(j, SV("www.example.com")), 1);
}

static void no_configuration_at_all(void **state)
{
    (void)state;
    struct config c = {0};
    const struct judge *j = judge_prepare(&c, &memory);
    struct row row = {.domain = SV("example.com")};
    struct verdict v;
    assert_non_null(j);
    judge_row(j, &row, &v);
    assert_true(v.domain == SIZE_MAX && v.sender == SIZE_MAX && !v.pass && v.unclear);
}

static void no_memory_is_null(void **state)
{
    (void)state;
    arena small;
    arena_init(&small, 200);
    assert_null(judge_prepare(&cfg, &small));
    arena_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_verdicts),
        cmocka_unit_test(star_covers_the_rest),
        cmocka_unit_test(no_configuration_at_all),
        cmocka_unit_test(no_memory_is_null),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
