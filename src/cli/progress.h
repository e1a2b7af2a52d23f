/* How far long work has come: one line on stderr that rewrites itself, only on a terminal and only when
 * the work takes longer than a second. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *unit; /* "mails" */
    bool wanted;
    bool shown;          /* something stands on the line */
    int64_t start, last; /* monotonic ms */
};

void progress_start(struct progress *p, const char *unit);

/* total 0: not known. Cheap to call often. */
void progress_update(struct progress *p, uint64_t done, uint64_t total);

/* Clears the line: before anything else is printed, and at the end. */
void progress_clear(struct progress *p);

#endif
