// Messages over byte streams: newline-delimited JSON, transports (in-process pair, file descriptors) and a connection
// that matches answers to requests.
//
// Everything here is first in, first out: locks and threads of its own, never a task per message, because Swift
// concurrency promises no order between tasks. A transport delivers from one thread of its own, so a receiver may take
// its time, but it must not wait for a message that only the same transport could bring.
//
// This room knows the shape of a message but no method: what a request means is StetServer's matter, how a client
// calls it StetClient's. It starts no process: who has file descriptors of a child or a socket brings them along.
// StetAgent uses it for MCP only.
