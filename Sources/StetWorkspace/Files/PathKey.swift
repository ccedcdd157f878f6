/// A path as a key, compared by its bytes: Swift's strings take canonically equivalent names for equal,
/// file systems do not.
struct PathKey: Hashable, Sendable {
  let bytes: [UInt8]

  init(_ path: String) { bytes = Array(path.utf8) }
}
