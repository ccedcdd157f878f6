import FoundationEssentials
import Glibc
import Logging
import StetConfig
import Synchronization

/// The log of a run: a file in the state directory, never the terminal. Lines are cut, the file is capped.
final class LogFile: Sendable {
  /// A run that logs more has a defect that the first part shows.
  private static let byteLimit = 8 << 20
  /// A longer line is no message but data.
  static let lineLimit = 2_000
  /// Runs whose logs are kept.
  private static let fileLimit = 20

  private struct State {
    var descriptor: Int32
    var written = 0
  }

  private let state: Mutex<State>

  private init(descriptor: Int32) { state = Mutex(State(descriptor: descriptor)) }

  deinit { state.withLock { _ = close($0.descriptor) } }

  /// A logger that writes to a new file of `home`, or nowhere when that can't be made: a read-only state directory is
  /// reported where it matters, by the thread that can't be kept.
  static func logger(home: StetHome, label: String) -> Logger {
    guard let file = open(in: home.logsDirectory) else {
      return Logger(label: label, factory: { _ in SwiftLogNoOpLogHandler() })
    }
    return Logger(label: label) { label in Handler(file: file, label: label) }
  }

  private static func open(in directory: String) -> LogFile? {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      return nil
    }
    removeOld(in: directory)
    let name = "\(Int(time(nil)))-\(getpid()).log"
    let descriptor = Glibc.open(directory + "/" + name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    return descriptor < 0 ? nil : LogFile(descriptor: descriptor)
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
      guard state.written + bytes.count <= Self.byteLimit else { return }
      state.written += bytes.count
      // A full disk must not stop the program; the log then ends here.
      _ = Glibc.write(state.descriptor, bytes, bytes.count)
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
