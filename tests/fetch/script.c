#include "script.h"

#include <stdlib.h>

static const struct script *played;

static const sv *known(void *ctx, uint32_t mailbox, size_t *n)
{
    (void)ctx, (void)mailbox;
    *n = played->n_known;
    return played->known;
}

static void selected(void *ctx, uint32_t mailbox, const struct fetch_box *b)
{
    buf_printf(ctx, "selected %u: %u next %u exists %u%s\n", mailbox, b->uidvalidity, b->uidnext, b->exists,
               b->renumbered ? " renumbered" : "");
}

/* Short mails are shown, long ones counted. */
static void mail(void *ctx, struct raw_mail m)
{
    buf_printf(ctx, "mail %u/%u/%u at %lld: ", m.source, m.uidvalidity, m.uid, (long long)m.internaldate);
    if (m.n > 200)
        buf_printf(ctx, "(%zu)\n", m.n);
    else
        buf_printf(ctx, "[%.*s]\n", SV_ARG(sv_of(m.bytes, m.n)));
    free(m.bytes);
}

static void gap(void *ctx, uint32_t mailbox, uint32_t uid, enum reject why)
{
    (void)mailbox;
    buf_printf(ctx, "gap %u: %s\n", uid, reject_code(why));
}

static void gone(void *ctx, uint32_t mailbox, uint32_t uid)
{
    (void)mailbox;
    buf_printf(ctx, "gone %u\n", uid);
}

static void alert(void *ctx, uint32_t mailbox, sv text)
{
    (void)mailbox;
    buf_printf(ctx, "alert: %.*s\n", SV_ARG(text));
}

static void quota(void *ctx, uint32_t mailbox, sv resource, uint64_t used, uint64_t limit)
{
    (void)mailbox;
    buf_printf(ctx, "quota %.*s %llu of %llu\n", SV_ARG(resource), (unsigned long long)used,
               (unsigned long long)limit);
}

static void fetched(void *ctx, uint32_t mailbox)
{
    (void)mailbox;
    buf_printf(ctx, "fetched\n");
}

static void settled(void *ctx, uint32_t mailbox, size_t debt, size_t from, size_t to, bool only_flagged)
{
    (void)mailbox;
    buf_printf(ctx, "settled %zu: %zu to %zu%s\n", debt, from, to, only_flagged ? ", only flagged" : "");
}

static void feed(struct imap_proto *p, sv octets, size_t piece)
{
    while (octets.n) {
        sv part = sv_first(octets, piece ? piece : octets.n);
        char *own = malloc(part.n); /* a copy of just that size: an address sanitizer sees reads beyond it */
        memcpy(own, part.p, part.n);
        imap_proto_feed(p, sv_of(own, part.n));
        free(own);
        octets = sv_skip(octets, part.n);
    }
}

static bool play_step(const struct script *s, struct imap_proto *p, const struct step *step, size_t piece,
                      buf *log)
{
    if (step->sent == NULL) {
        imap_proto_closed(p);
        return true;
    }
    if (p->phase == PHASE_WAITING)
        imap_proto_settle(p, s->debts, s->n_debts);
    sv sent = buf_view(&p->out);
    if (!sv_eq(sent, sv_c(step->sent))) {
        buf_printf(log, "sent: %.*swanted: %s", SV_ARG(sent), step->sent);
        return false;
    }
    buf_reset(&p->out);
    feed(p, sv_c(step->answer), piece);
    return true;
}

static void set_limit(struct limits *l, const char *const limit[2])
{
    struct err e;
    if (limit[0])
        assert_true(limits_set(l, sv_c(limit[0]), sv_c(limit[1]), &e));
}

static void log_end(const struct imap_proto *p, buf *log)
{
    static const char *const phases[] = {"opening",  "listing", "searching", "bodies", "waiting",
                                         "settling", "leaving", "ended",     "failed"};
    buf_printf(log, "%s, floor %u, left %u", phases[p->phase], p->floor, imap_proto_left(p));
    if (p->phase == PHASE_FAILED)
        buf_printf(log, ", in hand %u, exit %d%s: %s", imap_proto_in_hand(p), err_exit_code(p->err.cls),
                   p->transient ? " transient" : "", p->err.msg);
    buf_char(log, '\n');
}

char *script_play(const struct script *s, size_t piece)
{
    buf log;
    played = s;
    buf_init(&log, 1 << 24);
    struct limits limits;
    limits_default(&limits);
    limits.imap_in_flight = 1;
    set_limit(&limits, s->limit);
    set_limit(&limits, s->more);
    struct fetch_handler handler = {.ctx = &log,
                                    .selected = selected,
                                    .known = known,
                                    .mail = mail,
                                    .gap = gap,
                                    .gone = gone,
                                    .alert = alert,
                                    .quota = quota,
                                    .fetched = fetched,
                                    .settled = settled};
    struct imap_config config = {.limits = &limits,
                                 .handler = &handler,
                                 .source = 4,
                                 .folder = sv_c(s->folder ? s->folder : "INBOX"),
                                 .settles = s->state.settles,
                                 .since = s->since,
                                 .now = 1000000000,
                                 .prefix = {'T', 'A', 'G', 'X'}};
    struct imap_proto p;
    struct err e;
    assert_true(imap_proto_init(&p, &config, &s->state, &e));
    for (size_t i = 0; i < s->n; i++)
        if (!play_step(s, &p, &s->steps[i], piece, &log))
            break;
    log_end(&p, &log);
    imap_proto_free(&p);
    buf_char(&log, '\0');
    return log.p;
}

void script_check(const struct script *s, const char *want)
{
    static const size_t pieces[] = {0, 1, 7};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        char *got = script_play(s, pieces[i]);
        assert_string_equal(got, want);
        free(got);
    }
}
