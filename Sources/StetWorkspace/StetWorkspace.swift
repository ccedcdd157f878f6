// StetWorkspace: the user's files, and every way in which stet reads, compares, changes and restores them.
//
// What it is: safe paths and reads (Files/), diffs and merges over libgit2 (Git/), proposals with a
// decision per operation (Proposal/), journalled all-or-nothing writes (Write/), the patch and edit formats
// of models (Patch/), and the snapshot store behind undo (Snapshot/). What it must not do: talk to a model
// or a screen, run processes, write into the user's .git, follow a symbolic link while writing, or build a
// result by applying a textual diff. Who calls it: StetAgent (tools, review, undo), StetTestSupport. Every
// call blocks: use `WorkspaceThread`, never the interface's thread or the cooperative pool.
