#include "json_put.h"

#include "base/sha256.h"
#include "base/utf8.h"

void json_put(struct json_put *f, json_t *o, const char *key, json_t *value)
{
    if (json_object_set_new(o, key, value) != 0)
        f->failed = true;
}

static json_t *clean_text(struct json_put *f, sv text)
{
    buf clean;
    buf_init(&clean, text.n * 3 + 1);
    (void)utf8_put_clean(&clean, text);
    f->failed = f->failed || clean.failed;
    json_t *made = json_stringn(clean.p ? clean.p : "", clean.n);
    buf_free(&clean);
    return made;
}

void json_put_text(struct json_put *f, json_t *o, const char *key, sv text)
{
    json_put(f, o, key, text.p ? clean_text(f, text) : json_null());
}

void json_put_name(struct json_put *f, json_t *o, const char *key, const char *name)
{
    json_put(f, o, key, json_string(name));
}

void json_put_number(struct json_put *f, json_t *o, const char *key, uint64_t n)
{
    json_put(f, o, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

void json_put_id(struct json_put *f, json_t *o, const char *key, const uint8_t id[INCIDENT_ID])
{
    char hex[INCIDENT_ID_TEXT];
    hex_of(id, INCIDENT_ID, hex);
    json_put_name(f, o, key, hex);
}

json_t *json_add_object(struct json_put *f, json_t *array)
{
    json_t *o = json_object();
    if (json_array_append_new(array, o) != 0)
        f->failed = true;
    return o;
}

json_t *json_put_list(struct json_put *f, json_t *o, const char *key)
{
    json_t *array = json_array();
    json_put(f, o, key, array);
    return array;
}

json_t *json_put_object(struct json_put *f, json_t *o, const char *key)
{
    json_t *object = json_object();
    json_put(f, o, key, object);
    return object;
}

static int append(const char *p, size_t n, void *out)
{
    buf_put(out, p, n);
    return 0;
}

bool json_dump_to(const json_t *root, size_t flags, buf *out)
{
    return json_dump_callback(root, append, out, JSON_COMPACT | flags) == 0;
}
