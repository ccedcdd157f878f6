// StetJSON: the blood of every room.
//
// What it is: a pull reader, a value tree whose objects keep the order of their members, a writer whose bytes depend on
// nothing but the value, and a bridge to Codable. Equal values written twice give equal bytes: prompt caches and the
// thread log rest on that.
// What it must not do: import anything, read files, know any message. Input is untrusted: a reader never traps, it
// throws JSONError with the byte offset; nesting is limited (JSONReader.maximumDepth).
// Who calls it: every room that speaks a protocol or keeps a record.
