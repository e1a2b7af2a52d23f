#ifndef MAIL_CMS_H
#define MAIL_CMS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

/* The content of a CMS SignedData (RFC 5652 5), not verified. *content lies in der or in the arena.
 * False: it is something else (enveloped, compressed), detached, or damaged. */
bool cms_signed_content(sv der, arena *a, sv *content);

#endif
