// StetConfig: what the user configured, as values.
//
// What it is: where stet's files lie (`StetHome`), config.toml in layers (`ConfigurationLoader` → `Configuration`),
// which projects are trusted, edits that keep the user's comments (`ConfigurationFile`), and themes and key maps as
// plain values. It is the only importer of TOMLKit.
// What it must not do: act on a setting, start a process, open a connection, or let a repository's file choose an
// endpoint, a key, a program to run or a wider sandbox before the user agreed (agent-core.md §5, S14).
// Who calls it: StetAgent and StetServer at start and at each thread start, `stet` for the interface's settings.
//
// Loading reads a few small files; it may block, so call it where that is allowed.
