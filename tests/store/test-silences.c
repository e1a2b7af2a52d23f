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
    assert_true(store_outbox_silenced(f->s, &(struct store_unsent){row.id, &notice, NOW, NOW + 9}, &f->e));
    int64_t first = row.id;
    assert_true(store_outbox_waiting(f->s, INT64_MIN, &f->a, &row, &found, &f->e));
    assert_true(found && row.id != first);
    assert_true(store_outbox_waiting(f->s, row.id, &f->a, &row, &found, &f->e));
    assert_false(found);
    assert_true(store_outbox_next(f->s, NOW, &f->a, &row, &found, &f->e));
    assert_true(found && sv_eq(row.channel, SV("mail")));
}

static struct incident told(struct fixture *f)
{
    struct incident *all;
    size_t n;
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_load_incidents(f->s, SV("example.com"), &f->a, &all, &n, &f->e));
    assert_true(store_commit_decide(f->s, &f->e));
    assert_int_equal(n, 1);
    return all[0];
}

/* Of two channels that were to be told of it. */
static void start_telling(struct fixture *f, const struct notice *notice, int64_t rows[2])
{
    const sv channels[] = {SV_INIT("chat"), SV_INIT("mail")};
    struct incident i = {.id = {1},
                         .rule = RULE_unknown_source,
                         .domain = SV("example.com"),
                         .subject = SV("192.0.2.0/24"),
                         .severity = SEVERITY_warning,
                         .state = INCIDENT_firing,
                         .episode = 1,
                         .told_at = NOW,
                         .told_severity = SEVERITY_warning,
                         .told_failed = 200};
    struct store_delivery row = {.id = INT64_MIN};
    bool found;
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_put_incident(f->s, &i, &f->e));
    for (size_t k = 0; k < 2; k++)
        assert_true(store_put_told(f->s, &i, channels[k], NOW, &f->e));
    assert_true(store_put_notice(f->s, notice, SV("frozen"), channels, 2, &f->e));
    assert_true(store_commit_decide(f->s, &f->e));
    for (size_t k = 0; k < 2; k++) {
        assert_true(store_outbox_waiting(f->s, row.id, &f->a, &row, &found, &f->e));
        rows[k] = row.id;
    }
}

static void what_is_silenced_unsent_was_not_told(void **state)
{
    struct fixture *f = *state;
    struct notice_item item = {.kind = ITEM_incident, .incident = {1}, .news = NEWS_first};
    const struct notice notice = {
        .id = {1}, .created = NOW, .domain = SV("example.com"), .items = &item, .n_items = 1};
    int64_t rows[2];
    start_telling(f, &notice, rows);
    assert_true(store_outbox_silenced(f->s, &(struct store_unsent){rows[0], &notice, NOW, NOW + 9}, &f->e));
    struct incident i = told(f);
    assert_int_equal(i.told_at, NOW); /* the other channel was */
    assert_int_equal(i.n_told, 1);
    assert_true(sv_eq(i.told[0].channel, SV("mail")));
    assert_true(store_outbox_silenced(f->s, &(struct store_unsent){rows[1], &notice, NOW, NOW + 7}, &f->e));
    i = told(f);
    assert_int_equal(i.told_at, 0);
    assert_int_equal(i.told_failed, 0);
    assert_int_equal(i.n_told, 0);
    assert_int_equal(i.due, NOW + 7);
}

static void a_rise_that_is_silenced_unsent_was_not_told(void **state)
{
    struct fixture *f = *state;
    struct notice_item lines_of = {.kind = ITEM_incident,
                                   .rule = RULE_unknown_source,
                                   .subject = SV("192.0.2.0/24"),
                                   .lines = (struct notice_line[]){{.name = SV("example.com")}},
                                   .n_lines = 1,
                                   .news = NEWS_tenfold};
    const struct notice notice = {
        .id = {1}, .created = NOW, .domain = SV("example.com"), .items = &lines_of, .n_items = 1};
    int64_t rows[2];
    start_telling(f, &notice, rows);
    assert_true(store_outbox_silenced(f->s, &(struct store_unsent){rows[0], &notice, NOW, NOW + 9}, &f->e));
    struct incident i = told(f);
    assert_int_equal(i.told_failed, 20);
    assert_int_equal(i.told_severity, SEVERITY_warning);
    assert_int_equal(i.told_at, NOW);
    assert_int_equal(i.n_told, 2);
    lines_of.news = NEWS_worse;
    assert_true(store_outbox_silenced(f->s, &(struct store_unsent){rows[1], &notice, NOW, NOW + 9}, &f->e));
    i = told(f);
    assert_int_equal(i.told_severity, SEVERITY_info);
    assert_int_equal(i.told_failed, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(silences_come_back_and_end),
        TEST(what_a_newer_program_silences_is_left_alone),
        TEST(incidents_are_listed_and_acknowledged),
        TEST(a_waiting_notice_is_silenced),
        TEST(what_is_silenced_unsent_was_not_told),
        TEST(a_rise_that_is_silenced_unsent_was_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
