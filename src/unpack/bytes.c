#include "stream.h"

static bool start(struct stream *s)
{
    ((struct bytes_stream *)s)->at = 0;
    return true;
}

static enum stream_state read_bytes(struct stream *s, char *chunk, size_t *n)
{
    struct bytes_stream *b = (struct bytes_stream *)s;
    sv piece = sv_first(sv_skip(b->bytes, b->at), UNPACK_CHUNK);
    if (piece.n)
        memcpy(chunk, piece.p, piece.n);
    b->at += piece.n;
    *n = piece.n;
    return b->at < b->bytes.n ? STREAM_MORE : STREAM_END;
}

void bytes_stream_init(struct bytes_stream *b, sv bytes)
{
    *b = (struct bytes_stream){.s = {.start = start, .read = read_bytes}, .bytes = bytes};
}
