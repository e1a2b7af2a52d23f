/* A string view: octets somewhere else, not NUL-terminated, never owned. {NULL, 0} means absent. */
#ifndef BASE_SV_H
#define BASE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct sv {
    const char *p;
    size_t n;
} sv;

#define SV(literal) ((sv){(literal), sizeof(literal) - 1})
/* The same for tables: static initialisers take no compound literal. */
#define SV_INIT(literal)                                                                                     \
    {                                                                                                        \
        (literal), sizeof(literal) - 1                                                                       \
    }
#define SV_ABSENT ((sv){NULL, 0})
/* For printf: "%.*s", SV_ARG(v). Only for text that is known to be short and clean. */
#define SV_ARG(v) (int)((v).n > 4096 ? 4096 : (v).n), ((v).p ? (v).p : "")

static inline sv sv_of(const void *p, size_t n)
{
    return (sv){(const char *)p, n};
}

static inline sv sv_c(const char *s)
{
    return s ? (sv){s, strlen(s)} : SV_ABSENT;
}

static inline bool sv_eq(sv a, sv b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Compares ASCII letters without case; all other octets exactly. */
bool sv_eq_nocase(sv a, sv b);
bool sv_starts(sv s, sv prefix);
bool sv_starts_nocase(sv s, sv prefix);
bool sv_ends(sv s, sv suffix);
bool sv_ends_nocase(sv s, sv suffix);

/* Bytewise order, a prefix before the longer one. */
int sv_cmp(sv a, sv b);

/* Without leading and trailing blanks, tabs, CR, LF, VT, FF. */
sv sv_trim(sv s);

/* Position of the first occurrence at or after `from`, or SIZE_MAX. */
size_t sv_find(sv s, sv needle, size_t from);
size_t sv_find_char(sv s, char c, size_t from);

/* The rest after `n` octets (empty when shorter). */
sv sv_skip(sv s, size_t n);
sv sv_first(sv s, size_t n);

/* Takes the part before the next `sep` off *rest into *part; false when *rest is used up.
 * "a,,b" gives "a", "", "b"; an absent or empty *rest gives nothing. */
bool sv_split(sv *rest, char sep, sv *part);

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool ascii_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

#endif
