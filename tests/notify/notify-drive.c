/* Runs notify/ against real servers for the end-to-end tests. Arguments are NAME=VALUE: type=slack url=… or
 * type=email host= port= tls= user= password= from= to=A,B; ca=, file= (the body), times=, limit.NAME=VALUE.
 * Prints an answer a line. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/num.h"
#include "notify/notify.h"

enum { TO_MAX = 8 };

struct drive {
    struct limits limits;
    struct channel_cfg channel;
    sv to[TO_MAX];
    sv file;
    uint64_t times;
    bool partial;
};

static void die(const char *what)
{
    (void)fprintf(stderr, "notify-drive: %s\n", what);
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
    struct channel_cfg *c = &d->channel;
    const struct {
        const char *name;
        sv *to;
    } texts[] = {{"url", &c->url},   {"host", &c->smtp_host}, {"user", &c->user}, {"password", &c->password},
                 {"from", &c->from}, {"ca", &c->ca_file},     {"file", &d->file}};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (sv_eq(name, sv_c(texts[i].name)))
            *texts[i].to = value;
    if (sv_eq(name, SV("type")))
        c->type = sv_eq(value, SV("email")) ? CHANNEL_EMAIL : CHANNEL_SLACK;
    if (sv_eq(name, SV("port")))
        c->smtp_port = (uint16_t)number(value);
    if (sv_eq(name, SV("tls")))
        c->smtp_tls = sv_eq(value, SV("starttls")) ? TLS_STARTTLS
                      : sv_eq(value, SV("none"))   ? TLS_NONE
                                                   : TLS_IMPLICIT;
    if (sv_eq(name, SV("deny_private")))
        c->deny_private = true;
    if (sv_eq(name, SV("partial")))
        d->partial = true;
    if (sv_eq(name, SV("times")))
        d->times = number(value);
    while (sv_eq(name, SV("to")) && c->n_to < TO_MAX && sv_split(&value, ',', &d->to[c->n_to]))
        c->n_to++;
}

static void read_argument(struct drive *d, sv argument)
{
    struct err e;
    sv name;
    if (!sv_split(&argument, '=', &name))
        die("NAME=VALUE");
    if (!sv_starts(name, SV("limit.")))
        set(d, name, argument);
    else if (!limits_set(&d->limits, sv_skip(name, 6), argument, &e))
        die(e.msg);
}

static void send(struct drive *d, const struct payload *p)
{
    static const char *const classes[] = {"sent", "retry", "broken", "refused"};
    struct err e;
    struct notify *n = notify_open(&d->limits, &e);
    if (n == NULL)
        die(e.msg);
    for (uint64_t i = 0; i < d->times; i++) {
        struct answer a;
        int64_t begin = clock_mono_ms();
        notify_send(n, &d->channel, p, &a);
        printf("%s %d after %lld%s %lld ms: %s\n", classes[a.cls], a.code, (long long)a.retry_after,
               a.repeat_possible ? " repeat" : "", (long long)(clock_mono_ms() - begin), a.err.msg);
    }
    notify_close(n);
}

int main(int argc, char **argv)
{
    static struct drive d;
    struct err e;
    buf body;
    (void)signal(SIGPIPE, SIG_IGN);
    limits_default(&d.limits);
    d.channel.to = d.to;
    d.times = 1;
    for (int i = 1; i < argc; i++)
        read_argument(&d, sv_c(argv[i]));
    buf_init(&body, d.limits.notice_size);
    if (!file_read(d.file.p, &body, &e))
        die(e.msg);
    struct payload p = {
        .content_type = "application/json", .body = buf_view(&body), .partial = d.partial, .id = SV("id")};
    send(&d, &p);
    buf_free(&body);
    return 0;
}
