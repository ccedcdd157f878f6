// StetText: text and cells, pure values.
//
// What it is: how wide text is on the terminal (Width), how untrusted text is made safe to show (Sanitizer),
// styled text (Scope, Style, Span, Line), the grid it is written to (Cell, Surface, Rect), wrapping, Markdown
// (md4c), unified diffs with word emphasis, and a table-driven syntax highlighter.
//
// What it must not do: no Foundation, no I/O, no clock, no colours (styles are named by scope, a theme gives them
// colours), no knowledge of the protocol, of the agent or of ncurses. Nothing here may trap on any input: every
// string may come from a model, a tool or a repository.
//
// Who calls it: StetUI (state to lines to a surface), StetTerminal (cells to the screen), and the golden tests.
//
// Text reaches the screen through two gates: Sanitizer makes controls and invisible characters readable, and
// Surface replaces whatever unsafe scalar is still left, so no escape sequence can come out of a cell.
