// ncursesw for StetTerminal. Globals and macros that Swift cannot see are static inline functions here.
#ifndef STET_CNCURSES_SHIM_H
#define STET_CNCURSES_SHIM_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#include <ncurses.h>
#include <term.h>
#undef lines
#undef columns
#undef tab
#endif
