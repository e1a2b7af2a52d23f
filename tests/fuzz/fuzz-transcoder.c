/* Octets of any encoding to what the XML parser gets: however they are cut, the same comes out. */
#include "fuzz.h"

#include "base/utf8.h"
#include "decode.h"

static void put(void *self, sv octets)
{
    buf_sv(self, octets);
}

static struct reading decode(struct decoder *d, struct fuzz_pieces pieces, enum reading_mode mode, buf *out)
{
    struct reading rd = {.limits = fuzz_limits(), .mode = mode};
    sv piece;
    buf_reset(out);
    decode_start(d, &rd, (struct outlet){out, put});
    while (reading_goes_on(&rd) && fuzz_piece(&pieces, &piece))
        decode_push(d, piece);
    if (reading_goes_on(&rd))
        decode_end(d);
    return rd;
}

/* Pieces of all sizes, and of one octet each. */
static struct fuzz_pieces whole(sv in)
{
    return (struct fuzz_pieces){.rest = in, .state = 0};
}

void fuzz_one(sv in)
{
    /* Each reads it as a reader does, mode after mode: a guess that failed is remembered. */
    struct decoder d, e;
    buf once, again;
    decode_init(&d);
    decode_init(&e);
    buf_init(&once, MIB(8));
    buf_init(&again, MIB(8));
    for (int mode = READ_STRICT; mode <= READ_REPAIRED; mode++) {
        struct reading a = decode(&d, fuzz_cut(in), (enum reading_mode)mode, &once);
        struct reading b = decode(&e, whole(in), (enum reading_mode)mode, &again);
        fuzz_require(a.reject == b.reject, "the pieces decide nothing");
        if (a.reject == REJECT_NONE_)
            fuzz_require(sv_eq(buf_view(&once), buf_view(&again)), "the pieces change nothing");
        if (a.reject == REJECT_NONE_)
            fuzz_require(utf8_valid(buf_view(&once)), "the parser gets UTF-8");
    }
    decode_free(&d);
    decode_free(&e);
    buf_free(&once);
    buf_free(&again);
}
