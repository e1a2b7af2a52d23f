/* Whether a mail carries a report as the standards want it (RFC 7489 7.2.1.1, RFC 9990 3.5.2): for lint
 * alone. */
#ifndef WORKER_DELIVERY_H
#define WORKER_DELIVERY_H

#include "base/magic.h"
#include "mail/mail.h"
#include "model/report.h"

/* DELIVERY_… of a report in that leaf, whose decoded octets begin so. subject: of the mail, decoded. */
uint8_t delivery_faults(const struct mail_leaf *leaf, enum magic magic, sv subject, const struct report *r);

#endif
