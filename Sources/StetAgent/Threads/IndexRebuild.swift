import StetConfig
import StetStore

/// Makes the index of threads anew from their logs (R1), for a program without an agent. Blocks.
public struct IndexRebuild: Sendable {
  public let threads: Int
  public let texts: Int
  /// Sentences about logs that could not be read in full.
  public let notices: [String]
  /// Whether the index said anything else before.
  public let hadChanges: Bool

  /// Threads and searchable texts, after a look for what the index does not know yet.
  public static func counts(home: StetHome) throws(StoreError) -> (threads: Int, texts: Int) {
    let index = try ThreadIndex(path: home.indexPath, projection: .threadItems)
    try index.catchUpAll(directory: home.threadsDirectory)
    return try index.counts()
  }

  /// Other programs may use the index meanwhile: they see the old one until the new one is whole.
  public static func run(home: StetHome) throws(StoreError) -> IndexRebuild {
    let index = try ThreadIndex(path: home.indexPath, projection: .threadItems)
    let before = try index.digest()
    let notices = try index.rebuild(from: home.threadsDirectory)
    let counts = try index.counts()
    return IndexRebuild(
      threads: counts.threads, texts: counts.texts, notices: notices,
      hadChanges: try index.digest() != before)
  }
}
