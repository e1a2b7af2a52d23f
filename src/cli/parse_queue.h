/* The inputs of `parse` and `import` that are on their way through the readers, in the order they came:
 * results are dealt with in that order, whatever order they are finished in. */
#ifndef CLI_PARSE_QUEUE_H
#define CLI_PARSE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "fetch/files.h"
#include "intake/intake.h"

struct parse_job {
    char *path;                   /* by malloc */
    uint32_t number;              /* of the mail in its mbox; 0: not an mbox */
    enum reject why;              /* not handed to a reader because of this; or REJECT_NONE_ */
    struct intake_result *result; /* NULL: not finished yet (where why is REJECT_NONE_) */
};

struct parse_queue {
    struct parse_job *jobs; /* a ring of cap places */
    size_t cap, head, n;
    uint64_t first_id; /* of the job at the head: ids run on without a gap */
};

/* places: the most jobs at a time. */
bool parse_queue_init(struct parse_queue *q, size_t places) NODISCARD;
/* Releases what is still in it. */
void parse_queue_free(struct parse_queue *q, struct intake *it);

bool parse_queue_full(const struct parse_queue *q);

/* The id of the job that the next push makes. */
uint64_t parse_queue_next_id(const struct parse_queue *q);

/* Not when full. False: no memory. */
bool parse_queue_push(struct parse_queue *q, const struct files_item *item) NODISCARD;

void parse_queue_finish(struct parse_queue *q, struct intake_result *r);

/* The oldest job when it can be printed, or NULL. */
struct parse_job *parse_queue_ready(struct parse_queue *q);
void parse_queue_pop(struct parse_queue *q);

#endif
