/* The parent's side against readers that lie, hang, die and flood (evil-reader.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acts.h"
#include "base/clock.h"
#include "base/file.h"
#include "frames.h"
#include "pool.h"

enum {
    PATIENCE_MS = 60000,
    NEVER_WAITS_MS = 2500, /* less than any deadline that is not met here, also of a busy machine */
};

static char folder[] = "/tmp/dmarcwarn-intake-XXXXXX";
static struct limits limits;
static struct intake *it;
static struct err e;

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    limits.workers = 1;
    limits.worker_start = 20000;
    limits.worker_progress = 15000;
    limits.mail_cpu = 100;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    intake_close(it);
    it = NULL;
    /* Every reader was reaped. */
    return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD ? 0 : -1;
}

static void open_with(const char *worker)
{
    const struct intake_options o = {.limits = &limits, .worker = worker, .stage_folder = folder};
    assert_true(intake_open(&o, &it, &e));
}

static void open_evil(void)
{
    open_with(EVIL_READER);
}

/* A copy of the evil reader under the name that tells it what to do. */
static const char *evil_named(const char *name)
{
    static char path[64];
    buf b;
    buf_init(&b, 256 * 1024 * 1024);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!file_read(EVIL_READER, &b, &e) || !file_write_atomic(path, buf_view(&b), 0700, &e))
        fail_msg("%s", e.msg);
    buf_free(&b);
    return path;
}

static void submit_sized(const char *line, size_t n, uint64_t id)
{
    struct raw_mail m = {.bytes = calloc(1, n), .n = n};
    assert_true(n > strlen(line));
    memcpy(m.bytes, line, strlen(line));
    m.bytes[strlen(line)] = '\n';
    assert_true(intake_submit(it, &m, id, &e));
    assert_null(m.bytes);
}

static void submit(const char *line, uint64_t id)
{
    submit_sized(line, strlen(line) + 1, id);
}

/* One round of a caller's loop. */
static bool go_on(void)
{
    struct pollfd fds[INTAKE_FDS_MAX];
    unsigned n = intake_poll_fds(it, fds, INTAKE_FDS_MAX);
    int timeout = intake_timeout_ms(it);
    assert_true(n > 0 || timeout >= 0);
    assert_true(poll(fds, n, timeout) >= 0);
    int64_t before = clock_mono_ms();
    bool fine = intake_turn(it, &e);
    assert_true(clock_mono_ms() - before < NEVER_WAITS_MS);
    return fine;
}

static struct intake_result *next_result(void)
{
    struct intake_result *r;
    int64_t end = clock_mono_ms() + PATIENCE_MS;
    while (!intake_next(it, &r)) {
        assert_true(clock_mono_ms() < end);
        if (!go_on())
            fail_msg("%s", e.msg);
    }
    return r;
}

static void expect_outcome(uint64_t id, enum mail_state state, enum reject reject)
{
    struct intake_result *r = next_result();
    assert_int_equal(r->id, id);
    assert_int_equal(r->outcome.state, state);
    assert_int_equal(r->outcome.reject, reject);
    assert_non_null(r->mail.bytes);
    intake_release(it, r);
}

static unsigned count_records(struct intake_result *r, size_t document)
{
    struct record_cursor *c = intake_records(r, document);
    struct record record;
    unsigned n = 0;
    while (c->next(c, &record))
        n++;
    assert_true(intake_intact(r, &e));
    return n;
}

/* The id of the next mail, which is a report of so many records. */
static uint64_t next_report(unsigned records)
{
    struct intake_result *r = next_result();
    uint64_t id = r->id;
    assert_int_equal(r->outcome.state, MAIL_READ);
    assert_int_equal(r->outcome.n_documents, 1);
    const struct document *d = intake_document(r, 0);
    assert_int_equal(d->kind, DOCUMENT_AGGREGATE);
    assert_int_equal(d->report.records, records);
    assert_int_equal(count_records(r, 0), records);
    intake_release(it, r);
    return id;
}

static void expect_report(uint64_t id, unsigned records)
{
    assert_int_equal(next_report(records), id);
}

static void mails_come_back_with_their_reports(void **state)
{
    (void)state;
    open_evil();
    submit("report 3", 7);
    submit("not_a_report", 8);
    submit("report 20000", 9); /* through the file */
    assert_int_equal(intake_pending(it), 3);
    assert_true(intake_backlog(it) > 0);
    expect_report(7, 3);
    expect_outcome(8, MAIL_NOT_A_REPORT, REJECT_NONE_);
    expect_report(9, 20000);
    assert_int_equal(intake_pending(it), 0);
    assert_int_equal(intake_backlog(it), 0);
    assert_int_equal(intake_timeout_ms(it), -1);
    assert_int_equal(intake_stats(it).started, 1);
    assert_string_equal(intake_stats(it).sandbox, "full");
}

static void the_caller_may_keep_the_octets(void **state)
{
    (void)state;
    open_evil();
    submit("report 1", 1);
    struct intake_result *r = next_result();
    char *bytes = r->mail.bytes;
    r->mail.bytes = NULL;
    intake_release(it, r);
    assert_memory_equal(bytes, "report 1\n", 9);
    free(bytes);
}

static void no_more_readers_are_started_than_there_are_mails(void **state)
{
    (void)state;
    limits.workers = 4;
    open_evil();
    submit("report 1", 1);
    expect_report(1, 1);
    submit("report 1", 2);
    expect_report(2, 1);
    assert_int_equal(intake_stats(it).started, 1);
    for (unsigned i = 3; i < 6; i++)
        submit("report 50000", i);
    for (unsigned i = 3; i < 6; i++)
        intake_release(it, next_result());
    assert_in_range(intake_stats(it).started, 2, 3);
}

static void large_mails_go_in_pieces(void **state)
{
    (void)state;
    open_evil();
    submit_sized("report 1", 5 * 1024 * 1024, 1);
    expect_report(1, 1);
    limits.mail_size = 1000;
    intake_close(it);
    open_evil();
    submit_sized("report 1", 1000, 2);
    submit_sized("report 1", 1001, 3);
    expect_outcome(3, MAIL_REJECTED, REJECT_mail_too_large);
    expect_report(2, 1);
}

static void a_piece_has_at_most_its_limit(void **state)
{
    (void)state;
    const uint64_t sizes[] = {100, limits.wire_data};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        limits.wire_data = sizes[i];
        open_evil();
        submit_sized("count_pieces", sizes[i], 1);
        submit_sized("count_pieces", sizes[i] + 1, 2);
        submit_sized("count_pieces", 3 * sizes[i], 3);
        expect_report(1, 1);
        expect_report(2, 2);
        expect_report(3, 3);
        intake_close(it);
        it = NULL;
    }
}

static void a_death_is_tried_again_once(void **state)
{
    (void)state;
    open_evil();
    submit("report 1", 1);
    submit("crash_if_old 4", 2);
    submit("report 2", 3);
    expect_report(1, 1);
    expect_report(2, 4);
    expect_report(3, 2);
    assert_int_equal(intake_stats(it).crashed, 1);
    assert_int_equal(intake_stats(it).started, 3); /* the one of the second try was replaced */
}

static void a_mail_that_kills_readers_is_temporary(void **state)
{
    (void)state;
    const char *const deaths[] = {"crash", "hang_up"};
    for (size_t i = 0; i < 2; i++) {
        open_evil();
        submit(deaths[i], 1);
        submit("report 2", 2);
        struct intake_result *r = next_result();
        assert_int_equal(r->outcome.state, MAIL_TEMPORARY);
        assert_int_equal(r->outcome.reject, REJECT_worker_crash);
        assert_int_equal(r->outcome.n_documents, 0);
        if (i == 0)
            assert_true(sv_find(r->outcome.detail, SV("signal 6"), 0) != SIZE_MAX);
        intake_release(it, r);
        expect_report(2, 2);
        assert_int_equal(intake_stats(it).crashed, 2);
        intake_close(it);
        it = NULL;
    }
}

static void a_reader_that_hangs_is_replaced(void **state)
{
    (void)state;
    limits.worker_progress = 1000;
    const char *const hangs[] = {"hang", "stop"};
    for (size_t i = 0; i < 2; i++) {
        open_evil();
        int64_t start = clock_mono_ms();
        submit(hangs[i], 1);
        submit("report 2", 2);
        expect_outcome(1, MAIL_TEMPORARY, REJECT_worker_timeout);
        assert_true(clock_mono_ms() - start >= 2 * (int64_t)limits.worker_progress);
        expect_report(2, 2);
        assert_int_equal(intake_stats(it).timed_out, 2);
        intake_close(it);
        it = NULL;
    }
}

/* A healthy reader beside one that hangs does all other mails meanwhile. */
static void one_that_hangs_does_not_stop_the_other(void **state)
{
    (void)state;
    limits.workers = 2;
    limits.worker_progress = 3000;
    open_evil();
    submit("hang", 1);
    for (unsigned i = 2; i < 52; i++)
        submit("report 2", i);
    for (unsigned i = 2; i < 52; i++)
        assert_in_range(next_report(2), 2, 51);
    expect_outcome(1, MAIL_TEMPORARY, REJECT_worker_timeout);
}

enum { MANY = 200, ODD_ONE = 70 };

/* All of MANY mails once, and what became of the odd one. */
static struct mail_outcome expect_all_but_one(void)
{
    struct mail_outcome odd = {.state = MAIL_READ};
    bool seen[MANY] = {false};
    for (unsigned i = 0; i < MANY; i++) {
        struct intake_result *r = next_result();
        assert_true(r->id < MANY && !seen[r->id]);
        seen[r->id] = true;
        if (r->id == ODD_ONE)
            odd = r->outcome;
        else
            assert_true(r->outcome.state == MAIL_READ && r->outcome.n_documents == 1);
        intake_release(it, r);
    }
    odd.detail = SV_ABSENT; /* it was the result's */
    return odd;
}

/* Mails are sent before the one ahead of them is done; what becomes of that one is not held against them. */
static void what_is_sent_ahead_is_not_hurt(void **state)
{
    (void)state;
    static const struct {
        const char *odd;
        enum mail_state state;
        enum reject reject;
    } cases[] = {
        {"crash", MAIL_TEMPORARY, REJECT_worker_crash},  {"hang_up", MAIL_TEMPORARY, REJECT_worker_crash},
        {"hang", MAIL_TEMPORARY, REJECT_worker_timeout}, {"lie_sums", MAIL_REJECTED, REJECT_worker_lied},
        {"crash_if_old 1", MAIL_READ, REJECT_NONE_},     {"lie_if_old 1", MAIL_READ, REJECT_NONE_},
        {"hit_limit", MAIL_READ, REJECT_NONE_},          {"report 1", MAIL_READ, REJECT_NONE_},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        limits.workers = i % 2 + 1;
        limits.worker_progress = strcmp(cases[i].odd, "hang") == 0 ? 3000 : 15000;
        open_evil();
        for (unsigned id = 0; id < MANY; id++)
            submit(id == ODD_ONE ? cases[i].odd : "report 2", id);
        struct mail_outcome odd = expect_all_but_one();
        assert_int_equal(odd.state, cases[i].state);
        assert_int_equal(odd.reject, cases[i].reject);
        assert_int_equal(intake_pending(it), 0);
        assert_int_equal(intake_backlog(it), 0);
        intake_close(it);
        it = NULL;
    }
}

/* They go to the other reader long before the one that hangs is given up. */
static void what_is_sent_ahead_does_not_wait_for_a_mail_that_hangs(void **state)
{
    (void)state;
    limits.workers = 2;
    limits.worker_progress = PATIENCE_MS / 2;
    open_evil();
    for (unsigned id = 0; id < MANY; id++)
        submit(id == ODD_ONE ? "hang" : "report 2", id);
    int64_t start = clock_mono_ms();
    for (unsigned i = 1; i < MANY; i++)
        assert_true(next_report(2) < MANY);
    assert_true(clock_mono_ms() - start < PATIENCE_MS / 2);
    assert_int_equal(intake_pending(it), 1);
}

/* Of several that are sent together none is one too many. */
static void what_is_sent_ahead_counts_for_the_age(void **state)
{
    (void)state;
    limits.worker_mails = 10;
    open_evil();
    for (unsigned i = 0; i < MANY; i++)
        submit("report 1", i);
    for (unsigned i = 0; i < MANY; i++)
        assert_true(next_report(1) < MANY);
    assert_int_equal(intake_stats(it).started, MANY / 10);
    assert_int_equal(intake_stats(it).crashed, 0);
}

/* Stopped by a signal while most of the mail is not yet in its socket, and while it is busy. */
static void a_stopped_reader_hits_its_deadline(void **state)
{
    (void)state;
    limits.worker_progress = 4000;
    open_evil();
    submit("report 1", 1);
    expect_report(1, 1);
    assert_int_equal(kill(it->slots[0].pid, SIGSTOP), 0);
    submit_sized("report 3", 8 * 1024 * 1024, 2);
    while (it->slots[0].state != SLOT_SENDING)
        assert_true(go_on());
    while (it->slots[0].state == SLOT_SENDING)
        assert_true(go_on());
    assert_int_equal(it->slots[0].state, SLOT_ENDING);
    expect_report(2, 3);
    assert_int_equal(intake_stats(it).timed_out, 1);
}

static void one_that_never_reads_hits_its_deadline(void **state)
{
    (void)state;
    limits.worker_progress = 4000;
    open_with(evil_named("deaf"));
    submit_sized("report 3", 8 * 1024 * 1024, 1);
    expect_outcome(1, MAIL_TEMPORARY, REJECT_worker_timeout);
    assert_int_equal(unlink(it->worker), 0);
}

static void processor_time_has_its_limit(void **state)
{
    (void)state;
    limits.worker_progress = 30000;
    const char *const burners[] = {"spin", "flood"};
    for (size_t i = 0; i < 2; i++) {
        open_evil();
        submit(burners[i], 1);
        submit("report 2", 2);
        expect_outcome(1, MAIL_REJECTED, REJECT_cpu_limit);
        expect_report(2, 2);
        assert_int_equal(intake_stats(it).started, 2);
        intake_close(it);
        it = NULL;
    }
}

/* Beyond worker_progress: it works, and what ends it is what it takes too much of. */
static void one_that_works_is_not_taken_for_stuck(void **state)
{
    (void)state;
    limits.worker_progress = 40;
    limits.mail_cpu = 200;
    open_evil();
    submit("spin", 1);
    submit("report 2", 2);
    expect_outcome(1, MAIL_REJECTED, REJECT_cpu_limit);
    expect_report(2, 2);
    assert_int_equal(intake_stats(it).started, 2);
}

static void a_lie_of_a_fresh_reader_is_permanent(void **state)
{
    (void)state;
    const char *const lies[] = {"lie_sums", "lie_head", "lie_octets"};
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        open_evil();
        submit(lies[i], 1);
        submit("report 2", 2);
        struct intake_result *r = next_result();
        assert_int_equal(r->outcome.state, MAIL_REJECTED);
        assert_int_equal(r->outcome.reject, REJECT_worker_lied);
        assert_int_equal(r->outcome.n_documents, 0);
        intake_release(it, r);
        expect_report(2, 2);
        assert_int_equal(intake_stats(it).lied, 1);
        intake_close(it);
        it = NULL;
    }
}

static void a_lie_of_an_old_reader_is_tried_again(void **state)
{
    (void)state;
    open_evil();
    submit("say_too_much", 1);
    submit("report 2", 2);
    submit("lie_if_old 3", 3);
    submit("lie_sums", 4);
    submit("report 5", 5);
    expect_report(1, 2);
    expect_report(2, 2);
    expect_report(3, 3);
    expect_outcome(4, MAIL_REJECTED, REJECT_worker_lied);
    expect_report(5, 5);
}

static void readers_are_replaced_by_age(void **state)
{
    (void)state;
    limits.worker_mails = 10;
    open_evil();
    for (unsigned i = 0; i < 35; i++)
        submit("report 1", i);
    for (unsigned i = 0; i < 35; i++)
        expect_report(i, 1);
    assert_int_equal(intake_stats(it).started, 4);
    assert_int_equal(intake_stats(it).replaced, 3);
    assert_int_equal(intake_stats(it).crashed, 0);
}

#ifndef DW_SANDBOX_OFF
/* How many of the acts were blocked while the program went on with the next mail. Asserts nothing: it also
 * runs in a child. */
static unsigned blocked_acts(const char *worker)
{
    const struct intake_options o = {.limits = &limits, .worker = worker, .stage_folder = folder};
    unsigned blocked = 0;
    limits.worker_progress = 30000;
    if (!intake_open(&o, &it, &e))
        return 0;
    for (unsigned i = 0; i < n_acts; i++) {
        char line[32];
        snprintf(line, sizeof line, "act %u", i);
        submit(line, 1);
        struct intake_result *act = next_result();
        bool refused = act->outcome.state == MAIL_NOT_A_REPORT;
        bool killed = act->outcome.state == MAIL_TEMPORARY && act->outcome.reject == REJECT_worker_crash &&
                      sv_find(act->outcome.detail, SV("forbidden"), 0) != SIZE_MAX;
        intake_release(it, act);
        submit("report 2", 2);
        struct intake_result *next = next_result();
        blocked += (acts[i].fate == REFUSED ? refused : killed) && next->outcome.state == MAIL_READ;
        intake_release(it, next);
    }
    return blocked;
}

static void forbidden_acts_stop_no_run(void **state)
{
    (void)state;
    assert_true(n_acts >= 25);
    assert_int_equal(blocked_acts(EVIL_READER), n_acts);
}

static void nor_for_an_ordinary_user(void **state)
{
    (void)state;
    int status;
    const char *worker = evil_named("ordinary");
    assert_int_equal(chmod(folder, 0777), 0);
    assert_int_equal(chmod(worker, 0755), 0);
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0))
            _exit(255);
        unsigned blocked = blocked_acts(worker);
        intake_close(it);
        _exit((int)blocked);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), n_acts);
    assert_int_equal(unlink(worker), 0);
}
#endif

/* A new one after each bad end, and only then. */
static void a_mould_is_kept_until_a_reader_ends_badly(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool kept;
    } mails[] = {{"report 1", true}, {"hit_limit", true}, {"crash_if_old", false}, {"lie_if_old", false}};
    open_evil();
    for (size_t i = 0; i < COUNT_OF(mails); i++) {
        submit("report 1", 1);
        expect_report(1, 1);
        pid_t before = it->mould.pid;
        assert_true(before > 0);
        submit(mails[i].line, 2);
        intake_release(it, next_result());
        submit("report 1", 3);
        expect_report(3, 1);
        assert_int_equal(it->mould.pid == before, mails[i].kept);
    }
}

/* Killed by somebody: the next reader comes from a new one, and what it was asked for is asked again. */
static void a_mould_that_dies_is_replaced(void **state)
{
    (void)state;
    limits.worker_mails = 1;
    open_evil();
    for (unsigned i = 0; i < 5; i++) {
        submit("report 1", i);
        expect_report(i, 1);
        assert_int_equal(kill(it->mould.pid, SIGKILL), 0);
    }
}

/* The time of a start runs out also while there is no reader yet. */
static void a_mould_that_does_not_answer_hits_the_deadline(void **state)
{
    (void)state;
    limits.worker_start = 1000;
    limits.worker_mails = 1;
    open_evil();
    submit("report 1", 1);
    expect_report(1, 1);
    assert_int_equal(kill(it->mould.pid, SIGSTOP), 0);
    submit("report 1", 2);
    expect_report(2, 1);
    assert_int_equal(intake_stats(it).timed_out, 1);
}

static void readers_are_replaced_by_processor_time(void **state)
{
    (void)state;
    limits.worker_cpu = 1;
    limits.mail_cpu = 10000;
    open_evil();
    for (unsigned i = 0; i < 3; i++)
        submit("report 200000", i);
    for (unsigned i = 0; i < 3; i++)
        expect_report(i, 200000);
    assert_int_equal(intake_stats(it).replaced, 3);
}

static void readers_are_replaced_after_a_limit(void **state)
{
    (void)state;
    open_evil();
    submit("hit_limit", 1);
    submit("report 1", 2);
    expect_outcome(1, MAIL_READ, REJECT_NONE_);
    expect_report(2, 1);
    assert_int_equal(intake_stats(it).started, 2);
}

static void results_not_released_hold_mails_back(void **state)
{
    (void)state;
    limits.stage_size = KIB(256);
    open_evil();
    for (unsigned i = 0; i < 10; i++)
        submit("report 2000", i);
    struct intake_result *r[10];
    unsigned n = 0;
    for (int64_t end = clock_mono_ms() + 2000; clock_mono_ms() < end;) {
        struct pollfd fds[INTAKE_FDS_MAX];
        (void)poll(fds, intake_poll_fds(it, fds, INTAKE_FDS_MAX), 20);
        assert_true(intake_turn(it, &e));
        while (intake_next(it, &r[n]))
            n++;
    }
    assert_in_range(n, 1, 9);
    for (unsigned i = 0; i < n; i++)
        intake_release(it, r[i]);
    for (unsigned i = n; i < 10; i++)
        expect_report(i, 2000);
}

static void a_stage_that_cannot_be_written_loses_no_mail(void **state)
{
    (void)state;
    const struct intake_options o = {
        .limits = &limits, .worker = EVIL_READER, .stage_folder = "/nonexistent/folder"};
    assert_true(intake_open(&o, &it, &e));
    submit("report 2", 1);
    submit("report 20000", 2);
    expect_report(1, 2);
    while (go_on())
        continue;
    assert_int_equal(e.cls, ERR_STATE);
    assert_non_null(strstr(e.msg, "/nonexistent/folder"));
    assert_int_equal(intake_pending(it), 1);
}

/* Readers that never become one; the error says what is wrong. */
static void bad_starts_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum err_class cls;
        const char *text;
    } starts[] = {
        {"mute", ERR_BUG, "did not get ready in time"},
        {"dead", ERR_BUG, "signal 6"},
        {"unconfined", ERR_STATE, "cannot confine itself"},
        {"bare", ERR_STATE, "not confined"},
        {"other", ERR_BUG, "another build"},
        {"rude", ERR_BUG, "another build"},
    };
    const uint64_t patience = limits.worker_start;
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        limits.worker_start = strcmp(starts[i].name, "mute") == 0 ? 100 : patience;
        open_with(evil_named(starts[i].name));
        submit("report 2", 1);
        while (go_on())
            continue;
        assert_int_equal(e.cls, starts[i].cls);
        assert_non_null(strstr(e.msg, starts[i].text));
        assert_int_equal(intake_pending(it), 1);
        assert_int_equal(unlink(it->worker), 0);
        intake_close(it);
        it = NULL;
    }
}

static void a_missing_program_is_told(void **state)
{
    (void)state;
    const struct intake_options o = {.limits = &limits, .worker = "/nonexistent/reader"};
    assert_false(intake_open(&o, &it, &e));
    assert_int_equal(e.cls, ERR_BUG);
    assert_non_null(strstr(e.msg, "/nonexistent/reader"));
    const struct intake_options not_one = {.limits = &limits, .worker = "/etc/passwd"};
    assert_false(intake_open(&not_one, &it, &e));
}

static void closing_leaves_nothing_behind(void **state)
{
    (void)state;
    limits.workers = 3;
    open_evil();
    submit("hang", 1);
    submit("report 100000", 2);
    submit("report 2", 3);
    for (int i = 0; i < 20; i++)
        assert_true(go_on());
    /* tear_down demands that no child is left */
}

static void a_drip_is_no_progress_for_ever(void **state)
{
    (void)state;
    limits.worker_progress = 1000;
    limits.worker_mail = 3000;
    open_evil();
    submit("drip", 1);
    submit("report 1", 2);
    int64_t start = clock_mono_ms();
    expect_outcome(1, MAIL_TEMPORARY, REJECT_worker_timeout);
    assert_true(clock_mono_ms() - start >= 2 * (int64_t)limits.worker_mail);
    expect_report(2, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mails_come_back_with_their_reports),
        TEST(the_caller_may_keep_the_octets),
        TEST(no_more_readers_are_started_than_there_are_mails),
        TEST(large_mails_go_in_pieces),
        TEST(a_piece_has_at_most_its_limit),
        TEST(a_death_is_tried_again_once),
        TEST(a_mail_that_kills_readers_is_temporary),
        TEST(a_reader_that_hangs_is_replaced),
        TEST(one_that_hangs_does_not_stop_the_other),
        TEST(what_is_sent_ahead_is_not_hurt),
        TEST(what_is_sent_ahead_does_not_wait_for_a_mail_that_hangs),
        TEST(what_is_sent_ahead_counts_for_the_age),
        TEST(a_stopped_reader_hits_its_deadline),
        TEST(one_that_never_reads_hits_its_deadline),
        TEST(processor_time_has_its_limit),
        TEST(one_that_works_is_not_taken_for_stuck),
        TEST(a_lie_of_a_fresh_reader_is_permanent),
        TEST(a_lie_of_an_old_reader_is_tried_again),
        TEST(readers_are_replaced_by_age),
#ifndef DW_SANDBOX_OFF
        TEST(forbidden_acts_stop_no_run),
        TEST(nor_for_an_ordinary_user),
#endif
        TEST(a_mould_is_kept_until_a_reader_ends_badly),
        TEST(a_mould_that_dies_is_replaced),
        TEST(a_mould_that_does_not_answer_hits_the_deadline),
        TEST(readers_are_replaced_by_processor_time),
        TEST(readers_are_replaced_after_a_limit),
        TEST(results_not_released_hold_mails_back),
        TEST(a_stage_that_cannot_be_written_loses_no_mail),
        TEST(bad_starts_are_told),
        TEST(a_missing_program_is_told),
        TEST(closing_leaves_nothing_behind),
        TEST(a_drip_is_no_progress_for_ever),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
