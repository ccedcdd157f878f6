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
// These belong to the current screen and change with set_term.
static inline WINDOW *stet_stdscr(void) { return stdscr; }
static inline WINDOW *stet_curscr(void) { return curscr; }
static inline int stet_colors(void) { return COLORS; }
// Macros with casts.
static inline attr_t stet_attr_bold(void) { return WA_BOLD; }
static inline attr_t stet_attr_dim(void) { return WA_DIM; }
static inline attr_t stet_attr_italic(void) { return WA_ITALIC; }
static inline attr_t stet_attr_underline(void) { return WA_UNDERLINE; }
static inline attr_t stet_attr_reverse(void) { return WA_REVERSE; }
// One cell of one scalar with an extended colour pair; `cell` is then a pattern whose character can be replaced.
static inline int stet_cell(cchar_t *cell, attr_t attributes, int pair) {
  const wchar_t blank[2] = {L' ', 0};
  return setcchar(cell, blank, attributes, 0, &pair);
}
#endif
