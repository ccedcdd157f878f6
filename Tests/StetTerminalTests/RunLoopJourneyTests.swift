import Glibc
import StetTerminal
import StetTestSupport
import StetText
import StetUI
import Synchronization
import Testing

/// The loop on a thread of its own with a test terminal, as journeys use it.
@Suite struct RunLoopJourneyTests {
  final class App: Sendable {
    let terminal = TestTerminal(size: Size(columns: 60, rows: 4))
    let mailbox = Mailbox<Event>()
    let performed = Mutex<[String]>([])
    let ended = Gate()

    init(_ effects: [String: Effect] = [:], environment: [String: String] = [:]) {
      final class Box {
        let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body }
      }
      let (terminal, mailbox, ended) = (terminal, mailbox, ended)
      let note: @Sendable (String) -> Void = { [weak self] text in
        self?.performed.withLock { $0.append(text) }
      }
      let context = Unmanaged.passRetained(
        Box {
          var toy = RunLoopTests.Toy()
          toy.effects = effects
          _ = RunLoop(
            terminal: terminal, state: toy, mailbox: mailbox, environment: environment,
            perform: { note("\($0)") }
          ).run()
          ended.open()
        }
      ).toOpaque()
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        { context in
          if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
          return nil
        }, context)
      pthread_detach(thread)
    }

    func quit() async {
      terminal.send(.hangup)
      await ended.opened()
    }
  }

  @Test func keysAndMessagesReachTheScreen() async throws {
    let app = App()
    app.terminal.type("ab").press(.enter)
    try await app.terminal.expect("a b enter")
    app.mailbox.post(.notice("from elsewhere"))
    try await app.terminal.expect("enter notice from elsewhere")
    try await app.terminal.idle()
    app.terminal.resize(columns: 30, rows: 3)
    try await app.terminal.expect("the new size") { $0.count == 3 }
    await app.quit()
    #expect(app.terminal.isClosed)
    #expect(!app.mailbox.post(.tick))
  }

  @Test func terminalEffectsAreDoneByTheLoop() async throws {
    let app = App([
      "z": .suspend, "!": .attention("done"), "c": .copy("text"), "d": .startDemo, "m": .mouse(false),
      "s": .dump(["one", "two"]),
    ])
    app.terminal.type("z!cdms")
    try await app.terminal.expect("copied: sent to the terminal's clipboard")
    #expect(app.terminal.suspensions == 1)
    #expect(app.terminal.notices == ["done"])
    #expect(app.terminal.copies == ["text"])
    try await app.terminal.idle()
    #expect(!app.terminal.hasMouse)
    #expect(app.terminal.leftBehind == ["one", "two"])
    #expect(app.performed.withLock { $0 } == ["startDemo"])
    await app.quit()
  }

  @Test func theDesktopsClipboardIsUsedWhereThereIsOne() async throws {
    let folder = TempDirectory("stet-clip")
    folder.write("wl-copy", "#!/bin/sh\ncat > '\(folder.path)/taken'\n", mode: 0o755)
    let app = App(
      ["c": .copy("to the desktop")],
      environment: ["PATH": "\(folder.path):/bin:/usr/bin", "WAYLAND_DISPLAY": "wayland-0"])
    app.terminal.type("c")
    try await app.terminal.expect("copied: copied with wl-copy")
    #expect(folder.text("taken") == "to the desktop")
    await app.quit()
  }

  @Test func theEditorsTextComesBack() async throws {
    let folder = TempDirectory("stet-editor")
    let editor = folder.write("editor", "#!/bin/sh\nbasename \"$2\"; echo \"$1\" >> \"$2\"\n", mode: 0o755)
    let effect = Effect.edit(text: "draft ", fileName: "src/draft.md", purpose: .draft)
    let app = App(["e": effect], environment: ["VISUAL": "\(editor) 'two words' > '\(folder.path)/name'"])
    app.terminal.type("e")
    try await app.terminal.expect("edited draft two words")
    #expect(folder.text("name") == "draft.md\n")
    await app.quit()
  }

  @Test func anEditorThatFailsChangesNothing() async throws {
    let effect = Effect.edit(text: "draft", fileName: "draft.md", purpose: .draft)
    let app = App(["e": effect], environment: ["EDITOR": "false"])
    app.terminal.type("e")
    try await app.terminal.expect("edited nothing notice false ended with status 1")
    await app.quit()
  }

  @Test func anUnchangedTextIsNoEdit() async throws {
    let effect = Effect.edit(text: "draft", fileName: "draft.md", purpose: .draft)
    let app = App(["e": effect], environment: ["EDITOR": "true"])
    app.terminal.type("e")
    try await app.terminal.expect("edited nothing")
    await app.quit()
  }
}
