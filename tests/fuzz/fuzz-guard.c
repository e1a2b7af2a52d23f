/* The guard before the XML parser: what passes is what came, and no markup in it is above the limits. */
#include "fuzz.h"

#include "base/buf.h"
#include "guard.h"

static void put(void *self, sv octets)
{
    buf_sv(self, octets);
}

static enum reject look(sv in, bool cut, buf *out)
{
    struct reading rd = {.limits = fuzz_limits()};
    struct guard g;
    struct fuzz_pieces pieces = fuzz_cut(in);
    sv piece;
    buf_reset(out);
    guard_start(&g, &rd, (struct outlet){out, put});
    if (!cut)
        guard_push(&g, in);
    while (cut && reading_goes_on(&rd) && fuzz_piece(&pieces, &piece))
        guard_push(&g, piece);
    fuzz_require(out->n <= in.n && memcmp(out->p ? out->p : "", in.p, out->n) == 0,
                 "what passes is what came");
    fuzz_require(rd.reject != REJECT_NONE_ || out->n == in.n, "nothing is held back");
    return rd.reject;
}

void fuzz_one(sv in)
{
    buf out;
    buf_init(&out, MIB(4));
    enum reject whole = look(in, false, &out), pieces = look(in, true, &out);
    fuzz_require(whole == pieces, "the pieces decide nothing");
    buf_free(&out);
}
