// The C side of StetText: md4c, the Markdown parser, and libc's wcwidth, which Swift's Glibc module leaves out.
#ifndef STET_CMD4C_SHIM_H
#define STET_CMD4C_SHIM_H
#include <md4c.h>
#include <stdint.h>
#include <wchar.h>

// wchar.h declares it only under _XOPEN_SOURCE, which a module can't set for a header it shares with others.
extern int wcwidth(wchar_t character);

static inline int stet_wcwidth(uint32_t scalar) { return wcwidth((wchar_t)scalar); }
#endif
