import StetStore
import Testing

@testable import StetAgent

/// What a turn's diff comes to, for the thread picker (U23).
@Suite struct TurnDiffCountTests {
  @Test("U23: signs count in hunks alone, also where a line begins like a header")
  func u23_counts() {
    let text =
      "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n one\n--- two\n+++ three\n+four\n"
      + "\\ No newline at end of file\ndiff --git a/y b/y\nnew file mode 100644\n--- /dev/null\n+++ b/y\n"
      + "@@ -0,0 +1 @@\n+only\ndiff --git a/z b/w\nsimilarity index 100%\nrename from z\nrename to w\n"
    #expect(TurnDiff.counts(text) == TurnDiff.Counts(added: 3, removed: 1))
    #expect(TurnDiff.counts("") == TurnDiff.Counts())
  }

  @Test("U23: the counts of a thread's turns add up, and a turn without edits leaves them")
  func u23_sum() {
    var summary = ThreadSummary(id: "t", path: "/p", cwd: "/", modelProvider: "m", createdAtMs: 1)
    summary.note(nil, nowMs: 5)
    #expect(summary.linesAdded == nil && summary.updatedAtMs == 5)
    summary.note(TurnDiff.Counts(added: 3, removed: 1), nowMs: 6)
    summary.note(TurnDiff.Counts(added: 2, removed: 0), nowMs: 7)
    #expect(summary.linesAdded == 5 && summary.linesRemoved == 1 && summary.updatedAtMs == 7)
  }
}
