/* What a reader that a mail has taken might try. */
#ifndef TESTS_WORKER_ACTS_H
#define TESTS_WORKER_ACTS_H

#include <stdbool.h>
#include <stddef.h>

enum fate { KILLED, REFUSED };

struct act {
    const char *name;
    int (*try)(void); /* < 0: it did not work, errno says why */
    enum fate fate;
    bool works; /* for anybody who is not confined: shown, so that a refusal means something */
};

extern const struct act acts[];
extern const size_t n_acts;

#endif
