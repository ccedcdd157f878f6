import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// Staging, drafting and committing what was reviewed: on request only.
@Suite(.timeLimit(.minutes(10)))
struct ReviewCommitTests {
  private static let new = ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n")
    .replacing("line 18\n", with: "LINE 18\n")

  private func house(
    _ more: [FakeModel.Step] = [], identity: Bool = true
  ) async throws -> (ReviewHouse, TempRepository) {
    let house = try await ReviewHouse(
      ReviewHouse.script([("write", ["path": "a.txt", "content": .string(Self.new)])], then: more)
    ) { work in
      let repository = try TempRepository(in: work)
      try repository.commitAll()
      guard identity else { return }
      try repository.git("config", "user.name", "A Name")
      try repository.git("config", "user.email", "a@example.org")
    }
    try await house.turn()
    return (house, TempRepository.there(house.work))
  }

  /// Stages the first hunk of the turn.
  private func staged(_ house: ReviewHouse) async throws -> JSONValue {
    let (id, files) = try await house.waiting()
    return try await house.call(
      "stage", ["reviewId": id, "files": [ReviewHouse.decide(files[0], ["accept", nil])]])
  }

  @Test("stage: one hunk is in the index, the files and the review stay as they are")
  func stage() async throws {
    let (house, repository) = try await house()
    let answer = try await staged(house)
    #expect(answer["files"]?[0]?["outcome"] == "partial" && answer["outcome"] == "partial")
    #expect(
      try repository.git("show", ":a.txt") == ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n"))
    #expect(house.work.text("a.txt") == Self.new)
    #expect(try await house.pending().count == 1)
    let (id, _) = try await house.waiting()
    #expect(await house.refusal("stage", ["reviewId": id, "files": []])?.message.contains("nothing") == true)
  }

  @Test("commit: what is staged and nothing else, with the user's name; the sha is answered")
  func commit() async throws {
    let (house, repository) = try await house()
    _ = try await staged(house)
    let sha = try await house.call("commit", ["message": "Shout line two\n\n# not a comment"])["sha"]
    #expect(try repository.git("rev-parse", "HEAD") == "\(sha?.stringValue ?? "")\n")
    #expect(
      try repository.git("log", "-1", "--format=%an <%ae>%n%B")
        == "A Name <a@example.org>\nShout line two\n\n# not a comment\n\n")
    #expect(try repository.git("show", "--format=", "--numstat", "HEAD") == "1\t1\ta.txt\n")
    #expect(try repository.git("status", "--porcelain") == " M a.txt\n")
    #expect(
      await house.refusal("commit", ["message": "again"])?.message.contains("nothing was committed") == true)
    #expect(await house.refusal("commit", ["message": " \n"])?.message.contains("empty") == true)
  }

  @Test("hooks run as with git commit: one that refuses is heard, one that changes the message does")
  func hooks() async throws {
    let (house, repository) = try await house()
    _ = try await staged(house)
    let head = try repository.git("rev-parse", "HEAD")
    house.work.write(".git/hooks/pre-commit", "#!/bin/sh\necho 'tabs are forbidden'; exit 1\n", mode: 0o755)
    let refusal = await house.refusal("commit", ["message": "Shout"])
    #expect(refusal?.message == "git commit refused; nothing was committed.\ntabs are forbidden")
    #expect(try repository.git("rev-parse", "HEAD") == head)
    house.work.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n", mode: 0o755)
    house.work.write(".git/hooks/commit-msg", "#!/bin/sh\necho 'Ticket: 7' >> \"$1\"\n", mode: 0o755)
    _ = try await house.call("commit", ["message": "Shout"])
    #expect(try repository.git("log", "-1", "--format=%B").contains("Ticket: 7"))
  }

  @Test("no identity: a clear error, and nothing is committed under a guessed one")
  func identity() async throws {
    let (house, repository) = try await house(identity: false)
    _ = try await staged(house)
    let head = try repository.git("rev-parse", "HEAD")
    let refusal = await house.refusal("commit", ["message": "Shout"])
    #expect(refusal?.data?["stetError"] == "noIdentity")
    #expect(refusal?.message.hasPrefix("git knows no name and e-mail") == true)
    #expect(try repository.git("rev-parse", "HEAD") == head)
  }

  @Test(
    "commitDraft: the model reads the changes, its answer comes without fences; the thread does not hear of it"
  )
  func draft() async throws {
    let (house, _) = try await house([.text("```\nShout two lines\n```\n"), .text("ok")])
    let (id, _) = try await house.waiting()
    let draft = try await house.call("commitDraft", ["reviewId": id])
    #expect(draft["message"] == "Shout two lines")
    let question = try #require(house.told.last)
    #expect(question.contains("Write a git commit message") && question.contains("+LINE 18\n"))
    #expect(house.told.count == 1, "it is a question of its own")
    try await house.turn("go on")
    #expect(!house.told.contains { $0.contains("commit message") })
    #expect(await house.refusal("commitDraft", ["reviewId": "nobody"]) != nil)
  }
}
