/* What the refusal of a token server means, and what to do. Pure. */
#ifndef TOKEN_REFUSAL_H
#define TOKEN_REFUSAL_H

#include <stdbool.h>

#include "answer.h"
#include "base/err.h"
#include "model/policy.h"

/* Fills *e: "token server HOST: what (codes); what to do". Of the answer nothing but the error's name and
 * Microsoft's number is repeated, as a description may hold what we sent. *transient: its own trouble. */
void refusal_tell(const struct oauth_cfg *cfg, sv host, int status, const struct token_answer *a,
                  bool *transient, struct err *e);

#endif
