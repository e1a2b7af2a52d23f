/* What the second process costs: reads files over and over, in this process or by confined readers, and
 * prints the processor time a mail and what became of them.
 *   intake-measure [NAME=VALUE]... in-process|readers TIMES FILE...     (limits by their names)
 *   intake-measure [NAME=VALUE]... overhead TIMES FILE...
 * The last reads in turns in this process and by readers, and prints the least of each. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/file.h"
#include "base/num.h"
#include "intake/intake.h"
#include "parent.h"
#include "reader.h"
#include "report/aggregate.h"

static struct limits limits;
static unsigned states[4], rejects[REJECT_END];
static uint64_t reports, records;

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double cpu_of(int who)
{
    struct rusage u;
    return getrusage(who, &u) == 0 ? seconds_of(u.ru_utime) + seconds_of(u.ru_stime) : 0;
}

static long rss_of(int who)
{
    struct rusage u;
    return getrusage(who, &u) == 0 ? u.ru_maxrss : 0;
}

static void count(struct intake_result *r)
{
    struct record record;
    struct err e;
    states[r->outcome.state]++;
    rejects[r->outcome.reject]++;
    for (size_t i = 0; i < r->outcome.n_documents; i++) {
        const struct document *d = intake_document(r, i);
        if (d->kind == DOCUMENT_REJECT) {
            rejects[d->reject.reason]++;
            continue;
        }
        reports++;
        struct record_cursor *c = intake_records(r, i);
        while (c->next(c, &record))
            records++;
    }
    if (!intake_intact(r, &e))
        fprintf(stderr, "%s\n", e.msg);
}

static bool turn(struct intake *it, char *const files[])
{
    struct pollfd fds[INTAKE_FDS_MAX];
    struct intake_result *r;
    struct err e;
    (void)poll(fds, intake_poll_fds(it, fds, INTAKE_FDS_MAX), intake_timeout_ms(it));
    if (!intake_turn(it, &e)) {
        fprintf(stderr, "%s\n", e.msg);
        return false;
    }
    while (intake_next(it, &r)) {
        count(r);
        if (r->outcome.state == MAIL_TEMPORARY || r->outcome.reject == REJECT_worker_lied)
            printf("%s: %s %.*s\n", files[r->id], reject_code(r->outcome.reject), SV_ARG(r->outcome.detail));
        intake_release(it, r);
    }
    return true;
}

/* As a mailbox hands mails on: in memory of their own. */
static bool copy_of(sv mail, struct raw_mail *out)
{
    *out = (struct raw_mail){.bytes = malloc(mail.n + 1), .n = mail.n};
    if (out->bytes)
        memcpy(out->bytes, mail.p, mail.n);
    return out->bytes != NULL;
}

static bool by_readers(sv mails[], char *const files[], size_t n, uint64_t times)
{
    const struct intake_options o = {.limits = &limits, .worker = READER};
    struct intake *it;
    struct err e;
    if (!intake_open(&o, &it, &e)) {
        fprintf(stderr, "%s\n", e.msg);
        return false;
    }
    bool fine = true;
    for (uint64_t i = 0; fine && i < times * n; i++) {
        struct raw_mail raw;
        fine = copy_of(mails[i % n], &raw) && intake_submit(it, &raw, i % n, &e);
        while (fine && intake_backlog(it) > limits.backlog)
            fine = turn(it, files);
    }
    while (fine && intake_pending(it) > 0)
        fine = turn(it, files);
    struct intake_stats s = intake_stats(it);
    printf("readers: %llu started, %llu replaced, %llu crashed, %llu timed out, %llu lied, %s\n",
           (unsigned long long)s.started, (unsigned long long)s.replaced, (unsigned long long)s.crashed,
           (unsigned long long)s.timed_out, (unsigned long long)s.lied, s.sandbox);
    intake_close(it);
    return fine;
}

static bool in_process(sv mails[], size_t n, uint64_t times)
{
    struct parent nobody;
    parent_init(&nobody, -1, limits.wire_frame);
    aggregate_library_init();
    struct reader *r = reader_new(&limits, &nobody);
    for (uint64_t i = 0; r && i < times * n; i++) {
        struct raw_mail raw;
        if (!copy_of(mails[i % n], &raw))
            return false;
        reader_mail(r, sv_of(raw.bytes, raw.n));
        free(raw.bytes);
        reports += reader_documents(r)->n - reader_documents(r)->rejects;
        (void)!parent_flush(&nobody);
    }
    reader_free(r);
    parent_free(&nobody);
    return r != NULL;
}

static sv *read_files(arena *a, char *const files[], size_t n)
{
    sv *mails = arena_array(a, n, sizeof *mails);
    buf b;
    buf_init(&b, MIB(64));
    for (size_t i = 0; mails && i < n; i++) {
        struct err e;
        buf_reset(&b);
        if (!file_read(files[i], &b, &e))
            fprintf(stderr, "%s\n", e.msg);
        mails[i] = arena_sv(a, buf_view(&b));
    }
    buf_free(&b);
    return mails;
}

/* Takes the limits off the front. */
static bool take_limits(int *argc, char ***argv)
{
    struct err e;
    for (sv arg, name; *argc > 1 && sv_find_char(sv_c((*argv)[1]), '=', 0) != SIZE_MAX; ++*argv, --*argc) {
        arg = sv_c((*argv)[1]);
        if (sv_split(&arg, '=', &name) && !limits_set(&limits, name, arg, &e)) {
            fprintf(stderr, "%s\n", e.msg);
            return false;
        }
    }
    return true;
}

enum { TURNS = 7 };

/* Microseconds of processor time a mail, of this process and of its children. */
static bool measured(bool readers, sv mails[], char *const files[], size_t n, uint64_t times, double *us)
{
    double before = cpu_of(RUSAGE_SELF) + cpu_of(RUSAGE_CHILDREN);
    bool fine = readers ? by_readers(mails, files, n, times) : in_process(mails, n, times);
    double used = cpu_of(RUSAGE_SELF) + cpu_of(RUSAGE_CHILDREN) - before;
    *us = 1e6 * used / (double)(n * times);
    return fine;
}

static bool overhead(sv mails[], char *const files[], size_t n, uint64_t times)
{
    double least[2] = {0, 0};
    for (unsigned i = 0; i < 2 * TURNS; i++) {
        double us;
        if (!measured(i % 2 != 0, mails, files, n, times, &us))
            return false;
        if (i < 2 || us < least[i % 2])
            least[i % 2] = us;
    }
    printf("%zu mails, least of %d turns: %.1f us in process, %.1f by readers, overhead %.1f us a mail\n",
           n * (size_t)times, TURNS, least[0], least[1], least[1] - least[0]);
    return true;
}

static bool act(const char *word, sv mails[], char *const files[], size_t n, uint64_t times)
{
    if (strcmp(word, "overhead") == 0)
        return overhead(mails, files, n, times);
    return strcmp(word, "readers") == 0 ? by_readers(mails, files, n, times) : in_process(mails, n, times);
}

int main(int argc, char **argv)
{
    uint64_t times;
    limits_default(&limits);
    if (!take_limits(&argc, &argv) || argc < 4 || !num_u64(sv_c(argv[2]), 1000000, &times))
        return 64;
    size_t n = (size_t)argc - 3;
    arena files;
    arena_init(&files, MIB(1024));
    sv *mails = read_files(&files, argv + 3, n);
    double before = cpu_of(RUSAGE_SELF);
    struct timespec from, to;
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    bool fine = mails && act(argv[1], mails, argv + 3, n, times);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    double wall = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    double us = 1e6 / (double)(n * times);
    printf("%zu mails: %.1f us of processor here, %.1f in readers, %.1f by the clock, a mail; "
           "%ld and %ld KiB at most\n",
           n * (size_t)times, (cpu_of(RUSAGE_SELF) - before) * us, cpu_of(RUSAGE_CHILDREN) * us, wall * us,
           rss_of(RUSAGE_SELF), rss_of(RUSAGE_CHILDREN));
    printf("%llu reports, %llu records; mails: %u read, %u no report, %u rejected, %u temporary\n",
           (unsigned long long)reports, (unsigned long long)records, states[MAIL_READ],
           states[MAIL_NOT_A_REPORT], states[MAIL_REJECTED], states[MAIL_TEMPORARY]);
    for (unsigned i = 1; i < REJECT_END; i++)
        if (rejects[i])
            printf("%6u %s\n", rejects[i], reject_code((enum reject)i));
    arena_free(&files);
    return fine ? 0 : 1;
}
