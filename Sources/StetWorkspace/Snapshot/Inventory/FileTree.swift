import CPlatform
import Glibc

/// The names and stats of a workspace at one time. Not for two threads at once.
final class FileTree {
  typealias Entry = UnsafeMutablePointer<stet_tree_entry>

  /// Where a file's content is.
  enum Content: UInt8 {
    case unknown
    /// In our store.
    case stored
    /// In the user's repository, as it is in the file.
    case borrowed
    /// Nowhere: outside of the limits.
    case left
    /// On disk only, until the next command begins.
    case pending
  }

  enum Flag {
    static let ignored = UInt8(STET_TREE_IGNORED)
    static let closed = UInt8(STET_TREE_CLOSED)
    static let unreadable = UInt8(STET_TREE_UNREADABLE)
    static let special = UInt8(STET_TREE_SPECIAL)
  }

  private let handle: OpaquePointer

  private init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { stet_tree_free(handle) }

  /// Names that were found.
  var count: Int { Int(stet_tree_count(handle)) }

  /// Scans `root`. `decide` answers the flags of a new name by its relative path.
  static func scan(
    _ root: Descriptor, path: String, before: FileTree?, renewing: Bool, isIdle: Bool,
    limits: SnapshotLimits, isLate: Bool, decide: (UnsafePointer<CChar>, Bool) -> UInt8
  ) throws(WorkspaceError) -> FileTree {
    var result: OpaquePointer?
    let code = withoutActuallyEscaping(decide) { decide in
      withUnsafePointer(to: decide) { pointer in
        let request = stet_tree_request(
          limit: limits.names,
          limit_ms: before == nil
            ? limits.firstScanMs : isLate ? max(limits.scanMs, limits.lateScanMs) : limits.scanMs,
          renew: renewing, idle: isIdle,
          decide: { context, path, isDirectory in
            guard let context else { return 0 }
            let decide = context.assumingMemoryBound(to: ((UnsafePointer<CChar>, Bool) -> UInt8).self)
            return decide.pointee(path, isDirectory)
          }, context: UnsafeMutableRawPointer(mutating: pointer))
        return stet_tree_scan(root.number, before?.handle, request, &result)
      }
    }
    if let result, code == 0 { return FileTree(result) }
    switch -code {
    case E2BIG:
      throw WorkspaceError(.tooLarge, "\(path) has more than \(limits.names) files", path: path)
    case ETIMEDOUT:
      throw WorkspaceError(
        .tooLarge, "\(path) takes too long to look through", path: path, systemCode: ETIMEDOUT)
    default: throw systemError("Cannot look through \(path)", -code, path: path)
    }
  }

  /// The entry of a relative path.
  func find(_ path: String) -> Entry? { stet_tree_find(handle, path) }

  /// Every name that differs from an older scan (all without one): its relative path, then, now.
  func compare(
    with before: FileTree?,
    _ report: (UnsafePointer<CChar>, UnsafePointer<stet_tree_entry>?, Entry?) -> Void
  ) {
    withoutActuallyEscaping(report) { report in
      withUnsafePointer(to: report) { pointer in
        stet_tree_compare(
          before?.handle, handle,
          { context, path, before, after in
            guard let context else { return }
            typealias Report = (UnsafePointer<CChar>, UnsafePointer<stet_tree_entry>?, Entry?) -> Void
            context.assumingMemoryBound(to: Report.self).pointee(path, before, after)
          }, UnsafeMutableRawPointer(mutating: pointer))
      }
    }
  }
}

extension stet_tree_entry {
  var kind: FileState.Kind { fileKind(ofMode: mode_t(mode)) }

  var isDirectory: Bool { kind == .directory }

  var place: FileTree.Content {
    get { FileTree.Content(rawValue: content) ?? .unknown }
    set { content = newValue.rawValue }
  }

  /// The git id of the content, in hexadecimal.
  var id: String {
    get {
      withUnsafeBytes(of: object) { bytes in
        let digits = Array("0123456789abcdef".utf8)
        return String(
          decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
      }
    }
    set {
      let nibbles = newValue.utf8.map { $0 >= 97 ? $0 &- 87 : $0 &- 48 }
      withUnsafeMutableBytes(of: &object) { bytes in
        guard nibbles.count == bytes.count * 2 else { return }
        for index in bytes.indices { bytes[index] = nibbles[index * 2] << 4 | nibbles[index * 2 + 1] & 15 }
      }
    }
  }
}
