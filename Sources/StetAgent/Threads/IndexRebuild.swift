import Logging
import StetConfig
import StetStore

/// Makes the indexes anew from the logs of threads (R1): the one that lists and searches threads, and the one that finds
/// the parts of their histories. For a program without an agent. Blocks.
public struct IndexRebuild: Sendable {
  public let threads: Int
  public let texts: Int
  /// Sentences about logs that could not be read in full.
  public let notices: [String]
  /// Whether one of the indexes said anything else before.
  public let hadChanges: Bool

  /// Threads and searchable texts, after a look for what the index does not know yet.
  public static func counts(home: StetHome) throws(StoreError) -> (threads: Int, texts: Int) {
    let index = try ThreadIndex(path: home.indexPath, projection: .threadItems)
    try index.catchUpAll(directory: home.threadsDirectory)
    return try index.counts()
  }

  /// Other programs may use the indexes meanwhile: of a thread they see what was known of it before or after.
  public static func run(home: StetHome, logger: Logger) throws(StoreError) -> IndexRebuild {
    let index = try ThreadIndex(path: home.indexPath, projection: .threadItems)
    let histories = HistoryStore(home: home, logger: logger)
    // What they lag behind is no difference.
    try index.catchUpAll(directory: home.threadsDirectory)
    try histories.catchUpAll()
    let before = try (index.digest(), histories.index().digest())
    var notices = try index.rebuild(from: home.threadsDirectory)
    for notice in try histories.rebuild() where !notices.contains(notice) { notices.append(notice) }
    let after = try (index.digest(), histories.index().digest())
    let counts = try index.counts()
    return IndexRebuild(
      threads: counts.threads, texts: counts.texts, notices: notices, hadChanges: before != after)
  }
}
