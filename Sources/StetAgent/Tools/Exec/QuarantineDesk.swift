import FoundationEssentials
import StetProcess
import StetProtocol
import Synchronization

/// What commands of a thread left at protected paths and nobody has decided about yet (S6). The user is asked at the end
/// of the call that finds it, or of the next one where the command ran on in the background. Safe from any thread.
final class QuarantineDesk: Sendable {
  /// Questions of one request; what is beyond stays in quarantine, as its warning says.
  static let questionLimit = 3

  private let open = Mutex<[QuarantinedPath]>([])

  init() {}

  func add(_ found: [QuarantinedPath]) {
    let stored = found.filter { $0.stored != nil }
    guard !stored.isEmpty else { return }
    open.withLock { open in
      open += stored
      if open.count > Self.questionLimit { open.removeFirst(open.count - Self.questionLimit) }
    }
  }

  private enum Choice: String, CaseIterable {
    case keep = "Leave it in quarantine"
    case restore = "Put it back"
    case delete = "Delete it"

    var words: String {
      switch self {
      case .keep: "nothing uses it there"
      case .restore: "it takes effect, and commands still can't change it"
      case .delete: "for good"
      }
    }
  }

  /// Asks about what is there, where a client of stet listens and may be asked; others have the warning with the path.
  /// What the model is told of the answers, one line each.
  func settle(_ sandbox: SandboxChoice, _ context: ToolContext) async -> [String] {
    guard context.settings.approvalPolicy.mayAskForCommands, context.approvals.hasHunkReview else {
      return []
    }
    let found = open.withLock { open in
      defer { open = [] }
      return open
    }
    guard !found.isEmpty else { return [] }
    let questions = found.enumerated().map { index, path in
      ToolRequestUserInputQuestion(
        id: "quarantine_\(index + 1)", header: "Quarantine",
        question: "A command made \(path.original), which could run code or grant rights. It was moved to "
          + "\(path.stored ?? "?"). What is to become of it?",
        isOther: false,
        options: Choice.allCases.map { ToolRequestUserInputOption(label: $0.rawValue, description: $0.words) }
      )
    }
    let answer = await context.approvals.ask(
      .toolRequestUserInput(
        ToolRequestUserInputParams(
          threadId: context.threadId, turnId: context.turnId, itemId: "quarantine-\(ThreadIds.random())",
          questions: questions, isBlocking: true)), waiting: .userInput,
      absenceMs: RequestUserInputTool.absenceMs)
    guard case .answered(let value) = answer else { return [] }
    var told: [String] = []
    for (index, path) in found.enumerated() {
      let chosen = value["answers"]?["quarantine_\(index + 1)"]?["answers"]?[0]?.stringValue
      told.append(await act(chosen.flatMap(Choice.init(rawValue:)) ?? .keep, path, sandbox, context))
    }
    return told
  }

  private func act(
    _ choice: Choice, _ path: QuarantinedPath, _ sandbox: SandboxChoice, _ context: ToolContext
  ) async -> String {
    do {
      switch choice {
      case .keep:
        return "\(path.original) is a protected path: it was moved away, and the user left it there."
      case .restore:
        try await sandbox.restore(path)
        return "\(path.original) is a protected path: the user looked at it and put it back."
      case .delete:
        if let stored = path.stored { try FileManager.default.removeItem(atPath: stored) }
        return "\(path.original) is a protected path: the user had it deleted."
      }
    } catch {
      context.items.warn("\(path.original) stays in quarantine at \(path.stored ?? "?"): \(error)")
      return "\(path.original) is a protected path: it was moved away."
    }
  }
}

extension ToolContext {
  var quarantineDesk: QuarantineDesk { threadMemory.value { QuarantineDesk() } }
}
