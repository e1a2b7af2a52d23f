/* Writes the JSON Schema of the configuration. */
#include <stdio.h>

#include "base/buf.h"
#include "config/config.h"

enum { SCHEMA_SIZE = 4 << 20 };

int main(void)
{
    buf schema CLEANUP(buf_free);
    buf_init(&schema, SCHEMA_SIZE);
    config_json_schema(&schema);
    bool ok = !schema.failed && fwrite(schema.p, 1, schema.n, stdout) == schema.n && fflush(stdout) == 0;
    return ok ? 0 : 1;
}
