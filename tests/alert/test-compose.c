/* Many domains at once: what becomes one incident, and what a channel does not hear one by one. */
#include "alert/compose.h"

#include "world.h"

enum { CHAT, PAGER, N_CHANNELS, MANY = 200 };

static struct world w;
static struct channel_cfg channels[N_CHANNELS];
static struct gathered list[MANY], *out;
static size_t n, n_out;

static int set_up(void **state)
{
    (void)state;
    world_open(&w);
    channels[CHAT] = (struct channel_cfg){.name = SV("chat")};
    channels[PAGER] = (struct channel_cfg){.name = SV("pager")};
    w.config.channels = channels;
    w.config.n_channels = N_CHANNELS;
    w.config.max_per_run = 10;
    n = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

/* A notice of one item to the chat. */
static struct notice_item *add(const char *tenant, const char *domain, const char *subject, uint64_t failed)
{
    struct gathered *one = &list[n++];
    struct notice_item *item = arena_array(&w.memory, 1, sizeof *item);
    *one = (struct gathered){.chosen = arena_array(&w.memory, N_CHANNELS, sizeof(bool))};
    assert_non_null(item);
    *item = (struct notice_item){.rule = RULE_unknown_source,
                                 .severity = SEVERITY_warning,
                                 .news = NEWS_first,
                                 .domain = sv_c(domain),
                                 .subject = sv_c(subject),
                                 .first_day = DAY0,
                                 .last_day = DAY0,
                                 .counts = {failed, failed, {failed, 0, 0}}};
    one->notice = (struct notice){.severity = SEVERITY_warning,
                                  .tenant = sv_c(tenant),
                                  .domain = sv_c(domain),
                                  .items = item,
                                  .n_items = 1};
    one->chosen[CHAT] = true;
    return item;
}

static const char *name_of(size_t i)
{
    return arena_printf(&w.memory, "d%03zu.example", i).p;
}

static void compose(size_t want)
{
    struct err e = {0};
    const struct compose_case c = {
        .config = &w.config, .list = list, .n = n, .now = 1, .make_id = world_id, .make_id_ctx = &w};
    assert_true(alert_compose(&c, &w.memory, &out, &n_out, &e));
    assert_int_equal(n_out, want);
}

static void of_one_domain_there_is_one_notice(void **state)
{
    (void)state;
    add("acme", "a.example", "203.0.113.0/24", 10);
    add("acme", "b.example", "203.0.113.0/24", 10);
    struct notice_item *silent = add("acme", "a.example", "a.example", 0);
    add("other", "a.example", "203.0.113.0/24", 10);
    silent->rule = RULE_no_reports;
    silent->severity = list[2].notice.severity = SEVERITY_critical;
    list[2].chosen[PAGER] = true;
    compose(3);
    assert_true(sv_eq(out[0].notice.domain, SV("a.example")));
    assert_int_equal(out[0].notice.n_items, 2);
    assert_int_equal(out[0].notice.severity, SEVERITY_critical);
    assert_int_equal(out[0].notice.items[0].rule, RULE_no_reports);
    assert_true(out[0].chosen[CHAT] && out[0].chosen[PAGER]);
}

/* Of the legs all, of the policy what protects least. */
static void what_is_folded_has_the_weakest_policy(void **state)
{
    static const uint8_t policies[] = {POLICY_REJECT, POLICY_ABSENT, POLICY_NONE, POLICY_QUARANTINE};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct notice_item *item = add("acme", name_of(i), "203.0.113.0/24", 40 - i);
        item->p = policies[i];
        item->sp = POLICY_REJECT;
        item->dkim[i % 2 ? LEG_BROKEN : LEG_ABSENT] = 10 + i;
        item->spf_passed = 3;
        item->testing = i == 2;
    }
    compose(1);
    const struct notice_item *all = out[0].notice.items;
    assert_int_equal(all->p, POLICY_NONE);
    assert_int_equal(all->sp, POLICY_REJECT);
    assert_int_equal(all->dkim[LEG_ABSENT], 10 + 12);
    assert_int_equal(all->dkim[LEG_BROKEN], 11 + 13);
    assert_int_equal(all->spf_passed, 12);
    assert_true(all->testing);
}

static void one_source_over_three_domains_is_one(void **state)
{
    (void)state;
    add("acme", "a.example", "203.0.113.0/24", 10);
    add("acme", "b.example", "203.0.113.0/24", 30);
    add("acme", "c.example", "203.0.113.0/24", 20);
    compose(1);
    const struct notice_item *i = out[0].notice.items;
    assert_int_equal(out[0].notice.domain.n, 0);
    assert_true(sv_eq(out[0].notice.tenant, SV("acme")));
    assert_true(sv_eq(i->domain, SV("b.example")));
    assert_int_equal(i->counts.failed, 60);
    assert_int_equal(i->all_lines, 3);
    assert_true(sv_eq(i->lines[1].name, SV("c.example")));
    assert_int_equal(i->lines[1].n, 20);
    assert_true(out[0].chosen[CHAT]);
    assert_false(out[0].chosen[PAGER]);
}

static void what_is_folded_names_all_reporters_and_sources(void **state)
{
    (void)state;
    static const char *const names[] = {"Alpha", "Beta", "Alpha"};
    static struct notice_reporter reporters[3];
    static struct notice_source sources[3];
    for (size_t i = 0; i < 3; i++) {
        struct notice_item *item = add("acme", name_of(i), "203.0.113.0/24", 10);
        reporters[i] = (struct notice_reporter){.name = sv_c(names[i]), .messages = 10, .verified = i == 2};
        sources[i] = (struct notice_source){.ip = {{[15] = 66}}, .counts = {10, 10, {10, 0, 0}}};
        item->reporters = &reporters[i];
        item->verified = i == 2;
        item->sources = &sources[i];
        item->n_reporters = item->all_reporters = item->n_sources = item->all_sources = 1;
    }
    compose(1);
    const struct notice_item *i = out[0].notice.items;
    assert_int_equal(i->n_reporters, 2);
    assert_int_equal(i->all_reporters, 2);
    assert_true(sv_eq(i->reporters[0].name, SV("Alpha")));
    assert_int_equal(i->reporters[0].messages, 20);
    assert_true(i->reporters[0].verified);
    assert_false(i->verified);
    assert_int_equal(i->verified_lines, 1);
    assert_int_equal(i->n_sources, 1);
    assert_int_equal(i->sources[0].counts.failed, 30);
}

/* Each is named after itself, and asks for nothing of whoever it is. */
static void domains_that_strangers_use_are_one(void **state)
{
    (void)state;
    static struct notice_source sources[4];
    for (size_t i = 0; i < 4; i++) {
        struct notice_item *item = add("acme", name_of(i), name_of(i), 10);
        item->rule = RULE_spoofed_under_none;
        item->much = i == 3 ? 1 : 2;
        sources[i] = (struct notice_source){.ip = {{[10] = 0xff, 0xff, 203, 0, i < 2 ? 113 : (uint8_t)i, 66}},
                                            .counts = {10, 10, {10, 0, 0}}};
        item->sources = &sources[i];
        item->n_sources = item->all_sources = 1;
    }
    compose(1);
    const struct notice_item *i = out[0].notice.items;
    assert_int_equal(i->all_lines, 4);
    assert_int_equal(i->much, 3);
    assert_true(sv_eq(notice_line_subject(i, 1), i->lines[1].name));
    assert_false(sv_eq(i->lines[0].name, i->lines[1].name));
}

static void two_domains_are_two(void **state)
{
    (void)state;
    add("acme", "a.example", "203.0.113.0/24", 10);
    add("acme", "b.example", "203.0.113.0/24", 30);
    compose(2);
}

static void nothing_is_folded_over_tenants_or_rules_or_ends(void **state)
{
    (void)state;
    add("acme", "a.example", "203.0.113.0/24", 10);
    add("acme", "b.example", "203.0.113.0/24", 30);
    add("other", "c.example", "203.0.113.0/24", 20);
    add("acme", "d.example", "203.0.113.0/24", 20)->rule = RULE_unlisted_own_server;
    add("acme", "e.example", "203.0.113.0/24", 20)->news = NEWS_explained;
    compose(5);
}

/* Who hears of one domain of a customer does not learn the names of the others. */
static void nothing_is_folded_over_audiences(void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        add("", name_of(i), "203.0.113.0/24", 10);
        list[i].chosen[PAGER] = i > 1;
    }
    compose(3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(out[i].chosen[PAGER], out[i].notice.items[0].all_lines == 3);
}

static void the_same_domains_have_the_same_name_whatever_their_sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        add("acme", name_of(i), "203.0.113.0/24", 10 + i)->incident[0] = (uint8_t)(7 + i);
    compose(1);
    assert_int_equal(out[0].notice.items[0].incident[0], 7);
}

/* Alertmanager takes for over what it is not told. */
static void an_alertmanager_hears_everything(void **state)
{
    (void)state;
    channels[CHAT].type = CHANNEL_ALERTMANAGER;
    for (size_t i = 0; i < 40; i++)
        add("acme", name_of(i), arena_printf(&w.memory, "s%zu", i).p, 10 + i);
    compose(40);
}

static void the_rest_of_a_notice_stands(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        add("acme", name_of(i), "203.0.113.0/24", 10);
    struct notice_item *two = arena_array(&w.memory, 2, sizeof *two);
    two[0] = list[0].notice.items[0];
    two[0].severity = SEVERITY_critical;
    two[1] = two[0];
    two[1].subject = SV("198.51.100.0/24");
    two[1].severity = SEVERITY_info;
    list[0].notice.items = two;
    list[0].notice.n_items = 2;
    list[0].notice.severity = SEVERITY_critical;
    compose(2);
    assert_int_equal(out[0].notice.severity, SEVERITY_critical);
    assert_int_equal(out[0].notice.items[0].all_lines, 3);
    assert_int_equal(out[1].notice.severity, SEVERITY_info);
    assert_int_equal(out[1].notice.n_items, 1);
}

static void a_source_over_120_domains_is_one_with_the_largest(void **state)
{
    (void)state;
    for (size_t i = 0; i < 120; i++)
        add("acme", name_of(i), "203.0.113.0/24", 10 + i);
    compose(1);
    assert_int_equal(out[0].notice.items[0].all_lines, 120);
    assert_int_equal(out[0].notice.items[0].n_lines, w.config.limits.notice_sources);
    assert_true(sv_eq(out[0].notice.items[0].lines[0].name, SV("d119.example")));
}

static void a_storm_ends_in_a_list_and_swallows_no_critical(void **state)
{
    (void)state;
    for (size_t i = 0; i < 40; i++)
        add("acme", name_of(i), arena_printf(&w.memory, "s%zu", i).p, 10 + i);
    list[3].notice.items[0].severity = list[3].notice.severity = SEVERITY_critical;
    struct notice_item *b = add("other", "b.example", "s", 10);
    b->severity = list[40].notice.severity = SEVERITY_critical;
    list[40].chosen[PAGER] = true;
    compose(12);
    assert_true(sv_eq(out[0].notice.domain, SV("d003.example")));
    assert_true(sv_eq(out[1].notice.tenant, SV("other")));
    assert_true(out[1].chosen[PAGER]);
    assert_true(sv_eq(out[2].notice.domain, SV("d039.example")));
    const struct notice *rest = &out[11].notice;
    assert_int_equal(rest->items[0].kind, ITEM_rest);
    assert_int_equal(rest->n_items, 1);
    assert_true(sv_eq(rest->tenant, SV("acme")));
    assert_int_equal(rest->items[0].all_lines, 30);
    assert_int_equal(rest->items[0].severity, SEVERITY_warning);
    assert_false(out[11].chosen[PAGER]);
}

static void many_criticals_all_stand(void **state)
{
    (void)state;
    for (size_t i = 0; i < 30; i++) {
        add("acme", name_of(i), arena_printf(&w.memory, "s%zu", i).p, 10)->severity = SEVERITY_critical;
        list[i].notice.severity = SEVERITY_critical;
    }
    compose(30);
}

/* What one channel hears as a list, another that gets less hears one by one. */
static void a_storm_is_of_one_channel(void **state)
{
    (void)state;
    for (size_t i = 0; i < 12; i++)
        add("acme", name_of(i), arena_printf(&w.memory, "s%zu", i).p, 100 - i);
    list[11].chosen[PAGER] = true;
    compose(12);
    size_t chat = 0, pager = 0;
    for (size_t i = 0; i < n_out; i++) {
        chat += out[i].chosen[CHAT];
        pager += out[i].chosen[PAGER];
    }
    assert_int_equal(chat, 11);
    assert_int_equal(pager, 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(of_one_domain_there_is_one_notice),
        T(what_is_folded_has_the_weakest_policy),
        T(one_source_over_three_domains_is_one),
        T(what_is_folded_names_all_reporters_and_sources),
        T(domains_that_strangers_use_are_one),
        T(two_domains_are_two),
        T(nothing_is_folded_over_tenants_or_rules_or_ends),
        T(nothing_is_folded_over_audiences),
        T(the_same_domains_have_the_same_name_whatever_their_sizes),
        T(an_alertmanager_hears_everything),
        T(the_rest_of_a_notice_stands),
        T(a_source_over_120_domains_is_one_with_the_largest),
        T(a_storm_ends_in_a_list_and_swallows_no_critical),
        T(many_criticals_all_stand),
        T(a_storm_is_of_one_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
