#include "store/decide.h"

#include "store/facts.h"
#include "support.h"

static struct cidr net(const char *text)
{
    struct cidr c;
    struct err e;
    assert_true(cidr_parse(sv_c(text), &c, &e));
    return c;
}

static struct incident made_incident(uint8_t id, struct cidr *networks, size_t n)
{
    return (struct incident){.id = {id},
                             .rule = RULE_unknown_source,
                             .domain = SV("example.com"),
                             .subject = SV("192.0.2.0/24"),
                             .severity = SEVERITY_warning,
                             .state = INCIDENT_firing,
                             .episode = 2,
                             .first_day = DAY0,
                             .last_day = DAY0 + 1,
                             .opened = NOW + id,
                             .networks = networks,
                             .n_networks = n,
                             .told_at = NOW,
                             .told_severity = SEVERITY_info,
                             .told_failed = UINT64_MAX,
                             .told_let_through = 11};
}

static struct incident *load(struct fixture *f, const char *domain, size_t want)
{
    struct incident *list;
    size_t n;
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_load_incidents(f->s, sv_c(domain), &f->a, &list, &n, &f->e));
    store_abort_decide(f->s);
    assert_int_equal(n, want);
    return list;
}

static void put_incident(struct fixture *f, const struct incident *i)
{
    assert_true(store_begin_decide(f->s, &f->e));
    if (!store_put_incident(f->s, i, &f->e))
        fail_msg("%s", f->e.msg);
    assert_true(store_commit_decide(f->s, &f->e));
}

static void an_incident_comes_back(void **state)
{
    struct fixture *f = *state;
    struct cidr nets[] = {net("192.0.2.0/24"), net("2001:db8::/48")};
    struct incident first = made_incident(2, nets, 2), second = made_incident(1, NULL, 0);
    second.rule = RULE_known_sender_failing;
    put_incident(f, &first);
    put_incident(f, &second);
    struct incident *list = load(f, "example.com", 2);
    assert_int_equal(list[0].id[0], 1);
    assert_int_equal(list[0].n_networks, 0);
    const struct incident *i = &list[1];
    assert_memory_equal(i->id, first.id, INCIDENT_ID);
    assert_int_equal(i->rule, RULE_unknown_source);
    assert_true(sv_eq(i->domain, first.domain));
    assert_true(sv_eq(i->subject, first.subject));
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_int_equal(i->state, INCIDENT_firing);
    assert_int_equal(i->episode, 2);
    assert_int_equal(i->first_day, DAY0);
    assert_int_equal(i->last_day, DAY0 + 1);
    assert_int_equal(i->opened, NOW + 2);
    assert_int_equal(i->told_at, NOW);
    assert_int_equal(i->told_severity, SEVERITY_info);
    assert_true(i->told_failed == INT64_MAX);
    assert_int_equal(i->told_let_through, 11);
    assert_int_equal(i->n_networks, 2);
    assert_memory_equal(&i->networks[0].ip, &nets[0].ip, sizeof nets[0].ip);
    assert_int_equal(i->networks[1].bits, 48);
    (void)load(f, "example.org", 0);
}

static void who_was_told_and_what_is_due(void **state)
{
    struct fixture *f = *state;
    struct incident a = made_incident(1, NULL, 0), b = made_incident(2, NULL, 0);
    struct store_domain *due;
    size_t n;
    a.due = NOW + 10;
    a.repeats = 3;
    b.domain = SV("example.net");
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_put_incident(f->s, &a, &f->e));
    assert_true(store_put_incident(f->s, &b, &f->e));
    assert_true(store_put_told(f->s, &a, SV("slack"), NOW, &f->e));
    assert_true(store_put_told(f->s, &a, SV("mail"), NOW, &f->e));
    assert_true(store_put_told(f->s, &a, SV("slack"), NOW + 5, &f->e));
    assert_true(store_commit_decide(f->s, &f->e));
    const struct incident *i = load(f, "example.com", 1);
    assert_int_equal(i->due, NOW + 10);
    assert_int_equal(i->repeats, 3);
    assert_int_equal(i->n_told, 2);
    assert_true(sv_eq(i->told[1].channel, SV("slack")));
    assert_int_equal(i->told[1].at, NOW + 5);
    assert_int_equal(i->told[1].episode, 2);
    assert_int_equal(load(f, "example.net", 1)->n_told, 0);
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_due(f->s, NOW + 9, &f->a, &due, &n, &f->e));
    assert_int_equal(n, 0);
    assert_true(store_due(f->s, NOW + 10, &f->a, &due, &n, &f->e));
    assert_int_equal(n, 1);
    assert_true(sv_eq(due[0].domain, SV("example.com")));
    assert_int_equal(due[0].from_day, DAY0 + 1);
    store_abort_decide(f->s);
}

static void networks_are_only_added(void **state)
{
    struct fixture *f = *state;
    struct cidr a[] = {net("192.0.2.0/24")}, b[] = {net("192.0.2.0/24"), net("198.51.100.0/24")};
    struct incident i = made_incident(1, a, 1);
    put_incident(f, &i);
    i.networks = b;
    i.n_networks = 2;
    i.state = INCIDENT_resolved;
    put_incident(f, &i);
    i.n_networks = 0;
    put_incident(f, &i);
    struct incident *list = load(f, "example.com", 1);
    assert_int_equal(list[0].n_networks, 2);
    assert_int_equal(list[0].state, INCIDENT_resolved);
}

static void put_dirty(struct fixture *f)
{
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    make_mail(&m, 1);
    add_report(&m, made_report("1"), &r, 1);
    (void)put_alone(f, &m);
}

static struct notice made_notice(uint8_t id)
{
    return (struct notice){
        .id = {id}, .created = NOW, .severity = SEVERITY_warning, .domain = SV("example.com")};
}

/* All that T2 writes is there, or, when it is aborted or the last step fails, nothing. */
static void decide(struct fixture *f, size_t n_channels)
{
    static const sv channels[] = {SV_INIT("slack"), SV_INIT("mail"), SV_INIT("slack")};
    static const uint8_t hash[32] = {1, 2, 3};
    struct incident i = made_incident(1, NULL, 0);
    struct notice notice = made_notice(9);
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_put_incident(f->s, &i, &f->e));
    assert_true(store_clear_dirty(f->s, SV("example.com"), &f->e));
    assert_true(store_set_config_hash(f->s, hash, &f->e));
    assert_int_equal(store_put_notice(f->s, &notice, SV("frozen\0octets"), channels, n_channels, &f->e),
                     n_channels < 3);
}

static int64_t decided(struct fixture *f)
{
    return sql_int(f, "SELECT (SELECT count(*) FROM incident) + (SELECT count(*) FROM notice)"
                      " + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM meta)"
                      " + (SELECT count(*) = 0 FROM dirty)");
}

static void all_or_nothing(void **state)
{
    struct fixture *f = *state;
    static const uint8_t hash[32] = {1, 2, 3}, other[32] = {4};
    bool changed;
    put_dirty(f);
    decide(f, 2);
    store_abort_decide(f->s);
    assert_int_equal(decided(f), 0);
    decide(f, 3); /* a channel twice: the constraint fails */
    assert_int_equal(decided(f), 0);
    assert_false(store_commit_decide(f->s, &f->e));
    assert_int_equal(f->e.cls, ERR_BUG);
    assert_true(store_config_changed(f->s, hash, &changed, &f->e));
    assert_true(changed);
    decide(f, 2);
    assert_true(store_commit_decide(f->s, &f->e));
    assert_int_equal(decided(f), 1 + 1 + 2 + 1 + 1);
    assert_true(store_config_changed(f->s, hash, &changed, &f->e));
    assert_false(changed);
    assert_true(store_config_changed(f->s, other, &changed, &f->e));
    assert_true(changed);
}

/* The config hash can be asked for, and rows be read, while T2 is open. */
static void reads_inside(void **state)
{
    struct fixture *f = *state;
    struct store_domain *list;
    size_t n;
    put_dirty(f);
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_dirty(f->s, &f->a, &list, &n, &f->e));
    assert_int_equal(n, 1);
    assert_true(store_clear_dirty(f->s, list[0].domain, &f->e));
    assert_true(store_dirty(f->s, &f->a, &list, &n, &f->e));
    assert_int_equal(n, 0);
    store_abort_decide(f->s);
    assert_true(store_dirty(f->s, &f->a, &list, &n, &f->e));
    assert_int_equal(n, 1);
}

static void a_notice_for_no_channel_is_kept(void **state)
{
    struct fixture *f = *state;
    struct notice notice = made_notice(1);
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_put_notice(f->s, &notice, SV("x"), NULL, 0, &f->e));
    assert_true(store_commit_decide(f->s, &f->e));
    assert_int_equal(sql_int(f, "SELECT count(*) FROM notice WHERE frozen = x'78' AND severity = 'warning'"),
                     1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM outbox"), 0);
}

static void only_inside_its_transaction(void **state)
{
    struct fixture *f = *state;
    struct incident i = made_incident(1, NULL, 0);
    struct notice notice = made_notice(1);
    assert_false(store_put_incident(f->s, &i, &f->e));
    assert_false(store_put_notice(f->s, &notice, SV("x"), NULL, 0, &f->e));
    assert_false(store_clear_dirty(f->s, SV("example.com"), &f->e));
    assert_true(store_begin_mails(f->s, NOW, &f->e));
    assert_false(store_begin_decide(f->s, &f->e));
    assert_false(store_put_incident(f->s, &i, &f->e));
    assert_int_equal(f->e.cls, ERR_BUG);
    assert_true(store_commit_mails(f->s, &f->e));
    assert_int_equal(decided(f), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_incident_comes_back),
        TEST(who_was_told_and_what_is_due),
        TEST(networks_are_only_added),
        TEST(all_or_nothing),
        TEST(reads_inside),
        TEST(a_notice_for_no_channel_is_kept),
        TEST(only_inside_its_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
