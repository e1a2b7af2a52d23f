/* The answer of a token server. */
#include "fuzz.h"

#include "answer.h"

static void is_clean(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        fuzz_require(s.p[i] > ' ' && s.p[i] <= '~', "what ends up in a login is printable ASCII");
}

void fuzz_one(sv in)
{
    struct token_answer answer;
    arena memory;
    arena_init(&memory, MIB(4));
    if (answer_read(in, 200, &memory, &answer)) {
        is_clean(answer.access_token);
        is_clean(answer.refresh_token);
        is_clean(answer.device_code);
        is_clean(answer.uri);
        fuzz_require(answer.access_token.n <= 200, "a token is limited");
    }
    arena_free(&memory);
}
