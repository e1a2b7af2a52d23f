/* Octets that come in pieces and can start over: out of memory, gzip or a zip entry. */
#ifndef UNPACK_STREAM_H
#define UNPACK_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "base/sv.h"
#include "model/limits.h"
#include "model/notes.h"
#include "model/rejects.h"
#include "unpack/unpack.h"

enum stream_state {
    STREAM_MORE, /* the chunk is full */
    STREAM_END,
    STREAM_FAILED, /* `status` says why */
};

struct stream {
    /* From the start (again). False: `status` is set. */
    bool (*start)(struct stream *s);
    /* Fills the chunk as far as it can; *n: octets in it, valid in every state. */
    enum stream_state (*read)(struct stream *s, char *chunk, size_t *n);
    uint64_t packed;   /* octets read so far of what is packed; 0: it is not packed */
    uint64_t octets;   /* given in this pass */
    bool counted;      /* a further pass: its octets are counted already */
    bool ignore_empty; /* nothing is said of it when it holds nothing */
    enum reject status;
    sv detail;
    struct note_set notes;
};

struct bytes_stream {
    struct stream s;
    sv bytes;
    size_t at;
};

struct gzip_stream {
    struct stream s;
    z_stream *z;
    sv bytes;
    uint64_t members, max_members;
    bool deflate_done; /* the last block of the current member has ended */
};

/* They do not start it. */
void bytes_stream_init(struct bytes_stream *b, sv bytes);
void gzip_stream_init(struct gzip_stream *g, z_stream *z, sv bytes, const struct limits *limits);

static inline enum stream_state stream_fail(struct stream *s, enum reject status, sv detail)
{
    s->status = status;
    s->detail = detail;
    return STREAM_FAILED;
}

#endif
