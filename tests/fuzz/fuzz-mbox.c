/* An mbox as it streams: however its octets are cut, the same mails come out. */
#include "fuzz.h"

#include "mbox.h"

/* Takes all mails that are there; what is left of *in is kept for the next piece. */
static void take(struct mbox *m, sv *in, bool end, buf *log)
{
    while (mbox_next(m, in, end) == MBOX_MAIL) {
        buf_printf(log, "mail %zu %d: ", m->mail.n, m->too_large);
        if (!m->too_large)
            buf_sv(log, buf_view(&m->mail));
    }
}

static void read_it(sv in, bool cut, buf *log)
{
    struct mbox m;
    buf held;
    struct fuzz_pieces pieces = fuzz_cut(in);
    sv piece;
    buf_reset(log);
    buf_init(&held, MIB(4));
    mbox_init(&m, 300, 80);
    while (cut && fuzz_piece(&pieces, &piece)) {
        buf_sv(&held, piece);
        sv rest = buf_view(&held);
        take(&m, &rest, false, log);
        buf_consume(&held, held.n - rest.n);
    }
    sv rest = cut ? buf_view(&held) : in;
    take(&m, &rest, true, log);
    fuzz_require(rest.n == 0, "all is used up");
    buf_free(&held);
    mbox_free(&m);
}

void fuzz_one(sv in)
{
    buf whole, pieces;
    buf_init(&whole, MIB(32));
    buf_init(&pieces, MIB(32));
    read_it(in, false, &whole);
    read_it(in, true, &pieces);
    fuzz_require(sv_eq(buf_view(&whole), buf_view(&pieces)), "the pieces decide nothing");
    buf_free(&whole);
    buf_free(&pieces);
}
