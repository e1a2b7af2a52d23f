/* Elements and their texts to a report and its records. Knows XML's tree, not its syntax. */
#ifndef REPORT_BUILD_H
#define REPORT_BUILD_H

#include "base/arena.h"
#include "fields.h"
#include "model/report.h"
#include "names.h"
#include "reading.h"
#include "report/aggregate.h"

#define RFC9990_NAMESPACE "urn:ietf:params:xml:ns:dmarc-2.0"

enum { BUILD_DEPTH = 64 }; /* the ceiling of limits.xml_depth */

struct open_element {
    enum place place;
    const struct field *field;
    const struct field *last; /* of its children: the latest in the order of the schema */
    bool has_children;
    bool has_value; /* a text in it, however deep */
};

struct builder {
    struct reading *rd;
    struct aggregate_sink sink;
    arena head, row; /* texts of the report, and of the record at hand */
    struct report report;
    struct record record;
    bool has_ip, has_count; /* of the record at hand */
    /* Places that were open already, of the report and of the record at hand: with a value, and without. */
    uint32_t seen, seen_empty;
    bool in_wrapper; /* the record at hand stands in an unknown element */
    struct open_element stack[BUILD_DEPTH];
    size_t depth, depth_max;
    const char *root_namespace;
    bool root_seen;
    uint64_t n_around;     /* elements before the root */
    char first_around[64]; /* the first of them */
    struct name_set unknown;
    struct field_memo memo;
    char *text; /* of the open leaf; room for text_max octets */
    size_t n_text, text_max;
    bool text_full;
    size_t leaf_depth; /* depth of the open leaf, 0: none */
    sv shared_from;    /* the one header_from of all records so far */
    bool from_differs;
    bool metadata_out_of_order; /* only RFC 7489 orders it */
};

bool build_init(struct builder *b, const struct limits *limits, struct aggregate_sink sink) NODISCARD;
void build_free(struct builder *b);
void build_start(struct builder *b, struct reading *rd);

/* The interned names given so far are no longer valid. */
void build_forget_names(struct builder *b);

/* uri: the namespace or NULL. prefix: as written, or NULL. local: interned until build_forget_names. */
void build_element(struct builder *b, const char *uri, const char *prefix, const char *local);
/* Any other name that the parser keeps for the whole document: of an attribute, a namespace, a prefix, an
 * instruction. Interned as above. */
void build_other_name(struct builder *b, const char *name);
void build_text(struct builder *b, sv text);
void build_end(struct builder *b);

/* The root is closed: what a report must have is looked for. Refuses, or fills report to the end. */
void build_finish(struct builder *b);

#endif
