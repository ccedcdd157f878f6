import ArgumentParser

/// The starts that nearly everybody makes, read word by word: the interface, `exec` and `app-server` with their usual
/// options.
///
/// ArgumentParser finds the options of every command on the way by reflection, which is more work than all the rest
/// before the first frame. So it is asked only where this answers nil: for other commands, help, abbreviations, rarer
/// options and all that is wrong, about which it alone has words. PlainStartTests hold the two against each other.
enum PlainStart {
  case interface(CommonOptions, prompt: String?)
  case exec(ExecOptions, prompt: String?)
  case appServer(CommonOptions)

  /// - Parameter words: without the program's name.
  init?(_ words: [String]) {
    var reader = PlainWords(words)
    switch words.first {
    case "exec", "e":
      reader.skip()
      self.init(exec: &reader)
    case "app-server":
      reader.skip()
      guard let options = reader.common(), reader.isDone else { return nil }
      self = .appServer(options)
    default:
      guard let options = reader.common(), let prompt = reader.prompt(besides: StetCommand.configuration)
      else { return nil }
      self = .interface(options, prompt: prompt.text)
    }
  }

  private init?(exec reader: inout PlainWords) {
    guard let options = reader.exec(), let prompt = reader.prompt(besides: ExecCommand.configuration) else {
      return nil
    }
    do { try options.validate() } catch { return nil }
    self = .exec(options, prompt: prompt.text)
  }

  /// What the command of that name would do.
  func run() throws {
    switch self {
    case .interface(let options, let prompt):
      try InterfaceRun(
        surroundings: options.surroundings(), overrides: options.threadOverrides, launch: .new(prompt: prompt)
      ).run()
    case .exec(let options, let prompt): try ExecRun(options: options, task: .start, prompt: prompt).run()
    case .appServer(let options): try AppServerCommand.serveStandardStreams(options)
    }
  }
}

/// The words of a command line: options first, then at most one that is none.
private struct PlainWords {
  /// A prompt, or that there is none.
  struct Prompt {
    let text: String?
  }

  private var rest: ArraySlice<String>

  init(_ words: [String]) { rest = words[...] }

  var isDone: Bool { rest.isEmpty }

  mutating func skip() { rest = rest.dropFirst() }

  /// The options up to the first word that is none; nil if one is not among them, or wants another value.
  mutating func common() -> CommonOptions? {
    var options = CommonOptions.none
    while let name = rest.first, name.hasPrefix("-") {
      skip()
      guard let value = plain(), options.take(name, value) else { return nil }
    }
    return options
  }

  mutating func exec() -> ExecOptions? {
    var options = ExecOptions.none
    var common = CommonOptions.none
    while let name = rest.first, name.hasPrefix("-") {
      skip()
      if options.take(name) { continue }
      guard let value = plain(), common.take(name, value) else { return nil }
    }
    options.common = common
    return options
  }

  /// The last word; nil if more follow, or if it is a command below this one.
  mutating func prompt(besides configuration: CommandConfiguration) -> Prompt? {
    if isDone { return Prompt(text: nil) }
    guard let text = plain(), isDone, text != "help",
      !configuration.subcommands.contains(where: {
        $0._commandName == text || $0.configuration.aliases.contains(text)
      })
    else { return nil }
    return Prompt(text: text)
  }

  /// A word that can't be taken for an option.
  private mutating func plain() -> String? {
    guard let word = rest.first, !word.isEmpty, !word.hasPrefix("-") else { return nil }
    skip()
    return word
  }
}

extension CommonOptions {
  /// Nothing is chosen. (What ArgumentParser has not read can't be read.)
  fileprivate static var none: CommonOptions {
    var options = CommonOptions()
    options.model = nil
    options.directory = nil
    options.sandbox = nil
    options.approval = nil
    options.config = []
    return options
  }

  /// Sets an option; false for another name, a value that is none of its values, and a second one.
  fileprivate mutating func take(_ name: String, _ value: String) -> Bool {
    switch name {
    case "-m", "--model":
      guard model == nil else { return false }
      model = value
    case "-C", "--cd":
      guard directory == nil else { return false }
      directory = value
    case "-s", "--sandbox":
      guard sandbox == nil, let choice = SandboxChoice(rawValue: value) else { return false }
      sandbox = choice
    case "-a", "--ask-for-approval":
      guard approval == nil, let choice = ApprovalChoice(rawValue: value) else { return false }
      approval = choice
    case "-c", "--config": config.append(value)
    default: return false
    }
    return true
  }
}

extension ExecOptions {
  fileprivate static var none: ExecOptions {
    var options = ExecOptions()
    options.common = .none
    options.profile = nil
    options.json = false
    options.answerFile = nil
    options.outputSchema = nil
    options.images = []
    options.writableDirectories = []
    options.timeout = nil
    options.ephemeral = false
    options.fullAuto = false
    options.bypass = false
    options.skipGitRepoCheck = false
    options.color = .auto
    return options
  }

  /// Sets a flag; false for another name.
  fileprivate mutating func take(_ name: String) -> Bool {
    switch name {
    case "--json": json = true
    case "--ephemeral": ephemeral = true
    case "--full-auto": fullAuto = true
    case "--dangerously-bypass-approvals-and-sandbox", "--yolo": bypass = true
    case "--skip-git-repo-check": skipGitRepoCheck = true
    default: return false
    }
    return true
  }
}
