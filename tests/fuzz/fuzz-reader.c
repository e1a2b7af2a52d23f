/* The reader process from the mail to its frames, and the parent that takes them: whatever the mail is, the
 * parent believes every word of an honest reader, and the mail has an outcome. */
#include "fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/answer.h"
#include "report/aggregate.h"
#include "report/tlsrpt.h"
#include "worker/reader.h"

static struct parent parent;
static struct reader *reader;
static buf said;

static void close_all(void)
{
    reader_free(reader);
    (void)close(parent.fd);
    parent_free(&parent);
    buf_free(&said);
}

static void take_what_was_said(void)
{
    struct err e;
    buf_reset(&said);
    fuzz_require(parent_flush(&parent) && lseek(parent.fd, 0, SEEK_SET) == 0 &&
                     file_read_fd(parent.fd, "said", &said, &e) && ftruncate(parent.fd, 0) == 0 &&
                     lseek(parent.fd, 0, SEEK_SET) == 0,
                 "what was said can be read");
}

static void believe(void)
{
    struct intake_stage stage;
    struct answer answer;
    struct mail_outcome outcome = {0};
    struct wire_frame f;
    struct err e;
    enum answer_step step = ANSWER_MORE;
    sv in = buf_view(&said);
    stage_init(&stage, fuzz_limits(), NULL);
    answer_init(&answer, fuzz_limits());
    answer_start(&answer, &stage, &outcome);
    while (step == ANSWER_MORE && wire_take(&in, WIRE_WORKER, fuzz_limits()->wire_frame, &f) == WIRE_FRAME)
        step = answer_take(&answer, &f, &e);
    fuzz_require(step == ANSWER_DONE && in.n == 0, "the parent believes an honest reader");
    fuzz_require(outcome.n_documents <= fuzz_limits()->mail_reports + 1, "reports are limited");
    answer_free(&answer);
    stage_free(&stage);
}

static void open_once(void)
{
    if (reader)
        return;
    aggregate_library_init();
    tlsrpt_library_init();
    parent_init(&parent, memfd_create("said", MFD_CLOEXEC), fuzz_limits()->wire_frame);
    reader = reader_new(fuzz_limits(), &parent);
    buf_init(&said, MIB(64));
    fuzz_require(reader && parent.fd >= 0 && atexit(close_all) == 0, "there is memory");
    reader_refuse(reader, REJECT_memory_limit);
    take_what_was_said();
    believe();
}

void fuzz_one(sv in)
{
    open_once();
    reader_mail(reader, in);
    take_what_was_said();
    believe();
    fuzz_require(reader_documents(reader)->n <= fuzz_limits()->mail_reports + 1,
                 "and so does the reader's own count");
}
