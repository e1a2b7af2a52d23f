/* The parent's side with the real reader, found where an installation has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "pool.h"

enum { PATIENCE_MS = 60000 };

static struct limits limits;
static struct intake *it;
static struct err e;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    limits.workers = 1;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    intake_close(it);
    it = NULL;
    return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD ? 0 : -1;
}

static void open_real(void)
{
    const struct intake_options o = {.limits = &limits, .stage_folder = "/tmp"};
    assert_true(intake_open(&o, &it, &e));
}

static void put_report(buf *out, unsigned records)
{
    buf_puts(out, "<feedback><report_metadata><org_name>Org</org_name><report_id>1</report_id><date_range>"
                  "<begin>1700000000</begin><end>1700086400</end></date_range></report_metadata>"
                  "<policy_published><domain>example.net</domain><p>reject</p></policy_published>");
    for (unsigned i = 0; i < records; i++)
        buf_printf(
            out,
            "<record><row><source_ip>10.%u.%u.%u</source_ip><count>2</count><policy_evaluated>"
            "<disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>"
            "<identifiers><header_from>example.net</header_from></identifiers><auth_results/></record>",
            i >> 16 & 255, i >> 8 & 255, i & 255);
    buf_puts(out, "</feedback>");
}

static void submit(buf *octets, uint64_t id)
{
    struct raw_mail m = {.bytes = octets->p, .n = octets->n};
    assert_false(octets->failed);
    assert_true(intake_submit(it, &m, id, &e));
}

static void submit_report(unsigned records, uint64_t id)
{
    buf b;
    buf_init(&b, MIB(64));
    put_report(&b, records);
    submit(&b, id);
}

static void go_on(void)
{
    struct pollfd fds[INTAKE_FDS_MAX];
    assert_true(poll(fds, intake_poll_fds(it, fds, INTAKE_FDS_MAX), intake_timeout_ms(it)) >= 0);
    if (!intake_turn(it, &e))
        fail_msg("%s", e.msg);
}

static struct intake_result *next_result(void)
{
    struct intake_result *r;
    for (int64_t end = clock_mono_ms() + PATIENCE_MS; !intake_next(it, &r);) {
        assert_true(clock_mono_ms() < end);
        go_on();
    }
    return r;
}

static void expect_report(uint64_t id, unsigned records)
{
    struct intake_result *r = next_result();
    struct record record;
    unsigned n = 0;
    assert_int_equal(r->id, id);
    assert_int_equal(r->outcome.state, MAIL_READ);
    assert_int_equal(r->outcome.n_documents, 1);
    assert_int_equal(intake_document(r, 0)->kind, DOCUMENT_AGGREGATE);
    assert_int_equal(intake_document(r, 0)->report.records, records);
    for (struct record_cursor *c = intake_records(r, 0); c->next(c, &record); n++) {
        const uint8_t ip[4] = {10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
        assert_memory_equal(record.source_ip.b + 12, ip, 4);
        assert_int_equal(record.count, 2);
    }
    assert_int_equal(n, records);
    assert_true(intake_intact(r, &e));
    intake_release(it, r);
}

static void reports_come_through(void **state)
{
    (void)state;
    open_real();
    submit_report(1, 1);
    submit_report(50000, 2);
    submit_report(0, 3);
    expect_report(1, 1);
    expect_report(2, 50000);
    expect_report(3, 0);
    assert_int_equal(intake_stats(it).started, 1);
    const char *level = intake_stats(it).sandbox;
#if defined DW_SANDBOX_OFF
    assert_string_equal(level, "off");
#elif defined DW_SANITIZED
    assert_string_equal(level, "wide");
#else
    assert_true(strcmp(level, "full") == 0 || strcmp(level, "no_landlock") == 0);
#endif
}

static void a_good_report_beside_junk(void **state)
{
    (void)state;
    open_real();
    buf junk;
    buf_init(&junk, MIB(1));
    for (unsigned i = 0; i < 100000; i++)
        buf_char(&junk, (char)(i * 2654435761U >> 13));
    submit(&junk, 1);
    submit_report(3, 2);
    struct intake_result *r = next_result();
    assert_int_equal(r->outcome.state, MAIL_NOT_A_REPORT);
    intake_release(it, r);
    expect_report(2, 3);
}

/* Goes on until a reader is in that state. */
static pid_t reader_that_is(enum slot_state state)
{
    for (;;) {
        for (unsigned i = 0; i < it->n_slots; i++)
            if (it->slots[i].state == state)
                return it->slots[i].pid;
        assert_int_equal(intake_pending(it), 1);
        go_on();
    }
}

static void killed_while_busy_it_is_tried_again(void **state)
{
    (void)state;
    open_real();
    submit_report(100000, 1);
    assert_int_equal(kill(reader_that_is(SLOT_BUSY), SIGKILL), 0);
    expect_report(1, 100000);
    assert_int_equal(intake_stats(it).crashed, 1);
    assert_int_equal(intake_stats(it).started, 2);
}

/* Stopped while being sent to and while busy, beside a healthy one. */
static void stopped_readers_do_not_stop_the_others(void **state)
{
    (void)state;
    limits.workers = 2;
    limits.worker_progress = 500;
    const enum slot_state when[] = {SLOT_SENDING, SLOT_BUSY};
    for (size_t i = 0; i < COUNT_OF(when); i++) {
        open_real();
        submit_report(50000, 1);
        assert_int_equal(kill(reader_that_is(when[i]), SIGSTOP), 0);
        for (unsigned id = 2; id < 22; id++)
            submit_report(5, id);
        for (unsigned id = 2; id < 22; id++)
            expect_report(id, 5);
        expect_report(1, 50000);
        assert_int_equal(intake_stats(it).timed_out, 1);
        intake_close(it);
        it = NULL;
    }
}

static unsigned entries(const char *folder)
{
    unsigned n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;)
        n += entry->d_name[0] != '.';
    (void)closedir(d);
    return n;
}

static void expect_file(pid_t pid, const char *name, sv text)
{
    char path[64];
    buf b;
    buf_init(&b, 4096);
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    assert_true(file_read(path, &b, &e));
    assert_true(sv_eq(buf_view(&b), text));
    buf_free(&b);
}

static void the_reader_has_nothing_of_ours(void **state)
{
    (void)state;
    assert_int_equal(setenv("SECRET", "canary", 1), 0);
    open_real();
    submit_report(1, 1);
    expect_report(1, 1);
    pid_t pid = it->slots[0].pid;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    if (geteuid() == 0) /* it is not dumpable: only root may look */
        assert_int_equal(entries(path), 4);
    expect_file(pid, "cmdline", SV("dmarcwarn-parse\0"));
    if (geteuid() == 0)
        expect_file(pid, "environ", SV(""));
    assert_int_not_equal(getpgid(pid), getpgrp()); /* Ctrl-C is ours to answer */
}

#if !defined DW_SANITIZED && !defined DW_SANDBOX_OFF
/* A mail that does not fit into a reader's memory is told, and the reader lives. */
static void memory_runs_out_in_the_reader_only(void **state)
{
    (void)state;
    limits.worker_memory = MIB(16);
    open_real();
    submit_report(80000, 1); /* some 20 MiB */
    submit_report(2, 2);
    struct intake_result *r = next_result();
    assert_int_equal(r->outcome.state, MAIL_REJECTED);
    assert_int_equal(r->outcome.reject, REJECT_memory_limit);
    intake_release(it, r);
    expect_report(2, 2);
    assert_int_equal(intake_stats(it).crashed, 0);
}
#endif

static void readers_go_when_the_program_dies(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        open_real();
        submit_report(1, 1);
        expect_report(1, 1);
        if (write(ends[1], &it->slots[0].pid, sizeof(pid_t)) != sizeof(pid_t))
            _exit(1);
        (void)kill(getpid(), SIGKILL);
    }
    pid_t reader;
    assert_int_equal(read(ends[0], &reader, sizeof reader), sizeof reader);
    assert_int_equal(waitpid(child, NULL, 0), child);
    for (int i = 0; i < 200 && kill(reader, 0) == 0; i++)
        (void)poll(NULL, 0, 10);
    assert_int_equal(kill(reader, 0), -1);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

/* They are those of the mails, not of the sample that the reader begins with. */
static void low_limits_are_no_defect_of_the_reader(void **state)
{
    (void)state;
    limits.mail_reports = limits.packed_size = 1;
    limits.mime_parts = 2;
    limits.header_block = 100;
    limits.xml_depth = 5;
    limits.mail_unpacked = 1000;
    open_real();
    submit_report(3, 1);
    struct intake_result *r = next_result();
    assert_int_equal(r->outcome.state, MAIL_READ);
    assert_int_equal(intake_document(r, 0)->kind, DOCUMENT_REJECT);
    intake_release(it, r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reports_come_through),
        TEST(a_good_report_beside_junk),
        TEST(low_limits_are_no_defect_of_the_reader),
        TEST(killed_while_busy_it_is_tried_again),
        TEST(stopped_readers_do_not_stop_the_others),
        TEST(the_reader_has_nothing_of_ours),
#if !defined DW_SANITIZED && !defined DW_SANDBOX_OFF
        TEST(memory_runs_out_in_the_reader_only),
#endif
        TEST(readers_go_when_the_program_dies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
