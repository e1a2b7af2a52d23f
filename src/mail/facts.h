/* Facts of the outermost mail, and what kind of mail it is when there is no report in it. */
#ifndef MAIL_FACTS_H
#define MAIL_FACTS_H

#include "base/arena.h"
#include "base/sv.h"
#include "mail/header.h"
#include "mail/mail.h"

void facts_see_header(struct mail_info *info, const struct header_field *f, arena *a);

/* The type of a leaf; level as in struct mail_leaf. */
void facts_see_type(struct mail_info *info, unsigned level, sv type);

#endif
