/* The configuration as every command that needs it loads it: errors go to stderr, all at once. */
#ifndef CLI_LOAD_CONFIG_H
#define CLI_LOAD_CONFIG_H

#include "base/arena.h"
#include "common.h"
#include "config/config.h"
#include "model/policy.h"
#include "store/store.h"

struct loaded {
    struct config_errors errors; /* of included files, where the rest could be used */
    struct config_extra extra;   /* warnings, included files */
};

#define CONFIG_PATH   "/etc/dmarcwarn/dmarcwarn.yml"
#define CONFIG_MEMORY MIB(64)

/* Everything is in `a`. --limit has the last word over the file's limits. False: with ERR_CONFIG
 * and no message, as all errors have been printed, or with an error yet to be said. */
bool load_config(const struct common *c, const char *path, arena *a, struct config *out,
                 struct err *e) NODISCARD;

/* The same, and what else there is to know of the file; what is wrong in included files is not printed. */
bool load_config_more(const struct common *c, const char *path, arena *a, struct config *out,
                      struct loaded *l, struct err *e) NODISCARD;

/* The database of the configuration, for commands that ask what runs have left: where there is none, nothing
 * has run, and none is made to see that. ERR_INPUT then. */
bool open_known_store(const struct config *c, arena *a, struct store **out, struct err *e) NODISCARD;

/* To stderr, each on a line. */
void load_config_say(const struct config_error *error);
void load_config_say_all(const struct config_errors *errors);

#endif
