/* The languages of notices, in the order of text/catalogue.h. */
#ifndef MODEL_LANG_H
#define MODEL_LANG_H

#define LANGS(X) X(en) X(ja)

enum lang {
    LANG_UNSET,
#define LANG_ITEM(id) LANG_##id,
    LANGS(LANG_ITEM)
#undef LANG_ITEM
        LANG_END
};

#endif
