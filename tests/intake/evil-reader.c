/* A reader that has been taken: a program that is started and copied like the real one and does what the
 * first line of each mail says; before its greeting it does what its own file name says. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acts.h"
#include "base/attr.h"
#include "base/num.h"
#include "frames.h"
#include "mould.h"
#include "sandbox.h"

static struct limits limits;
static buf in, out;
static unsigned mails;  /* done by this process */
static unsigned pieces; /* of this mail */

static void flush(void)
{
    for (sv rest = buf_view(&out); rest.n > 0;) {
        ssize_t n = write(3, rest.p, rest.n);
        if (n <= 0)
            _exit(1);
        rest = sv_skip(rest, (size_t)n);
    }
    buf_reset(&out);
}

static struct wire_frame next_frame(void)
{
    static size_t taken;
    struct wire_frame f;
    buf_consume(&in, taken);
    for (;;) {
        sv rest = buf_view(&in);
        if (wire_take(&rest, WIRE_PARENT, MIB(1), &f) == WIRE_FRAME) {
            taken = in.n - rest.n;
            return f;
        }
        char *to = buf_room(&in, 65536);
        ssize_t n = to ? read(3, to, 65536) : -1;
        if (n <= 0)
            _exit(0);
        in.n += (size_t)n;
    }
}

static void put_report(unsigned n)
{
    struct report r = test_report(n);
    wire_put_document_begin(&out, SV_ABSENT);
    for (unsigned i = 0; i < n; i++) {
        put_test_record(&out, i);
        if (out.n > 65536)
            flush();
    }
    wire_put_aggregate_end(&out, &r);
}

static void done(uint64_t documents)
{
    struct wire_done d = {.state = documents ? MAIL_READ : MAIL_NOT_A_REPORT, .documents = documents};
    wire_put_done(&out, &d);
    flush();
}

static void report(sv argument)
{
    uint64_t n;
    put_report(num_u64(argument, 1000000, &n) ? (unsigned)n : 2);
    done(1);
}

_Noreturn static void hang(sv argument)
{
    (void)argument;
    for (;;)
        pause();
}

_Noreturn static void spin(sv argument)
{
    (void)argument;
    for (;;)
        (void)getppid();
}

static void stop(sv argument)
{
    raise(SIGSTOP);
    report(argument);
}

_Noreturn static void crash(sv argument)
{
    (void)argument;
    put_report(2);
    flush();
    abort();
}

/* Hangs up and lives on. */
_Noreturn static void hang_up(sv argument)
{
    (void)close(3);
    hang(argument);
}

/* Only a reader that has read other mails before. */
static void crash_if_old(sv argument)
{
    if (mails > 0)
        abort();
    report(argument);
}

static void lie_if_old(sv argument)
{
    if (mails > 0)
        wire_put_reset(&out);
    report(argument);
}

static void lie_sums(sv argument)
{
    struct report r = test_report(2);
    (void)argument;
    r.messages++;
    wire_put_document_begin(&out, SV_ABSENT);
    put_test_record(&out, 0);
    put_test_record(&out, 1);
    wire_put_aggregate_end(&out, &r);
    done(1);
}

static void lie_head(sv argument)
{
    (void)argument;
    buf_put(&out, "\xff\xff\xff\xff\x07", WIRE_HEAD);
    flush();
}

static void lie_octets(sv argument)
{
    (void)argument;
    put_report(2);
    for (size_t i = 5; i < out.n; i += 7)
        out.p[i] = (char)(out.p[i] ^ 0x55);
    flush();
}

/* Says more after the end of a mail, which must not be held against the next one. */
static void say_too_much(sv argument)
{
    put_report(2);
    wire_put_done(&out, &(struct wire_done){.state = MAIL_READ, .documents = 1});
    report(argument);
}

_Noreturn static void flood(sv argument)
{
    (void)argument;
    wire_put_document_begin(&out, SV_ABSENT);
    for (unsigned i = 0;; i++) {
        put_test_record(&out, i);
        if (i % 1000 == 999) {
            wire_put_reset(&out);
            flush();
        }
    }
}

/* One octet a time, each just in time. */
_Noreturn static void drip(sv argument)
{
    (void)argument;
    put_report(1000);
    for (size_t i = 0; i < out.n; i++) {
        (void)poll(NULL, 0, 20);
        if (write(3, out.p + i, 1) != 1)
            _exit(0);
    }
    _exit(0);
}

static void hit_limit(sv argument)
{
    (void)argument;
    wire_put_document_begin(&out, SV_ABSENT);
    wire_put_reject(&out, &(struct wire_reject){.reason = REJECT_ratio_too_high});
    wire_put_done(&out, &(struct wire_done){.state = MAIL_READ, .documents = 1, .limit_hit = true});
    flush();
}

/* As many records as the mail came in pieces. */
static void count_pieces(sv argument)
{
    (void)argument;
    put_report(pieces);
    done(1);
}

static void not_a_report(sv argument)
{
    (void)argument;
    done(0);
}

/* A report for what worked, none for what was refused; confined as the real reader is. */
static void forbidden_act(sv argument)
{
    static bool confined;
    enum wire_sandbox level;
    uint64_t i;
    confined = confined || sandbox_confine(&limits, false, &level);
    if (!confined || !num_u64(argument, n_acts - 1, &i))
        _exit(1);
    errno = 0;
    done(acts[i].try() < 0 && errno == EACCES ? 0 : 1);
}

static void obey(sv line)
{
    static const struct {
        const char *word;
        void (*act)(sv argument);
    } deeds[] = {
        {"report", report},
        {"hang", hang},
        {"spin", spin},
        {"stop", stop},
        {"crash", crash},
        {"hang_up", hang_up},
        {"crash_if_old", crash_if_old},
        {"lie_if_old", lie_if_old},
        {"lie_sums", lie_sums},
        {"lie_head", lie_head},
        {"lie_octets", lie_octets},
        {"say_too_much", say_too_much},
        {"flood", flood},
        {"drip", drip},
        {"hit_limit", hit_limit},
        {"count_pieces", count_pieces},
        {"not_a_report", not_a_report},
        {"act", forbidden_act},
    };
    sv word = SV("");
    (void)sv_split(&line, ' ', &word);
    for (size_t i = 0; i < COUNT_OF(deeds); i++)
        if (sv_eq(word, sv_c(deeds[i].word))) {
            deeds[i].act(line);
            return;
        }
    _exit(3);
}

static void greet(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    sv name = sv_of(path, n > 0 ? (size_t)n : 0);
    struct wire_hello hello = {sv_c(wire_build_id()), WIRE_SANDBOX_full};
    if (sv_ends(name, SV("/mute")))
        pause();
    if (sv_ends(name, SV("/dead")))
        abort();
    if (sv_ends(name, SV("/unconfined")))
        _exit(WIRE_EXIT_sandbox);
    if (sv_ends(name, SV("/bare")))
        hello.sandbox = WIRE_SANDBOX_off;
    if (sv_ends(name, SV("/other")))
        hello.build_id = SV("0.0.1-0123456789abcdef");
    if (sv_ends(name, SV("/rude")))
        done(0);
    wire_put_hello(&out, &hello);
    flush();
    if (sv_ends(name, SV("/deaf"))) /* never reads a mail */
        hang(SV_ABSENT);
}

int main(void)
{
    buf_init(&in, MIB(64));
    buf_init(&out, MIB(64));
    bool best_effort;
    struct wire_frame f = next_frame();
    if (f.type != WIRE_limits || wire_get_limits(f.payload, &limits, &best_effort) != WIRE_LIMITS_OK)
        return 2;
    if (!filter_make())
        return 2;
    mould_serve(3);
    greet();
    buf mail;
    buf_init(&mail, limits.mail_size);
    for (;;) {
        f = next_frame();
        if (f.type == WIRE_mail_begin) {
            buf_reset(&mail);
            pieces = 0;
        }
        if (f.type == WIRE_mail_data) {
            buf_sv(&mail, f.payload);
            pieces++;
        }
        if (f.type != WIRE_mail_end)
            continue;
        sv text = buf_view(&mail), line = SV("");
        (void)sv_split(&text, '\n', &line);
        obey(line);
        mails++;
    }
}
