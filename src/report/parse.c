#include "parse.h"

#include <limits.h>
#include <stdlib.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlversion.h>

enum {
    PUSH_MAX = 65536,   /* one xmlParseChunk */
    HELD_MAX = 1 << 18, /* octets that libxml2 has and makes nothing of: it waits for the ';' behind a '&' */
    DICT_MAX = 1 << 20, /* octets of names in one context */
    DICT_RENEW = 1 << 18, /* a context with more than that is replaced before the next document */
};

#if LIBXML_VERSION >= 21200
typedef const xmlError *error_ptr;
#else
typedef xmlErrorPtr error_ptr;
#endif

#if LIBXML_VERSION >= 21300
#define NO_XXE XML_PARSE_NO_XXE
#else
#define NO_XXE 0
#endif

struct parser {
    struct builder *build;
    struct reading *rd;
    xmlParserCtxtPtr ctxt;
    uint64_t pushed;   /* octets given to libxml2 */
    uint64_t root_end; /* of them, up to and with the root's end tag; valid when complete */
    bool ending;       /* the octets are at their end: what libxml2 misses now was cut off */
};

/* What the name of an attribute or namespace is made of; see startElementNsSAX2Func. */
enum { ATTRIBUTE_PARTS = 5, NAMESPACE_PARTS = 2 };

static void other_name(struct parser *p, const xmlChar *name)
{
    if (name)
        build_other_name(p->build, (const char *)name);
}

/* What is refused need not be parsed to the end of its chunk: a thousand small bombs have a thousand of them.
 */
static void stop_when_refused(struct parser *p)
{
    if (p->rd->reject != REJECT_NONE_)
        xmlStopParser(p->ctxt);
}

static void on_start(void *self, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
                     const xmlChar **attributes)
{
    (void)n_defaulted;
    struct parser *p = self;
    for (int i = 0; i < n_namespaces * NAMESPACE_PARTS; i++)
        other_name(p, namespaces[i]);
    for (int i = 0; i < n_attributes; i++)
        for (int part = 0; part < 2; part++)
            other_name(p, attributes[i * ATTRIBUTE_PARTS + part]);
    other_name(p, prefix);
    build_element(p->build, (const char *)uri, (const char *)prefix, (const char *)local);
    stop_when_refused(p);
}

static void on_end(void *self, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    (void)local, (void)prefix, (void)uri;
    struct parser *p = self;
    bool was_complete = p->rd->complete;
    build_end(p->build);
    if (p->rd->complete && !was_complete) {
        long consumed = xmlByteConsumed(p->ctxt);
        p->root_end = consumed < 0 ? p->pushed : (uint64_t)consumed;
    }
}

static void on_text(void *self, const xmlChar *text, int n)
{
    struct parser *p = self;
    build_text(p->build, sv_of(text, (size_t)n));
}

/* A document type with declarations never comes this far (guard.c); this is the second lock. */
static void on_declaration(struct parser *p)
{
    reading_refuse(p->rd, REJECT_dtd, "%s", "a declaration inside of a document type");
}

static void on_entity(void *self, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content)
{
    (void)name, (void)type, (void)public_id, (void)system_id, (void)content;
    on_declaration(self);
}

static void on_external_subset(void *self, const xmlChar *name, const xmlChar *external_id,
                               const xmlChar *system_id)
{
    (void)name;
    if (external_id || system_id)
        on_declaration(self);
}

static const char no_end[] = "the document ends before its last end tag";

static int message_length(const char *message)
{
    size_t n = message ? strcspn(message, "\r\n") : 0;
    return n > 160 ? 160 : (int)n;
}

static void on_instruction(void *self, const xmlChar *target, const xmlChar *data)
{
    (void)data;
    other_name(self, target);
}

static void on_error(void *self, error_ptr e)
{
    struct parser *p = self;
    if (e == NULL || e->level != XML_ERR_FATAL || p == NULL || !reading_goes_on(p->rd))
        return;
    /* In an instruction, libxml2 takes one for its end. */
    p->rd->odd_character = e->code == XML_ERR_INVALID_CHAR || e->code == XML_ERR_PI_NOT_FINISHED;
    if (e->code == XML_ERR_NO_MEMORY)
        reading_refuse(p->rd, REJECT_memory_limit, "line %d", e->line);
    else if (p->ending)
        reading_fail(p->rd, REJECT_truncated, "%s", no_end);
    else
        reading_fail(p->rd, REJECT_not_well_formed, "line %d: %.*s", e->line, message_length(e->message),
                     e->message ? e->message : "");
}

static void drop_message(void *self, const char *message, ...)
{
    (void)self, (void)message;
}

static void drop_error(void *self, error_ptr e)
{
    (void)self, (void)e;
}

static xmlParserInputPtr no_external(const char *url, const char *id, xmlParserCtxtPtr ctxt)
{
    (void)url, (void)id, (void)ctxt;
    return NULL;
}

static xmlSAXHandler handlers = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
    .processingInstruction = on_instruction,
    .entityDecl = on_entity,
    .externalSubset = on_external_subset,
    .serror = on_error,
};

void parser_library_init(void)
{
    xmlInitParser();
    /* Newer releases would rather have handlers a context, but parts of libxml2 still speak to these. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    xmlSetGenericErrorFunc(NULL, drop_message);
    xmlSetStructuredErrorFunc(NULL, drop_error);
    xmlSetExternalEntityLoader(no_external);
#pragma GCC diagnostic pop
}

static xmlDictPtr dict_of(xmlParserCtxtPtr ctxt)
{
#if LIBXML_VERSION >= 21400
    return xmlCtxtGetDict(ctxt);
#else
    return ctxt->dict;
#endif
}

static bool renew_context(struct parser *p)
{
    build_forget_names(p->build);
    xmlFreeParserCtxt(p->ctxt);
    p->ctxt = xmlCreatePushParserCtxt(&handlers, p, NULL, 0, NULL);
    if (p->ctxt == NULL)
        return false;
    (void)xmlDictSetLimit(dict_of(p->ctxt), DICT_MAX);
    return true;
}

struct parser *parser_new(struct builder *b)
{
    struct parser *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->build = b;
    if (renew_context(p))
        return p;
    free(p);
    return NULL;
}

void parser_free(struct parser *p)
{
    if (p == NULL)
        return;
    xmlFreeParserCtxt(p->ctxt);
    free(p);
}

void parser_start(struct parser *p, struct reading *rd)
{
    p->rd = rd;
    p->pushed = 0;
    p->root_end = 0;
    p->ending = false;
    bool fresh = p->ctxt == NULL || xmlDictGetUsage(dict_of(p->ctxt)) > DICT_RENEW;
    if (fresh ? !renew_context(p) : xmlCtxtResetPush(p->ctxt, NULL, 0, NULL, NULL) != 0) {
        reading_refuse(rd, REJECT_memory_limit, "%s", "the XML parser cannot start");
        return;
    }
    (void)xmlCtxtUseOptions(p->ctxt, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | NO_XXE);
}

/* However long a document is, it is not to be held in memory. */
static void stop_when_held(struct parser *p)
{
    long consumed = xmlByteConsumed(p->ctxt);
    if (consumed >= 0 && p->pushed > HELD_MAX && (uint64_t)consumed < p->pushed - HELD_MAX)
        reading_fail(p->rd, REJECT_not_well_formed, "more than %d octets behind a '&' without a ';'",
                     HELD_MAX);
}

static void after_root(struct parser *p, sv octets)
{
    if (sv_trim(octets).n)
        reading_note(p->rd, NOTE_trailing_junk);
}

void parser_put(void *self, sv octets)
{
    struct parser *p = self;
    while (octets.n && reading_goes_on(p->rd)) {
        sv piece = sv_first(octets, PUSH_MAX);
        uint64_t before = p->pushed;
        p->pushed += piece.n;
        (void)xmlParseChunk(p->ctxt, piece.p, (int)piece.n, 0);
        if (reading_goes_on(p->rd))
            stop_when_held(p);
        /* The root may have begun in an earlier piece, but its last '>' is in this one. */
        size_t used = p->rd->complete && p->root_end > before ? (size_t)(p->root_end - before) : piece.n;
        octets = sv_skip(octets, used < piece.n ? used : piece.n);
    }
    if (p->rd->complete)
        after_root(p, octets);
}

void parser_end(struct parser *p)
{
    p->ending = true;
    if (reading_goes_on(p->rd))
        (void)xmlParseChunk(p->ctxt, NULL, 0, 1);
    if (reading_goes_on(p->rd))
        reading_fail(p->rd, REJECT_truncated, "%s", no_end);
}
