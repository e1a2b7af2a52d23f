/* Which rule looks at a row. */
#ifndef ALERT_CLASS_H
#define ALERT_CLASS_H

#include "alert/alert.h"

struct row_class {
    enum rule_id rule; /* RULE_END: none */
    bool counts;       /* its messages are what the rule looks for; else they are only part of the whole */
};

/* Rows that no rule looks at: see alert_decide. */
bool row_is_passed_over(const struct config *c, const struct row *row, const struct verdict *v);

/* A clock that is off by more than limits.future_slack. */
bool row_is_from_the_future(const struct config *c, const struct row *row);

struct row_class row_class(const struct config *c, const struct row *row, const struct verdict *v);

#endif
