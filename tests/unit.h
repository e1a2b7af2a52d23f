/* What every unit test begins with: cmocka, which needs four headers before itself, and our own types. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/sv.h"

#define assert_sv_equal(a, text)                                                                             \
    do {                                                                                                     \
        sv got_ = (a);                                                                                       \
        assert_int_equal(got_.n, strlen(text));                                                              \
        assert_memory_equal(got_.p ? got_.p : "", text, got_.n);                                             \
    } while (0)

#define RUN_TESTS(...)                                                                                       \
    int main(void)                                                                                           \
    {                                                                                                        \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                                     \
        return cmocka_run_group_tests(tests, NULL, NULL);                                                    \
    }

#endif
