/* The notices of many domains become one a tenant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/gather.h"

enum { NOW = 1795521600, CHANNELS = 2, DOMAINS = 6 };

struct place {
    arena memory;
    struct config config;
    enum notice_kind kind;
    struct notice_item items[DOMAINS];
    bool chosen[DOMAINS][CHANNELS];
    struct gathered list[DOMAINS], *out;
    size_t n, n_out;
};

static void make_id(void *ctx, uint8_t id[INCIDENT_ID])
{
    (void)ctx;
    memset(id, 7, INCIDENT_ID);
}

static void add(struct place *p, const char *tenant, const char *domain, enum severity severity,
                uint64_t failed)
{
    size_t i = p->n++;
    p->items[i] = (struct notice_item){.rule = RULE_unknown_source,
                                       .severity = severity,
                                       .news = NEWS_first,
                                       .domain = sv_c(domain),
                                       .counts = {.failed = failed}};
    p->chosen[i][i % CHANNELS] = true;
    p->list[i] = (struct gathered){{.severity = severity,
                                    .tenant = tenant ? sv_c(tenant) : SV_ABSENT,
                                    .domain = sv_c(domain),
                                    .items = &p->items[i],
                                    .n_items = 1},
                                   p->chosen[i]};
}

static void gather(struct place *p)
{
    struct err e;
    const struct gather_case c = {
        .config = &p->config, .kind = p->kind, .list = p->list, .n = p->n, .now = NOW, .make_id = make_id};
    assert_true(alert_gather(&c, &p->memory, &p->out, &p->n_out, &e));
}

static void place_open(struct place *p)
{
    *p = (struct place){.config = {.n_channels = CHANNELS}, .kind = NOTICE_imported};
    limits_default(&p->config.limits);
    arena_init(&p->memory, MIB(1));
}

static void assert_item(const struct notice *n, size_t i, const char *domain)
{
    assert_true(sv_eq(n->items[i].domain, sv_c(domain)));
}

static void one_a_tenant(void **state)
{
    struct place p;
    (void)state;
    place_open(&p);
    add(&p, "b", "b1.example", SEVERITY_warning, 10);
    add(&p, "a", "a1.example", SEVERITY_warning, 20);
    add(&p, "b", "b2.example", SEVERITY_critical, 5);
    add(&p, NULL, "none.example", SEVERITY_warning, 1);
    add(&p, "b", "b3.example", SEVERITY_warning, 30);
    gather(&p);
    assert_int_equal(p.n_out, 3);
    const struct notice *none = &p.out[0].notice, *a = &p.out[1].notice, *b = &p.out[2].notice;
    assert_true(sv_eq(none->domain, SV("none.example")) && sv_eq(a->domain, SV("a1.example")));
    assert_int_equal(b->kind, NOTICE_imported);
    assert_int_equal(b->n_items, 3);
    assert_int_equal(b->domain.n, 0);
    assert_int_equal(b->severity, SEVERITY_critical);
    assert_int_equal(b->created, NOW);
    assert_item(b, 0, "b2.example");
    assert_item(b, 1, "b3.example");
    assert_item(b, 2, "b1.example");
    assert_true(p.out[2].chosen[0] && !p.out[2].chosen[1]);
    assert_true(!p.out[1].chosen[0] && p.out[1].chosen[1]);
    arena_free(&p.memory);
}

static void who_hears_of_one_domain_does_not_hear_of_the_others(void **state)
{
    struct place p;
    (void)state;
    place_open(&p);
    for (size_t i = 0; i < DOMAINS; i++)
        add(&p, NULL, i % CHANNELS ? "odd.example" : "even.example", SEVERITY_warning, 1);
    gather(&p);
    assert_int_equal(p.n_out, CHANNELS);
    for (size_t i = 0; i < CHANNELS; i++) {
        assert_int_equal(p.out[i].notice.n_items, DOMAINS / CHANNELS);
        for (size_t k = 0; k < p.out[i].notice.n_items; k++)
            assert_item(&p.out[i].notice, k, p.out[i].chosen[1] ? "odd.example" : "even.example");
    }
    arena_free(&p.memory);
}

static void what_is_too_much_is_counted(void **state)
{
    struct place p;
    (void)state;
    place_open(&p);
    p.config.limits.notice_items = 2;
    add(&p, "a", "1.example", SEVERITY_warning, 1);
    add(&p, "a", "2.example", SEVERITY_warning, 2);
    p.chosen[1][0] = p.chosen[0][1] = true;
    gather(&p);
    assert_int_equal(p.out[0].notice.more, 0);
    add(&p, "a", "3.example", SEVERITY_warning, 3);
    p.chosen[2][1] = true;
    p.list[2].notice.more = 4;
    gather(&p);
    assert_int_equal(p.out[0].notice.n_items, 2);
    assert_int_equal(p.out[0].notice.more, 5);
    assert_item(&p.out[0].notice, 0, "3.example");
    arena_free(&p.memory);
}

static void what_a_first_run_tells_alone_stays_as_it_is(void **state)
{
    struct place p;
    (void)state;
    place_open(&p);
    p.kind = NOTICE_first;
    add(&p, "a", "a1.example", SEVERITY_warning, 1);
    add(&p, "b", "b1.example", SEVERITY_warning, 1);
    add(&p, "b", "b2.example", SEVERITY_warning, 1);
    p.chosen[2][0] = false;
    p.chosen[2][1] = true;
    gather(&p);
    assert_int_equal(p.n_out, 2);
    assert_int_equal(p.out[0].notice.kind, NOTICE_alert);
    assert_true(sv_eq(p.out[0].notice.domain, SV("a1.example")));
    assert_int_equal(p.out[1].notice.kind, NOTICE_first);
    assert_int_equal(p.out[1].notice.n_items, 2);
    assert_int_equal(p.out[1].notice.domain.n, 0);
    arena_free(&p.memory);
}

static void nothing_of_nothing(void **state)
{
    struct place p;
    (void)state;
    place_open(&p);
    gather(&p);
    assert_int_equal(p.n_out, 0);
    arena_free(&p.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_a_tenant), cmocka_unit_test(who_hears_of_one_domain_does_not_hear_of_the_others),
        cmocka_unit_test(what_is_too_much_is_counted),
        cmocka_unit_test(what_a_first_run_tells_alone_stays_as_it_is), cmocka_unit_test(nothing_of_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
