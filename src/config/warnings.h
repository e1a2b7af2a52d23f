#ifndef CONFIG_WARNINGS_H
#define CONFIG_WARNINGS_H

#include "load.h"

/* Tells into `p` what is right and probably not meant: senders that no domain uses, routes that can never
 * match. For a configuration without errors. */
void config_warn(struct loader *l, struct problems *p);

#endif
