import FoundationEssentials
import Glibc
import Logging
import StetConfig
import Synchronization

/// The log of a run: a file in the state directory, never the terminal. Lines are cut, the file is capped, and there is
/// none before the first line.
final class LogFile: Sendable {
  /// A run that logs more has a defect that the first part shows.
  private static let byteLimit = 8 << 20
  /// A longer line is no message but data.
  static let lineLimit = 2_000
  /// Runs whose logs are kept.
  private static let fileLimit = 20

  private enum Output {
    case unopened
    case file(descriptor: Int32)
    /// It can't be made. A read-only state directory is reported where it matters, by the thread that can't be kept.
    case nowhere
  }

  private struct State {
    var output = Output.unopened
    var written = 0
  }

  private let directory: String
  private let state = Mutex(State())

  private init(directory: String) { self.directory = directory }

  deinit {
    state.withLock { if case .file(let descriptor) = $0.output { close(descriptor) } }
  }

  /// A logger that writes to a new file of `home`.
  static func logger(home: StetHome, label: String) -> Logger {
    let file = LogFile(directory: home.logsDirectory)
    return Logger(label: label) { label in Handler(file: file, label: label) }
  }

  private static func open(in directory: String) -> Output {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      return .nowhere
    }
    removeOld(in: directory)
    let name = "\(Int(time(nil)))-\(getpid()).log"
    let descriptor = Glibc.open(directory + "/" + name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    return descriptor < 0 ? .nowhere : .file(descriptor: descriptor)
  }

  private static func removeOld(in directory: String) {
    // What can't be listed or removed is left: logs are a convenience.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    let logs = names.filter { $0.hasSuffix(".log") }.sorted()
    for name in logs.dropLast(fileLimit) { unlink(directory + "/" + name) }
  }

  private func write(_ line: String) {
    let bytes = Array((String(line.prefix(Self.lineLimit)) + "\n").utf8)
    state.withLock { state in
      if case .unopened = state.output { state.output = Self.open(in: directory) }
      guard case .file(let descriptor) = state.output, state.written + bytes.count <= Self.byteLimit else {
        return
      }
      state.written += bytes.count
      // A full disk must not stop the program; the log then ends here.
      _ = Glibc.write(descriptor, bytes, bytes.count)
    }
  }

  private struct Handler: LogHandler {
    let file: LogFile
    let label: String
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      file.write("\(Int(time(nil))) \(event.level) \(label): \(event.message)")
    }
  }
}
