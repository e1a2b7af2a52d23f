#ifndef MAIL_CMS_H
#define MAIL_CMS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

enum cms_kind {
    CMS_NONE,   /* no CMS at all */
    CMS_SIGNED, /* its content may lie in it, or beside it */
    CMS_COMPRESSED,
    CMS_OTHER, /* enveloped, encrypted, or damaged */
};

enum cms_kind cms_kind(sv der);

/* The content of a CMS SignedData (RFC 5652 5), not verified. *content lies in der or in the arena.
 * False: it is something else (enveloped, compressed), detached, or damaged. */
bool cms_signed_content(sv der, arena *a, sv *content);

#endif
