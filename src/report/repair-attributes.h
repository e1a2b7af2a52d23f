/* The attributes of a start tag under repair. None means anything but xmlns, the others are dropped. */
#ifndef REPORT_REPAIR_ATTRIBUTES_H
#define REPORT_REPAIR_ATTRIBUTES_H

#include "repair.h"

enum tag_end { TAG_OPEN, TAG_ENDED, TAG_SELF_CLOSED };

/* s begins behind the name or an attribute. Octets used; 0: more are needed, unless *end tells that the
 * tag is over. */
size_t attributes_step(struct repairer *r, sv s, bool last, enum tag_end *end);

#endif
