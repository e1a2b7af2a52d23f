/* From the readers to the store. */
#ifndef CLI_PUT_RESULT_H
#define CLI_PUT_RESULT_H

#include "intake/intake.h"
#include "store/mails.h"

/* store_put_mail of a result. */
bool put_result(struct store *s, int64_t mailbox, struct intake_result *r, struct store_put *put,
                struct err *e) NODISCARD;

/* The same, of its reports alone: what of it could not be read is left out, and goes nowhere. No report:
 * nothing is stored. */
bool put_reports(struct store *s, int64_t mailbox, struct intake_result *r, struct store_put *put,
                 struct err *e) NODISCARD;

#endif
