/* The worker's end of the socket: frames in, frames out, blocking. */
#ifndef WORKER_PARENT_H
#define WORKER_PARENT_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "wire/wire.h"

struct parent {
    int fd; /* -1: what is sent goes nowhere (warming up) */
    buf in, out;
    size_t in_at;       /* octets of in that were taken */
    uint64_t frame_max; /* payload of a frame, either way */
};

void parent_init(struct parent *p, int fd, uint64_t frame_max);
void parent_free(struct parent *p);

/* The next frame; its payload is valid until the next call. False: the parent is gone or said what it
 * never says, and there is nothing left to do. */
bool parent_read(struct parent *p, struct wire_frame *f) NODISCARD;

/* After an encoder wrote to p->out, which had `before` octets: keeps the frame, or takes it back and
 * returns false when it is larger than frame_max. Sends now and then. */
bool parent_keep(struct parent *p, size_t before) NODISCARD;

/* Sends all that is kept. False: the parent is gone. */
bool parent_flush(struct parent *p) NODISCARD;

#endif
