#include "store/facts.h"

#include "store/decide.h"
#include "support.h"

struct seen_rows {
    uint64_t messages;
    size_t n, most;
    struct row last;
    int64_t day, report, order_errors;
};

static bool see(void *ctx, const struct row *row)
{
    struct seen_rows *seen = ctx;
    if (row->day < seen->day || (row->day == seen->day && row->report < seen->report))
        seen->order_errors++;
    seen->day = row->day;
    seen->report = row->report;
    seen->messages += row->record.count;
    seen->last = *row;
    return ++seen->n != seen->most;
}

static struct seen_rows rows(struct fixture *f, const char *domain, int64_t from, int64_t to)
{
    struct seen_rows seen = {.day = INT64_MIN};
    if (!store_rows(f->s, sv_c(domain), from, to, see, &seen, &f->e))
        fail_msg("%s", f->e.msg);
    assert_int_equal(seen.order_errors, 0);
    return seen;
}

static void put_report(struct fixture *f, uint32_t uid, struct report r, const struct record *records,
                       size_t n)
{
    struct made_mail m;
    make_mail(&m, uid);
    m.raw.internaldate = NOW - 1000 + uid;
    add_report(&m, r, records, n);
    assert_false(put_alone(f, &m).refused);
}

/* Looks at the texts while they live. */
static bool check_row(void *ctx, const struct row *row)
{
    size_t *n = ctx;
    ++*n;
    assert_int_equal(row->day, DAY0);
    assert_int_equal(row->begin, DAY0 * DAY_SECONDS);
    assert_int_equal(row->end, (DAY0 + 1) * DAY_SECONDS);
    assert_int_equal(row->received, NOW - 999);
    assert_true(sv_eq(row->domain, SV("example.com")));
    assert_true(sv_eq(row->reporter, SV("Reporter")));
    assert_int_equal(row->policy.p.v, POLICY_REJECT);
    assert_true(sv_eq(row->policy.sp.raw, SV("Maybe")));
    const struct record *r = &row->record;
    char text[IP_TEXT];
    if (r->count == 3) {
        assert_string_equal(ip_text(&r->source_ip, text), "192.0.2.1");
        assert_int_equal(r->disposition.v, DISPOSITION_QUARANTINE);
        assert_int_equal(r->dkim.v, VERDICT_PASS);
        assert_int_equal(r->spf.v, WORD_ABSENT);
        assert_int_equal(r->n_dkims, 1);
        assert_true(sv_eq(r->dkims[0].selector, SV("s1")));
        assert_int_equal(r->dkims[0].result.v, DKIM_PASS);
    } else {
        assert_string_equal(ip_text(&r->source_ip, text), "2001:db8::1");
        assert_int_equal(r->disposition.v, WORD_ABSENT);
        assert_true(sv_eq(r->spf.raw, SV("perhaps")));
        assert_int_equal(r->n_dkims, 0);
    }
    return true;
}

static void a_row_is_what_was_reported(void **state)
{
    struct fixture *f = *state;
    static struct dkim_auth dkim = {SV_INIT("example.com"), SV_INIT("s1"), {.v = DKIM_PASS}, {NULL, 0}};
    struct record r[] = {made_record("192.0.2.1", 3), made_record("2001:db8::1", 4)};
    struct report report = made_report("1");
    size_t n = 0;
    report.policy.sp = (struct word){.v = WORD_UNKNOWN, .raw = SV("Maybe")};
    r[0].disposition.v = DISPOSITION_QUARANTINE;
    r[0].dkim.v = VERDICT_PASS;
    r[0].spf.v = WORD_ABSENT;
    r[0].dkims = &dkim;
    r[0].n_dkims = 1;
    r[1].disposition.v = WORD_ABSENT;
    r[1].spf = (struct word){.v = WORD_UNKNOWN, .raw = SV("perhaps")};
    put_report(f, 1, report, r, 2);
    for (int again = 0; again < 2; again++)
        assert_true(store_rows(f->s, SV("example.com"), DAY0, DAY0, check_row, &n, &f->e));
    assert_int_equal(n, 4);
}

static bool check_reporter(void *ctx, const struct row *row)
{
    assert_true(sv_eq(row->reporter, sv_c(ctx)));
    return true;
}

static void a_reporter_without_a_name(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct report report = made_report("1");
    char domain[] = "reporter.example";
    report.org_name = SV_ABSENT;
    put_report(f, 1, report, &r, 1);
    assert_true(store_rows(f->s, SV("example.com"), DAY0, DAY0, check_reporter, domain, &f->e));
}

static void days_domains_and_order(void **state)
{
    struct fixture *f = *state;
    struct record r[] = {made_record("192.0.2.1", 2), made_record("192.0.2.2", 4)};
    for (uint32_t i = 0; i < 10; i++) {
        struct report report = made_report("1");
        int64_t day = (i * 7) % 10;
        report.begin += day * DAY_SECONDS;
        report.end += day * DAY_SECONDS;
        put_report(f, 2 * i + 1, report, r, 2);
        report.domain = SV("example.org");
        put_report(f, 2 * i + 2, report, r, 1);
    }
    assert_int_equal(rows(f, "example.com", DAY0, DAY0 + 9).messages, 60);
    assert_int_equal(rows(f, "example.com", DAY0 + 3, DAY0 + 5).messages, 18);
    assert_int_equal(rows(f, "example.org", DAY0, DAY0 + 9).messages, 20);
    assert_int_equal(rows(f, "example.net", DAY0, DAY0 + 9).n, 0);
    assert_int_equal(rows(f, "example.com", INT64_MIN, INT64_MAX).n, 20);
    struct seen_rows three = {.day = INT64_MIN, .most = 3};
    assert_true(store_rows(f->s, SV("example.com"), DAY0, DAY0 + 9, see, &three, &f->e));
    assert_int_equal(three.n, 3);
}

/* Of a conflict set the one received first is read, whatever was stored first; of equal times the one
 * stored first. */
static void one_of_a_conflict_set_is_read(void **state)
{
    struct fixture *f = *state;
    struct record late = made_record("203.0.113.9", 5000), first = made_record("192.0.2.1", 3);
    struct record other = made_record("192.0.2.2", 10);
    put_report(f, 9, made_report("1"), &late, 1);
    assert_int_equal(rows(f, "example.com", DAY0, DAY0).messages, 5000);
    put_report(f, 3, made_report("1"), &first, 1);
    assert_int_equal(rows(f, "example.com", DAY0, DAY0).messages, 3);
    put_report(f, 9, made_report("2"), &other, 1);
    assert_int_equal(rows(f, "example.com", DAY0, DAY0).messages, 13);
    struct made_mail m;
    make_mail(&m, 4);
    m.raw.internaldate = NOW - 1000 + 3;
    add_report(&m, made_report("1"), &late, 1);
    late.count = 7;
    (void)put_alone(f, &m);
    assert_int_equal(rows(f, "example.com", DAY0, DAY0).messages, 13);
}

static struct store_domain_state domain_state(struct fixture *f)
{
    struct store_domain_state d;
    assert_true(store_domain_state(f->s, SV("example.com"), &f->a, &d, &f->e));
    return d;
}

static void the_event_clock(void **state)
{
    struct fixture *f = *state;
    struct report r = made_report("1");
    struct made_mail m;
    assert_int_equal(domain_state(f).clock, 0);
    assert_false(domain_state(f).has_policy);
    put_report(f, 1, r, NULL, 0);
    assert_int_equal(domain_state(f).clock, r.end);
    assert_int_equal(domain_state(f).policy.p.v, POLICY_REJECT);
    assert_true(sv_eq(domain_state(f).policy.pct, SV("100")));

    /* An older report does not set it back; its policy is not the newest. */
    r = made_report("2");
    r.begin -= DAY_SECONDS;
    r.end -= DAY_SECONDS;
    r.policy.p.v = POLICY_NONE;
    put_report(f, 2, r, NULL, 0);
    assert_int_equal(domain_state(f).clock, r.end + DAY_SECONDS);
    assert_int_equal(domain_state(f).policy.p.v, POLICY_REJECT);

    /* From a year ahead: kept, moves nothing. */
    r = made_report("3");
    r.begin = NOW + 365 * DAY_SECONDS;
    r.end = r.begin + DAY_SECONDS;
    r.policy.p.v = POLICY_NONE;
    put_report(f, 3, r, NULL, 0);
    assert_int_equal(domain_state(f).clock, (DAY0 + 1) * DAY_SECONDS);
    assert_int_equal(domain_state(f).policy.p.v, POLICY_REJECT);

    /* A little ahead: never later than it came in. */
    r = made_report("4");
    r.end = NOW + 3600;
    r.policy.p.v = POLICY_QUARANTINE;
    make_mail(&m, 4);
    add_report(&m, r, NULL, 0);
    (void)put_alone(f, &m);
    assert_int_equal(domain_state(f).clock, m.raw.internaldate);
    assert_int_equal(domain_state(f).policy.p.v, POLICY_QUARANTINE);
}

/* What does not count moves no clock either. */
static void the_event_clock_of_a_conflict_set(void **state)
{
    struct fixture *f = *state;
    struct report r = made_report("1");
    put_report(f, 1, r, NULL, 0);
    r.policy.p.v = POLICY_NONE;
    put_report(f, 2, r, NULL, 0);
    assert_int_equal(domain_state(f).policy.p.v, POLICY_REJECT);
}

/* Stands for judge/: the domain of the From field decides, and the authserv-id must be ours. */
static void ask(void *ctx, const struct store_origin *origin, struct trust_verdict *out)
{
    const struct mail_auth *auth = &origin->mail.auth;
    struct fixture *f = ctx;
    *out = (struct trust_verdict){.trust = TRUST_unknown};
    if (origin->mailbox != f->mailbox || auth->n_fields == 0)
        return;
    assert_true(sv_eq(origin->reporter, SV("reporter.example")));
    assert_true(sv_eq(auth->fields[0].id, SV("mx.example.com")));
    assert_true(sv_eq(auth->received_by[0], SV("imap.example.com")));
    assert_null(auth->received_by[1].p);
    assert_int_equal(auth->fields[0].hop, 2);
    const struct auth_statement *s = &auth->fields[0].statements[0];
    assert_int_equal(s->method, AUTH_METHOD_dmarc);
    assert_true(sv_eq(s->domain, origin->mail.from_domain));
    if (s->result != AUTH_RESULT_pass) {
        out->trust = TRUST_failed;
        return;
    }
    out->trust = TRUST_verified;
    out->domain = origin->mail.from_domain;
    out->sender = sv_eq(out->domain, SV("reporter.example")) ? TRUST_SENDER_own : TRUST_SENDER_other;
}

/* At NOW - 1000 + uid, from a domain; AUTH_RESULT_unknown: nobody says anything of it. */
static void put_from(struct fixture *f, uint32_t uid, const char *from, enum auth_result result,
                     struct report r, const struct record *record)
{
    sv hosts[2] = {SV("imap.example.com"), SV_ABSENT};
    struct auth_statement dmarc = {.method = AUTH_METHOD_dmarc, .result = result, .domain = sv_c(from)};
    struct auth_field field = {.id = SV("mx.example.com"), .hop = 2, .statements = &dmarc, .n_statements = 1};
    struct made_mail m;
    make_mail(&m, uid);
    m.raw.internaldate = NOW - 1000 + uid;
    m.outcome.facts.from_domain = sv_c(from);
    if (result != AUTH_RESULT_unknown)
        m.outcome.facts.auth =
            (struct mail_auth){.fields = &field, .n_fields = 1, .received_by = hosts, .n_received = 2};
    add_report(&m, r, record, 1);
    assert_false(put_alone(f, &m).refused);
}

/* Forged first, true second: the true one counts as soon as it is known whom to believe, and nothing counts
 * twice whatever is believed. */
static void the_most_trusted_of_a_conflict_set_is_read(void **state)
{
    struct fixture *f = *state;
    struct record forged = made_record("203.0.113.9", 5000), true_one = made_record("192.0.2.1", 3);
    struct record other = made_record("203.0.113.8", 70), silent = made_record("203.0.113.7", 900);
    put_from(f, 1, "reporter.example", AUTH_RESULT_fail, made_report("1"), &forged);
    put_from(f, 2, "reporter.example", AUTH_RESULT_unknown, made_report("1"), &silent);
    store_ask_trust(f->s, ask, f);
    struct seen_rows seen = rows(f, "example.com", DAY0, DAY0);
    assert_int_equal(seen.messages, 900); /* unknown before failed */
    assert_int_equal(seen.last.trust.trust, TRUST_unknown);
    put_from(f, 3, "evil.example", AUTH_RESULT_pass, made_report("1"), &other);
    assert_int_equal(rows(f, "example.com", DAY0, DAY0).messages, 70);
    put_from(f, 4, "reporter.example", AUTH_RESULT_pass, made_report("1"), &true_one);
    seen = rows(f, "example.com", DAY0, DAY0);
    assert_int_equal(seen.messages, 3); /* in his own name before another's */
    assert_int_equal(seen.last.trust.trust, TRUST_verified);
    assert_int_equal(seen.last.trust.sender, TRUST_SENDER_own);
    store_ask_trust(f->s, NULL, NULL);
    seen = rows(f, "example.com", DAY0, DAY0);
    assert_int_equal(seen.messages, 5000); /* the one received first */
    assert_int_equal(seen.last.trust.trust, TRUST_unknown);
}

static void a_report_is_as_trusted_as_its_best_delivery(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    store_ask_trust(f->s, ask, f);
    put_from(f, 1, "reporter.example", AUTH_RESULT_fail, made_report("1"), &r);
    assert_int_equal(rows(f, "example.com", DAY0, DAY0).last.trust.trust, TRUST_failed);
    assert_int_equal(sqlite3_exec(f->s->db, "DELETE FROM dirty", NULL, NULL, NULL), SQLITE_OK);
    put_from(f, 2, "reporter.example", AUTH_RESULT_pass, made_report("1"), &r);
    struct seen_rows seen = rows(f, "example.com", DAY0, DAY0);
    assert_int_equal(seen.last.trust.trust, TRUST_verified);
    assert_int_equal(seen.messages, 3);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM dirty"), 1); /* it is judged again */
    put_from(f, 3, "reporter.example", AUTH_RESULT_fail, made_report("1"), &r);
    assert_int_equal(rows(f, "example.com", DAY0, DAY0).last.trust.trust, TRUST_verified);
}

/* Forged reports neither hide that the true ones have stopped nor fill their gaps. */
static void what_failed_breaks_no_silence(void **state)
{
    struct fixture *f = *state;
    struct record record = made_record("192.0.2.1", 3);
    struct report r = made_report("1");
    struct store_domain *quiet;
    int64_t *days;
    size_t n;
    r.begin -= DAY_SECONDS;
    r.end -= DAY_SECONDS;
    put_from(f, 1, "reporter.example", AUTH_RESULT_pass, r, &record);
    put_from(f, 2, "reporter.example", AUTH_RESULT_fail, made_report("2"), &record);
    put_from(f, 3, "reporter.example", AUTH_RESULT_fail, made_report("3"), &record);
    for (int knows = 0; knows < 2; knows++) {
        store_ask_trust(f->s, knows ? ask : NULL, f);
        assert_true(store_quiet(f->s, 0, r.end, &f->a, &quiet, &n, &f->e));
        assert_int_equal(n, knows ? 1 : 0);
        assert_true(store_report_days(f->s, SV("example.com"), 0, &f->a, &days, &n, &f->e));
        assert_int_equal(n, knows ? 1 : 2);
        assert_int_equal(days[0], DAY0 - 1);
    }
}

static void what_failed_moves_no_clock(void **state)
{
    struct fixture *f = *state;
    struct record record = made_record("192.0.2.1", 3);
    struct report r = made_report("1");
    store_ask_trust(f->s, ask, f);
    put_from(f, 1, "reporter.example", AUTH_RESULT_pass, r, &record);
    int64_t clock = domain_state(f).clock;
    r.report_id = SV("2");
    r.end += 3600;
    r.policy.p.v = POLICY_NONE;
    put_from(f, 2, "reporter.example", AUTH_RESULT_fail, r, &record);
    assert_int_equal(domain_state(f).clock, clock);
    assert_int_equal(domain_state(f).policy.p.v, POLICY_REJECT);
    store_ask_trust(f->s, NULL, NULL);
    assert_int_equal(domain_state(f).clock, clock + 3600);
    assert_int_equal(domain_state(f).policy.p.v, POLICY_NONE);
}

/* A mail without a date of its server, or with one of tomorrow, came in now. */
static void received_never_later_than_now(void **state)
{
    struct fixture *f = *state;
    static const int64_t dates[] = {0, -5, NOW + 5000};
    struct made_mail m;
    for (uint32_t i = 0; i < COUNT_OF(dates); i++) {
        make_mail(&m, i + 1);
        m.raw.internaldate = dates[i];
        add_report(&m, made_report(i == 0 ? "a" : i == 1 ? "b" : "c"), NULL, 0);
        (void)put_alone(f, &m);
    }
    assert_int_equal(sql_int(f, "SELECT min(received)"
                                " FROM report"),
                     NOW);
    assert_int_equal(sql_int(f, "SELECT max(received) FROM report"), NOW);
}

static void domains(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct report report = made_report("1");
    struct store_domain *list;
    size_t n;
    for (uint32_t i = 0; i < 200; i++) {
        const char *name = text(f, "d%03u.example", 199 - i);
        report.domain = sv_c(name);
        put_report(f, i + 1, report, &r, 1);
    }
    assert_true(store_domains(f->s, &f->a, &list, &n, &f->e));
    assert_int_equal(n, 200);
    assert_true(sv_eq(list[0].domain, SV("d000.example")));
    assert_true(sv_eq(list[199].domain, SV("d199.example")));
    assert_int_equal(list[7].from_day, DAY0);
}

/* Names and evidence do not outgrow limits.store_cache; what is read stays right. */
static void a_small_cache(void **state)
{
    struct fixture *f = *state;
    enum { RECORDS = 3000 };
    static struct record r[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
        r[i] = made_record("192.0.2.1", (uint64_t)i + 1);
        r[i].header_from = arena_printf(&f->a, "host-%d.with-a-long-name.example.com", i);
    }
    f->limits.store_cache = KIB(256);
    reopen(f);
    put_report(f, 1, made_report("1"), r, RECORDS);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM evidence"), RECORDS);
    assert_int_equal(rows(f, "example.com", DAY0, DAY0).messages, RECORDS * (RECORDS + 1) / 2);
    assert_true(f->s->decoded.used <= KIB(256));
    assert_true(f->s->read_evidence.n < RECORDS);
}

static void damage_is_told(void **state)
{
    struct fixture *f = *state;
    static const char *const damages[] = {
        "UPDATE evidence SET tuple = x'ff'",
        "DELETE FROM evidence",
        "UPDATE fact SET ip = x'0102'",
        "DELETE FROM report",
        "UPDATE mail SET authentication = x'00ff'",
    };
    struct record r = made_record("192.0.2.1", 3);
    put_report(f, 1, made_report("1"), &r, 1);
    store_ask_trust(f->s, ask, f);
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        struct seen_rows seen = {.n = 0};
        assert_int_equal(sqlite3_exec(f->s->db, "SAVEPOINT t", NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_exec(f->s->db, damages[i], NULL, NULL, NULL), SQLITE_OK);
        assert_false(store_rows(f->s, SV("example.com"), DAY0, DAY0, see, &seen, &f->e));
        assert_int_equal(f->e.cls, ERR_DAMAGED);
        assert_non_null(strstr(f->e.msg, "damaged"));
        assert_non_null(strstr(f->e.msg, f->path));
        assert_int_equal(sqlite3_exec(f->s->db, "ROLLBACK TO t; RELEASE t", NULL, NULL, NULL), SQLITE_OK);
        reopen(f);
        store_ask_trust(f->s, ask, f);
    }
    assert_int_equal(rows(f, "example.com", DAY0, DAY0).messages, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_is_what_was_reported),
        TEST(a_reporter_without_a_name),
        TEST(days_domains_and_order),
        TEST(one_of_a_conflict_set_is_read),
        TEST(the_event_clock),
        TEST(the_event_clock_of_a_conflict_set),
        TEST(the_most_trusted_of_a_conflict_set_is_read),
        TEST(a_report_is_as_trusted_as_its_best_delivery),
        TEST(what_failed_moves_no_clock),
        TEST(what_failed_breaks_no_silence),
        TEST(received_never_later_than_now),
        TEST(domains),
        TEST(a_small_cache),
        TEST(damage_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
