/* Mail addresses of a configuration: those that every server takes (RFC 5321 4.1.2 without quoted
 * local parts, address literals, comments and SMTPUTF8). */
#ifndef CONFIG_ADDRESS_H
#define CONFIG_ADDRESS_H

#include <stdbool.h>

#include "base/sv.h"

/* local@domain, nothing around it. The domain may be a bare name: root@localhost. */
bool address_is_valid(sv address);

/* An address, or "Name <address>". The name is free of < > " \ and control characters. */
bool address_is_valid_from(sv from);

#endif
