/* Octets of any encoding to UTF-8 for the parser (reference: XML 1.0 appendix F, by our own tables).
 * A strict reading lets UTF-8 through untouched and ends at the first octet that is none; the later
 * readings replace what XML does not allow and drop what stands before the first '<'. */
#ifndef REPORT_DECODE_H
#define REPORT_DECODE_H

#include "base/buf.h"
#include "base/charset.h"
#include "reading.h"

enum encoding_form { FORM_OCTETS, FORM_UTF8, FORM_UTF16LE, FORM_UTF16BE };

enum { DECODE_HEAD = 1024, DECODE_CARRY = 3 };

struct decoder {
    struct reading *rd;
    struct outlet out;
    buf work; /* head until the encoding is known, then converted text */
    uint64_t offset;
    bool known;
    bool seeking; /* nothing but '<' may be the first octet that goes out */
    enum encoding_form form;
    enum charset charset; /* FORM_OCTETS */
    bool only_ascii;      /* FORM_UTF8 where US-ASCII is declared and nothing else was seen */
    bool is_guess;        /* FORM_UTF8 where a set is declared that we do not know */
    bool guess_failed;    /* … and the strict reading showed that it is another one */
    unsigned char carry[DECODE_CARRY];
    size_t n_carry;
};

void decode_init(struct decoder *d);
void decode_free(struct decoder *d);
void decode_start(struct decoder *d, struct reading *rd, struct outlet out);
void decode_push(struct decoder *d, sv octets);
/* Also hands on what was held back. */
void decode_end(struct decoder *d);

/* Finds the encoding by the first octets: *d knows it then. The octets of its mark, to be passed over. */
size_t decode_detect(struct decoder *d, sv head);

#endif
