#include "reject_list.h"

#include "paint.h"
#include "shown.h"
#include "text/escape.h"

void reject_list_init(struct reject_list *l)
{
    *l = (struct reject_list){.end = &l->first};
}

bool reject_list_add(struct reject_list *l, arena *a, struct reject_item item)
{
    struct reject_item *kept = arena_alloc(a, sizeof *kept);
    if (kept == NULL)
        return false;
    *kept = (struct reject_item){
        .file = arena_sv(a, item.file),
        .member = shown_text(a, item.member),
        .detail = shown_text(a, item.detail),
        .reason = item.reason,
    };
    *l->end = kept;
    l->end = &kept->next;
    l->n++;
    return !a->failed;
}

static void print_item(buf *out, const struct reject_item *r)
{
    buf_puts(out, "  ");
    text_terminal(out, r->file);
    if (r->member.n) {
        buf_puts(out, " > ");
        text_terminal(out, r->member);
    }
    buf_printf(out, ": %s", reject_sentence(r->reason));
    if (r->detail.n) {
        buf_puts(out, " (");
        text_terminal(out, r->detail);
        buf_char(out, ')');
    }
    buf_char(out, '\n');
}

void reject_list_print(struct output *o, const struct reject_list *l)
{
    if (l->n == 0)
        return;
    paint(o, PAINT_BOLD, SV("Not read"));
    buf_char(&o->out, '\n');
    for (const struct reject_item *r = l->first; r; r = r->next) {
        print_item(&o->out, r);
        output_step(o);
    }
}
