import StetTestSupport
import StetUI
import Testing

/// What can go wrong around the program: folders, files and configuration. Each time the screen says what it is, what
/// was shown stays, and the thread goes on.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct HouseTroubleTests {
  @Test("a workspace on no disk: the edit is refused with a reason, the thread goes on")
  func workspaceOnNoDisk() async throws {
    let house = House(
      [
        .call("write", ["path": "letters.txt", "content": "alpha\n"]), .text("Then I won't."),
        .text("Still here."),
      ],
      directory: "/sys/kernel")
    let app = house.open()
    try await app.expect(.ready).say("make a file").expect("Then I won't.").expect(.ready)
    let output = house.model.requests[1]["input"]?.arrayValue?.compactMap { $0["output"]?.stringValue }.first
    #expect(
      output?.contains("/sys/kernel/letters.txt is no file on a disk") == true, "\(output ?? "")\n\(app.text)"
    )
    try await app.say("more").expect("Still here.").expect(.ready)
    try await app.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test(
    "a state folder that is a file, or lies where nothing can be made: a warning, and the thread works unsaved"
  )
  func noState() async throws {
    let folder = TempDirectory("journey-state")
    for state in [folder.write("state", "not a folder"), "/proc/stet-state"] {
      let house = House([.text("It works."), .text("Still.")], state: state)
      let app = house.open()
      try await app.expect("The thread can't be saved").expect(.ready)
      try await app.say("hello").expect("It works.").expect(.ready)
      try await app.say("more").expect("Still.").expect("It works.").expect(.ready)
      try await app.quit()
      #expect(house.model.invariantViolations.map(\.description) == [])
    }
  }

  @Test("damaged drafts are put aside, said, and never written over") func damagedDrafts() async throws {
    let house = House([.text("It works.")])
    house.home.write("drafts.json", "{\"half")
    let app = house.open()
    try await app.expect("is damaged").expect(.ready).say("hello").expect("It works.").expect(.ready)
    app.type("unsent")
    try await app.expect("unsent")
    _ = try await eventually("the draft is kept") {
      house.home.names("drafts").first { $0.hasSuffix(".json") }
    }
    try await app.press("c", .ctrl).quit()
    #expect(house.home.text("drafts.json.damaged") == "{\"half")
  }

  @Test("a thread whose last line is torn: it says so, shows the rest, and goes on") func tornThread()
    async throws
  {
    let house = House([.text("Saved words."), .text("More words.")])
    let app = house.open()
    try await app.expect(.ready).say("remember this").expect("Saved words.").expect(.ready)
    try await app.quit()
    let log = try #require(Self.logs(in: house.home, "threads").first)
    let bytes = try #require(house.home.bytes(log))
    house.home.write(log, bytes: bytes + Array(#"{"ordinal":99,"ty"#.utf8), mode: 0o600)

    let again = house.open(.resumeLast)
    try await again.expect("remember this").expect("Saved words.").expect("was cut off").expect(.ready)
    try await again.say("and this").expect("More words.").expect(.ready)
    try await again.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("a broken config.toml: line and column on the screen, no crash; once mended a thread can be started")
  func brokenConfiguration() async throws {
    let house = House([.text("Mended.")])
    let good = try #require(house.home.text("config.toml"))
    house.home.write("config.toml", "model = \"mock-model\"\nsandbox_mode = = 3\n")
    let app = house.open()
    try await app.expect("config.toml:2:")
    house.home.write("config.toml", good)
    app.say("/new")
    try await app.expect(.ready).say("hello").expect("Mended.").expect(.ready)
    try await app.quit()
  }

  /// The thread logs below a folder of the home.
  private static func logs(in home: TempDirectory, _ folder: String) -> [String] {
    home.names(folder).flatMap { name -> [String] in
      let path = folder + "/" + name
      return name.hasSuffix(".jsonl") ? [path] : logs(in: home, path)
    }
  }
}
