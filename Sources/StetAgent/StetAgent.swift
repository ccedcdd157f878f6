// StetAgent: threads and turns, the agent core behind the app-server.
//
// What it is: one `ThreadSession` (an actor) per loaded thread, whose decisions are made by `TurnMachine`, a
// synchronous struct without I/O; the prompt as an append-only log of bytes (`PromptLog`); the codecs that speak to
// models (Providers/); the tools that a model may call (Tools/) and the rules that judge the calls (Policy/).
//
// What it must not do: know of a connection, a client or a screen. Everything a client sees leaves through
// `ThreadEventSink`; everything a client asks enters through a method of `Agent`. It never writes into the user's
// repository except through a tool call that was allowed, and it never prints.
//
// Who calls it: StetServer (one handler a method), StetDemo (as a `ModelClient`), `stet` (wiring).
//
// Order: a call's `reply` runs before the notifications that follow from the call (protocol.md §4). Everything of one
// thread passes through its `ThreadFeed`, whose lock makes one order out of the session, the model stream and the
// tools that run beside it.
