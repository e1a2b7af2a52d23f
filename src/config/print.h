/* Between the printers of values (print.c, print_policy.c). */
#ifndef CONFIG_PRINT_H
#define CONFIG_PRINT_H

#include "base/buf.h"
#include "model/policy.h"
#include "schema.h"

enum { PRINT_STEP = 2 };

struct printer {
    const struct config *c;
    buf *out;
    int indent;
};

/* Each prints one key with its value, or nothing when it is not set. base: the structure that holds it. */
typedef void value_printer(struct printer *p, const struct key *k, const void *base);
#define KIND_PRINTER(name, words) value_printer print_##name;
KINDS(KIND_PRINTER)
#undef KIND_PRINTER

/* What the structure holds for a key: its place, a text, a list's length and items. */
const void *print_field(const struct key *k, const void *base);
sv print_field_sv(const struct key *k, const void *base);
size_t print_field_count(const struct key *k, const void *base);
const void *print_field_items(const struct key *k, const void *base);

/* A text as YAML: plain where that is surely the same text, else in double quotes. */
void print_word(buf *out, sv s);

/* The last part of a key's path. */
sv print_leaf(const struct key *k);

/* "key:", and "key: text" with its line end. */
void print_key(struct printer *p, sv name);
void print_line(struct printer *p, const struct key *k, sv text);

/* The keys inside a pattern that are set. */
void print_keys(struct printer *p, const char *pattern, const void *base);

/* "key: [a, b]", each item put by `put`; nothing for an empty list of a key that is not required. */
void print_list(struct printer *p, const struct key *k, const void *base, size_t size,
                void (*put)(struct printer *p, const void *item));

/* A list of the words of the bits that are set; nothing when none is. */
void print_bits(struct printer *p, const struct key *k, uint64_t bits, const char *(*word)(unsigned));

#endif
