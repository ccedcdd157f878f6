import CPlatform
import Glibc

/// Where the configuration of a repository says that its hooks lie, and what else it reads as configuration: both may be
/// files of the work tree, and are as good as `.git/hooks` and `.git/config` then (agent-core S6).
public enum GitRedirects {
  /// Larger than any that people write.
  private static let configLimit = 64 << 10
  /// Files that include each other.
  private static let fileLimit = 8

  /// Real paths of those places that are there, for the repository whose work tree this is; empty if it is none.
  public static func places(ofWorkTree directory: String) -> [String] {
    let mark = "\(directory)/.git"
    guard let git = isDirectory(mark) ? mark : GitDirectories.target(ofFile: mark) else { return [] }
    var files = ["\(git)/config", "\(git)/config.worktree"]
    // A work tree beside the first shares the configuration of that.
    if let common = contents("\(git)/commondir")?.split(separator: "\n").first {
      files.append(absolute(String(common), in: git) + "/config")
    }
    var places: [String] = []
    var next = 0
    while next < files.count, next < fileLimit {
      let file = files[next]
      next += 1
      guard let text = contents(file) else { continue }
      for (key, value) in settings(in: text) {
        switch key {
        case "core.hookspath": places.append(hooks(absolute(value, in: directory)))
        case "include.path", "includeif.path":
          let included = absolute(value, in: parent(file))
          places.append(included)
          files.append(included)
        default: break
        }
      }
    }
    // The work tree itself would be all of it.
    return places.compactMap(realPath).filter { !isBeneath(directory, $0) }
  }

  /// husky's hooks lie beside the folder that it names.
  private static func hooks(_ path: String) -> String {
    let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
    return trimmed.hasSuffix("/_") ? parent(trimmed) : trimmed
  }

  private static func parent(_ path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  private static func absolute(_ path: String, in directory: String) -> String {
    if path.hasPrefix("~/"), let home = getenv("HOME") { return String(cString: home) + path.dropFirst() }
    return path.hasPrefix("/") ? path : "\(directory)/\(path)"
  }

  private static func contents(_ path: String) -> String? {
    let fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard fd >= 0 else { return nil }
    let file = Descriptor(fd)
    var buffer = [UInt8](repeating: 0, count: configLimit)
    let count = file.withNumber { read($0, &buffer, buffer.count) }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }

  /// Keys as `section.key` in lower case, subsections left out, with their values, as git reads a configuration.
  static func settings(in text: String) -> [(key: String, value: String)] {
    var found: [(key: String, value: String)] = []
    var section = ""
    for line in text.replacing("\\\n", with: "").split(whereSeparator: \.isNewline) {
      var rest = line.drop(while: \.isWhitespace)
      if rest.first == "[" {
        section = String(rest.dropFirst().prefix { $0 != "]" && !$0.isWhitespace && $0 != "\"" && $0 != "." })
          .lowercased()
        guard let end = headerEnd(rest) else { continue }
        rest = rest[end...].drop(while: \.isWhitespace)
      }
      guard let equals = rest.firstIndex(of: "=") else { continue }
      let name = rest[..<equals].filter { !$0.isWhitespace }.lowercased()
      found.append(("\(section).\(name)", value(rest[rest.index(after: equals)...])))
    }
    return found
  }

  /// Behind the `]` that ends a heading; one in quotes does not.
  private static func headerEnd(_ line: Substring) -> Substring.Index? {
    var isQuoted = false
    for index in line.indices {
      if line[index] == "\"" { isQuoted.toggle() }
      if line[index] == "]", !isQuoted { return line.index(after: index) }
    }
    return nil
  }

  /// A value without quotes, escapes, comment and blanks around it.
  private static func value(_ text: Substring) -> String {
    var value = ""
    var isQuoted = false
    var isEscaped = false
    for character in text.drop(while: \.isWhitespace) {
      if isEscaped {
        value.append(character)
        isEscaped = false
        continue
      }
      switch character {
      case "\\": isEscaped = true
      case "\"": isQuoted.toggle()
      case "#" where !isQuoted, ";" where !isQuoted: return trimmed(value)
      default: value.append(character)
      }
    }
    return trimmed(value)
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop(while: \.isWhitespace).reversed())
  }
}
