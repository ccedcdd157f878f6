import ArgumentParser
import FoundationEssentials
import Glibc
import StetAgent
import StetProcess
import StetProtocol
import StetText
import StetUI
import StetWorkspace
import Synchronization

/// Where a difference comes from: what the screen shows of it, and its text for a pipe.
struct DiffSource {
  let diff: ViewedDiff
  /// Made when it is asked for: the screen needs none.
  var text: [UInt8] { get throws { try makeText() } }
  private let makeText: () throws -> [UInt8]

  /// A patch or a file beyond this is no reading matter; it would be held several times in memory.
  static let byteLimit = 256 << 20
  /// Names of filters in a repository's configuration; some hundred bytes in an honest one.
  private static let filterLimit = 1 << 20

  private init(diff: ViewedDiff, text: @escaping () throws -> [UInt8]) {
    (self.diff, makeText) = (diff, text)
  }

  // MARK: Two files

  init(_ old: String, _ new: String) throws {
    if Self.isDirectory(old), Self.isDirectory(new) {
      try self.init(git: ["--no-index", "--", old, new], title: "\(old) and \(new)", mayDiffer: true)
      return
    }
    let (base, proposed) = (try Self.read(old), try Self.read(new))
    let isBinary = [base, proposed].contains { $0.prefix(8_000).contains(0) }
    // The name that tells the language: git gives the old side a temporary file's.
    let name = new == "/dev/null" ? old : new
    var files: [ViewedDiff.File] = []
    if base != proposed {
      do throws(WorkspaceError) {
        files =
          isBinary
          ? [ViewedDiff.File(path: name, diff: FileDiff(isBinary: true))]
          : [try ViewedDiff.File(path: name, base: base, proposed: proposed)]
      } catch { throw DiffFault("\(error)") }
    }
    self.init(diff: ViewedDiff(title: "\(old) and \(new)", files: files)) {
      guard base != proposed else { return [] }
      if isBinary { return Array("Binary files \(old) and \(new) differ\n".utf8) }
      let hunks = try unifiedDiff(old: base, new: proposed)
      return Array("--- \(old)\n+++ \(new)\n\(hunks)".utf8)
    }
  }

  // MARK: A patch

  init(patchFrom descriptor: Int32) throws {
    try self.init(patch: Self.readAll(descriptor, "standard input"), title: "patch")
  }

  /// Reads a unified diff, also one in git's colours; text that is no diff shows no files.
  init(patch bytes: [UInt8], title: String) {
    let isColoured = bytes.withUnsafeBytes {
      $0.baseAddress.map { memchr($0, 0x1B, bytes.count) != nil } == true
    }
    let plain = isColoured ? Array(Sanitizer.plain(String(decoding: bytes, as: UTF8.self)).utf8) : bytes
    let files = FileDiff.parse(unified: plain).map { file in
      let path = file.oldPath ?? file.path ?? "?"
      let isMoved = file.path != nil && file.oldPath != nil && file.path != file.oldPath
      return ViewedDiff.File(path: path, movePath: isMoved ? file.path : nil, diff: file)
    }
    self.init(diff: ViewedDiff(title: title, files: files)) { bytes }
  }

  // MARK: Git

  /// What `git diff` says. Drivers and colours of the user's configuration are left out: the text is read by a program.
  /// Nor does anything run that the repository configures (S12); filters of the user's own configuration do, without
  /// which every file of theirs would differ.
  init(git arguments: [String], title: String, mayDiffer: Bool = false) throws {
    let environment = ProcessInfo.processInfo.environment
    let directory = FileManager.default.currentDirectoryPath
    @Sendable func git(_ arguments: [String], without filters: [GitGuards.Filter] = []) -> Command {
      Command(
        argv: ["git"] + GitGuards.options + arguments, cwd: directory,
        environment: GitGuards.environment(environment, without: filters), errors: .separate)
    }
    let outcome: Result<ProcessResult?, ProcessError> = Blocking.run {
      do throws(ProcessError) {
        let list = try await ProcessSession.run(git(GitGuards.listFilters), outputLimit: Self.filterLimit)
        // 1: there are none. Outside of a repository there are those of the user.
        guard list.status.isSuccess || list.status.code == 1, !list.truncated,
          let filters = GitGuards.filters(in: list.output)
        else { return .success(nil) }
        let command = git(
          ["--no-pager", "diff", "--find-renames"] + GitGuards.diffOptions + arguments,
          without: filters.filter(\.isRepositorys))
        return .success(try await ProcessSession.run(command, outputLimit: Self.byteLimit))
      } catch {
        return .failure(error)
      }
    }
    let result: ProcessResult
    switch outcome {
    case .success(let done?): result = done
    case .success(nil):
      throw DiffFault(
        "the filters of this repository could not be read (git config --get-regexp '^filter'), so git was not asked: "
          + "they are programs that it would run")
    case .failure(let error): throw DiffFault("git could not be started: \(error)")
    }
    guard result.status.isSuccess || mayDiffer && result.status.code == 1 else {
      throw DiffFault(String(decoding: result.errorOutput.prefix(2_000), as: UTF8.self))
    }
    self.init(patch: result.output, title: title)
  }

  // MARK: A thread

  /// What a turn, or the whole thread, changed in the files, as they are now. The thread may be at work in another
  /// process.
  init(thread name: String?, isWhole: Bool) throws {
    let found = Mutex<(directory: String, files: [StetSnapshotFileDiff])>(("", []))
    try SessionsClient.run { client in
      let thread =
        if let name { try await client.thread(named: name) } else { try await Self.newest(client) }
      guard let from = try await Self.snapshot(of: thread.id, isFirst: isWhole, client) else {
        return StandardError.print("stet: no turn of the thread \(thread.id) has changed a file")
      }
      let answer = try await client.client.call(StetSnapshotDiffParams(threadId: thread.id, from: from))
      found.withLock { $0 = (thread.cwd, answer.files) }
      if answer.files.isEmpty {
        StandardError.print("stet: nothing differs: what was changed is as it was before")
      }
      guard answer.truncated else { return }
      StandardError.print("stet: these are the first \(answer.files.count) files; there are more")
    }
    let (directory, files) = found.withLock { $0 }
    var text = ""
    let shown = files.map { file in
      let path =
        file.path.hasPrefix(directory + "/") ? String(file.path.dropFirst(directory.count + 1)) : file.path
      let diff = file.binary || file.tooLarge ? FileDiff(isBinary: true) : FileDiff.parse(hunks: file.diff)
      text += Self.patch(of: file, path)
      return ViewedDiff.File(path: path, diff: diff)
    }
    let whole = Array(text.utf8)
    let title = isWhole ? "since the thread began" : "since the last turn"
    self.init(diff: ViewedDiff(title: title, files: shown)) { whole }
  }

  private static func patch(of file: StetSnapshotFileDiff, _ path: String) -> String {
    let old = file.kind == "add" ? "/dev/null" : "a/" + path
    let new = file.kind == "delete" ? "/dev/null" : "b/" + path
    if file.binary { return "Binary files \(old) and \(new) differ\n" }
    if file.tooLarge { return "Files \(old) and \(new) differ, and are too large to be compared here\n" }
    return "--- \(old)\n+++ \(new)\n" + file.diff
  }

  /// The newest snapshot, or the first one; nil for a thread that changed nothing.
  private static func snapshot(
    of thread: String, isFirst: Bool, _ client: SessionsClient
  ) async throws -> String? {
    var found: String?
    var cursor: String?
    repeat {
      let page = try await client.client.call(
        StetSnapshotListParams(threadId: thread, cursor: cursor, limit: isFirst ? 200 : 1))
      found = page.data.last?.snapshotId ?? found
      cursor = isFirst ? page.nextCursor : nil
    } while cursor != nil
    return found
  }

  private static func newest(_ client: SessionsClient) async throws -> StetProtocol.Thread {
    let directory = FileManager.default.currentDirectoryPath
    guard let newest = try await client.threads(cwd: directory, limit: 1).first else {
      throw SessionsFault("No thread was run in this directory. Name one with --id.")
    }
    return newest
  }

  // MARK: Reading

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func read(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw DiffFault("\(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    var status = stat()
    let size = fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    return try readAll(file, path, expecting: min(size, byteLimit))
  }

  /// - Parameter size: bytes that will likely come; room for them is made once.
  private static func readAll(
    _ descriptor: Int32, _ name: String, expecting size: Int = 0
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    var part = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = Glibc.read(descriptor, &part, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw DiffFault("\(name): \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      bytes += part[..<count]
      guard bytes.count <= byteLimit else {
        throw DiffFault("\(name) has more than \(byteLimit >> 20) MB: too much to look at")
      }
    }
  }
}

/// Why there is nothing to show, for the user.
struct DiffFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
