#include "output/rules.h"

#include "json_writer.h"
#include "model/rule.h"
#include "whole.h"

enum { OUT_MAX = 1024 * 1024 };

/* ---- lines ---- */

static void put_lines(buf *out, const struct config *c, size_t entry)
{
    for (unsigned i = 0; i < RULE_END; i++) {
        enum rule_id id = (enum rule_id)i;
        struct rule rule = rule_in_force(c, entry, id);
        buf_printf(out, "%s: %s\n  %s, %s; ", rule_name(id), rule_sentence(id),
                   rule_subject_name(rule.subject), rule_evidence_name(rule.evidence));
        if (rule.off)
            buf_puts(out, "off");
        else
            rule_put_numbers(out, &rule);
        buf_puts(out, "\n  knobs: ");
        rule_put_knobs(out, id);
        buf_char(out, '\n');
    }
}

/* ---- JSON ---- */

static uint64_t value_of(const struct rule *r, enum rule_knob_id knob)
{
    switch (knob) {
    case KNOB_min_messages:
        return r->messages;
    case KNOB_window:
        return r->window_days;
    case KNOB_rate:
        return r->share_bp;
    case KNOB_factor:
        return r->growth;
    case KNOB_severity:
    case KNOB_END:
        break;
    }
    return 0;
}

/* rate in 1/100 percent, window in days. */
static void json_knob(struct json *j, const struct rule *rule, enum rule_id id, enum rule_knob_id knob)
{
    struct rule_knob k = rule_knob(id, knob);
    if (k.max == 0 || knob == KNOB_severity)
        return;
    json_open(j, rule_knob_name(knob), '{');
    json_number(j, "value", value_of(rule, knob));
    json_number(j, "default", k.def);
    json_number(j, "min", k.min);
    json_number(j, "max", k.max);
    json_close(j, '}');
}

static void json_rule(struct json *j, const struct config *c, size_t entry, enum rule_id id)
{
    struct rule rule = rule_in_force(c, entry, id);
    json_open(j, NULL, '{');
    json_text(j, "rule", sv_c(rule_name(id)));
    json_text(j, "sentence", sv_c(rule_sentence(id)));
    json_text(j, "state", rule.off ? SV("off") : SV("on"));
    json_text(j, "subject", sv_c(rule_subject_name(rule.subject)));
    json_text(j, "evidence", sv_c(rule_evidence_name(rule.evidence)));
    json_text(j, "severity", sv_c(severity_name(rule.mild)));
    json_text(j, "severity_of_harm", sv_c(severity_name(rule.harm)));
    json_number(j, "week_messages", rule.week_messages);
    json_number(j, "harm_messages", rule.harm_messages);
    json_open(j, "knobs", '{');
    for (unsigned k = 0; k < KNOB_END; k++)
        json_knob(j, &rule, id, (enum rule_knob_id)k);
    json_close(j, '}');
    json_close(j, '}');
}

static void put_json(buf *out, const struct config *c, size_t entry)
{
    struct json j = {.out = out};
    json_open(&j, NULL, '[');
    for (unsigned i = 0; i < RULE_END; i++)
        json_rule(&j, c, entry, (enum rule_id)i);
    json_close(&j, ']');
    buf_char(out, '\n');
}

bool rules_print(const struct config *c, size_t entry, bool json, FILE *to, struct err *e)
{
    buf out;
    buf_init(&out, OUT_MAX);
    (json ? put_json : put_lines)(&out, c, entry);
    bool ok = write_whole(&out, to, e);
    buf_free(&out);
    return ok;
}
