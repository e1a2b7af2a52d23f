/* Containers: gzip (RFC 1952), zip (APPNOTE), tar (POSIX ustar), and what lies in them, streamed in pieces of
 * 64 KiB. What something is decide its first octets alone. Bounded by struct limits: packed_size,
 * document_size, mail_unpacked, ratio above ratio_floor, gzip_members, zip_entries, container_depth; each is
 * checked after every piece, and nothing is ever allocated by a size that the data claims. */
#ifndef UNPACK_UNPACK_H
#define UNPACK_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/magic.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/notes.h"
#include "model/rejects.h"

enum unpack_next {
    UNPACK_NEXT,  /* done with this document */
    UNPACK_AGAIN, /* the same document from its start once more: begin, data…, end */
    UNPACK_STOP,  /* unpack returns false */
};

/* A document is what is no container. For each: begin, then data until its end, then end. Nothing that
 * data has given may be believed before end has come with REJECT_NONE_: a checksum stands last. */
struct unpack_sink {
    /* member: the way inside, " > " between the steps, or absent; valid until end. head: the first
     * octets, at least 1 KiB where there are so many. False: not wanted; neither data nor end follow, but a
     * reject when the octets end in damage already. */
    bool (*begin)(void *ctx, sv member, enum magic magic, sv head);
    /* At most 64 KiB. False: enough of this document; end comes next, with REJECT_NONE_. */
    bool (*data)(void *ctx, sv chunk);
    /* status: REJECT_NONE_, or why the document is void: gzip_damaged, zip_damaged, truncated,
     * document_too_large, mail_unpacked_too_large, ratio_too_high, too_many_members. detail may be absent.
     * notes: gzip_members, gzip_trailer_missing, trailing_junk, zip_inconsistent, also of the containers
     * around it. UNPACK_AGAIN is obeyed UNPACK_PASSES - 1 times a document, then it is the
     * reject too_many_reports. */
    enum unpack_next (*end)(void *ctx, enum reject status, sv detail, const struct note_set *notes);
    /* A container or entry out of which nothing can be read. */
    void (*reject)(void *ctx, enum reject reason, sv member, sv detail);
};

enum { UNPACK_PASSES = 64, UNPACK_CHUNK = 64 * 1024 };

/* Counts over all calls for one mail; the caller zeroes it. */
struct unpack_total {
    uint64_t octets;   /* unpacked, of containers and documents; a second pass counts nothing */
    uint64_t packed;   /* what it came from; limits.ratio holds for both together too */
    enum reject spent; /* mail_unpacked or ratio was reached: no further container is opened */
};

struct unpacker; /* an inflate stream and a buffer, reused */

/* NULL: out of memory. unpacker_free accepts NULL. limits stay the caller's and must live as long. */
struct unpacker *unpacker_new(const struct limits *limits) NODISCARD;
void unpacker_free(struct unpacker *u);

/* Gives all documents in bytes to the sink. Bytes that are no container are one document themselves.
 * member: the way to bytes, or absent. False only after UNPACK_STOP. */
bool unpack(struct unpacker *u, sv bytes, sv member, struct unpack_total *total,
            const struct unpack_sink *sink, void *ctx) NODISCARD;

#endif
