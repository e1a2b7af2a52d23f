/* The configuration as every command that needs it loads it: errors go to stderr, all at once. */
#ifndef CLI_LOAD_CONFIG_H
#define CLI_LOAD_CONFIG_H

#include "base/arena.h"
#include "common.h"
#include "config/config.h"
#include "model/policy.h"

#define CONFIG_PATH   "/etc/dmarcwarn/dmarcwarn.yml"
#define CONFIG_MEMORY MIB(64)

/* Everything is in `a`. --limit has the last word over the file's limits. False: with ERR_CONFIG
 * and no message, as all errors have been printed, or with an error yet to be said. */
bool load_config(const struct common *c, const char *path, arena *a, struct config *out,
                 struct err *e) NODISCARD;

#endif
