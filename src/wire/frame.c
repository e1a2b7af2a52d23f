#include "cursor.h"

static const struct {
    const char *name;
    enum wire_side side;
} types[] = {
#define TYPE_ROW(name, side) [WIRE_##name] = {#name, side},
    WIRE_TYPES(TYPE_ROW)
#undef TYPE_ROW
};

const char *wire_type_name(enum wire_type t)
{
    return t > WIRE_TYPE_NONE_ && t < WIRE_TYPE_END ? types[t].name : "unknown";
}

static const struct {
    const char *name, *sentence;
} sandboxes[] = {
#define SANDBOX_ROW(name, sentence) {#name, sentence},
    WIRE_SANDBOXES(SANDBOX_ROW)
#undef SANDBOX_ROW
};

const char *wire_sandbox_name(enum wire_sandbox s)
{
    return s < WIRE_SANDBOX_END ? sandboxes[s].name : "unknown";
}

const char *wire_sandbox_sentence(enum wire_sandbox s)
{
    return s < WIRE_SANDBOX_END ? sandboxes[s].sentence : "unknown";
}

const char *wire_exit_sentence(int code)
{
    static const struct {
        int code;
        const char *sentence;
    } exits[] = {
#define EXIT_ROW(name, code, sentence) {code, sentence},
        WIRE_EXITS(EXIT_ROW)
#undef EXIT_ROW
    };
    for (size_t i = 0; i < COUNT_OF(exits); i++)
        if (exits[i].code == code)
            return exits[i].sentence;
    return NULL;
}

const char *wire_build_id(void)
{
    return DW_BUILD_ID;
}

enum wire_take wire_take(sv *in, enum wire_side from, uint64_t max, struct wire_frame *out)
{
    if (in->n < WIRE_HEAD)
        return WIRE_MORE;
    struct cursor head = {.rest = *in};
    uint32_t length = get_u32(&head);
    uint8_t type = get_u8(&head);
    if (length > max || type <= WIRE_TYPE_NONE_ || type >= WIRE_TYPE_END || types[type].side != from)
        return WIRE_BAD;
    if (head.rest.n < length)
        return WIRE_MORE;
    *out = (struct wire_frame){.type = (enum wire_type)type, .payload = sv_first(head.rest, length)};
    *in = sv_skip(head.rest, length);
    return WIRE_FRAME;
}
