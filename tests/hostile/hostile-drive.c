/* hostile-drive FILE…: gives each file to a confined reader of its own, as the program would, and prints
 *
 *   NAME <tab> ANSWER <tab> US <tab> KIB <tab> OCTETS
 *
 * ANSWER: see testdata/hostile/make.py. US: processor time of the reader for this file, microseconds. KIB:
 * how far its resident memory rose above what it had before it, less the file itself. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "pool.h"

enum { ITEM = 1024 };

static struct limits limits;
static struct intake *it;
static struct err e;

static void stop(const char *why)
{
    (void)printf("%s\t0\t0\t0\n", why);
    (void)fflush(stdout);
    _exit(EXIT_FAILURE);
}

/* What the reader has used so far. Looked at each time the parent takes what it said, before that is acted
 * on: after a limit it is ended at once. */
static struct usage {
    int64_t cpu_us;
    uint64_t rss_kib; /* the most */
} used;

static uint64_t rss_of(pid_t pid)
{
    char path[64], line[256];
    uint64_t kib = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f CLEANUP(file_cleanup) = fopen(path, "re");
    while (f && kib == 0 && fgets(line, sizeof line, f)) {
        sv rest = sv_c(line), name;
        if (sv_split(&rest, ':', &name) && sv_eq(name, SV("VmHWM")) &&
            !num_u64(sv_first(sv_trim(rest), sv_find_char(sv_trim(rest), ' ', 0)), UINT32_MAX, &kib))
            break;
    }
    return kib;
}

static void look_at_reader(void)
{
    clockid_t clock;
    struct timespec t;
    pid_t pid = it->slots[0].pid;
    if (pid < 0 || clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return;
    used.cpu_us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
    used.rss_kib = rss_of(pid);
}

/* The linker puts it before recv (--wrap). */
ssize_t __real_recv(int fd, void *to, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *to, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *to, size_t n, int flags)
{
    look_at_reader();
    return __real_recv(fd, to, n, flags);
}

static struct intake_result *read_one(const char *bytes, size_t n)
{
    struct raw_mail mail = {.bytes = malloc(n + 1), .n = n};
    struct intake_result *r;
    struct pollfd fds[INTAKE_FDS_MAX];
    if (mail.bytes == NULL)
        stop("no memory");
    memcpy(mail.bytes, bytes, n);
    if (!intake_submit(it, &mail, 1, &e))
        stop(e.msg);
    while (!intake_next(it, &r)) {
        unsigned n_fds = intake_poll_fds(it, fds, INTAKE_FDS_MAX);
        (void)poll(fds, n_fds, intake_timeout_ms(it));
        if (!intake_turn(it, &e))
            stop(e.msg);
    }
    return r;
}

static void put_notes(buf *out, const struct note_set *notes)
{
    for (unsigned i = 0; i < NOTE_END; i++)
        if (note_has(notes, (enum note)i))
            buf_printf(out, " +%s", note_code((enum note)i));
}

static void put_document(buf *out, const struct document *d)
{
    switch (d->kind) {
    case DOCUMENT_AGGREGATE:
        buf_printf(out, "report %llu", (unsigned long long)d->report.records);
        put_notes(out, &d->report.notes);
        break;
    case DOCUMENT_TLSRPT:
        buf_puts(out, "tlsrpt");
        put_notes(out, &d->tlsrpt.notes);
        break;
    case DOCUMENT_FAILURE:
        buf_puts(out, "failure");
        put_notes(out, &d->failure.notes);
        break;
    case DOCUMENT_REJECT:
        buf_printf(out, "reject %s", reject_code(d->reject.reason));
        break;
    }
}

/* The documents, equal ones behind each other as "300*reject truncated". */
static void print_documents(const struct intake_result *r)
{
    buf now, last;
    size_t times = 0;
    const char *separator = "";
    buf_init(&now, ITEM);
    buf_init(&last, ITEM);
    for (size_t i = 0; i <= r->outcome.n_documents; i++) {
        buf_reset(&now);
        if (i < r->outcome.n_documents)
            put_document(&now, intake_document(r, i));
        if (times && !sv_eq(buf_view(&now), buf_view(&last))) {
            (void)printf(times > 1 ? "%s%zu*%.*s" : "%s%.0zu%.*s", separator, times > 1 ? times : 0,
                         SV_ARG(buf_view(&last)));
            separator = ", ";
            times = 0;
        }
        times++;
        buf_reset(&last);
        buf_sv(&last, buf_view(&now));
    }
    buf_free(&now);
    buf_free(&last);
}

static void print_answer(const struct intake_result *r)
{
    static const char *const states[] = {"read ", "not_a_report ", "rejected ", "temporary "};
    const struct mail_outcome *o = &r->outcome;
    (void)printf("%s", states[o->state]);
    if (o->state == MAIL_READ)
        print_documents(r);
    else
        (void)printf("%s",
                     o->state == MAIL_NOT_A_REPORT ? not_report_code(o->not_report) : reject_code(o->reject));
}

/* In a process of its own, so that nothing is left of the file before. */
static void drive(const char *path)
{
    static const char small[] = "Subject: x\n\nx\n";
    const struct intake_options o = {.limits = &limits, .worker = READER};
    buf file;
    buf_init(&file, (size_t)limits.mail_size);
    if (!intake_open(&o, &it, &e))
        stop(e.msg);
    intake_release(it, read_one(small, sizeof small - 1));
    const struct usage before = used;
    if (!file_read(path, &file, &e))
        stop(e.msg);
    struct intake_result *r = read_one(file.p ? file.p : "", file.n);
    print_answer(r);
    intake_release(it, r);
    intake_close(it);
    (void)printf("\t%lld\t%lld\t%zu\n", (long long)(used.cpu_us - before.cpu_us),
                 (long long)(used.rss_kib - before.rss_kib) - (long long)(file.n / 1024), file.n);
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    limits_default(&limits);
    limits.workers = 1;
    /* Sanitizers take ten times the time; what is too much is then seen by no test, as without them. */
    const char *sanitized = getenv("DMARCWARN_SANITIZED");
    if (sanitized && *sanitized) {
        limits.mail_cpu *= 10;
        limits.work_base *= 10;
        limits.work_packed *= 10;
        limits.work_unpacked *= 10;
    }
    for (int i = 1; i < argc; i++) {
        const char *base = strrchr(argv[i], '/');
        (void)printf("%s\t", base ? base + 1 : argv[i]);
        (void)fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            drive(argv[i]);
            _exit(0);
        }
        if (pid < 0 || waitpid(pid, NULL, 0) < 0)
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
