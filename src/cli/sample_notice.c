#include "sample_notice.h"

#include "base/clock.h"
#include "base/random.h"

static bool fill_lists(arena *a, struct notice_item *item)
{
    item->sources = arena_array(a, 1, sizeof *item->sources);
    item->reporters = arena_array(a, 1, sizeof *item->reporters);
    item->spfs = arena_array(a, 1, sizeof *item->spfs);
    item->dkims = arena_array(a, 1, sizeof *item->dkims);
    item->header_froms = arena_array(a, 1, sizeof *item->header_froms);
    if (a->failed || !ip_parse(SV("192.0.2.1"), &item->sources[0].ip))
        return false;
    item->sources[0].counts = item->counts;
    item->reporters[0] = (struct notice_reporter){
        .name = SV("reporter.example"), .messages = item->counts.failed, .verified = true};
    item->spfs[0] =
        (struct notice_spf){SV("mail.example"), {SPF_PASS, SV_ABSENT}, false, item->counts.failed};
    item->dkims[0] = (struct notice_dkim){
        SV("example.com"), SV("test"), {DKIM_FAIL, SV_ABSENT}, true, item->counts.failed};
    item->header_froms[0] = (struct notice_name){SV("example.com"), item->counts.failed};
    item->n_sources = item->n_reporters = item->n_spfs = item->n_dkims = item->n_header_froms = 1;
    item->all_sources = item->all_reporters = item->all_spfs = item->all_dkims = item->all_header_froms = 1;
    return true;
}

bool sample_notice(arena *a, int64_t now, struct notice *out)
{
    struct notice_item *item = arena_array(a, 1, sizeof *item);
    if (item == NULL)
        return false;
    *out = (struct notice){
        .created = now,
        .severity = SEVERITY_warning,
        .domain = SV("example.com"),
        .items = item,
        .n_items = 1,
        .test = true,
    };
    *item = (struct notice_item){
        .rule = RULE_known_sender_failing,
        .severity = SEVERITY_warning,
        .state = INCIDENT_firing,
        .news = NEWS_first,
        .episode = 1,
        .domain = out->domain,
        .subject = SV("this is only a test"),
        .first_day = day_of(now) - 1,
        .last_day = day_of(now) - 1,
        .reported = now,
        .counts = {.total = 20, .failed = 12, .by_fate = {[FATE_quarantined] = 12}},
        .dkim = {[LEG_BROKEN] = 12},
        .spf = {[LEG_UNALIGNED] = 12},
        .dkim_passed = 8,
        .since_told = 12,
        .p = POLICY_QUARANTINE,
        .verified = true,
    };
    random_bytes(out->id, INCIDENT_ID);
    random_bytes(item->incident, INCIDENT_ID);
    return fill_lists(a, item);
}
