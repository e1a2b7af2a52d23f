/* The table of sentences: X(id, English). A language more is a column more. */
#ifndef TEXT_MESSAGES_H
#define TEXT_MESSAGES_H

/* clang-format off */
#define MESSAGES(X) \
    X(not_verified, "not verified: whether these reports really come from who they name was not checked") \
    X(reported_by_one, "{1} {2}") \
    X(more_incidents, "{1} more {1|incident is|incidents are} not spelt out here.")
/* clang-format on */

#endif
