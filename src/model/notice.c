#include "model/notice.h"

#include "model/rule.h"

sv notice_line_subject(const struct notice_item *item, size_t line)
{
    return rule_standard(item->rule)->subject == SUBJECT_domain ? item->lines[line].name : item->subject;
}
