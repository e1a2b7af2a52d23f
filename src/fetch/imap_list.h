/* The mails of one round of fetching: their UIDs and announced sizes, ascending, and how far each has come.
 */
#ifndef FETCH_IMAP_LIST_H
#define FETCH_IMAP_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"

enum imap_entry_state {
    ENTRY_UNKNOWN, /* a gap of an earlier run: not yet seen on the server */
    ENTRY_LISTED,
    ENTRY_ASKED,       /* in a command of many */
    ENTRY_MISSED,      /* that command is over, without it */
    ENTRY_ASKED_ALONE, /* in a command of its own */
    ENTRY_DONE,        /* handed over, or a gap */
};

struct imap_entry {
    uint32_t uid;
    uint32_t size; /* as announced: a hint */
    uint8_t state; /* enum imap_entry_state */
    bool first;    /* from a known reporter */
};

struct imap_list {
    struct imap_entry *entries;
    size_t n, cap, max;
    uint32_t left_out; /* the lowest UID for which there was no room; 0: none */
    bool unsorted;
};

/* max: entries held at most. */
void imap_list_init(struct imap_list *l, size_t max);
void imap_list_free(struct imap_list *l);
void imap_list_clear(struct imap_list *l);

/* False: out of memory. */
bool imap_list_add(struct imap_list *l, uint32_t uid, uint32_t size, enum imap_entry_state state) NODISCARD;

/* After the last add: ascending, each UID once, and none above one that was left out. */
void imap_list_close(struct imap_list *l);

/* NULL: not in the list. */
struct imap_entry *imap_list_find(const struct imap_list *l, uint32_t uid);

/* A sequence set (RFC 9051 9) in the making: runs of UIDs become ranges. UIDs are added ascending. */
struct imap_set {
    buf *out;
    uint32_t first, last; /* of the run that is not written yet; 0: none */
};

/* Octets that one more UID adds at most. */
enum { IMAP_SET_STEP = sizeof ",4294967295:4294967295" - 1 };

void imap_set_add(struct imap_set *s, uint32_t uid);
void imap_set_end(struct imap_set *s);

#endif
