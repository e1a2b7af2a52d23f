/* All that a server says in one session, in pieces and whole: the mailbox's mails, flags and moves. */
#include "fuzz.h"

#include <stdlib.h>

#include "imap_proto.h"

/* What the handler is told, as text: it must not depend on how the octets are cut. */
static void selected(void *ctx, uint32_t mailbox, const struct fetch_box *b)
{
    buf_printf(ctx, "selected %u %u %u %u %d\n", mailbox, b->uidvalidity, b->uidnext, b->exists,
               b->renumbered);
}

static void mail(void *ctx, struct raw_mail m)
{
    buf_printf(ctx, "mail %u %u %lld: ", m.uidvalidity, m.uid, (long long)m.internaldate);
    buf_put(ctx, m.bytes, m.n);
    fuzz_require(m.uid > 0 && m.n <= fuzz_limits()->mail_size, "a mail has a UID and is not too large");
    free(m.bytes);
}

static const sv *known(void *ctx, uint32_t mailbox, size_t *n)
{
    static const sv names[] = {SV_INIT("example.org"), SV_INIT("mail.example.com")};
    (void)ctx, (void)mailbox;
    *n = COUNT_OF(names);
    return names;
}

static void gap(void *ctx, uint32_t mailbox, uint32_t uid, enum reject why)
{
    (void)mailbox;
    buf_printf(ctx, "gap %u %d\n", uid, (int)why);
}

static void gone(void *ctx, uint32_t mailbox, uint32_t uid)
{
    (void)mailbox;
    buf_printf(ctx, "gone %u\n", uid);
}

static void alert(void *ctx, uint32_t mailbox, sv text)
{
    (void)mailbox;
    buf_sv(ctx, text);
}

static void quota(void *ctx, uint32_t mailbox, sv resource, uint64_t used, uint64_t limit)
{
    (void)mailbox;
    buf_sv(ctx, resource);
    buf_printf(ctx, " %llu %llu\n", (unsigned long long)used, (unsigned long long)limit);
}

static void fetched(void *ctx, uint32_t mailbox)
{
    buf_printf(ctx, "fetched %u\n", mailbox);
}

static void settled(void *ctx, uint32_t mailbox, size_t debt, size_t from, size_t to, bool only_flagged)
{
    (void)mailbox;
    buf_printf(ctx, "settled %zu %zu %zu %d\n", debt, from, to, only_flagged);
}

static void feed(struct imap_proto *p, sv piece)
{
    static const uint32_t uids[] = {1, 2, 5};
    static const struct fetch_debt debts[] = {
        {.action = FETCH_SEEN, .uids = uids, .n = COUNT_OF(uids)},
        {.action = FETCH_MOVE, .folder = SV_INIT("Done & seen"), .uids = uids, .n = COUNT_OF(uids)},
        {.action = FETCH_DELETE, .uids = uids, .n = 1},
    };
    imap_proto_feed(p, piece);
    if (p->phase == PHASE_WAITING)
        imap_proto_settle(p, debts, COUNT_OF(debts));
}

static void play(struct imap_proto *p, sv in, bool cut)
{
    struct fuzz_pieces pieces = fuzz_cut(in);
    sv piece;
    if (cut) {
        while (p->phase != PHASE_FAILED && p->phase != PHASE_ENDED && fuzz_piece(&pieces, &piece))
            feed(p, piece);
    } else {
        feed(p, in);
    }
    if (p->phase != PHASE_FAILED && p->phase != PHASE_ENDED)
        imap_proto_closed(p);
    fuzz_require(p->phase == PHASE_FAILED || p->phase == PHASE_ENDED, "a closed connection is the end");
}

/* What it told and sent, as one text. */
static void session(sv in, bool cut, bool settles, buf *log)
{
    static const struct fetch_gap gaps[] = {{3, true}, {4, false}};
    struct fetch_handler handler = {log,   selected, known,   mail,    gap, gone,
                                    alert, quota,    fetched, settled, NULL};
    struct fetch_state state = {
        .uidvalidity = 77, .mark = 4, .gaps = gaps, .n_gaps = COUNT_OF(gaps), .settles = settles};
    struct imap_config config = {.limits = fuzz_limits(),
                                 .handler = &handler,
                                 .folder = SV("INBOX"),
                                 .settles = settles,
                                 .now = 1700000000,
                                 .prefix = {'T', 'A', 'G', 'X'}};
    struct imap_proto p;
    struct err e;
    buf_reset(log);
    fuzz_require(imap_proto_init(&p, &config, &state, &e), "INBOX can be sent");
    play(&p, in, cut);
    fuzz_require(imap_proto_left(&p) <= fuzz_limits()->mailbox_list, "the list is limited");
    buf_printf(log, "sent ");
    buf_sv(log, buf_view(&p.out));
    imap_proto_free(&p);
}

void fuzz_one(sv in)
{
    buf whole, pieces;
    buf_init(&whole, MIB(32));
    buf_init(&pieces, MIB(32));
    session(in, true, false, &pieces);
    session(in, false, false, &whole);
    fuzz_require(sv_eq(buf_view(&whole), buf_view(&pieces)), "the pieces decide nothing");
    session(in, true, true, &pieces);
    buf_free(&whole);
    buf_free(&pieces);
}
