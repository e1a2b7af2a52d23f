/* What is collected to be handed over, of one domain at a time. */
#ifndef CLI_WATCHING_H
#define CLI_WATCHING_H

#include "watch.h"

enum { WATCH_MAX = 1000 }; /* of one domain; what is beyond is the next run's */

struct watch {
    struct run *run;
    arena *a; /* of what is handed over */
    struct alert_plain *list;
    size_t n;
};

/* Makes the list, in `a`. */
bool watch_start(struct watch *w, arena *a, struct err *e) NODISCARD;

/* Begins the list anew for another domain; w->a, in which the list is not, is reset. */
void watch_next(struct watch *w);

/* The entry of the configuration for a domain, folded; SIZE_MAX: nobody watches it. */
size_t watch_entry(const struct watch *w, const struct judge *judge, sv domain);

/* One more, of today; subject is copied. Never NULL. */
struct alert_plain *watch_add(struct watch *w, enum rule_id rule, sv subject);

/* Calls fn once. domain "" and entry SIZE_MAX: the agent itself. */
bool watch_hand_over(struct watch *w, sv domain, size_t entry, uint64_t ends, const struct watch_to *to,
                     struct err *e) NODISCARD;

#endif
