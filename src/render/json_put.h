/* Members of a JSON tree. jansson takes NULL where memory was short and answers with an error; `failed` keeps
 * it, since a tree that lacks a member must never be written. */
#ifndef RENDER_JSON_PUT_H
#define RENDER_JSON_PUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"
#include "model/incident.h"

struct json_put {
    bool failed;
};

void json_put(struct json_put *f, json_t *o, const char *key, json_t *value);

/* Absent text is null; octets that are no UTF-8 become U+FFFD. */
void json_put_text(struct json_put *f, json_t *o, const char *key, sv text);
void json_put_name(struct json_put *f, json_t *o, const char *key, const char *name);
void json_put_number(struct json_put *f, json_t *o, const char *key, uint64_t n);
void json_put_id(struct json_put *f, json_t *o, const char *key, const uint8_t id[INCIDENT_ID]);

/* A new object at the end of an array; a new member of an object. */
json_t *json_add_object(struct json_put *f, json_t *array);
json_t *json_put_list(struct json_put *f, json_t *o, const char *key);
json_t *json_put_object(struct json_put *f, json_t *o, const char *key);

/* Appends the tree as one line. False: no memory; out->failed: it became too long. */
bool json_dump_to(const json_t *root, size_t flags, buf *out);

#endif
