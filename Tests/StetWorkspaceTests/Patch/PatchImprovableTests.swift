import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// Scenarios of the reference that could be better and are no matter of matching alone; the numbers are the scenarios'.
struct PatchImprovableTests {
  private func error(_ patch: String) -> WorkspaceError? {
    #expect(throws: WorkspaceError.self) { try PatchParser.parse(Array(patch.utf8)) }
  }

  @Test("T4: a path outside of the directory is refused and nothing is written, inside of it neither (101)")
  func t4_outside() throws {
    let place = TempDirectory("patch")
    place.write("outside.txt", "o\n")
    place.write("work/inside.txt", "i\n")
    let run = PatchRun(root: place.path("work"), journal: place.path("journal"))
    for body in [
      "*** Update File: ../outside.txt\n@@\n-o\n+changed\n", "*** Add File: ../new.txt\n+n\n",
      "*** Update File: inside.txt\n@@\n-i\n+I\n*** Add File: sub/../../new.txt\n+n\n",
      "*** Update File: inside.txt\n*** Move to: ../new.txt\n@@\n-i\n+I\n",
      "*** Delete File: ../outside.txt\n",
    ] {
      let error = #expect(throws: WorkspaceError.self) {
        try run.apply(Array("*** Begin Patch\n\(body)*** End Patch\n".utf8))
      }
      #expect(error?.code == .outside, "\(body): \(error?.message ?? "")")
      #expect(place.text("outside.txt") == "o\n" && place.text("work/inside.txt") == "i\n")
      #expect(!place.exists("new.txt"))
    }
  }

  @Test("T4: a file that its owner made read-only is not replaced by a user who is not root (116)")
  func t4_readOnlyFile() async throws {
    let place = TempDirectory("patch", in: "/tmp")
    place.write("work/ro.txt", "a\nb\n", mode: 0o444)
    if geteuid() == 0 {
      for path in ["", "work", "work/ro.txt"] { chown(place.path(path), 65534, 65534) }
    }
    await #expect(processExitsWith: .success) { [path = place.path as String] in
      if geteuid() == 0, setgid(65534) != 0 || setuid(65534) != 0 { exit(90) }
      let patch = "*** Begin Patch\n*** Update File: ro.txt\n@@\n-b\n+B\n*** Add File: n\n+n\n*** End Patch\n"
      do {
        try PatchRun(root: path + "/work", journal: path + "/journal").apply(Array(patch.utf8))
        exit(101)
      } catch let error as WorkspaceError {
        exit(error.message.contains("ro.txt") || error.path?.contains("ro.txt") == true ? 0 : 102)
      }
    }
    #expect(place.text("work/ro.txt") == "a\nb\n" && !place.exists("work/n"))
  }

  @Test("a place that fits more than once is the first, as the format says (005)")
  func repeatedContext() throws {
    #expect(
      try MemoryTree.update("a {\n  p\n}\nb {\n  p\n}\n", "@@\n-  p\n+  q\n }\n")
        == "a {\n  q\n}\nb {\n  p\n}\n")
  }

  @Test("T6: a line of a new file without its plus is named (091)")
  func t6_lineWithoutPlus() {
    let error = error("*** Begin Patch\n*** Add File: n.txt\n+first\nsecond\n+third\n*** End Patch\n")
    #expect(error?.line == 4 && error?.message.contains("second") == true, "\(error?.message ?? "")")
  }

  @Test("T6: text before a patch is refused, and the first line named that is missing (126)")
  func t6_textBefore() {
    let error = error("Here is the patch:\n*** Begin Patch\n*** Add File: n\n+n\n*** End Patch\n")
    #expect(error?.message.contains("*** Begin Patch") == true, "\(error?.message ?? "")")
  }

  @Test("context alone changes nothing, not a byte and no time (140)")
  func contextOnly() throws {
    let place = TempDirectory("patch")
    place.write("l.txt", "1\n2\n3")
    var before = stat()
    stat(place.path("l.txt"), &before)
    let run = PatchRun(root: place.path, journal: place.path + "-journal")
    try run.apply(Array("*** Begin Patch\n*** Update File: l.txt\n@@\n 2\n 3\n*** End Patch\n".utf8))
    var after = stat()
    stat(place.path("l.txt"), &after)
    #expect(place.text("l.txt") == "1\n2\n3" && before.st_ino == after.st_ino)
    #expect(before.st_mtim.tv_sec == after.st_mtim.tv_sec && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec)
  }

  @Test("T6: of two patches in a row neither is applied, and the line between them is named (142)")
  func t6_twoPatches() {
    let one = "*** Begin Patch\n*** Add File: n\n+n\n*** End Patch\n"
    let error = error(one + one)
    #expect(error?.code == .patchSyntax && error?.line == 4, "\(error?.message ?? "")")
  }
}
