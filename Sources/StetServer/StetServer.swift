// The app-server: accepts connections, checks and routes their requests to the agent, and brings what the agent says
// to every client that is to see it, in one order.
//
// - `AppServer` accepts transports; one `ClientConnection` each.
// - `Handlers/`: one file a resource, routed by `Router`. A handler checks what the protocol demands of the params
//   and calls one method of the agent; it decides nothing about threads or turns.
// - `Outbox` is the only writer. Results, notifications and requests of all threads pass through its lock, which is
//   what makes them one order; a `ClientQueue` per connection carries them out and is the only place that waits.
// - Messages are rendered per connection: without the `stet` capability no `stet` member leaves the server.
//
// It must not know a screen, a file descriptor or a process, and must not call the agent while it holds a lock.
// `stet` (embedded and `stet app-server`) makes one.
