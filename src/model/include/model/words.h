/* The enumerated words of reports. A word that no standard knows stays as the reporter wrote it and is
 * UNKNOWN, never an error and never one of the known ones. */
#ifndef MODEL_WORDS_H
#define MODEL_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* clang-format off */
/* policy_published p, sp, np (RFC 7489 6.3, RFC 9989 4.7) */
#define POLICY_WORDS(X) X(POLICY_NONE, "none") X(POLICY_QUARANTINE, "quarantine") X(POLICY_REJECT, "reject")
/* adkim, aspf */
#define ALIGNMENT_WORDS(X) X(ALIGNMENT_RELAXED, "r") X(ALIGNMENT_STRICT, "s")
/* testing (RFC 9990 3.1.1.5) */
#define TESTING_WORDS(X) X(TESTING_NO, "n") X(TESTING_YES, "y")
#define DISCOVERY_WORDS(X) X(DISCOVERY_PSL, "psl") X(DISCOVERY_TREEWALK, "treewalk")
/* policy_evaluated/disposition; pass since RFC 9990 3.1.1.9 */
#define DISPOSITION_WORDS(X) \
    X(DISPOSITION_NONE, "none") X(DISPOSITION_PASS, "pass") \
    X(DISPOSITION_QUARANTINE, "quarantine") X(DISPOSITION_REJECT, "reject")
/* policy_evaluated/dkim and spf: the aligned verdicts */
#define VERDICT_WORDS(X) X(VERDICT_PASS, "pass") X(VERDICT_FAIL, "fail")
/* RFC 8601 2.7.1 */
#define DKIM_WORDS(X) \
    X(DKIM_NONE, "none") X(DKIM_PASS, "pass") X(DKIM_FAIL, "fail") X(DKIM_POLICY, "policy") \
    X(DKIM_NEUTRAL, "neutral") X(DKIM_TEMPERROR, "temperror") X(DKIM_PERMERROR, "permerror")
/* RFC 8601 2.7.2 */
#define SPF_WORDS(X) \
    X(SPF_NONE, "none") X(SPF_NEUTRAL, "neutral") X(SPF_PASS, "pass") X(SPF_FAIL, "fail") \
    X(SPF_SOFTFAIL, "softfail") X(SPF_TEMPERROR, "temperror") X(SPF_PERMERROR, "permerror") X(SPF_POLICY, "policy")
#define SCOPE_WORDS(X) X(SCOPE_MFROM, "mfrom") X(SCOPE_HELO, "helo")
/* RFC 7489 Appendix C and RFC 9990 3.1.6 together */
#define REASON_WORDS(X) \
    X(REASON_FORWARDED, "forwarded") X(REASON_SAMPLED_OUT, "sampled_out") \
    X(REASON_TRUSTED_FORWARDER, "trusted_forwarder") X(REASON_MAILING_LIST, "mailing_list") \
    X(REASON_LOCAL_POLICY, "local_policy") X(REASON_POLICY_TEST_MODE, "policy_test_mode") X(REASON_OTHER, "other")

#define WORD_LISTS(X) \
    X(policy, POLICY) X(alignment, ALIGNMENT) X(testing, TESTING) X(discovery, DISCOVERY) \
    X(disposition, DISPOSITION) X(verdict, VERDICT) X(dkim, DKIM) X(spf, SPF) X(scope, SCOPE) X(reason, REASON)

#define WORD_ITEM(item, text) item,
enum policy_word { POLICY_ABSENT, POLICY_UNKNOWN, POLICY_WORDS(WORD_ITEM) POLICY_END };
enum alignment_word { ALIGNMENT_ABSENT, ALIGNMENT_UNKNOWN, ALIGNMENT_WORDS(WORD_ITEM) ALIGNMENT_END };
enum testing_word { TESTING_ABSENT, TESTING_UNKNOWN, TESTING_WORDS(WORD_ITEM) TESTING_END };
enum discovery_word { DISCOVERY_ABSENT, DISCOVERY_UNKNOWN, DISCOVERY_WORDS(WORD_ITEM) DISCOVERY_END };
enum disposition_word { DISPOSITION_ABSENT, DISPOSITION_UNKNOWN, DISPOSITION_WORDS(WORD_ITEM) DISPOSITION_END };
enum verdict_word { VERDICT_ABSENT, VERDICT_UNKNOWN, VERDICT_WORDS(WORD_ITEM) VERDICT_END };
enum dkim_word { DKIM_ABSENT, DKIM_UNKNOWN, DKIM_WORDS(WORD_ITEM) DKIM_END };
enum spf_word { SPF_ABSENT, SPF_UNKNOWN, SPF_WORDS(WORD_ITEM) SPF_END };
enum scope_word { SCOPE_ABSENT, SCOPE_UNKNOWN, SCOPE_WORDS(WORD_ITEM) SCOPE_END };
enum reason_word { REASON_ABSENT, REASON_UNKNOWN, REASON_WORDS(WORD_ITEM) REASON_END };
#undef WORD_ITEM

#define WORD_LIST_ITEM(name, NAME) NAME##_LIST,
enum word_list { WORD_LISTS(WORD_LIST_ITEM) WORD_LIST_END };
#undef WORD_LIST_ITEM
/* clang-format on */

enum { WORD_ABSENT = 0, WORD_UNKNOWN = 1 };

struct word {
    uint8_t v; /* an item of the list's enum */
    sv raw;    /* the reporter's text, only when v is WORD_UNKNOWN */
};

/* Blanks around and case do not matter; empty or absent text is WORD_ABSENT. raw points into text. */
struct word word_read(enum word_list list, sv text);

/* What to print: the known word in lower case, the reporter's own text, or SV_ABSENT. */
sv word_text(enum word_list list, struct word w);

/* Number of items of a list's enum, with ABSENT and UNKNOWN: larger values are not valid. */
uint8_t word_count(enum word_list list);

#endif
