import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// A hunk that landed and is taken back in part (review.md A5).
@Suite("review.md A5: hunks taken back in part", .timeLimit(.minutes(10)))
struct DividedReviewTests {
  @Test("one of two lines goes back; the model reads which hunk stays in part, and the file as it is now")
  func divided() async throws {
    let house = try await ReviewHouse(
      ReviewHouse.script(
        [
          (
            "edit",
            [
              "path": "a.txt", "old_string": "line 2\nline 3\n", "new_string": "LINE 2\nLINE 3\n",
              "why": "shout",
            ]
          )
        ], then: [.text("I see")]))
    try await house.turn()
    let (id, files) = try await house.waiting()
    let hunk = files[0]["hunks"]?[0]
    #expect(hunk?["note"] == "shout", "the reason of the call stands at its hunk")
    let operations = hunk?["ops"]?.arrayValue ?? []
    #expect(operations.count == 2)
    let decided = zip(operations, ["reject", "accept"]).map { operation, verdict -> JSONValue in
      ["opId": operation["opId"] ?? .null, "decision": .string(verdict)]
    }
    _ = try await house.call(
      "decide",
      [
        "reviewId": id,
        "files": [
          [
            "path": files[0]["path"] ?? .null, "baseHash": files[0]["baseHash"] ?? .null,
            "decision": "partial", "ops": .array(decided),
          ]
        ],
      ])
    #expect(house.work.text("a.txt") == ReviewHouse.old.replacing("line 3\n", with: "LINE 3\n"))
    try await house.turn("go on")
    let told = try #require(house.reviews.last)
    #expect(told.contains("review: partial (0 accepted, 0 edited, 0 rejected, 1 in part;"))
    #expect(told.contains("a.txt: kept hunks none of 1;"))
    #expect(told.contains("hunk 1 taken IN PART: some of its lines were REJECTED and are not on disk."))
    #expect(told.contains("1\tline 1\n2\tline 2\n3\tLINE 3\n"))
  }
}
