#include "json_writer.h"

#include "text/escape.h"

static void before(struct json *j, const char *key)
{
    if (j->comma)
        buf_char(j->out, ',');
    if (key) {
        buf_char(j->out, '"');
        buf_puts(j->out, key);
        buf_put(j->out, "\":", 2);
    }
    j->comma = true;
}

void json_open(struct json *j, const char *key, char bracket)
{
    before(j, key);
    buf_char(j->out, bracket);
    j->comma = false;
}

void json_close(struct json *j, char bracket)
{
    buf_char(j->out, bracket);
    j->comma = true;
}

void json_text(struct json *j, const char *key, sv text)
{
    before(j, key);
    if (text.n == 0) {
        buf_puts(j->out, "null");
        return;
    }
    buf_char(j->out, '"');
    text_json(j->out, text);
    buf_char(j->out, '"');
}

void json_number(struct json *j, const char *key, uint64_t value)
{
    before(j, key);
    buf_printf(j->out, "%llu", (unsigned long long)value);
}

void json_time(struct json *j, const char *key, bool present, int64_t value)
{
    before(j, key);
    if (present)
        buf_printf(j->out, "%lld", (long long)value);
    else
        buf_puts(j->out, "null");
}
