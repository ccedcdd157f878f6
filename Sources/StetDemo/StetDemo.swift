// StetDemo: the whole product within a minute, offline.
//
// What it is: a model that follows a script, and the small project it works on. The loop, the tools, the review, the
// approvals and the undo around it are the real ones; only the words come from here.
// What it must not do: touch any file but the project it lays out, speak to a network, shortcut the loop. It reads the
// prompt like any model and answers what it finds there, so refusing a command or a hunk changes what it says.
// Who calls it: the `demo` command and the start screen's offer, through StetAgent's ModelClient.
