// StetNet: HTTP for everything that talks to a model, and the two small languages that come with it
// (server-sent events, Retry-After).
//
// What it is: `HTTPClient` runs libcurl's multi interface on one thread of its own. Requests reach that thread through
// a command list and a wake-up, answers leave it through one bounded buffer a request. A reader that falls behind
// pauses its connection; a reader that goes away (task cancelled, stream dropped) has its connection closed within
// a millisecond. Streams use HTTP/1.1, since on HTTP/2 libcurl tells the server about a cancel only with the next
// traffic. `SSEParser` turns bytes into events, `RetryAfter` reads what a server says of when to come back.
//
// What it must not do: know a provider, a model, a thread or a key's name; retry by itself; load libcurl before the
// first request or `warmUp()` (36 shared objects, paid after the first frame); block the caller.
//
// Who calls it: StetAgent (providers, MCP over HTTP) and the probes of `stet doctor`.
