/* Library folders tell what they do only here, and only for -v -v; what a person must know goes up as a
 * value or a struct err. The sink is set once by the program, which escapes what it prints. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attr.h"

typedef void log_sink(const char *line);

/* NULL (the default) drops everything. */
void log_set_sink(log_sink *sink);

/* Never with a secret in it. Cut at 512 octets. */
void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
