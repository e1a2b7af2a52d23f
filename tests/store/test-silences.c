#include "store/silences.h"

#include "store/decide.h"
#include "support.h"

static int64_t add(struct fixture *f, const char *domain, int64_t ends)
{
    int64_t id = 0;
    const struct silence_cfg s = {.rules = UINT64_C(1) << RULE_unknown_source | UINT64_C(1)
                                                                                    << RULE_no_reports,
                                  .domain = sv_c(domain),
                                  .starts = NOW,
                                  .ends = ends,
                                  .author = SV("ops"),
                                  .comment = SV("it's known; DROP TABLE silence")};
    if (!store_silence_add(f->s, &s, &id, &f->e))
        fail_msg("%s", f->e.msg);
    return id;
}

static struct silence_cfg *list(struct fixture *f, int64_t from, size_t want)
{
    struct silence_cfg *all;
    size_t n;
    assert_true(store_silences(f->s, from, &f->a, &all, &n, &f->e));
    assert_int_equal(n, want);
    return all;
}

static void silences_come_back_and_end(void **state)
{
    struct fixture *f = *state;
    bool known;
    int64_t one = add(f, "example.com", NOW + 100), two = add(f, "*.example.net", NOW + 50);
    const struct silence_cfg *s = list(f, NOW + 60, 1);
    assert_int_equal(s->id, one);
    assert_int_equal(s->rules, UINT64_C(1) << RULE_unknown_source | UINT64_C(1) << RULE_no_reports);
    assert_true(sv_eq(s->domain, SV("example.com")));
    assert_int_equal(s->tenant.n, 0);
    assert_int_equal(s->ends, NOW + 100);
    assert_true(sv_eq(s->author, SV("ops")));
    (void)list(f, NOW, 2);
    assert_true(store_silence_expire(f->s, two, NOW + 10, &known, &f->e));
    assert_true(known);
    assert_true(store_silence_expire(f->s, two, NOW + 20, &known, &f->e));
    assert_false(known);
    (void)list(f, NOW + 10, 1);
    (void)list(f, 0, 2);
}

static void what_a_newer_program_silences_is_left_alone(void **state)
{
    struct fixture *f = *state;
    (void)add(f, "example.com", NOW + 100);
    assert_int_equal(sqlite3_exec(f->s->db, "UPDATE silence SET rules = 'of_tomorrow'", NULL, NULL, NULL),
                     SQLITE_OK);
    (void)list(f, NOW, 0);
}

static void put(struct fixture *f, uint8_t id, enum incident_state state)
{
    const struct incident i = {.id = {id},
                               .rule = RULE_unknown_source,
                               .domain = SV("example.com"),
                               .subject = SV("192.0.2.0/24"),
                               .severity = id == 1 ? SEVERITY_warning : SEVERITY_critical,
                               .state = state,
                               .episode = 1};
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_put_incident(f->s, &i, &f->e));
    assert_true(store_commit_decide(f->s, &f->e));
}

static void incidents_are_listed_and_acknowledged(void **state)
{
    struct fixture *f = *state;
    struct incident *all;
    size_t n;
    bool known;
    const uint8_t one[INCIDENT_ID] = {1}, three[INCIDENT_ID] = {3};
    put(f, 1, INCIDENT_firing);
    put(f, 2, INCIDENT_firing);
    put(f, 3, INCIDENT_resolved);
    assert_true(store_incidents(f->s, false, &f->a, &all, &n, &f->e));
    assert_int_equal(n, 2);
    assert_int_equal(all[0].id[0], 2);
    assert_true(store_ack(f->s, one, NOW, SV("ops"), &known, &f->e));
    assert_true(known);
    assert_true(store_ack(f->s, three, NOW, SV("ops"), &known, &f->e));
    assert_false(known);
    assert_true(store_incidents(f->s, true, &f->a, &all, &n, &f->e));
    assert_int_equal(n, 3);
    assert_int_equal(all[1].acked_at + all[2].acked_at, NOW);
}

static void a_waiting_notice_is_silenced(void **state)
{
    struct fixture *f = *state;
    const struct notice notice = {
        .id = {1}, .created = NOW, .severity = SEVERITY_warning, .domain = SV("example.com")};
    const sv channels[] = {SV_INIT("chat"), SV_INIT("mail")};
    struct store_delivery row;
    bool found;
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_put_notice(f->s, &notice, SV("frozen"), channels, 2, &f->e));
    assert_true(store_commit_decide(f->s, &f->e));
    assert_true(store_outbox_waiting(f->s, INT64_MIN, &f->a, &row, &found, &f->e));
    assert_true(found);
    assert_true(sv_eq(row.frozen, SV("frozen")));
    assert_true(store_outbox_silenced(f->s, row.id, NOW, &f->e));
    int64_t first = row.id;
    assert_true(store_outbox_waiting(f->s, INT64_MIN, &f->a, &row, &found, &f->e));
    assert_true(found && row.id != first);
    assert_true(store_outbox_waiting(f->s, row.id, &f->a, &row, &found, &f->e));
    assert_false(found);
    assert_true(store_outbox_next(f->s, NOW, &f->a, &row, &found, &f->e));
    assert_true(found && sv_eq(row.channel, SV("mail")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(silences_come_back_and_end),
        TEST(what_a_newer_program_silences_is_left_alone),
        TEST(incidents_are_listed_and_acknowledged),
        TEST(a_waiting_notice_is_silenced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
