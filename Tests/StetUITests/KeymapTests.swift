import StetTestSupport
import Testing

@testable import StetUI

@Suite struct KeymapTests {
  @Test("U26: no context binds a key twice")
  func u26_noDuplicates() {
    for context in KeyContext.allCases {
      let keys = Keymap.standard.bindings(in: context).flatMap(\.keys)
      let repeated = Dictionary(grouping: keys, by: \.self).filter { $1.count > 1 }.keys
      #expect(repeated.isEmpty, "\(context): \(repeated.map(\.description))")
    }
  }

  @Test("U26: every context has bindings, words and a title")
  func u26_complete() {
    for context in KeyContext.allCases {
      #expect(!Keymap.standard.bindings(in: context).isEmpty, "\(context)")
      #expect(!context.title.isEmpty)
    }
    for binding in Keymap.standard.bindings {
      #expect(!binding.words.isEmpty)
      #expect(!binding.keys.isEmpty)
    }
  }

  @Test("U26: every action has a binding, and its name is unique")
  func u26_actionsReachable() {
    let bound = Set(Keymap.standard.bindings.map(\.action.name))
    var all: [String] = []
    all += EditCommand.allCases.map { Action.edit($0).name }
    all += AppCommand.allCases.map { Action.app($0).name }
    all += ComposerCommand.allCases.map { Action.composer($0).name }
    all += ViCommand.allCases.map { Action.vi($0).name }
    all += PopupCommand.allCases.map { Action.popup($0).name }
    all += TranscriptCommand.allCases.map { Action.transcript($0).name }
    all += PromptCommand.allCases.map { Action.prompt($0).name }
    all += FieldCommand.allCases.map { Action.field($0).name }
    all += ReviewCommand.allCases.map { Action.review($0).name }
    all += ReviewConfirmCommand.allCases.map { Action.reviewConfirm($0).name }
    all += ReviewFilesCommand.allCases.map { Action.reviewFiles($0).name }
    all += ListCommand.allCases.map { Action.list($0).name }
    all += QueueCommand.allCases.map { Action.queue($0).name }
    all += UndoCommand.allCases.map { Action.undo($0).name }
    all += CompactCommand.allCases.map { Action.compact($0).name }
    all += PageCommand.allCases.map { Action.page($0).name }
    all += PermissionsCommand.allCases.map { Action.permissions($0).name }
    all += OutsideCommand.allCases.map { Action.outside($0).name }
    #expect(Set(all).count == all.count)
    #expect(Set(all).subtracting(bound).isEmpty, "without a key: \(Set(all).subtracting(bound))")
  }

  @Test(
    "U26: no binding is dead: each changes the picture or asks for something", arguments: KeyContext.allCases)
  func u26_noDeadBinding(_ context: KeyContext) {
    for binding in Keymap.standard.bindings(in: context) {
      for key in binding.keys {
        let works = Samples.sessions(for: context).contains { sample in
          var session = sample
          _ = session.frame()
          guard session.state.contexts.contains(context), binding.unavailable(session.state) == nil else {
            return false
          }
          let before = Samples.fingerprint(&session)
          session.press(key)
          return Samples.fingerprint(&session) != before
        }
        #expect(works, "\(context): \(key) (\(binding.action.name)) does nothing in any sample")
      }
    }
  }

  @Test("U26: the help names every key and says why one is unavailable")
  func u26_helpIsTheTable() {
    var session = Session.open(160, 420)
    session.press(Key("?"))
    let screen = session.screen()
    for binding in Keymap.standard.bindings {
      #expect(screen.contains(binding.words.prefix(30)), "\(binding.action.name)")
    }
    #expect(screen.contains("(now: no question is open)"))
    for command in SlashCommand.allCases { #expect(screen.contains("/" + command.rawValue)) }
  }

  @Test("U26: the footer shows only keys that work now")
  func u26_footer() {
    var session = Session.open()
    #expect(!session.shows("queue"))
    session.type("hello")
    #expect(session.shows("enter send"))
    #expect(!session.shows("tab queue"))
  }

  @Test("U26: a key that does not work says why")
  func u26_reason() {
    var session = Session.open()
    session.press(.ctrl("x"))
    #expect(session.shows("no question is open"))
  }

  @Test func keysHaveWords() {
    #expect(Key.ctrl("x").description == "ctrl-x")
    #expect(Key(.enter, .shift).description == "shift-enter")
    #expect(Key(" ").description == "space")
    #expect(Key(.f(1)).description == "f1")
  }
}
