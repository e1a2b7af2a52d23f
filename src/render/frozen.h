/* Names that freeze and thaw share. */
#ifndef RENDER_FROZEN_H
#define RENDER_FROZEN_H

#include "model/verdict.h"

#define FROZEN_SCHEMA "dmarcwarn.notice.v1"

/* Names of enum leg. */
extern const char *const frozen_legs[LEG_END];

#endif
