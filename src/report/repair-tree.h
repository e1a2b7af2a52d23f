/* The open elements of a document under repair, and what a start or end tag means among them. */
#ifndef REPORT_REPAIR_TREE_H
#define REPORT_REPAIR_TREE_H

#include <assert.h>

#include "repair.h"

/* What a start tag is at this place. */
enum start_meaning {
    START_ELEMENT,
    START_TEXT, /* "Org <noreply>" in a value */
    START_END,  /* "<begin>1700000000<begin>", "…<begin/>": the slash is missing or behind the name */
};

void tree_emit(struct repairer *r, sv out);
void tree_flush(struct repairer *r);

/* Text that is XML already. */
void tree_text(struct repairer *r, sv xml);

/* What went out last, or is held: the end of it at least. */
sv tree_last(const struct repairer *r);

/* "<name"; bare: "<name>" or "<name/>". */
enum start_meaning tree_start_meaning(struct repairer *r, sv name, bool bare);

/* The innermost element is what it seemed to be and goes out: it gets a child, or is too long to hold. */
void tree_release(struct repairer *r);

/* Here an element of that name has elements in it, and no text. */
bool tree_is_container(struct repairer *r, sv name);

/* r->tag is a new element with the attributes r->kept. */
void tree_open(struct repairer *r, bool self_closing);
void tree_close(struct repairer *r);

/* "</name>" stands here. False: it is text. */
bool tree_end(struct repairer *r, sv name);

/* It is the name of the innermost element. */
bool tree_is_own_name(struct repairer *r, sv name);

/* The part of a name behind its prefix. */
sv tree_local(sv name);

/* There is an open element. */
static inline struct repair_open *tree_top(struct repairer *r)
{
    assert(r->depth > 0);
    return &r->stack[r->depth - 1];
}

static inline sv tree_name(const struct repair_open *e)
{
    return sv_of(e->name, e->n);
}

/* The innermost element is a value of a report: text, and nothing else. */
static inline bool tree_in_value(struct repairer *r)
{
    return r->depth && tree_top(r)->place == PLACE_LEAF;
}

#endif
