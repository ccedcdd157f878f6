// StetUI: the whole interface as plain values.
//
// `AppState.update(event, now:)` takes one event (a key, a message of the server, a reply, a tick) and returns effects;
// `AppState.frame(size:now:)` lays out what is visible and returns a frame of cells. Time, directory, home and locale
// arrive as values: nothing here reads a clock, a file, the environment or the network, and nothing here blocks.
//
// The room knows the server only through StetProtocol's messages: what is on the screen is what the server said. It
// must never import the agent, the RPC layer, Foundation or ncurses.
//
// Folders: State (the state and what changes it), Keys (keys and the one table of bindings), Composer, Transcript (one
// view file for each kind of item), Prompts (what docks above the composer), Review, Dialogs (full-screen lists and
// pages), Theme. Every text that a model, a tool or a file produced passes `Sanitizer` before it becomes a `Line`.
//
// Callers: StetTerminal's run loop (performs effects, paints frames) and `stet`, which wires it to a StetClient.
