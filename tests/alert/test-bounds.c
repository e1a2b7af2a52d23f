/* Many networks, any order of rows. */
#include "world.h"

static uint32_t seed = 11;

static uint32_t next(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

static void shuffle(struct world *w)
{
    for (size_t i = w->n_rows; i > 1; i--) {
        size_t k = next((uint32_t)i);
        struct entry e = w->rows[i - 1];
        w->rows[i - 1] = w->rows[k];
        w->rows[k] = e;
    }
}

static sv random_name(struct world *w, const char *prefix, uint32_t of)
{
    return arena_printf(&w->memory, "%s%u", prefix, (unsigned)next(of));
}

static void fill(struct world *w, size_t rows, uint32_t networks)
{
    for (size_t i = 0; i < rows; i++) {
        char ip[IP_TEXT];
        uint32_t net = next(networks);
        (void)snprintf(ip, sizeof ip, "2001:db8:%x:%x::%x", net & 0xffff, net >> 16, next(3));
        struct entry *e = next(5) == 0
                              ? world_add(w, ours(next(2), DAY0 + next(9), 1 + next(9), next(2) == 0))
                              : world_add(w, stranger(ip, DAY0 + next(9), 1 + next(9)));
        e->row.reporter = random_name(w, "R", 9);
        e->row.report = (int64_t)i;
        e->row.record.n_spfs = 1;
        e->row.record.spfs = arena_alloc(&w->memory, sizeof(struct spf_auth));
        e->row.record.spfs[0] =
            (struct spf_auth){.domain = random_name(w, "d", 4), .result = {SPF_FAIL, SV_ABSENT}};
        if (!e->verdict.pass)
            e->verdict.fate = (enum fate)next(FATE_END);
    }
}

/* Everything that a decision says. */
static void put_decision(buf *b, const struct decision *d)
{
    for (size_t i = 0; i < d->n_incidents; i++) {
        const struct incident *in = &d->incidents[i];
        buf_printf(b, "%02x%02x%02x %d %.*s %d %d %ld %ld %lu %lu\n", in->id[0], in->id[1], in->id[2],
                   in->rule, SV_ARG(in->subject), in->severity, in->state, (long)in->first_day,
                   (long)in->last_day, (unsigned long)in->told_failed, (unsigned long)in->n_networks);
    }
    for (size_t i = 0; i < d->notice.n_items; i++) {
        const struct notice_item *it = &d->notice.items[i];
        buf_printf(b, "%.*s %lu of %lu", SV_ARG(it->subject), (unsigned long)it->counts.failed,
                   (unsigned long)it->counts.total);
        for (size_t k = 0; k < it->n_sources; k++) {
            char ip[IP_TEXT];
            buf_printf(b, " %s=%lu", ip_text(&it->sources[k].ip, ip),
                       (unsigned long)it->sources[k].counts.failed);
        }
        for (size_t k = 0; k < it->n_reporters; k++)
            buf_printf(b, " %.*s=%lu", SV_ARG(it->reporters[k].name),
                       (unsigned long)it->reporters[k].messages);
        for (size_t k = 0; k < it->n_spfs; k++)
            buf_printf(b, " %.*s=%lu", SV_ARG(it->spfs[k].domain), (unsigned long)it->spfs[k].messages);
        buf_printf(b, " p%d %lu %lu %ld\n", it->p, (unsigned long)it->dkim[LEG_BROKEN],
                   (unsigned long)it->dkim_passed, (long)it->reported);
    }
    buf_printf(b, "more %lu\n", (unsigned long)d->notice.more);
}

/* least: octets that the decision says, so that there is something to compare. */
static void same_in_any_order(uint32_t networks, uint64_t cap, uint64_t facts, size_t least)
{
    struct world w;
    buf first, other;
    world_open(&w);
    buf_init(&first, (size_t)8 << 20);
    buf_init(&other, (size_t)8 << 20);
    w.config.limits.domain_networks = cap;
    w.config.limits.notice_facts = facts;
    fill(&w, 6000, networks);
    put_decision(&first, world_run(&w));
    assert_true(w.last.tells && first.n > least);
    for (int round = 0; round < 4; round++) {
        buf_reset(&other);
        w.incidents = NULL;
        w.n_incidents = 0;
        w.ids = 0;
        shuffle(&w);
        put_decision(&other, world_run(&w));
        assert_true(sv_eq(buf_view(&first), buf_view(&other)));
    }
    buf_free(&first);
    buf_free(&other);
    world_close(&w);
}

static void any_order_of_rows(void **state)
{
    (void)state;
    same_in_any_order(ALERT_BOTNET, 20000, 100000, 800);
}

static void any_order_above_the_caps(void **state)
{
    (void)state;
    same_in_any_order(400, 100, 300, 100); /* one incident: it is a botnet */
}

static void any_order_of_a_botnet(void **state)
{
    (void)state;
    same_in_any_order(200, 20000, 100000, 100);
}

/* No message is lost above the cap: what is not counted singly counts as one. */
static void a_botnet_of_five_thousand_networks(void **state)
{
    (void)state;
    struct world w;
    world_open(&w);
    w.config.limits.domain_networks = 1000;
    w.config.limits.notice_items = 5000;
    for (unsigned k = 0; k < 5000; k++) {
        char ip[IP_TEXT];
        (void)snprintf(ip, sizeof ip, "10.%u.%u.1", k >> 8, k & 255);
        world_add(&w, stranger(ip, DAY0, 10));
    }
    const struct decision *d = world_run(&w);
    assert_int_equal(d->notice.n_items, 1);
    const struct notice_item *rest = d->notice.items;
    assert_true(sv_eq(rest->subject, SV("*")));
    assert_int_equal(rest->counts.failed, 50000);
    assert_true(rest->all_sources > 1000);
    world_silent(&w);
    world_close(&w);
}

/* One sender with many failing networks keeps its sums above the cap. */
static void a_sender_with_many_networks(void **state)
{
    (void)state;
    struct world w;
    world_open(&w);
    w.config.limits.domain_networks = 10;
    for (unsigned k = 0; k < 500; k++) {
        char ip[IP_TEXT];
        (void)snprintf(ip, sizeof ip, "10.%u.%u.1", k >> 8, k & 255);
        struct entry e = ours(OWN, DAY0, 3, false);
        assert_true(ip_parse(sv_c(ip), &e.row.record.source_ip));
        world_add(&w, e);
        world_add(&w, ours(OWN, DAY0, 7, true));
    }
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->counts.failed, 1500);
    assert_int_equal(i->counts.total, 5000);
    assert_int_equal(i->dkim_passed, 3500);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_of_rows),           cmocka_unit_test(any_order_above_the_caps),
        cmocka_unit_test(any_order_of_a_botnet),       cmocka_unit_test(a_botnet_of_five_thousand_networks),
        cmocka_unit_test(a_sender_with_many_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
