/* libxml2 as a strict push parser with handlers of our own only: no tree, no entities, no network,
 * nothing printed. UTF-8 in, elements and texts out to the builder. */
#ifndef REPORT_PARSE_H
#define REPORT_PARSE_H

#include "build.h"
#include "reading.h"

struct parser;

void parser_library_init(void);

struct parser *parser_new(struct builder *b) NODISCARD;
void parser_free(struct parser *p);

void parser_start(struct parser *p, struct reading *rd);
/* An outlet's put: self is the parser. */
void parser_put(void *self, sv octets);
void parser_end(struct parser *p);

#endif
