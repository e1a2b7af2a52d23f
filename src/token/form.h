/* The body of a question to a token server: application/x-www-form-urlencoded. */
#ifndef TOKEN_FORM_H
#define TOKEN_FORM_H

#include "base/buf.h"

/* Appends name=value; an absent value is left out. */
void form_add(buf *form, const char *name, sv value);

/* Overwrites the content and frees: what held a secret. For CLEANUP(). */
void buf_wipe(buf *b);

#endif
