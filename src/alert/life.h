/* An incident's next state, and whether people are told. */
#ifndef ALERT_LIFE_H
#define ALERT_LIFE_H

#include "groups.h"

struct outcome {
    const struct group *group; /* NULL: the incident's sources sent nothing that failed */
    struct incident incident;  /* valid when `exists` */
    bool exists;               /* false: no rule matched, and no incident was there */
    bool changed;              /* to be written */
    bool is_new;               /* the id is still to be made */
    struct counts counts;      /* of the episode */
    enum news news;
};

/* What becomes of a group of sources. */
struct outcome life_of_group(const struct alert_case *c, const struct group *g, arena *a);

/* What becomes of an incident whose sources are silent. */
struct outcome life_of_silence(const struct alert_case *c, const struct incident *was);

/* Notes that people are told of it now. */
void life_tell(const struct alert_case *c, struct outcome *o);

#endif
