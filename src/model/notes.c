#include "model/notes.h"

static const struct {
    const char *code, *sentence;
} table[] = {
#define NOTE_ROW(code, sentence, example) {#code, sentence},
    NOTES(NOTE_ROW)
#undef NOTE_ROW
};

const char *note_code(enum note n)
{
    return n < NOTE_END ? table[n].code : "unknown";
}

const char *note_sentence(enum note n)
{
    return n < NOTE_END ? table[n].sentence : "unknown note";
}
