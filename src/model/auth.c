#include "model/auth.h"

#include "base/attr.h"

static const char *const methods[AUTH_METHOD_END] = {
#define METHOD_NAME(name) [AUTH_METHOD_##name] = #name,
    AUTH_METHODS(METHOD_NAME)
#undef METHOD_NAME
};

static const char *const results[AUTH_RESULT_END] = {[AUTH_RESULT_unknown] = "unknown",
#define RESULT_NAME(name) [AUTH_RESULT_##name] = #name,
                                                     AUTH_RESULTS(RESULT_NAME)
#undef RESULT_NAME
};

const char *auth_method_name(enum auth_method m)
{
    return methods[m];
}

const char *auth_result_name(enum auth_result r)
{
    return results[r];
}

bool auth_method_from_name(sv name, enum auth_method *out)
{
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (sv_eq_nocase(name, sv_c(methods[i]))) {
            *out = (enum auth_method)i;
            return true;
        }
    }
    return false;
}

enum auth_result auth_result_from_name(sv name)
{
    for (size_t i = AUTH_RESULT_unknown + 1; i < COUNT_OF(results); i++)
        if (sv_eq_nocase(name, sv_c(results[i])))
            return (enum auth_result)i;
    return sv_eq_nocase(name, SV("hardfail")) ? AUTH_RESULT_fail : AUTH_RESULT_unknown;
}

static bool copy_field(const struct auth_field *from, arena *a, struct auth_field *to)
{
    *to = *from;
    to->id = arena_sv(a, from->id);
    to->statements = arena_array(a, from->n_statements, sizeof *to->statements);
    for (size_t i = 0; to->statements && i < from->n_statements; i++) {
        to->statements[i] = from->statements[i];
        to->statements[i].domain = arena_sv(a, from->statements[i].domain);
        to->statements[i].helo = arena_sv(a, from->statements[i].helo);
    }
    return to->statements != NULL;
}

struct mail_auth mail_auth_copy(const struct mail_auth *from, arena *a)
{
    struct mail_auth to = *from;
    to.fields = arena_array(a, from->n_fields, sizeof *to.fields);
    to.received_by = arena_array(a, from->n_received, sizeof *to.received_by);
    bool ok = to.fields && to.received_by;
    for (size_t i = 0; ok && i < from->n_fields; i++)
        ok = copy_field(&from->fields[i], a, &to.fields[i]);
    for (size_t i = 0; ok && i < from->n_received; i++)
        to.received_by[i] = arena_sv(a, from->received_by[i]);
    return ok && !a->failed ? to : (struct mail_auth){0};
}
