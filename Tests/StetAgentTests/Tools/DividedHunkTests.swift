import StetProtocol
import StetTestSupport
import Testing

/// A hunk of which some lines are taken and some not: the model is told so in words of their own (review.md A5).
@Suite("review.md A5: hunks taken in part", .timeLimit(.minutes(10)))
struct DividedHunkTests {
  private static let new = ReviewTests.old.replacing("line 2\nline 3\n", with: "LINE 2\nLINE 3\n")

  @Test(
    "of two lines of a hunk one is refused: it is not on disk, and the words say neither applied nor rejected"
  )
  func told() async throws {
    let bench = try await Workbench(
      [.call("write", ["path": "a.txt", "content": .string(Self.new)]), .text("done")],
      files: ["a.txt": ReviewTests.old], review: .ask)
    bench.answer { request in
      let file = request["stet"]?["files"]?[0] ?? .null
      let operations = file["hunks"]?[0]?["ops"]?.arrayValue ?? []
      #expect(operations.count == 2)
      let decided = zip(operations, ["accept", "reject"]).map { operation, verdict -> JSONValue in
        ["opId": operation["opId"] ?? .null, "decision": .string(verdict)]
      }
      let review: JSONValue = [
        "files": [
          [
            "path": file["path"] ?? .null, "baseHash": file["baseHash"] ?? .null, "decision": "partial",
            "ops": .array(decided),
          ]
        ]
      ]
      return [["decision": ["stetReview": review]]]
    }
    try await bench.turn()
    #expect(bench.work.text("a.txt") == ReviewTests.old.replacing("line 2\n", with: "LINE 2\n"))
    let output = bench.output()
    #expect(output.hasPrefix("review: partial (0 accepted, 0 edited, 0 rejected, 1 in part;"))
    #expect(output.contains("a.txt: applied hunks none of 1;"))
    #expect(output.contains("hunk 1 taken IN PART: some of its lines were REJECTED and are not on disk."))
    #expect(output.contains("The file now reads:\n1\tline 1\n2\tLINE 2\n3\tline 3\n"))
  }
}
