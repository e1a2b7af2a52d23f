/* Runs fetch/ against real servers for the end-to-end tests and prints what the handler is told, one line an
 * event. Arguments are NAME=VALUE; "mailbox" adds a mailbox with the values so far, which later ones may
 * change. "limit.NAME=VALUE" sets a limit, "stop_after=MS" ends all that time after the first mail,
 * "pause_every=N" pauses for 50 ms after each N mails, "quiet=1" prints counts instead of mails. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/sha256.h"
#include "fetch/fetch.h"

enum { BOXES_MAX = 64 };

struct drive {
    struct limits limits;
    struct fetch_state state;
    struct fetch_gap gap;
    struct mailbox_cfg next, boxes[BOXES_MAX];
    struct fetch_state states[BOXES_MAX];
    size_t n;
    uint64_t stop_after, pause_every, quiet, mails, octets;
    int64_t pause_until, first_mail;
    struct fetch *fetch;
};

static void selected(void *ctx, uint32_t mailbox, const struct fetch_box *b)
{
    (void)ctx;
    printf("%u selected %u %u %u%s\n", mailbox, b->uidvalidity, b->uidnext, b->exists,
           b->renumbered ? " renumbered" : "");
}

static void mail(void *ctx, struct raw_mail m)
{
    struct drive *d = ctx;
    uint8_t sum[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1] = "";
    if (d->mails++ == 0)
        d->first_mail = clock_mono_ms();
    d->octets += m.n;
    if (!d->quiet && sha256(sv_of(m.bytes, m.n), sum)) {
        hex_of(sum, sizeof sum, hex);
        printf("%u mail %u %lld %zu %s\n", m.source, m.uid, (long long)m.internaldate, m.n, hex);
    }
    free(m.bytes);
    if (d->pause_every && d->mails % d->pause_every == 0) {
        fetch_pause(d->fetch, true);
        d->pause_until = clock_mono_ms() + 50;
    }
}

static void gap(void *ctx, uint32_t mailbox, uint32_t uid, enum reject why)
{
    (void)ctx;
    printf("%u gap %u %s\n", mailbox, uid, reject_code(why));
}

static void gone(void *ctx, uint32_t mailbox, uint32_t uid)
{
    (void)ctx;
    printf("%u gone %u\n", mailbox, uid);
}

static void alert(void *ctx, uint32_t mailbox, sv text)
{
    (void)ctx;
    printf("%u alert %.*s\n", mailbox, SV_ARG(text));
}

static void done(void *ctx, uint32_t mailbox, const struct fetch_end *end)
{
    struct drive *d = ctx;
    printf("%u done exit %d%s%s uid %u left %u floor %u: %s\n", mailbox, err_exit_code(end->err.cls),
           end->transient ? " transient" : "", end->stopped ? " stopped" : "", end->uid, end->left,
           fetch_floor(d->fetch, mailbox), end->err.msg);
    (void)fflush(stdout);
}

static void die(const char *what)
{
    (void)fprintf(stderr, "fetch-drive: %s\n", what);
    exit(2);
}

static uint64_t number(sv value)
{
    uint64_t n = 0;
    if (!num_u64(value, UINT64_MAX, &n))
        die("not a number");
    return n;
}

static void set(struct drive *d, sv name, sv value)
{
    const struct {
        const char *name;
        sv *to;
    } texts[] = {{"host", &d->next.host},
                 {"user", &d->next.user},
                 {"password", &d->next.password},
                 {"ca", &d->next.ca_file},
                 {"folder", &d->next.folder}};
    const struct {
        const char *name;
        uint64_t *to;
    } numbers[] = {{"stop_after", &d->stop_after}, {"pause_every", &d->pause_every}, {"quiet", &d->quiet}};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (sv_eq(name, sv_c(texts[i].name)))
            *texts[i].to = value;
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        if (sv_eq(name, sv_c(numbers[i].name)))
            *numbers[i].to = number(value);
    if (sv_eq(name, SV("port")))
        d->next.port = (uint16_t)number(value);
    if (sv_eq(name, SV("tls")))
        d->next.tls = sv_eq(value, SV("starttls")) ? TLS_STARTTLS
                      : sv_eq(value, SV("none"))   ? TLS_NONE
                                                   : TLS_IMPLICIT;
    if (sv_eq(name, SV("uidvalidity")))
        d->state.uidvalidity = (uint32_t)number(value);
    if (sv_eq(name, SV("mark")))
        d->state.mark = (uint32_t)number(value);
    if (sv_eq(name, SV("gap"))) {
        d->gap = (struct fetch_gap){(uint32_t)number(value), true};
        d->state.gaps = &d->gap;
        d->state.n_gaps = 1;
    }
}

static void read_argument(struct drive *d, sv argument)
{
    struct err e;
    sv name;
    if (sv_eq(argument, SV("mailbox"))) {
        if (d->n == BOXES_MAX)
            die("too many mailboxes");
        d->boxes[d->n] = d->next;
        d->states[d->n++] = d->state;
    } else if (!sv_split(&argument, '=', &name)) {
        die("NAME=VALUE");
    } else if (sv_starts(name, SV("limit."))) {
        if (!limits_set(&d->limits, sv_skip(name, 6), argument, &e))
            die(e.msg);
    } else {
        set(d, name, argument);
    }
}

static void run(struct drive *d)
{
    struct err e;
    int64_t begin = clock_mono_ms();
    while (fetch_active(d->fetch)) {
        int64_t now = clock_mono_ms();
        if (d->stop_after && d->mails && now - d->first_mail >= (int64_t)d->stop_after)
            fetch_stop(d->fetch);
        if (now >= d->pause_until)
            fetch_pause(d->fetch, false);
        if (!fetch_wait(d->fetch, NULL, 0, d->stop_after || d->pause_every ? 10 : -1, &e))
            die(e.msg);
        fetch_turn(d->fetch);
    }
    int64_t took = clock_mono_ms() - begin;
    printf("all %llu mails %llu octets %lld ms\n", (unsigned long long)d->mails,
           (unsigned long long)d->octets, (long long)took);
}

int main(int argc, char **argv)
{
    static struct drive d;
    struct fetch_handler handler = {.ctx = &d,
                                    .selected = selected,
                                    .mail = mail,
                                    .gap = gap,
                                    .gone = gone,
                                    .alert = alert,
                                    .done = done};
    struct err e;
    (void)signal(SIGPIPE, SIG_IGN);
    limits_default(&d.limits);
    d.next.folder = SV("INBOX");
    for (int i = 1; i < argc; i++)
        read_argument(&d, sv_c(argv[i]));
    d.fetch = fetch_open(&d.limits, &handler, &e);
    for (size_t i = 0; d.fetch && i < d.n; i++) {
        uint32_t index;
        if (!fetch_add(d.fetch, &d.boxes[i], &d.states[i], &index, &e))
            die(e.msg);
    }
    if (d.fetch == NULL)
        die(e.msg);
    run(&d);
    fetch_close(d.fetch);
    return 0;
}
