/* Old reports become daily sums: what rows tell stays, nothing counts twice, and what is older goes. */
#include "store/thin.h"

#include <sys/wait.h>
#include <unistd.h>

#include "crash_vfs.h"
#include "store/decide.h"
#include "store/facts.h"
#include "store/replay.h"
#include "support.h"

enum { KEEP_ROWS = 90, KEEP_DAILY = 180, OLD = 120, VERY_OLD = 200 };

/* A report of the day DAY0 - ago, received the day after. */
static struct report report_of(struct fixture *f, int ago, const char *reporter, const char *id)
{
    struct report r = made_report(id);
    r.org_name = sv_c(reporter);
    r.email = sv_c(text(f, "dmarc@%s", reporter));
    r.begin -= (int64_t)ago * DAY_SECONDS;
    r.end -= (int64_t)ago * DAY_SECONDS;
    return r;
}

static struct store_put put_report(struct fixture *f, uint32_t uid, int ago, struct report r,
                                   const struct record *records, size_t n)
{
    struct made_mail m;
    make_mail(&m, uid);
    m.raw.internaldate = r.end + 3600;
    (void)ago;
    add_report(&m, r, records, n);
    return put_alone(f, &m);
}

/* One with two addresses, the second one twice as another evidence. */
static struct store_put put_usual(struct fixture *f, uint32_t uid, int ago, const char *reporter)
{
    struct record r[3] = {made_record("192.0.2.1", 3), made_record("2001:db8::7", 5),
                          made_record("2001:db8::7", 7)};
    r[2].dkim.v = VERDICT_PASS;
    r[2].header_from = SV("news.example.com");
    return put_report(f, uid, ago, report_of(f, ago, reporter, text(f, "%d", ago)), r, 3);
}

struct seen_rows {
    size_t n;
    uint64_t messages, passed, verified, failed;
    int64_t first_day, last_day, lag;
    uint64_t of_reject;
    const char *reporter;
    arena *a;
};

static bool add_row(void *ctx, const struct row *row)
{
    struct seen_rows *to = ctx;
    to->first_day = to->n == 0 || row->day < to->first_day ? row->day : to->first_day;
    to->last_day = to->n == 0 || row->day > to->last_day ? row->day : to->last_day;
    to->n++;
    to->messages += row->record.count;
    to->passed += row->record.dkim.v == VERDICT_PASS ? row->record.count : 0;
    to->verified += row->trust.trust == TRUST_verified ? row->record.count : 0;
    to->failed += row->trust.trust == TRUST_failed ? row->record.count : 0;
    to->of_reject +=
        row->policy.p.v == POLICY_REJECT && sv_eq(row->policy.pct, SV("100")) ? row->record.count : 0;
    to->lag = (row->received - row->end) / DAY_SECONDS;
    to->reporter = arena_cstr(to->a, row->reporter);
    return true;
}

static struct seen_rows rows(struct fixture *f)
{
    struct seen_rows seen = {.n = 0, .a = &f->a};
    assert_true(store_rows(f->s, SV("example.com"), 0, INT64_MAX, add_row, &seen, &f->e));
    return seen;
}

static struct store_thinning thin_at(struct fixture *f, int64_t now)
{
    struct store_thinning t = {
        .now = now, .keep_rows = KEEP_ROWS * DAY_SECONDS, .keep_daily = KEEP_DAILY * DAY_SECONDS};
    for (bool more = true; more;)
        if (!store_thin(f->s, &t, &more, &f->e))
            fail_msg("%s", f->e.msg);
    return t;
}

static struct store_thinning thin(struct fixture *f)
{
    return thin_at(f, NOW);
}

static void rows_tell_the_same(void **state)
{
    struct fixture *f = *state;
    put_usual(f, 1, OLD, "alpha.example");
    put_usual(f, 2, OLD, "beta.example");
    put_usual(f, 3, 0, "alpha.example");
    struct seen_rows before = rows(f);
    struct store_thinning t = thin(f);
    assert_int_equal(t.reports, 2);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM fact"), 3);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM delivery"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM daily"), 6);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM origin"), 2);
    reopen(f);
    struct seen_rows after = rows(f);
    assert_int_equal(after.n, before.n);
    assert_int_equal(after.messages, before.messages);
    assert_int_equal(after.passed, before.passed);
    assert_int_equal(after.of_reject, after.messages);
    assert_int_equal(after.first_day, DAY0 - OLD);
    assert_int_equal(after.last_day, DAY0);
    assert_string_equal(after.reporter, "alpha.example");
    assert_int_equal(thin(f).reports, 0);
}

/* Four reports a day of one reporter are one set of sums. */
static void reports_of_a_day_are_one(void **state)
{
    struct fixture *f = *state;
    for (uint32_t i = 0; i < 4; i++) {
        struct record r = made_record("192.0.2.1", 10);
        put_report(f, i + 1, OLD, report_of(f, OLD, "alpha.example", text(f, "%u", i)), &r, 1);
    }
    put_usual(f, 9, 0, "alpha.example");
    assert_int_equal(thin(f).reports, 4);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM daily"), 1);
    assert_int_equal(sql_int(f, "SELECT count FROM daily"), 40);
    assert_int_equal(rows(f).messages, 40 + 15);
}

static void one_that_comes_again_counts_once(void **state)
{
    struct fixture *f = *state;
    bool changed;
    put_usual(f, 1, OLD, "alpha.example");
    put_usual(f, 2, 0, "alpha.example");
    (void)thin(f);
    struct store_put again = put_usual(f, 3, OLD, "alpha.example");
    assert_int_equal(again.reports_known, 1);
    assert_int_equal(again.reports_new, 0);
    /* UIDVALIDITY changes: the whole mailbox comes again. */
    assert_true(store_mailbox_opened(f->s, f->mailbox, 8, &changed, &f->e));
    assert_true(changed);
    struct record r[3] = {made_record("192.0.2.1", 3), made_record("2001:db8::7", 5),
                          made_record("2001:db8::7", 7)};
    r[2].dkim.v = VERDICT_PASS;
    r[2].header_from = SV("news.example.com");
    struct made_mail m;
    make_mail(&m, 1);
    m.raw.uidvalidity = 8;
    add_report(&m, report_of(f, OLD, "alpha.example", text(f, "%d", OLD)), r, 3);
    assert_int_equal(put_alone(f, &m).reports_known, 1);
    (void)thin(f);
    assert_int_equal(rows(f).messages, 30);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM delivery WHERE report < 0"), 0);
}

/* Another one that claims to be the same report comes after it was summed up. */
static void one_that_contradicts_sums_does_not_count(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("198.51.100.9", 1000);
    put_usual(f, 1, OLD, "alpha.example");
    put_usual(f, 2, 0, "alpha.example");
    (void)thin(f);
    struct store_put put =
        put_report(f, 3, OLD, report_of(f, OLD, "alpha.example", text(f, "%d", OLD)), &r, 1);
    assert_int_equal(put.reports_new, 1);
    assert_int_equal(put.reports_conflicting, 1);
    assert_int_equal(rows(f).messages, 30);
    assert_int_equal(thin(f).reports, 1);
    assert_int_equal(rows(f).messages, 30);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM daily WHERE count = 1000"), 0);
}

/* Its From: domain tells which one is true. */
static void believe_alpha(void *ctx, const struct store_origin *d, struct trust_verdict *out)
{
    (void)ctx;
    bool is_alpha = sv_eq(d->mail.from_domain, SV("alpha.example"));
    *out = (struct trust_verdict){is_alpha ? TRUST_verified : TRUST_failed, TRUST_SENDER_own,
                                  is_alpha ? SV("alpha.example") : SV_ABSENT};
}

static void put_from(struct fixture *f, uint32_t uid, const char *from, uint64_t messages)
{
    struct record r = made_record("192.0.2.1", messages);
    struct made_mail m;
    make_mail(&m, uid);
    m.raw.internaldate = (DAY0 - OLD + 1) * DAY_SECONDS + uid;
    m.outcome.facts.from_domain = sv_c(from);
    add_report(&m, report_of(f, OLD, "alpha.example", "same"), &r, 1);
    (void)put_alone(f, &m);
}

/* Of a conflict set one is summed up, the most trusted, although another came first; the others go. What they
 * were worth stays so when nobody is asked any more. */
static void of_a_set_the_one_that_counts(void **state)
{
    struct fixture *f = *state;
    for (uint32_t i = 1; i <= 3; i++)
        put_from(f, i, i == 2 ? "alpha.example" : "evil.example", i == 2 ? 11 : 500 + i);
    put_usual(f, 9, 0, "alpha.example");
    store_ask_trust(f->s, believe_alpha, NULL);
    uint64_t before = rows(f).messages;
    assert_int_equal(before, 11 + 15);
    assert_int_equal(thin(f).reports, 3);
    store_ask_trust(f->s, NULL, NULL);
    struct seen_rows after = rows(f);
    assert_int_equal(after.messages, before);
    assert_int_equal(after.verified, 11);
    put_from(f, 10, "evil.example", 501); /* one of the others comes again */
    assert_int_equal(rows(f).messages, before);
}

static void a_failed_one_stays_failed(void **state)
{
    struct fixture *f = *state;
    put_from(f, 1, "evil.example", 400);
    put_usual(f, 9, 0, "alpha.example");
    store_ask_trust(f->s, believe_alpha, NULL);
    (void)thin(f);
    store_ask_trust(f->s, NULL, NULL);
    assert_int_equal(rows(f).failed, 400);
}

/* How late a report was, in days, and so whether it is news at all. */
static void lateness_is_kept(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    make_mail(&m, 1);
    m.raw.internaldate = (DAY0 - OLD + 1) * DAY_SECONDS + 9 * DAY_SECONDS + 5;
    add_report(&m, report_of(f, OLD, "alpha.example", "late"), &r, 1);
    (void)put_alone(f, &m);
    (void)thin_at(f, NOW);
    assert_int_equal(rows(f).n, 1);
    put_usual(f, 2, 0, "alpha.example");
    assert_int_equal(thin(f).reports, 1);
    struct seen_rows seen = {.n = 0, .a = &f->a};
    assert_true(store_rows(f->s, SV("example.com"), 0, DAY0 - 1, add_row, &seen, &f->e));
    assert_int_equal(seen.lag, 10);
    /* A replay asks how it would have been had it come in time. */
    assert_true(store_replay_begin(f->s, (DAY0 - 5) * DAY_SECONDS, &f->e));
    seen = (struct seen_rows){.n = 0, .a = &f->a};
    assert_true(store_rows(f->s, SV("example.com"), 0, DAY0 - 1, add_row, &seen, &f->e));
    assert_int_equal(seen.lag, 1);
}

/* Age is counted from the domain's own newest report, and never from a clock that is ahead. */
static void a_domain_that_fell_silent_keeps_its_rows(void **state)
{
    struct fixture *f = *state;
    put_usual(f, 1, OLD, "alpha.example");
    put_usual(f, 2, OLD - 1, "alpha.example");
    assert_int_equal(thin_at(f, NOW + 3650 * DAY_SECONDS).reports, 0);
    struct store_domain_state s;
    assert_true(store_domain_state(f->s, SV("example.com"), &f->a, &s, &f->e));
    assert_int_equal(s.clock, (DAY0 - OLD + 2) * DAY_SECONDS);
    put_usual(f, 3, 0, "alpha.example");
    assert_int_equal(thin_at(f, NOW - OLD * DAY_SECONDS).reports, 0); /* a clock that is behind */
    assert_int_equal(thin(f).reports, 2);
}

static void data_begin_when_they_began(void **state)
{
    struct fixture *f = *state;
    int64_t first;
    struct store_domain *list;
    size_t n;
    put_usual(f, 1, OLD, "alpha.example");
    put_usual(f, 2, 0, "alpha.example");
    (void)thin(f);
    assert_true(store_first_clock(f->s, SV("example.com"), &first, &f->e));
    assert_int_equal(first, (DAY0 - OLD) * DAY_SECONDS);
    assert_true(store_domains(f->s, &f->a, &list, &n, &f->e));
    assert_int_equal(n, 1);
    assert_int_equal(list[0].from_day, DAY0 - OLD);
    assert_true(store_thinned(f->s, &first, &f->e));
    assert_int_equal(first, (DAY0 + 1 - KEEP_ROWS) * DAY_SECONDS);
}

static void what_is_older_goes(void **state)
{
    struct fixture *f = *state;
    put_usual(f, 1, VERY_OLD, "alpha.example");
    put_usual(f, 2, OLD, "beta.example");
    put_usual(f, 3, 0, "alpha.example");
    struct store_thinning t = thin(f);
    assert_int_equal(t.reports, 2);
    assert_int_equal(t.sums, 3);
    assert_int_equal(rows(f).messages, 30);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM seen"), 2);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM origin"), 1);
    /* It is new when it comes again, and goes again. */
    assert_int_equal(put_usual(f, 4, VERY_OLD, "alpha.example").reports_new, 1);
    assert_int_equal(thin(f).sums, 3);
    assert_int_equal(rows(f).messages, 30);
}

/* A domain of which nothing has come for longer than anything is kept. */
static void a_domain_that_is_gone_goes(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct report other = report_of(f, 0, "alpha.example", "other");
    other.domain = other.policy.domain = SV("example.net");
    put_usual(f, 1, VERY_OLD, "alpha.example");
    put_report(f, 2, 0, other, &r, 1);
    assert_int_equal(thin(f).reports, 1);
    assert_int_equal(rows(f).n, 0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report"), 1);
}

static void put_others(struct fixture *f, uint32_t uid, int64_t received, const char *id)
{
    struct tls_failure failure = {
        .result_type = SV("certificate-expired"), .has_sessions = true, .sessions = 3};
    struct tls_policy policy = {
        .type = SV("sts"), .domain = SV("example.com"), .failed = 3, .failures = &failure, .n_failures = 1};
    struct made_mail m;
    make_mail(&m, uid);
    m.raw.internaldate = received;
    m.documents[0] = (struct document){
        .kind = DOCUMENT_TLSRPT,
        .tlsrpt = {.org_name = SV("Reporter"), .report_id = sv_c(id), .policies = &policy, .n_policies = 1}};
    m.documents[1] = (struct document){.kind = DOCUMENT_FAILURE, .failure = {.message_id = sv_c(id)}};
    m.outcome.n_documents = 2;
    (void)put_alone(f, &m);
}

static void tls_and_failure_reports_go(void **state)
{
    struct fixture *f = *state;
    put_others(f, 1, NOW - VERY_OLD * DAY_SECONDS, "1");
    put_others(f, 2, NOW - OLD * DAY_SECONDS, "2");
    put_usual(f, 3, 0, "alpha.example");
    (void)thin(f);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM tls_report"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM tls_policy"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM tls_failure"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM failure_report"), 1);
}

/* A mail stays as long as something speaks of it, and the last one of a mailbox as the end of its numbers. */
static void mails_are_forgotten(void **state)
{
    struct fixture *f = *state;
    static const uint32_t uids[] = {1, 2, 3, 4, 5};
    struct store_listing l = {.uidvalidity = 7, .from = 0, .upto = 5, .uids = uids, .n = 5};
    uint32_t mark;
    struct made_mail m;
    put_usual(f, 1, OLD, "alpha.example");
    make_mail(&m, 2);
    add_reject(&m, REJECT_truncated, NULL);
    (void)put_alone(f, &m);
    put_others(f, 3, NOW - OLD * DAY_SECONDS, "1");
    make_mail(&m, 4);
    m.outcome.state = MAIL_NOT_A_REPORT;
    (void)put_alone(f, &m);
    put_usual(f, 5, 0, "alpha.example");
    assert_true(store_begin_mails(f->s, NOW, &f->e));
    assert_true(store_move_mark(f->s, f->mailbox, &l, &mark, &f->e));
    assert_true(store_commit_mails(f->s, &f->e));
    assert_int_equal(mark, 5);
    assert_int_equal(thin(f).mails, 0); /* they were stored just now, whatever their dates are */
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mail"), 5);
    int64_t later = NOW + (KEEP_ROWS + 5) * DAY_SECONDS;
    struct record r = made_record("192.0.2.1", 3);
    struct report newest = report_of(f, -(KEEP_ROWS + 4), "alpha.example", "new");
    make_mail(&m, 6);
    m.raw.internaldate = later;
    add_report(&m, newest, &r, 1);
    struct store_put put;
    assert_true(store_begin_mails(f->s, later, &f->e));
    assert_true(put_open(f, &m, &put));
    assert_true(store_commit_mails(f->s, &f->e));
    assert_int_equal(thin_at(f, later).mails, 2); /* 1 and 4; 5 is the mark */
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mail WHERE uid IN (2, 3, 5, 6)"), 4);
    assert_int_equal(sql_int(f, "SELECT mark FROM mailbox"), 5);
}

/* Room is given back in steps, down to what the next reports will fill. */
static void the_file_shrinks(void **state)
{
    struct fixture *f = *state;
    enum { REPORTS = 60, RECORDS = 2000 };
    static struct record r[RECORDS];
    for (unsigned i = 0; i < RECORDS; i++) {
        r[i] = made_record("192.0.2.1", 1);
        r[i].source_ip.b[14] = (uint8_t)(i >> 8);
        r[i].source_ip.b[15] = (uint8_t)i;
    }
    for (uint32_t i = 0; i < REPORTS; i++)
        put_report(f, i + 1, VERY_OLD, report_of(f, VERY_OLD, "alpha.example", text(f, "%u", i)), r, RECORDS);
    put_usual(f, 1000, 0, "alpha.example");
    int64_t before = sql_int(f, "PRAGMA page_count");
    struct store_thinning t = thin(f);
    int64_t after = sql_int(f, "PRAGMA page_count"), unused = sql_int(f, "PRAGMA freelist_count");
    assert_true(after < before / 2);
    assert_true(unused * 4096 <= 1 << 20 || unused <= after / 16);
    assert_true(t.octets >= (uint64_t)(before - after) * 4096);
    assert_int_equal(sql_int(f, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

static void put_world(struct fixture *f)
{
    for (uint32_t i = 0; i < 12; i++)
        put_usual(f, i + 1, OLD + (int)i * 8, i % 2 ? "alpha.example" : "beta.example");
    put_usual(f, 100, 0, "alpha.example");
}

static void forget_world(struct fixture *f)
{
    store_close(f->s);
    f->s = NULL;
    (void)unlink(text(f, "%s-journal", f->path));
    (void)unlink(f->path);
    crash_at(CRASH_NOTHING, 0);
}

static int thin_and_die(struct fixture *f, unsigned long at)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *s;
        struct limits limits = f->limits;
        bool more = true;
        struct store_thinning t = {
            .now = NOW, .keep_rows = KEEP_ROWS * DAY_SECONDS, .keep_daily = KEEP_DAILY * DAY_SECONDS};
        limits.thin_rows = 20; /* many transactions */
        if (!store_open(sv_c(f->path), &limits, &s, &f->e))
            _exit(5);
        crash_at(CRASH_EXIT, at);
        while (more)
            if (!store_thin(s, &t, &more, &f->e))
                _exit(5);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Killed at every change of a file: each report is rows or sums, never both and never neither. */
static void killed_at_every_change(void **state)
{
    struct fixture *f = *state;
    unsigned long at = 1;
    forget_world(f);
    reopen(f);
    {
        struct store_mailbox_key key = {
            .host = SV("imap.example.com"), .port = 993, .user = SV("dmarc"), .folder = SV("INBOX")};
        struct store_mailbox m;
        bool changed;
        assert_true(store_mailbox(f->s, &key, &f->a, &m, &f->e));
        assert_true(store_mailbox_opened(f->s, m.id, 7, &changed, &f->e));
        f->mailbox = m.id;
    }
    put_world(f);
    int64_t kept = 0; /* of the days that stay */
    struct seen_rows young = {.n = 0, .a = &f->a};
    assert_true(
        store_rows(f->s, SV("example.com"), DAY0 + 1 - KEEP_DAILY, INT64_MAX, add_row, &young, &f->e));
    kept = (int64_t)young.messages;
    for (int code = CRASH_EXIT_CODE; code == CRASH_EXIT_CODE; at += 3) {
        store_close(f->s);
        f->s = NULL;
        code = thin_and_die(f, at);
        assert_true(code == 0 || code == CRASH_EXIT_CODE);
        reopen(f);
        struct seen_rows now = {.n = 0, .a = &f->a};
        assert_true(
            store_rows(f->s, SV("example.com"), DAY0 + 1 - KEEP_DAILY, INT64_MAX, add_row, &now, &f->e));
        assert_int_equal(now.messages, kept);
        assert_int_equal(sql_int(f, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
    }
    print_message("killed at %lu points\n", at / 3);
    (void)thin(f);
    assert_int_equal(rows(f).messages, kept);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report"), 1);
}

int main(void)
{
    crash_vfs_install();
    const struct CMUnitTest tests[] = {
        TEST(rows_tell_the_same),
        TEST(reports_of_a_day_are_one),
        TEST(one_that_comes_again_counts_once),
        TEST(one_that_contradicts_sums_does_not_count),
        TEST(of_a_set_the_one_that_counts),
        TEST(a_failed_one_stays_failed),
        TEST(lateness_is_kept),
        TEST(a_domain_that_fell_silent_keeps_its_rows),
        TEST(data_begin_when_they_began),
        TEST(what_is_older_goes),
        TEST(a_domain_that_is_gone_goes),
        TEST(tls_and_failure_reports_go),
        TEST(mails_are_forgotten),
        TEST(the_file_shrinks),
        TEST(killed_at_every_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
