/* Rows of incidents, and lists of rows. */
#ifndef STORE_INCIDENT_H
#define STORE_INCIDENT_H

#include "db.h"
#include "model/incident.h"

/* A list that grows in an arena. */
struct growing {
    arena *a;
    void *items;
    size_t n, room, size;
};

/* Room for one more; NULL: no memory. */
void *growing_add(struct growing *g);

/* Without networks and channels. False: it is damaged. */
bool incident_read(struct query *q, arena *a, struct incident *i);

#endif
