import Glibc
import StetProcess

/// Programs that a script would find in places which commands of the sandbox may write: one that was put there would
/// run outside in the name of the program that the user agreed to.
enum PlantedPrograms {
  /// What the shell would run for each command of a script that comes from such a place, or may, since PATH names it
  /// relative to a directory that the script can choose.
  ///
  /// - Parameters:
  ///   - path: the PATH that the script is to run with.
  ///   - roots: real paths that commands may write.
  static func found(in script: ShellScript, path: String?, below roots: [String]) -> [String] {
    let entries = (path ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    var seen: Set<String> = []
    return script.commands.compactMap(\.first).filter {
      !$0.utf8.contains(UInt8(ascii: "/")) && seen.insert($0).inserted
    }
    .compactMap { planted($0, entries, roots) }
  }

  private static func planted(_ name: String, _ entries: [String], _ roots: [String]) -> String? {
    for entry in entries {
      guard entry.hasPrefix("/") else { return "\(entry.isEmpty ? "." : entry)/\(name)" }
      let candidate = "\(entry)/\(name)"
      guard access(candidate, X_OK) == 0 else { continue }
      let real = RealPath.of(candidate)
      return roots.contains { isInside(real, $0) || isInside(RealPath.of(entry), $0) } ? candidate : nil
    }
    return nil
  }

  private static func isInside(_ path: String, _ directory: String) -> Bool {
    let prefix = directory == "/" ? "/" : directory + "/"
    return path.utf8.starts(with: prefix.utf8) || path.utf8.elementsEqual(directory.utf8)
  }
}
