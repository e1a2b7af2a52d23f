/* Inside `dmarcwarn quarantine`: what its parts share. */
#ifndef CLI_QUARANTINE_H
#define CLI_QUARANTINE_H

#include "deeds.h"
#include "store/quarantine.h"

struct quarantine {
    struct deeds *d;
    bool raw;
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
