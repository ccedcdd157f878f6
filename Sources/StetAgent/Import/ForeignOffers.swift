import Glibc
import StetJSON
import StetStore

/// Sessions of Codex and of Claude Code in one directory that are no threads here yet: what could be brought over. Reads
/// the beginning of files and writes nothing.
public struct ForeignOffers: Sendable {
  public struct Offer: Hashable, Sendable {
    public let path: String
    public let threadId: String
    /// Whose it is, for the user.
    public let program: String
    /// Its name, or what the user said first.
    public let title: String
    /// Unix seconds.
    public let changedAt: Int
  }

  /// Files of one program that are looked into, the newest: each costs a read.
  static let fileLimit = 300
  /// Bytes of a file that tell whose directory and what it is about: a first line of Codex has 21 KB.
  static let headLimit = 192 << 10
  /// Sessions that are offered of one program: the rest is brought over by `stet sessions import`.
  static let offerLimit = 20
  /// Characters of a title.
  private static let titleLimit = 200

  private let directory: String
  private let threads: ThreadFiles

  /// - Parameters:
  ///   - directory: real path.
  ///   - threadsDirectory: where stet's own threads are.
  public init(directory: String, threadsDirectory: String) {
    self.directory = directory
    threads = ThreadFiles(directory: threadsDirectory)
  }

  /// The newest first; a home that is not there offers nothing.
  public func find(codexHome: String?, claudeHome: String?) throws(StoreError) -> [Offer] {
    var offers: [Offer] = []
    if let codexHome {
      let files = try CodexFiles(home: codexHome)
      offers += try look(files.heads.filter { !$0.isArchived }, "Codex", codex, files.names)
    }
    if let claudeHome {
      // The folder is the directory's name with a dash for whatever is no letter or digit.
      let folder = String(
        directory.unicodeScalars.map {
          $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) ? Character($0) : "-"
        })
      let files = try ForeignFiles.find(below: "\(claudeHome)/projects/\(folder)") { $0.hasSuffix(".jsonl") }
      offers += try look(files.compactMap(ClaudeFiles.file), "Claude Code", claude, [:])
    }
    return offers.sorted { ($0.changedAt, $0.path) > ($1.changedAt, $1.path) }
  }

  // MARK: - Parts

  /// What the lines of a head say; nil for a session of another directory, or of none.
  private typealias Reader = (_ lines: [JSONValue]) -> String?

  private func look(
    _ files: [CodexFiles.File], _ program: String, _ read: Reader, _ names: [String: String]
  ) throws(StoreError) -> [Offer] {
    let dated = files.compactMap { file -> (file: CodexFiles.File, time: Int)? in
      var status = stat()
      guard lstat(file.path, &status) == 0 else { return nil }
      return (file, status.st_mtim.tv_sec)
    }
    var offers: [Offer] = []
    for (file, time) in dated.sorted(by: { ($0.time, $0.file.path) > ($1.time, $1.file.path) }).prefix(
      Self.fileLimit)
    {
      guard offers.count < Self.offerLimit else { break }
      guard let title = read(Self.head(file.path)), try threads.find(threadId: file.threadId) == nil else {
        continue
      }
      offers.append(
        Offer(
          path: file.path, threadId: file.threadId, program: program,
          title: String((names[file.threadId] ?? title).prefix(Self.titleLimit)), changedAt: time))
    }
    return offers
  }

  /// The whole lines at the beginning of a file.
  private static func head(_ path: String) -> [JSONValue] {
    guard case .bytes(let bytes) = CappedFile.read(path, limit: headLimit) else { return [] }
    var lines = bytes.split(separator: UInt8(ascii: "\n"))
    if bytes.count == headLimit, !lines.isEmpty { lines.removeLast() }
    return lines.compactMap { line in
      do { return try JSONValue(parsing: line) } catch { return nil }
    }
  }

  private func codex(_ lines: [JSONValue]) -> String? {
    guard let meta = lines.first, meta["type"] == "session_meta",
      let cwd = meta["payload"]?["cwd"]?.stringValue, RealPath.of(cwd) == directory
    else { return nil }
    for line in lines {
      let payload = line["payload"]
      if payload?["type"] == "user_message", let text = Self.said(payload?["message"]) { return text }
      let item = payload?["item"]
      if item?["type"] == "UserMessage", let text = Self.said(item?["content"]) { return text }
      if payload?["type"] == "message", payload?["role"] == "user", let text = Self.said(payload?["content"])
      {
        return text
      }
    }
    return nil
  }

  private func claude(_ lines: [JSONValue]) -> String? {
    guard let cwd = lines.lazy.compactMap({ $0["cwd"]?.stringValue }).first, RealPath.of(cwd) == directory
    else {
      return nil
    }
    for line in lines {
      guard line["type"] == "user", line["isMeta"]?.boolValue != true, line["isSidechain"]?.boolValue != true
      else { continue }
      if let text = Self.said(line["message"]?["content"]) { return text }
    }
    return nil
  }

  /// Words of the user's own; nil for what a program says in their place.
  private static func said(_ content: JSONValue?) -> String? {
    let texts =
      content?.stringValue.map { [$0] } ?? (content?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
    return texts.first { text in
      guard let first = text.first(where: { !$0.isWhitespace }) else { return false }
      return first != "<" && !text.hasPrefix("# AGENTS.md") && !text.hasPrefix("Caveat:")
    }
  }
}
