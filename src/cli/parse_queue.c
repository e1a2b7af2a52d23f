#include "parse_queue.h"

#include <stdlib.h>
#include <string.h>

bool parse_queue_init(struct parse_queue *q, size_t places)
{
    *q = (struct parse_queue){.cap = places, .jobs = calloc(places, sizeof *q->jobs)};
    return q->jobs != NULL;
}

void parse_queue_free(struct parse_queue *q, struct intake *it)
{
    for (; q->n; parse_queue_pop(q))
        if (q->jobs[q->head].result)
            intake_release(it, q->jobs[q->head].result);
    free(q->jobs);
}

bool parse_queue_full(const struct parse_queue *q)
{
    return q->n == q->cap;
}

uint64_t parse_queue_next_id(const struct parse_queue *q)
{
    return q->first_id + q->n;
}

bool parse_queue_push(struct parse_queue *q, const struct files_item *item)
{
    char *path = strndup(item->path.p ? item->path.p : "", item->path.n);
    if (path == NULL)
        return false;
    q->jobs[(q->head + q->n++) % q->cap] =
        (struct parse_job){.path = path, .number = item->number, .why = item->why};
    return true;
}

void parse_queue_finish(struct parse_queue *q, struct intake_result *r)
{
    q->jobs[(q->head + (size_t)(r->id - q->first_id)) % q->cap].result = r;
}

struct parse_job *parse_queue_ready(struct parse_queue *q)
{
    struct parse_job *job = &q->jobs[q->head];
    return q->n && (job->result || job->why != REJECT_NONE_) ? job : NULL;
}

void parse_queue_pop(struct parse_queue *q)
{
    free(q->jobs[q->head].path);
    q->head = (q->head + 1) % q->cap;
    q->first_id++;
    q->n--;
}
