/* A mail of our own, read before the reader confines itself: every library does its first-time work now,
 * while it may open what it wants, and shows that it works. */
#ifndef WORKER_WARM_UP_H
#define WORKER_WARM_UP_H

#include <stdbool.h>

#include "base/attr.h"
#include "reader.h"

/* What it says goes where r sends: to nobody, when its parent's descriptor is -1. False: it was not read
 * as it should be. */
bool warm_up(struct reader *r) NODISCARD;

#endif
