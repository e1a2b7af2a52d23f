/* A configuration text, as far as it is text: nothing that it names is opened. */
#include "fuzz.h"

#include "load.h"
#include "tree.h"
#include "warnings.h"

/* A file that does not exist is named by every path but absolute ones. */
static void make_relative(struct node *node)
{
    if (node->kind == NODE_TEXT)
        while (node->text.n && (node->text.p[0] == '/' || node->text.p[0] == '.'))
            node->text = sv_skip(node->text, 1);
    for (struct node *n = node->first; n; n = n->next)
        make_relative(n);
}

static void load(struct node *root, struct config *c, struct problems *p, arena *a)
{
    struct loader l = {.a = a, .p = p, .c = c, .root = root, .folder = SV("no-such-folder/")};
    buf text;
    buf_init(&text, MIB(4));
    make_relative(root);
    load_tree(&l);
    if (p->out->n == 0 && !a->failed) {
        config_warn(&l, p);
        config_print(c, &text);
        fuzz_require(sv_find(buf_view(&text), SV("(secret)"), 0) != SIZE_MAX || !text.failed,
                     "it can be printed");
    }
    buf_free(&text);
}

void fuzz_one(sv in)
{
    arena memory;
    struct config config = {.limits = *fuzz_limits()};
    struct config_errors errors;
    struct problems problems;
    arena_init(&memory, MIB(64));
    for (size_t i = 0; i < RULE_END; i++)
        config.rules[i].severity = SEVERITY_END;
    problems_start(&problems, &errors, (size_t)config.limits.config_errors, &memory);
    struct node *root = tree_read(in, SV("fuzz.yml"), fuzz_limits(), &memory, &problems);
    fuzz_require(root || errors.n > 0 || memory.failed, "what is no tree is told");
    if (root)
        load(root, &config, &problems, &memory);
    buf line;
    buf_init(&line, MIB(1));
    for (size_t i = 0; i < errors.n; i++) {
        fuzz_require(errors.list[i].code && errors.list[i].text[0], "an error says what it is");
        config_error_print(&errors.list[i], &line);
    }
    buf_free(&line);
    arena_free(&memory);
}
