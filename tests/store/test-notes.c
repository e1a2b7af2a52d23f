/* What reporters' reports needed is counted over all that are stored. */
#include "support.h"

#include "store/status.h"

static void put(struct fixture *f, uint32_t uid, sv org, sv email, const enum note *notes, size_t n)
{
    struct made_mail m;
    struct record record = made_record("192.0.2.1", 1);
    struct report r = made_report(text(f, "%u", uid));
    r.org_name = org;
    r.email = email;
    for (size_t i = 0; i < n; i++)
        note_add(&r.notes, notes[i]);
    make_mail(&m, uid);
    m.raw.internaldate = NOW - 1000 + uid;
    add_report(&m, r, &record, 1);
    assert_int_equal(put_alone(f, &m).reports_new, 1);
}

static void notes_are_counted_a_reporter(void **state)
{
    struct fixture *f = *state;
    static const enum note two[] = {NOTE_date_form, NOTE_name_alias}, one[] = {NOTE_date_form};
    static const struct {
        const char *reporter, *note;
        uint64_t reports;
        int64_t last;
    } want[] = {
        {"", "date_form", 1, 6},
        {"Other", "name_alias", 1, 3},
        {"Other", "date_form", 3, 4},
        {"receiver.example", "date_form", 1, 5},
    };
    struct store_note *got;
    size_t n;
    assert_true(store_notes(f->s, &f->a, &got, &n, &f->e));
    assert_int_equal(n, 0);
    put(f, 1, SV("Fine"), SV("a@fine.example"), NULL, 0);
    put(f, 2, SV("Other"), SV("a@other.example"), one, 1);
    put(f, 3, SV("Other"), SV("a@other.example"), two, 2);
    put(f, 4, SV("OTHER"), SV("b@other.example"), one, 1);
    put(f, 5, SV_ABSENT, SV("a@receiver.example"), one, 1);
    put(f, 6, SV(""), SV_ABSENT, one, 1);
    assert_true(store_notes(f->s, &f->a, &got, &n, &f->e));
    assert_int_equal(n, COUNT_OF(want));
    for (size_t i = 0; i < n; i++) {
        assert_true(sv_eq_nocase(got[i].reporter, sv_c(want[i].reporter)));
        assert_true(sv_eq(got[i].note, sv_c(want[i].note)));
        assert_int_equal(got[i].reports, want[i].reports);
        assert_int_equal(got[i].last, NOW - 1000 + want[i].last);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(notes_are_counted_a_reporter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
