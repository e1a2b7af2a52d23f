/* Which names are zones: not all that stands in the folder of the time zone database is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/zone.h"

static void names(void **state)
{
    (void)state;
    assert_true(zone_is_known(SV("UTC")));
    assert_true(zone_is_known(SV("Europe/Berlin")));
    static const sv others[] = {
        SV_INIT(""),         SV_INIT("Europe"),  SV_INIT("Europe/"),        SV_INIT("."),
        SV_INIT("zone.tab"), SV_INIT("Nowhere"), SV_INIT("../zoneinfo/UTC")};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (zone_is_known(others[i]))
            fail_msg("%s is a zone", others[i].p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
