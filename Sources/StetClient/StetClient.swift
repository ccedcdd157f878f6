// The client's side of the protocol: a typed façade over a Connection. The terminal interface, `stet exec` and the
// other subcommands are its users; embedded or remote, they see the same messages in the same order.
//
// It knows methods by their types (StetProtocol) and nothing of what they do. It must not import the agent or the
// server: a client drives any app-server, Codex's own included, and takes whatever that says tolerantly.
