/* The parts of a feedback report (RFC 5965 2): text, the fields of the report, and the mail that it is about.
 */
#ifndef MAIL_ROLE_H
#define MAIL_ROLE_H

#include <stdbool.h>

#include "base/magic.h"
#include "kind.h"

/* What the parts of one multipart know of each other. */
struct siblings {
    sv default_type;
    unsigned index;       /* of the part being walked, from 1 */
    bool declared;        /* report-type=feedback-report */
    bool feedback_report; /* so, or inside such a one */
    bool behind;          /* the feedback part has been passed */
};

/* What the part is in a feedback report. */
enum role { ROLE_NONE, ROLE_FEEDBACK, ROLE_ORIGINAL };

enum role role_of(struct siblings *s, const struct part_head *h, sv body);

bool type_is_feedback(sv type);

/* What its octets are, decoded or as they stand: mail_magic of mail/contents.h. */
enum magic part_magic(const struct part_head *h, sv body);

#endif
