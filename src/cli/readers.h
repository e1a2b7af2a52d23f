/* The readers, where they are all that a command waits for. */
#ifndef CLI_READERS_H
#define CLI_READERS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "intake/intake.h"

/* One turn of the readers; with `wait` after something has happened at them. Errors as intake_turn. */
bool readers_turn(struct intake *it, bool wait, struct err *e) NODISCARD;

#endif
