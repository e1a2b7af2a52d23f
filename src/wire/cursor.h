/* The sticky cursors of every frame: after the first failure each further step does nothing, and the
 * end is asked once. Encoders use the buf itself, whose failure is sticky already. */
#ifndef WIRE_CURSOR_H
#define WIRE_CURSOR_H

#include "wire/wire.h"

/* Where the frame begins; wire_close writes its length, or cuts it off when it did not fit. */
size_t wire_open(buf *out, enum wire_type type);
void wire_close(buf *out, size_t start);

void put_u8(buf *out, uint8_t v);
void put_u32(buf *out, uint32_t v);
void put_u64(buf *out, uint64_t v);
void put_bool(buf *out, bool v);
void put_text(buf *out, sv s);
void put_word(buf *out, struct word w);
/* The length of an array. */
void put_count(buf *out, size_t n);
void put_ip(buf *out, const struct ip *ip);
void put_time(buf *out, bool has, int64_t t);
void put_notes(buf *out, const struct note_set *notes);

struct cursor {
    sv rest;
    const struct limits *limits;
    arena *arena;
    bool failed;
};

uint8_t get_u8(struct cursor *c);
uint32_t get_u32(struct cursor *c);
uint64_t get_u64(struct cursor *c);
/* 0 or 1, nothing else. */
bool get_bool(struct cursor *c);
/* An enum value below end. */
uint8_t get_enum(struct cursor *c, uint8_t end);
uint64_t get_upto(struct cursor *c, uint64_t max);
/* Absent, or at most max octets of UTF-8 without NUL. */
sv get_text(struct cursor *c, uint64_t max);
/* The same with limits.xml_leaf. */
sv get_leaf(struct cursor *c);
struct ip get_ip(struct cursor *c);
/* 0 where there is none. */
int64_t get_time(struct cursor *c, bool *has);
/* Notes that exist. */
struct note_set get_notes(struct cursor *c);
/* An item of the list; raw stands exactly beside UNKNOWN and is no word of the list. */
struct word get_word(struct cursor *c, enum word_list list);
/* An array of n ≤ max items of `size` octets, zeroed; NULL when n is 0 or the cursor failed. */
void *get_array(struct cursor *c, uint64_t max, size_t size, size_t *n);
/* Nothing failed and nothing is left. */
bool get_end(const struct cursor *c) NODISCARD;

#endif
