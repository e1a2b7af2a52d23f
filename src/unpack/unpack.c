#include "unpack/unpack.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "unpacker.h"

struct unpacker *unpacker_new(const struct limits *limits)
{
    struct unpacker *u = calloc(1, sizeof *u);
    if (u == NULL)
        return NULL;
    u->limits = limits;
    if (inflateInit2(&u->z, 15 + 16) != Z_OK) { /* gzip only, the largest window */
        free(u);
        return NULL;
    }
    return u;
}

void unpacker_free(struct unpacker *u)
{
    if (u == NULL)
        return;
    (void)inflateEnd(&u->z);
    free(u);
}

sv unpacker_member(const struct unpacker *u)
{
    return u->path_n ? sv_of(u->path, u->path_n) : SV_ABSENT;
}

static void put_path(struct unpacker *u, sv s)
{
    s = utf8_cut(s, sizeof u->path - u->path_n);
    if (s.n)
        memcpy(u->path + u->path_n, s.p, s.n);
    u->path_n += s.n;
}

size_t unpacker_enter(struct unpacker *u, sv step)
{
    size_t before = u->path_n;
    if (before)
        put_path(u, SV(" > "));
    put_path(u, utf8_cut(step, u->limits->text_shown));
    return before;
}

void unpacker_reject(struct unpacker *u, enum reject reason, sv detail)
{
    u->said++;
    u->sink->reject(u->ctx, reason, unpacker_member(u), detail);
}

static bool ratio_is_too_high(const struct unpacker *u, uint64_t octets, uint64_t packed)
{
    return packed && octets > u->limits->ratio_floor && octets / packed >= u->limits->ratio;
}

/* A hundred bombs, each below the floor, are one bomb. */
static enum reject spent(struct unpacker *u)
{
    if (u->total->octets > u->limits->mail_unpacked)
        u->total->spent = REJECT_mail_unpacked_too_large;
    else if (ratio_is_too_high(u, u->total->octets, u->total->packed))
        u->total->spent = REJECT_ratio_too_high;
    return u->total->spent;
}

/* The next piece, within the limits; over one, the stream has failed and the piece is void. */
static enum stream_state fill(struct unpacker *u, struct stream *s, size_t *n)
{
    enum stream_state state = s->read(s, u->chunk, n);
    enum reject over = REJECT_NONE_;
    s->octets += *n;
    if (!s->counted)
        u->total->octets += *n;
    if (s->octets > u->limits->document_size)
        over = REJECT_document_too_large;
    else if (ratio_is_too_high(u, s->octets, s->packed))
        over = REJECT_ratio_too_high;
    if (over == REJECT_NONE_)
        over = spent(u);
    if (over == REJECT_NONE_)
        return state;
    *n = 0;
    return stream_fail(s, over, SV_ABSENT);
}

/* Hands a document to the sink; its first piece is in the chunk. */
static enum unpack_next pass(struct unpacker *u, struct stream *s, enum stream_state state, size_t n)
{
    sv piece = sv_of(u->chunk, n);
    if (!u->sink->begin(u->ctx, unpacker_member(u), magic_of(piece), piece)) {
        /* Damage may be why it looks like nothing. */
        if (state == STREAM_FAILED)
            unpacker_reject(u, s->status, s->detail);
        else
            u->said++;
        return UNPACK_NEXT;
    }
    u->said++;
    bool more = true;
    for (;;) {
        if (n)
            more = u->sink->data(u->ctx, sv_of(u->chunk, n));
        if (!more || state != STREAM_MORE)
            break;
        state = fill(u, s, &n);
    }
    if (!more || state != STREAM_FAILED)
        return u->sink->end(u->ctx, REJECT_NONE_, SV_ABSENT, &s->notes);
    return u->sink->end(u->ctx, s->status, s->detail, &s->notes);
}

static void document(struct unpacker *u, struct stream *s, enum stream_state state, size_t n)
{
    enum unpack_next next = pass(u, s, state, n);
    for (int i = 1; next == UNPACK_AGAIN && i < UNPACK_PASSES; i++) {
        s->octets = 0;
        s->counted = true;
        if (!s->start(s)) {
            unpacker_reject(u, s->status, s->detail);
            return;
        }
        state = fill(u, s, &n);
        next = pass(u, s, state, n);
    }
    if (next == UNPACK_AGAIN)
        unpacker_reject(u, REJECT_too_many_reports, SV("joined in one document"));
    u->stop = u->stop || next == UNPACK_STOP;
}

static void container(struct unpacker *u, sv bytes, enum magic magic, unsigned depth,
                      const struct note_set *notes)
{
    struct gzip_stream g;
    if (bytes.n > u->limits->packed_size) {
        unpacker_reject(u, REJECT_packed_too_large, SV_ABSENT);
        return;
    }
    if (u->total->spent != REJECT_NONE_) {
        unpacker_reject(u, u->total->spent, SV_ABSENT);
        return;
    }
    if (magic != MAGIC_GZIP) {
        (magic == MAGIC_ZIP ? unpacker_zip : unpacker_tar)(u, bytes, depth, notes);
        return;
    }
    gzip_stream_init(&g, &u->z, bytes, u->limits);
    g.s.notes = *notes;
    if (!g.s.start(&g.s))
        unpacker_reject(u, g.s.status, g.s.detail);
    else
        unpacker_stream(u, &g.s, depth);
}

/* A container inside a stream is read to its end first, so that nothing of it is believed before the
 * checksum around it has been seen. */
static void inner_container(struct unpacker *u, struct stream *s, enum magic magic, unsigned depth,
                            enum stream_state state, size_t n)
{
    buf inner;
    if (depth >= u->limits->container_depth) {
        unpacker_reject(u, REJECT_too_deep, SV("containers"));
        return;
    }
    buf_init(&inner, u->limits->packed_size);
    buf_put(&inner, u->chunk, n);
    while (state == STREAM_MORE && !inner.failed) {
        state = fill(u, s, &n);
        buf_put(&inner, u->chunk, n);
    }
    if (state == STREAM_FAILED)
        unpacker_reject(u, s->status, s->detail);
    else if (inner.failed)
        unpacker_reject(u, REJECT_packed_too_large, SV_ABSENT);
    else
        container(u, buf_view(&inner), magic, depth + 1, &s->notes);
    buf_free(&inner);
}

static bool is_container(enum magic m)
{
    return m == MAGIC_GZIP || m == MAGIC_ZIP || m == MAGIC_TAR;
}

/* A mail of Outlook among the compound files of Microsoft, by the names that its properties have ([MS-OXMSG]
 * 2.2.2), in UTF-16. */
static bool is_outlook_mail(enum magic m, sv bytes)
{
    return m == MAGIC_OLE && sv_find(bytes, SV("s\0u\0b\0s\0t\0g\0001\0.\0"), 0) != SIZE_MAX;
}

/* What has a name but cannot be read; true: it was told. */
static bool refused(struct unpacker *u, enum magic magic, sv bytes)
{
    if (magic == MAGIC_TNEF)
        unpacker_reject(u, REJECT_tnef, SV_ABSENT);
    else if (magic == MAGIC_PGP)
        unpacker_reject(u, REJECT_encrypted, SV("PGP"));
    else if (is_outlook_mail(magic, bytes))
        unpacker_reject(u, REJECT_container_unsupported, SV("a mail of Outlook (.msg)"));
    else if (magic_is_unsupported(magic))
        unpacker_reject(u, REJECT_container_unsupported, sv_c(magic_name(magic)));
    else
        return false;
    return true;
}

void unpacker_stream(struct unpacker *u, struct stream *s, unsigned depth)
{
    size_t n;
    enum stream_state state = fill(u, s, &n);
    enum magic magic = magic_of(sv_of(u->chunk, n));
    if (n == 0 && state == STREAM_END && s->ignore_empty)
        return;
    if (n == 0 && state == STREAM_FAILED)
        unpacker_reject(u, s->status, s->detail);
    else if (is_container(magic))
        inner_container(u, s, magic, depth, state, n);
    else if (!refused(u, magic, sv_of(u->chunk, n)))
        document(u, s, state, n);
}

bool unpack(struct unpacker *u, sv bytes, sv member, struct unpack_total *total,
            const struct unpack_sink *sink, void *ctx)
{
    enum magic magic = magic_of(bytes);
    u->total = total;
    total->packed += bytes.n;
    u->sink = sink;
    u->ctx = ctx;
    u->stop = false;
    u->path_n = 0;
    put_path(u, member);
    if (is_container(magic)) {
        container(u, bytes, magic, 1, &(struct note_set){0});
    } else if (!refused(u, magic, bytes)) {
        struct bytes_stream b;
        bytes_stream_init(&b, bytes);
        unpacker_stream(u, &b.s, 0);
    }
    return !u->stop;
}
