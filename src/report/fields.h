/* Which elements a report has, where they stand and what they fill (RFC 7489 Appendix C, RFC 9990
 * Appendix A, and names that reporters write instead). */
#ifndef REPORT_FIELDS_H
#define REPORT_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/words.h"

/* Where in a report we are: the meaning of an open element. */
enum place {
    PLACE_NOWHERE, /* outside of the root */
    PLACE_FEEDBACK,
    PLACE_METADATA,
    PLACE_DATE_RANGE,
    PLACE_POLICY,
    PLACE_RECORD,
    PLACE_ROW,
    PLACE_EVALUATED,
    PLACE_REASON,
    PLACE_IDENTIFIERS,
    PLACE_AUTH_RESULTS,
    PLACE_DKIM,
    PLACE_SPF,
    PLACE_LEAF,    /* text that fills a field */
    PLACE_WRAPPER, /* an unknown element of the report's own level: in it, only its parts count */
    /* What follows is ignored. */
    PLACE_EXTENSION,
    PLACE_UNKNOWN, /* an element that no report has, and all below it */
    PLACE_FOREIGN, /* an element of another namespace, and all below it */
};

/* What the text of a leaf becomes. */
enum fill {
    FILL_TEXT,
    FILL_WORD,
    FILL_DATE,
    FILL_IP,
    FILL_COUNT,
    FILL_ERROR, /* one more of a list of texts */
};

enum {
    FIELD_ALIAS = 1,      /* a name that is not the standard's: noted */
    FIELD_RFC9990 = 2,    /* its presence tells the dialect */
    FIELD_ONCE = 4,       /* a container of which only the first counts */
    FIELD_POLICY = 8,     /* a word that may wear stray punctuation */
    FIELD_ELSEWHERE = 16, /* the standard has it in another place: noted */
};

/* How a name was found. */
enum field_match { MATCH_EXACT, MATCH_CASE /* another case */, MATCH_MARKS /* other '-' and '_' */ };

struct field {
    enum place in;
    sv name;
    enum place opens;
    enum fill fill;
    uint16_t offset;   /* of the member that is filled, in the value of its place */
    uint8_t word_list; /* FILL_WORD: enum word_list */
    uint8_t flags;
};

/* The field of that name there, or NULL. Neither case nor '-' and '_' matter. */
const struct field *field_find(enum place in, sv name, enum field_match *how);

/* Remembers what field_find said, by the addresses of interned names. */
enum { FIELD_MEMO = 256 };
struct field_memo {
    struct {
        const char *name;
        const struct field *field;
        enum place in;
        enum field_match how;
    } slots[FIELD_MEMO];
    size_t n;
};

/* field_find through the memo. A name must keep its address and its letters until the memo is cleared. */
const struct field *field_recall(struct field_memo *m, enum place in, const char *name,
                                 enum field_match *how);
void field_forget(struct field_memo *m);

/* Some place has an element of that name. */
bool field_is_known_name(sv name);

#endif
