/* What the configuration says of the tenant of a notice. */
#ifndef CLI_TENANT_H
#define CLI_TENANT_H

#include "model/notice.h"
#include "model/policy.h"

/* Title, language and time zone, before the notice is frozen. Texts are those of the configuration. */
void tenant_sign(const struct config *c, struct notice *n);

#endif
