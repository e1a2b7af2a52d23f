/* Inside `dmarcwarn quarantine`: what its parts share. */
#ifndef CLI_QUARANTINE_H
#define CLI_QUARANTINE_H

#include "load_config.h"
#include "store/quarantine.h"
#include "store/store.h"

struct quarantine {
    struct common common;
    const char *path; /* of the configuration */
    bool raw, all;
    arena arena;
    struct config config;
    struct store *store;
    struct store_quarantined *mails; /* those that were named, or all */
    size_t n;
};

/* To standard output: a line a mail; all that is known of one and its octets, escaped or as they are. */
void quarantine_print_list(const struct quarantine *q);
bool quarantine_print_mail(const struct quarantine *q, const struct store_quarantined *m,
                           struct err *e) NODISCARD;

/* Reads all of q->mails again and stores what comes of them; a line a mail. Needs run.lock. */
bool quarantine_retry(struct quarantine *q, struct err *e) NODISCARD;

#endif
