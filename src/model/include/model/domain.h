/* Domain names in the one form that is compared: lower case, A-labels, no last dot. */
#ifndef MODEL_DOMAIN_H
#define MODEL_DOMAIN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"

enum { DOMAIN_MAX = 253 };

/* True for a name of letters, digits, hyphens and underscores in labels of 1 to 63, at most 253 in all.
 * Only such names ever match the configuration. */
bool domain_is_plain(sv name);

/* The comparable form in `a`. U-labels become A-labels (RFC 5891); what cannot be converted is only
 * lower-cased and *odd is set (odd may be NULL). Absent in gives absent out. */
sv domain_fold(arena *a, sv name, bool *odd);

/* name is parent, or lies below it. Both in comparable form. */
bool domain_is_under(sv name, sv parent);

/* Two names of one organisation as far as names tell: equal, or one below the other, which has more than
 * one label. Both in comparable form. */
bool domain_is_related(sv a, sv b);

/* The domain of an e-mail address, or absent: what follows the last '@', without '>' and blanks. */
sv domain_of_address(sv address);

#endif
