#include "model/rejects.h"

struct row {
    const char *code, *sentence;
};

static const struct row rejects[] = {{"none", "not rejected"},
#define REJECT_ROW(code, sentence, example) {#code, sentence},
                                     REJECTS(REJECT_ROW)
#undef REJECT_ROW
};

static const struct row not_reports[] = {
#define NOT_REPORT_ROW(code, sentence, example) {#code, sentence},
    NOT_REPORTS(NOT_REPORT_ROW)
#undef NOT_REPORT_ROW
};

bool reject_is_final(enum reject r)
{
    return r == REJECT_empty_placeholder;
}

const char *reject_code(enum reject r)
{
    return r < REJECT_END ? rejects[r].code : "unknown";
}

const char *reject_sentence(enum reject r)
{
    return r < REJECT_END ? rejects[r].sentence : "unknown reason";
}

const char *not_report_code(enum not_report r)
{
    return r < NOT_REPORT_END ? not_reports[r].code : "other";
}

const char *not_report_sentence(enum not_report r)
{
    return r < NOT_REPORT_END ? not_reports[r].sentence : "no report in it";
}
