// StetTestSupport: what several rooms' tests share.
//
// What it is: `FakeModel` (a scripted model behind real HTTP) on `LoopbackServer`, `Golden` (recorded grids of text
// and styles), temporary folders and repositories, a terminal that is a real PTY. All of it is real: sockets, files,
// processes; only the answers are scripted, and `Gate` fixes an order without sleeping.
//
// What it must not do: end up in the program; assert by itself (it throws or reports, the test expects); sleep.
//
// Who calls it: the targets below Tests.
