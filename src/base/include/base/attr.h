/* Compiler attributes by their purpose. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define NODISCARD         __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define CLEANUP(fn)       __attribute__((cleanup(fn)))

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

#endif
