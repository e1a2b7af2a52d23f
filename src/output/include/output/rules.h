/* What `rules` prints: the table of rules with the numbers in force. */
#ifndef OUTPUT_RULES_H
#define OUTPUT_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"
#include "model/policy.h"

/* entry: index into c->domains whose knobs are in force, or SIZE_MAX. As lines for people, or as a JSON array
 * of one object a rule. ERR_DISK, ERR_MEMORY. */
bool rules_print(const struct config *c, size_t entry, bool json, FILE *to, struct err *e) NODISCARD;

#endif
