/* The table of sentences: X(id, English). A language more is a column more. */
#ifndef TEXT_MESSAGES_H
#define TEXT_MESSAGES_H

/* clang-format off */
#define MESSAGES(X) \
    X(not_verified, "not verified: whether these reports really come from who they name was not checked")
/* clang-format on */

#endif
