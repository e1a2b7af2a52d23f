/* Octets put down in order and read again: in memory up to a threshold, beyond it in a file without a
 * name, up to a cap. */
#ifndef INTAKE_SPOOL_H
#define INTAKE_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"

struct spool {
    buf tail;         /* what is not in the file */
    uint64_t written; /* octets in the file; the tail follows */
    uint64_t cap;
    const char *folder;
    int fd;
};

enum spool_put { SPOOL_OK, SPOOL_FULL, SPOOL_ERROR };

/* folder: where the file is made when memory octets are not enough (NULL: memfd). It must outlive the spool.
 */
void spool_init(struct spool *s, uint64_t memory, uint64_t cap, const char *folder);
void spool_free(struct spool *s);

static inline uint64_t spool_size(const struct spool *s)
{
    return s->written + s->tail.n;
}

/* SPOOL_FULL: the cap; nothing was put. SPOOL_ERROR: ERR_DISK, ERR_STATE or ERR_MEMORY in *e; only
 * spool_free may follow. */
enum spool_put spool_put(struct spool *s, sv octets, struct err *e) NODISCARD;

/* Forgets everything from `size` on, which is at most spool_size. */
void spool_cut(struct spool *s, uint64_t size);

/* Exactly n octets from position `at` into to. False when the file does not give them (ERR_DISK). */
bool spool_read(const struct spool *s, uint64_t at, void *to, size_t n, struct err *e) NODISCARD;

#endif
