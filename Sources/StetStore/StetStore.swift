// StetStore: threads on disk.
//
// What it is: the append-only log of a thread (`ThreadLog`), the lock that makes its writer the only one
// (`ThreadWriterLock`), content-addressed blobs for what is too big to sit in a log (`BlobStore`), and the
// list of all threads (`ThreadIndex`), which is a projection: it can always be rebuilt from the logs.
// What it must not do: know what a record means, talk to a model or a client, or touch the user's workspace.
// Who calls it: StetAgent. Everything here may block on the disk: never call it on the interface's thread.
//
// Files are 0600 and directories 0700: threads hold source code and command output.
