// StetTerminal: the only room that knows a terminal.
//
// What it is: bytes from the keyboard become input events (`KeyDecoder`), frames become bytes (`FramePainter`, on
// ncurses), a real terminal is taken over and given back on every way out (`CursesTerminal`), and one loop on the main
// thread waits for keys, messages and signals and drives the interface (`RunLoop`, `Mailbox`).
//
// ncurses keeps the picture, finds the smallest change and knows the terminal; it writes into a memory file, so that
// each frame goes out in one write inside synchronised-update brackets. Keys are decoded here, since ncurses cannot
// name parametric keys, pastes or focus.
//
// What it must not do: hold state of the interface; know the server, the client or the agent; set a timer while
// nothing is due; let a byte of a frame, title or clipboard text act as a control sequence.
//
// Who calls it: `stet` (wiring) and StetTestSupport (`TestTerminal`). All of it but `Mailbox.post` belongs to the
// main thread.
