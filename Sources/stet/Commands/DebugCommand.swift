import ArgumentParser
import FoundationEssentials
import Glibc
import StetConfig
import StetWorkspace

/// `stet debug`: single rooms of the program, for scripts and tests.
struct DebugCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "debug", abstract: "Single parts of stet, for scripts.",
    subcommands: [ApplyPatch.self, Models.self, DebugSnapshotsCommand.self])

  struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "models",
      abstract: "Print the built-in table of providers and models, which models.toml extends.")

    func run() { print(EmbeddedModels.text, terminator: "") }
  }

  struct ApplyPatch: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "apply-patch",
      abstract: "Apply a patch from standard input in this directory, all or nothing.")

    func run() throws {
      do {
        for line in try Self.apply(try StandardInput.readAll()) { print(line) }
      } catch {
        StandardError.print("\(error)")
        throw ExitCode.failure
      }
    }

    /// The lines that tell what was done.
    private static func apply(_ patch: [UInt8]) throws -> [String] {
      let workspace = try Workspace(root: ".")
      let proposal = try PatchApplier.propose(
        PatchParser.parse(patch), tree: WorkspacePatchTree(workspace: workspace))
      var proposals = try ProposalSet(proposal.changes)
      proposals.decideAll(.accept)
      let state = try Surroundings().home.stateDirectory
      // The caller is the user: a patch of their own may name any path.
      let transaction = WriteTransaction(roots: ["/"], journalDirectory: state + "/journal")
      // What one that was killed left half done.
      _ = try transaction.recover()
      try transaction.commit(proposals.plannedWrites())
      return ["Success. Updated the following files:"] + proposal.summary.map { "\($0.letter) \($0.path)" }
    }
  }
}

/// Standard input as bytes.
enum StandardInput {
  /// Reads to the end of file; throws what the system says.
  static func readAll() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw ValidationError("standard input can't be read: \(String(cString: strerror(errno)))")
      }
      bytes += chunk.prefix(count)
    }
  }
}
