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
  /// Bytes of a file that are read first: mostly they tell whose directory it is. A first line of Codex has 21 KB.
  private static let firstLimit = 32 << 10
  /// Bytes of a file of this directory that are searched for what it is about.
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

  /// The newest first, and a sentence for each program whose sessions could not be looked through. A home that is not
  /// there offers nothing.
  public func find(codexHome: String?, claudeHome: String?) -> (offers: [Offer], faults: [String]) {
    var offers: [Offer] = []
    var faults: [String] = []
    func add(_ program: Program, _ find: () throws(StoreError) -> [Offer]) {
      do throws(StoreError) {
        offers += try find()
      } catch {
        faults.append("Sessions of \(program.name) could not be listed: \(error)")
      }
    }
    if let codexHome {
      add(Self.codex) { () throws(StoreError) in
        let files = try CodexFiles(home: codexHome)
        return try look(files.heads.filter { !$0.isArchived }, Self.codex, files.names)
      }
    }
    if let claudeHome {
      add(Self.claude) { () throws(StoreError) in
        // The folder is the directory's name with a dash for whatever is no letter or digit.
        let folder = String(
          directory.unicodeScalars.map {
            $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) ? Character($0) : "-"
          })
        let files = try ForeignFiles.find(below: "\(claudeHome)/projects/\(folder)") {
          $0.hasSuffix(".jsonl")
        }
        return try look(files.compactMap(ClaudeFiles.file), Self.claude, [:])
      }
    }
    return (offers.sorted { ($0.changedAt, $0.path) > ($1.changedAt, $1.path) }, faults)
  }

  // MARK: - Parts

  /// How the files of a program are read, line by line.
  private struct Program: Sendable {
    let name: String
    /// The directory that a line names; the first one is the session's.
    let cwd: @Sendable (_ line: JSONValue) -> String?
    /// What the user said with a line.
    let said: @Sendable (_ line: JSONValue) -> String?
  }

  private func look(
    _ files: [CodexFiles.File], _ program: Program, _ names: [String: String]
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
      guard let title = title(of: file.path, program), try threads.find(threadId: file.threadId) == nil else {
        continue
      }
      offers.append(
        Offer(
          path: file.path, threadId: file.threadId, program: program.name,
          title: String((names[file.threadId] ?? title).prefix(Self.titleLimit)), changedAt: time))
    }
    return offers
  }

  /// What a session of this directory is about; nil for one of another, and where the user said nothing.
  private func title(of path: String, _ program: Program) -> String? {
    for limit in [Self.firstLimit, Self.headLimit] {
      guard case .bytes(let bytes) = CappedFile.read(path, limit: limit) else { return nil }
      var lines = bytes.split(separator: UInt8(ascii: "\n"))
      if bytes.count == limit, !lines.isEmpty { lines.removeLast() }
      var isHere = false
      for line in lines {
        let value: JSONValue
        do { value = try JSONValue(parsing: line) } catch { continue }
        if !isHere, let cwd = program.cwd(value) {
          guard RealPath.of(cwd) == directory else { return nil }
          isHere = true
        }
        if isHere, let text = program.said(value) { return text }
      }
      if bytes.count < limit { return nil }
    }
    return nil
  }

  private static let codex = Program(
    name: "Codex", cwd: { $0["type"] == "session_meta" ? $0["payload"]?["cwd"]?.stringValue : nil },
    said: { line in
      let payload = line["payload"]
      if payload?["type"] == "user_message", let text = said(payload?["message"]) { return text }
      let item = payload?["item"]
      if item?["type"] == "UserMessage", let text = said(item?["content"]) { return text }
      return payload?["type"] == "message" && payload?["role"] == "user" ? said(payload?["content"]) : nil
    })

  private static let claude = Program(
    name: "Claude Code", cwd: { $0["cwd"]?.stringValue },
    said: { line in
      guard line["type"] == "user", line["isMeta"]?.boolValue != true, line["isSidechain"]?.boolValue != true
      else { return nil }
      return said(line["message"]?["content"])
    })

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
