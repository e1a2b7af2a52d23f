/* What only the other side can tell of a configuration: whether mailboxes let us in and channels can be
 * reached. Prints a line a thing to standard output; reads nothing and sends nothing. */
#ifndef CLI_CHECK_ONLINE_H
#define CLI_CHECK_ONLINE_H

#include "model/policy.h"

/* The exit code: 0, or the worst of what failed. Only where a login has oauth2 may anything be written: the
 * state folder and the token in it. */
int check_online(const struct config *c);

#endif
