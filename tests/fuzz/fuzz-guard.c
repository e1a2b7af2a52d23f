/* The guard before the XML parser: what passes is what came, but for long CDATA sections that became several,
 * and no markup in it is above the limits. */
#include "fuzz.h"

#include "base/buf.h"
#include "guard.h"

static void put(void *self, sv octets)
{
    buf_sv(self, octets);
}

/* What is left of the input behind the octets that `out` is made of, with breaks that may stand between;
 * absent when it is made of something else. */
static sv behind(sv in, sv out)
{
    const sv added = SV(GUARD_CDATA_BREAK);
    while (out.n) {
        if (sv_starts(out, added) && !sv_starts(in, added)) {
            out = sv_skip(out, added.n);
            continue;
        }
        if (in.n == 0 || in.p[0] != out.p[0])
            return SV_ABSENT;
        in = sv_skip(in, 1);
        out = sv_skip(out, 1);
    }
    return in.p ? in : SV("");
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
    sv left = behind(in, buf_view(out));
    fuzz_require(left.p != NULL, "what passes is what came");
    fuzz_require(rd.reject != REJECT_NONE_ || left.n == 0, "nothing is held back");
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
