/* Collects configuration errors in order of place, the first config_errors of them. */
#ifndef CONFIG_PROBLEM_H
#define CONFIG_PROBLEM_H

#include "base/arena.h"
#include "config/config.h"
#include "node.h"
#include "texts.h"

/* A file that may be to blame. */
struct suspect {
    sv file; /* told by its pointer */
    bool failed;
};

struct problems {
    struct config_errors *out;
    size_t cap;
    bool are_warnings;
    struct suspect *suspects; /* included files; other errors are the main file's */
    size_t n_suspects;
    bool main_failed;
};

/* Empties *out and makes room for `cap` errors in `a`. */
void problems_start(struct problems *p, struct config_errors *out, size_t cap, arena *a);

/* One more, its text that of `id` with the arguments put in. */
void problem_add(struct problems *p, struct place at, enum problem id, const sv *args, size_t n);

/* One more, as it was told to another. */
void problem_copy(struct problems *p, const struct config_error *e);

/* The one error that is told when there is no memory for any other. */
void problem_no_memory(struct config_errors *out, sv file);

/* PROBLEM(p, place, unknown_key, key, path): the arguments are sv. */
#define PROBLEM(p, at, code, ...)                                                                            \
    problem_add((p), (at), PROBLEM_##code, (const sv[]){SV_ABSENT, ##__VA_ARGS__} + 1,                       \
                COUNT_OF(((const sv[]){SV_ABSENT, ##__VA_ARGS__})) - 1)

/* A number as text, for PROBLEM. */
struct number_text {
    char text[24];
};
sv number_sv(uint64_t v, struct number_text *room);
#define NUMBER(v) number_sv((v), &(struct number_text){{0}})

#endif
