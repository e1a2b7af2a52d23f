/* gzip (RFC 1952): several members, junk behind them, a trailer that is missing. */
#include "base/magic.h"
#include "stream.h"

static bool start(struct stream *s)
{
    struct gzip_stream *g = (struct gzip_stream *)s;
    g->z->next_in = (z_const Bytef *)(uintptr_t)g->bytes.p;
    g->z->avail_in = (uInt)g->bytes.n;
    g->members = 0;
    g->deflate_done = false;
    if (inflateReset(g->z) == Z_OK)
        return true;
    (void)stream_fail(s, REJECT_memory_limit, SV_ABSENT);
    return false;
}

/* A member has ended, its checksum right. */
static enum stream_state member_end(struct gzip_stream *g)
{
    sv rest = sv_of(g->z->next_in, g->z->avail_in);
    g->deflate_done = false;
    if (magic_of(rest) != MAGIC_GZIP) {
        if (rest.n)
            note_add(&g->s.notes, NOTE_trailing_junk);
        return STREAM_END;
    }
    if (++g->members >= g->max_members)
        return stream_fail(&g->s, REJECT_too_many_members, SV_ABSENT);
    note_add(&g->s.notes, NOTE_gzip_members);
    return inflateReset(g->z) == Z_OK ? STREAM_MORE : stream_fail(&g->s, REJECT_memory_limit, SV_ABSENT);
}

/* The input is used up before the end of a member. */
static enum stream_state input_end(struct gzip_stream *g)
{
    if (!g->deflate_done)
        return stream_fail(&g->s, REJECT_truncated, SV("gzip"));
    note_add(&g->s.notes, NOTE_gzip_trailer_missing);
    return STREAM_END;
}

/* One step of zlib, STREAM_MORE when there may be another. Z_BLOCK stops behind each block, so that the
 * end of the last one is seen (zlib.h: bits 7 and 6 of data_type): all data is there even if the
 * trailer is not. */
static enum stream_state step(struct gzip_stream *g)
{
    int rc = inflate(g->z, Z_BLOCK);
    if ((g->z->data_type & 128) && (g->z->data_type & 64))
        g->deflate_done = true;
    switch (rc) {
    case Z_OK:
        return STREAM_MORE;
    case Z_STREAM_END:
        return member_end(g);
    case Z_BUF_ERROR:
        return input_end(g);
    case Z_MEM_ERROR:
        return stream_fail(&g->s, REJECT_memory_limit, SV_ABSENT);
    default:
        return stream_fail(&g->s, REJECT_gzip_damaged, sv_c(g->z->msg));
    }
}

static enum stream_state read_gzip(struct stream *s, char *chunk, size_t *n)
{
    struct gzip_stream *g = (struct gzip_stream *)s;
    enum stream_state state = STREAM_MORE;
    g->z->next_out = (Bytef *)chunk;
    g->z->avail_out = UNPACK_CHUNK;
    while (state == STREAM_MORE && g->z->avail_out > 0)
        state = step(g);
    *n = UNPACK_CHUNK - g->z->avail_out;
    s->packed = g->bytes.n - g->z->avail_in;
    return state;
}

void gzip_stream_init(struct gzip_stream *g, z_stream *z, sv bytes, const struct limits *limits)
{
    *g = (struct gzip_stream){.s = {.start = start, .read = read_gzip},
                              .z = z,
                              .bytes = bytes,
                              .max_members = limits->gzip_members};
}
