import FoundationEssentials
import Glibc
import StetJSON
import StetProcess
import StetTestSupport
import Testing

/// A shell on a PTY, seen through pyte: a terminal emulator from the package index that shares no line with stet. It and
/// the PTY live in `Scripts/pyte-terminal.py`; `Scripts/setup-pyte.sh`, a part of `make test`, brings the package.
actor Emulator {
  /// Where the package is; nil where it could not be had.
  static let package: String? = {
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? (environment["HOME"] ?? "")
      + "/.cache"
    let folder = environment["STET_PYTE"].flatMap { $0.isEmpty ? nil : $0 } ?? cache + "/stet-test-pyte/0.8.2"
    let files = FileManager.default
    // The shell of the journeys has these folders on its path.
    let hasPython = ["/usr/local/bin", "/usr/bin", "/bin"].contains {
      files.isExecutableFile(atPath: $0 + "/python3")
    }
    return hasPython && files.fileExists(atPath: folder + "/pyte/__init__.py") ? folder : nil
  }()

  static let skipReason: Comment = "pyte is not there: Scripts/setup-pyte.sh says why"

  /// What the emulator shows.
  struct Seen: Sendable {
    var rows: [String]
    var cursor: (x: Int, y: Int)
    /// The text of the cursor's row up to the cursor, as the emulator's own cells have it.
    var before: String
    /// Bytes that the terminal was sent so far.
    var bytes: Int
    /// Bytes that the program has not read yet.
    var waiting: Int
    /// Each cell's text, where it was asked for; "" for the right half of a wide one.
    var cells: [[String]]
    var text: String { rows.joined(separator: "\n") }
  }

  private let session: ProcessSession
  private let answers = Watched(Answers())
  private var reading: Task<Void, Never>?
  private struct Answers: Sendable {
    var bytes: [UInt8] = []
    var hasEnded = false
  }

  private static let patience = Duration.seconds(180)

  /// - Parameter ambiguousIsWide: the emulator gives characters of ambiguous width two columns.
  init(
    _ house: House, columns: Int, rows: Int, ambiguousIsWide: Bool = false, _ more: [String: String] = [:]
  ) throws {
    let package = try #require(Self.package)
    let script = "\(#filePath)".split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
    var environment = Program.environment(home: house.home, more)
    environment["PYTHONPATH"] = package
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    let wide = ambiguousIsWide ? ["--ambiguous-wide"] : []
    session = try ProcessSession.start(
      Command(
        argv: ["python3", script + "/Scripts/pyte-terminal.py", "\(columns)", "\(rows)"] + wide
          + ["/bin/bash", "--norc", "--noprofile", "--noediting", "-i"],
        cwd: house.work.path, environment: environment, stdin: .pipe))
    reading = Task { [session, answers] in
      for await event in session.events {
        guard case .output(let bytes) = event else { continue }
        answers.change { $0.bytes += bytes }
      }
      answers.change { $0.hasEnded = true }
    }
  }

  deinit { session.signal(SIGKILL) }

  func type(_ text: String) async throws { try await ask(["do": "type", "text": .string(text)]) }

  /// Types a line and enter.
  func run(_ line: String) async throws { try await type(line + "\r") }

  /// A bracketed paste of many equal lines.
  func paste(_ line: String, count: Int) async throws {
    try await ask(["do": "paste", "line": .string(line), "count": .int(Int64(count))])
  }

  func resize(columns: Int, rows: Int) async throws {
    try await ask(["do": "resize", "columns": .int(Int64(columns)), "rows": .int(Int64(rows))])
  }

  /// Random sizes from 20 × 4 to 300 × 60, one after the other.
  func storm(_ count: Int, seed: Int) async throws {
    try await ask(["do": "storm", "count": .int(Int64(count)), "seed": .int(Int64(seed)), "wait": 0.001])
  }

  /// Sends a signal to what runs in the foreground.
  func killForeground(_ signal: Int32) async throws {
    try await ask(["do": "kill", "signal": .int(Int64(signal))])
  }

  func cells() async throws -> Seen { try await ask(["do": "show", "cells": true]) }

  /// Waits until the emulator shows every one of the texts.
  @discardableResult
  func expect(_ texts: String...) async throws -> Seen {
    try await expect("\(texts)") { seen in texts.allSatisfy { seen.text.contains($0) } }
  }

  @discardableResult
  func expect(_ what: String, _ isMet: (Seen) -> Bool) async throws -> Seen {
    let clock = ContinuousClock()
    let end = clock.now + Self.patience
    while true {
      let seen = try await ask(["do": "show"])
      if isMet(seen) { return seen }
      guard clock.now < end else {
        throw Failure(
          description: "waited in vain for \(what); cursor \(seen.cursor); the screen:\n\(seen.text)")
      }
      // The emulator tells nobody that its picture has changed.
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  func end() async { _ = await session.terminate(grace: .zero) }

  struct Failure: Error, CustomStringConvertible { let description: String }

  @discardableResult
  private func ask(_ command: JSONValue) async throws -> Seen {
    _ = session.write(Array((command.text + "\n").utf8))
    guard await answers.until({ $0.hasEnded || $0.bytes.contains(0x0A) }) else {
      throw Failure(description: "the emulator does not answer")
    }
    let line = answers.value.bytes.prefix { $0 != 0x0A }
    answers.change { $0.bytes.removeFirst(min($0.bytes.count, line.count + 1)) }
    guard let answer = try? JSONValue(parsing: String(decoding: line, as: UTF8.self)), answer["rows"] != nil
    else {
      throw Failure(description: "no answer: " + String(decoding: line, as: UTF8.self))
    }
    func numbers(_ key: String) -> [Int] { (answer[key]?.arrayValue ?? []).compactMap(\.intValue) }
    func strings(_ value: JSONValue?) -> [String] { (value?.arrayValue ?? []).compactMap(\.stringValue) }
    let cursor = numbers("cursor")
    return Seen(
      rows: strings(answer["rows"]), cursor: (cursor.first ?? -1, cursor.last ?? -1),
      before: answer["before"]?.stringValue ?? "", bytes: answer["bytes"]?.intValue ?? 0,
      waiting: answer["waiting"]?.intValue ?? 0,
      cells: (answer["cells"]?.arrayValue ?? []).map { strings($0) })
  }
}
