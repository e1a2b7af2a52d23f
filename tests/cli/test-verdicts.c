/* The rows of testdata/verdicts/rows.json, judged by its config.yml, and what is told of each. */
#include "unit.h"

#include <jansson.h>
#include <stdio.h>

#include "alert/alert.h"
#include "base/clock.h"
#include "config/config.h"
#include "judge/judge.h"
#include "render/render.h"

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

/* So many messages a row that every rule's threshold is behind it. */
enum { COUNT = 1000, HOUR = 3600, OUTPUT = 1 << 20 };

static int set_up(void **state)
{
    struct config_errors errors;
    (void)state;
    arena_init(&memory, 64u << 20);
    file = json_load_file(TESTDATA "/verdicts/rows.json", 0, NULL);
    assert_non_null(file);
    limits_default(&cfg.limits);
    assert_true(config_load(TESTDATA "/verdicts/config.yml", &memory, &cfg, &errors));
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
    assert_true(clock_parse_iso(text_or(j, "day", "2024-10-04"), &row->begin));
    row->day = day_of(row->begin);
    row->end = row->begin + DAY_SECONDS;
    row->received = row->end + HOUR;
    row->reporter = SV("Reporter");
    r->count = COUNT;
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

struct told {
    const struct row *row;
    const struct verdict *verdict;
};

static bool walk(void *ctx, alert_row_fn *fn, void *sink, struct err *e)
{
    const struct told *t = ctx;
    (void)e;
    fn(sink, t->row, t->verdict);
    return true;
}

static void make_id(void *ctx, uint8_t id[INCIDENT_ID])
{
    (void)ctx;
    memset(id, 1, INCIDENT_ID);
}

static sv title_of(const struct notice *n)
{
    const struct channel_cfg channel = {.type = CHANNEL_WEBHOOK};
    const struct render_context c = {.channel = &channel, .limits = &cfg.limits};
    struct err e;
    buf out;
    buf_init(&out, OUTPUT);
    assert_true(render_notice(n, &c, &out, &e));
    json_t *doc = json_loadb(out.p, out.n, 0, NULL);
    buf_free(&out);
    sv title = text_of(json_object_get(json_array_get(json_object_get(doc, "alerts"), 0), "title"));
    json_decref(doc);
    return title;
}

/* The first sentence of the notice, or absent: nobody is told. */
static sv sentence_of(const struct judge *j, const struct row *row, const struct verdict *v)
{
    struct told told = {row, v};
    struct decision made;
    struct err e;
    const struct alert_rows rows = {walk, &told};
    const struct alert_case c = {.config = &cfg,
                                 .domain = row->domain,
                                 .entry = judge_domain(j, row->domain),
                                 .now = row->received + HOUR,
                                 .event_clock = row->end,
                                 .make_id = make_id};
    assert_true(alert_decide(&c, &rows, &memory, &made, &e));
    return made.tells ? title_of(&made.notice) : SV_ABSENT;
}

static const char *const steps[] = {"none", "address", "dkim", "spf", "signs_as", "bounces_as"};
static const char *const forwardings[] = {"none", "intact", "reason", "arc", "arc_ours"};
static const char *const legs[] = {"passed", "broken", "temporary", "unaligned", "absent"};

static size_t differences;

static void same_text(const char *about, const char *what, sv got, sv want)
{
    if (sv_eq(got, want))
        return;
    differences++;
    (void)fprintf(stderr, "%s: %s is \"%.*s\", should be \"%.*s\"\n", about, what, SV_ARG(got), SV_ARG(want));
}

static const char *yes(bool b)
{
    return b ? "yes" : "no";
}

static void same_flag(const char *about, const char *what, bool got, const json_t *want)
{
    same_text(about, what, sv_c(yes(got)), sv_c(yes(json_is_true(json_object_get(want, what)))));
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
    same_text(about, "unlisted", sender_name(v.unlisted), text_or(want, "unlisted", ""));
    same_flag(about, "pass", v.pass, want);
    same_flag(about, "expired", v.expired, want);
    same_flag(about, "unclear", v.unclear, want);
    same_flag(about, "inconclusive", v.inconclusive, want);
    same_text(about, "sentence", sentence_of(j, &row, &v), text_or(want, "sentence", ""));
}

static void golden_verdicts(void **state)
{
    (void)state;
    const struct judge *j = judge_prepare(&cfg, &memory);
    assert_non_null(j);
    json_t *rows = json_object_get(file, "rows"), *row;
    size_t i;
    assert_true(json_array_size(rows) >= 100);
    json_array_foreach(rows, i, row) check_row(j, row);
    assert_int_equal(differences, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(golden_verdicts)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
