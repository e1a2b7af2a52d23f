/* The XML declaration. */
#ifndef REPORT_PROLOG_H
#define REPORT_PROLOG_H

#include <stdbool.h>

#include "base/sv.h"

/* decl, from "<?xml" to '>', is '<?xml version="1.0" encoding="…" ?>' or shorter, as the standard has it
 * (XML 1.0 2.8 and 4.3.3). */
bool prolog_is_plain(sv decl);

#endif
