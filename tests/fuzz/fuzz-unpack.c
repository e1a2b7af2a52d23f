/* Containers. Two targets run it, with the seeds and words of gzip and of zip. */
#include "fuzz.h"

#include "base/buf.h"
#include "unpack/unpack.h"

struct seen {
    bool open;
    unsigned passes;
    uint64_t octets;
};

static bool on_begin(void *ctx, sv member, enum magic magic, sv head)
{
    struct seen *s = ctx;
    (void)member;
    (void)magic;
    fuzz_require(!s->open, "one document after the other");
    s->open = head.n > 0 || magic == MAGIC_EMPTY;
    s->octets = 0;
    return s->open;
}

static bool on_data(void *ctx, sv chunk)
{
    struct seen *s = ctx;
    fuzz_require(s->open && chunk.n <= UNPACK_CHUNK, "octets belong to a document and come in pieces");
    s->octets += chunk.n;
    fuzz_require(s->octets <= fuzz_limits()->document_size + UNPACK_CHUNK, "a document is limited");
    return chunk.n != 1;
}

static enum unpack_next on_end(void *ctx, enum reject status, sv detail, const struct note_set *notes)
{
    struct seen *s = ctx;
    (void)detail;
    (void)notes;
    fuzz_require(s->open && status < REJECT_END, "what ends has begun");
    s->open = false;
    return status == REJECT_NONE_ && s->passes++ < 2 ? UNPACK_AGAIN : UNPACK_NEXT;
}

static void on_reject(void *ctx, enum reject reason, sv member, sv detail)
{
    struct seen *s = ctx;
    (void)member;
    (void)detail;
    s->open = false;
    fuzz_require(reason > REJECT_NONE_ && reason < REJECT_END, "a reject has a reason");
}

void fuzz_one(sv in)
{
    static const struct unpack_sink sink = {on_begin, on_data, on_end, on_reject};
    struct unpack_total total = {0};
    struct seen seen = {0};
    struct unpacker *u = unpacker_new(fuzz_limits());
    fuzz_require(u && unpack(u, in, SV_ABSENT, &total, &sink, &seen), "nobody stopped it");
    fuzz_require(total.octets <= fuzz_limits()->mail_unpacked + UNPACK_CHUNK, "all of a mail is limited");
    unpacker_free(u);
}
