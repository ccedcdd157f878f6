import Glibc
import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// Hunk review (protocol.md §7.1, review.md A5): what is accepted is on disk, and the model is told what is.
@Suite(.timeLimit(.minutes(10)))
struct ReviewTests {
  static let old = (1...20).map { "line \($0)\n" }.joined()
  static let new = old.replacing("line 2\n", with: "LINE 2\n").replacing("line 18\n", with: "LINE 18\n")

  private func bench(_ calls: JSONValue..., files: [String: String] = [:]) async throws -> Workbench {
    try await Workbench(
      [.respond(calls.map { .call("write", $0) }), .text("done")],
      files: ["a.txt": Self.old].merging(files) { $1 }, review: .ask)
  }

  private static let write: JSONValue = ["path": "a.txt", "content": .string(new)]

  /// The decision that accepts or rejects the hunks of the first file, in order.
  private static func decide(_ request: JSONValue, _ verdicts: [String], _ more: JSONObject = JSONObject())
    -> JSONValue
  {
    let file = request["stet"]?["files"]?[0] ?? .null
    var operations: [JSONValue] = []
    for (hunk, verdict) in zip(file["hunks"]?.arrayValue ?? [], verdicts) {
      for operation in hunk["ops"]?.arrayValue ?? [] {
        operations.append(["opId": operation["opId"] ?? .null, "decision": .string(verdict)])
      }
    }
    var review = more
    review["files"] = [
      [
        "path": file["path"] ?? .null, "baseHash": file["baseHash"] ?? .null, "decision": "partial",
        "ops": .array(operations),
      ]
    ]
    return ["decision": ["stetReview": .object(review)]]
  }

  @Test("a proposal: hunks with operations in the request, nothing on disk; accept applies it as it is")
  func accept() async throws {
    let bench = try await bench(Self.write)
    let path = bench.work.path("a.txt")
    bench.answer { [work = bench.work] request in
      #expect(work.text("a.txt") == Self.old)
      let review = request["stet"]
      #expect(review?["state"] == "proposed" && review?["supersedes"] == nil)
      let hunks = review?["files"]?[0]?["hunks"]?.arrayValue ?? []
      #expect(hunks.map { $0["ops"]?.arrayValue?.count } == [1, 1])
      #expect(hunks.map { $0["baseStart"]?.intValue } == [1, 15])
      #expect(Set(hunks.map { $0["hunkId"]?.stringValue }).count == 2)
      return [["decision": "accept"]]
    }
    try await bench.turn()
    #expect(bench.work.text("a.txt") == Self.new)
    #expect(bench.output() == "Wrote a.txt")
    let item = try #require(bench.changes.first)
    #expect(item.status == .completed && item.stet?.outcome == .all)
    #expect(item.stet?.files.map(\.path) == [path] && item.stet?.files.map(\.outcome) == [.applied])
    #expect(item.stet?.proposedChanges == item.changes)
  }

  @Test("a refused hunk is not on disk; the model is told which, in its own words, with the user's")
  func partial() async throws {
    let bench = try await bench(Self.write)
    bench.answer { request in
      var more = JSONObject()
      more["message"] = "keep 18"
      more["comments"] = [
        ["path": "a.txt", "side": "new", "line": 2, "text": "why?", "question": true]
      ]
      return [Self.decide(request, ["accept", "reject"], more)]
    }
    try await bench.turn()
    let disk = Self.old.replacing("line 2\n", with: "LINE 2\n")
    #expect(bench.work.text("a.txt") == disk)
    let output = bench.output()
    #expect(
      output.hasPrefix("review: partial (1 accepted, 0 edited, 1 rejected; what follows is on disk now"))
    #expect(output.contains("a.txt: applied hunks 1 of 2; hash after "))
    #expect(output.contains("hunk 2 REJECTED, not on disk. Your text was:\n    line 15\n"))
    #expect(output.contains("    LINE 18\n"))
    #expect(output.contains("The user says: keep 18"))
    #expect(output.contains("comment: a.txt:2 (new) \"why?\" (question: answer before further edits)"))
    let item = try #require(bench.changes.first)
    #expect(item.status == .completed && item.stet?.outcome == .partial)
    #expect(item.stet?.files.first?.outcome == .partial && item.stet?.files.first?.rejectedHunks.count == 1)
    #expect(item.changes.first?.diff.contains("LINE 18") == false, "changes are what was applied")
    #expect(item.stet?.proposedChanges.first?.diff.contains("LINE 18") == true)
  }

  @Test("an edited hunk is written as the user wrote it, and shown to the model")
  func edited() async throws {
    let bench = try await bench(Self.write)
    bench.answer { request in
      let file = request["stet"]?["files"]?[0] ?? .null
      let operation = file["hunks"]?[0]?["ops"]?[0]?["opId"] ?? .null
      return [
        [
          "decision": [
            "stetReview": [
              "files": [
                [
                  "path": file["path"] ?? .null, "baseHash": file["baseHash"] ?? .null, "decision": "partial",
                  "ops": [["opId": operation, "decision": "edit", "text": "line two\n"]],
                ]
              ]
            ]
          ]
        ]
      ]
    }
    try await bench.turn()
    #expect(bench.work.text("a.txt") == Self.old.replacing("line 2\n", with: "line two\n"))
    #expect(
      bench.output().contains("hunk 1 EDITED by the user.\n  The file now reads:\n1\tline 1\n2\tline two\n"))
    #expect(bench.changes.first?.stet?.files.first?.editedHunks.count == 1)
    #expect(bench.changes.first?.stet?.files.first?.rejectedHunks.count == 1, "what is not named is rejected")
  }

  @Test("nothing accepted: declined, outcome none, a new file is not made")
  func none() async throws {
    let bench = try await Workbench(
      [.call("write", ["path": "b.txt", "content": "x\n"]), .text("done")], review: .ask)
    bench.answer(["decision": ["stetReview": ["files": []]]])
    try await bench.turn()
    #expect(!bench.work.exists("b.txt"))
    #expect(
      bench.changes.map(\.status) == [.declined] && bench.changes.first?.stet?.outcome == StetOutcome.none)
    #expect(bench.output().contains("b.txt: NOT created (rejected)."))
  }

  @Test(
    "an answer that does not fit the review writes nothing and warns",
    arguments: [
      ["decision": ["stetReview": ["files": [["path": "/etc/passwd", "decision": "accept"]]]]] as JSONValue,
      ["decision": "maybe"],
      ["decision": ["stetReview": ["files": [["path": "PATH", "baseHash": "0", "decision": "accept"]]]]],
      [
        "decision": [
          "stetReview": [
            "files": [["path": "PATH", "decision": "partial", "ops": [["opId": "9", "decision": "accept"]]]]
          ]
        ]
      ],
      [:],
    ])
  func invalid(_ answer: JSONValue) async throws {
    let bench = try await bench(Self.write)
    let text = answer.text.replacing("PATH", with: bench.work.path("a.txt"))
    bench.answer(try JSONValue(parsing: text))
    try await bench.turn()
    #expect(bench.work.text("a.txt") == Self.old)
    #expect(bench.changes.map(\.status) == [.failed])
    #expect(bench.output() == "approval request failed; nothing was written")
    #expect(bench.harness.warnings.contains { $0.hasPrefix("The edit was not made") })
  }

  @Test("remembered for the session: the same file is not asked about again")
  func remembered() async throws {
    let bench = try await bench(
      Self.write, ["path": "a.txt", "content": "short\n"], ["path": "b.txt", "content": "b\n"])
    bench.answer { request in
      var more = JSONObject()
      more["remember"] = "session"
      return [Self.decide(request, ["accept", "accept"], more), ["decision": "decline"]]
    }
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "short\n" && !bench.work.exists("b.txt"))
    #expect(bench.requests.count == 2)
  }

  // MARK: - Files that change during the review

  @Test("a change elsewhere in the file: what would be written is put again, then the user's lines stay")
  func merged() async throws {
    let bench = try await bench(Self.write)
    bench.answer { [work = bench.work] request in
      if request["stet"]?["supersedes"] == nil {
        work.write("a.txt", Self.old.replacing("line 10\n", with: "mine\n"))
      }
      return [Self.decide(request, ["accept", "reject"]), ["decision": "accept"]]
    }
    try await bench.turn()
    let disk = Self.old.replacing("line 10\n", with: "mine\n").replacing("line 2\n", with: "LINE 2\n")
    #expect(bench.work.text("a.txt") == disk, "the hunk that was refused first stays refused")
    #expect(bench.requests.count == 2)
    #expect(bench.requests[1]["stet"]?["supersedes"] == bench.requests[0]["stet"]?["reviewId"])
    #expect(bench.requests[1]["stet"]?["files"]?[0]?["hunks"]?.arrayValue?.count == 1)
    let order = bench.flow
    let update = try #require(order.firstIndex(of: "item/fileChange/patchUpdated"))
    #expect(order[update...].contains("request item/fileChange/requestApproval"))
    let output = bench.output()
    #expect(output.hasPrefix("review: partial") && output.contains("hunk 2 REJECTED"))
    #expect(output.contains("merged with that.\n  The file now reads:\n1\tline 1\n2\tLINE 2\n"))
    #expect(output.contains("10\tmine\n"))
    #expect(bench.changes.first?.stet?.outcome == .partial)
  }

  @Test("a change of the same lines: that hunk is conflicted and told, the others can still be accepted")
  func conflict() async throws {
    let bench = try await bench(Self.write)
    bench.answer { [work = bench.work] request in
      if request["stet"]?["supersedes"] == nil {
        work.write("a.txt", Self.old.replacing("line 2\n", with: "mine\n"))
      }
      return [["decision": "accept"], ["decision": "accept"]]
    }
    try await bench.turn()
    #expect(
      bench.work.text("a.txt")
        == Self.old.replacing("line 2\n", with: "mine\n").replacing("line 18\n", with: "LINE 18\n"))
    #expect(bench.output().hasPrefix("review: partial"))
    #expect(bench.output().contains("hunk 1 NOT applied: the same lines had changed on disk."))
    #expect(bench.changes.first?.stet?.files.first?.outcome == .conflicted)
  }

  @Test("nothing fits any more, or the file is gone: stale, nothing is written")
  func stale() async throws {
    for gone in [true, false] {
      let bench = try await bench([
        "path": "a.txt", "content": .string(Self.old.replacing("line 2\n", with: "LINE 2\n")),
      ])
      bench.answer { [work = bench.work] _ in
        if gone {
          unlink(work.path("a.txt"))
        } else {
          work.write("a.txt", Self.old.replacing("line 2\n", with: "mine\n"))
        }
        return [["decision": "accept"]]
      }
      try await bench.turn()
      #expect(bench.work.text("a.txt") == (gone ? nil : Self.old.replacing("line 2\n", with: "mine\n")))
      #expect(bench.output().hasPrefix("stale: a.txt: ") && bench.output().contains("Nothing was written."))
      #expect(bench.changes.map(\.status) == [.failed] && bench.changes.first?.stet?.outcome == .stale)
    }
  }

  @Test("a file that was rejected is not put again when another one changed")
  func rejectedStaysRejected() async throws {
    let bench = try await Workbench(
      [
        .custom(
          "apply_patch",
          "*** Begin Patch\n*** Update File: a.txt\n@@\n-line 2\n+LINE 2\n*** Add File: b.txt\n+b\n*** End Patch"
        ),
        .text("done"),
      ], model: "gpt-5", files: ["a.txt": Self.old], review: .ask)
    bench.answer { [work = bench.work] request in
      if request["stet"]?["supersedes"] == nil { work.write("a.txt", Self.old + "more\n") }
      return [Self.decide(request, ["accept"]), ["decision": "accept"]]
    }
    try await bench.turn()
    #expect(bench.requests[1]["stet"]?["files"]?.arrayValue?.count == 1)
    #expect(bench.work.text("a.txt") == Self.old.replacing("line 2\n", with: "LINE 2\n") + "more\n")
    #expect(!bench.work.exists("b.txt") && bench.output().contains("b.txt: NOT created (rejected)."))
  }
}
