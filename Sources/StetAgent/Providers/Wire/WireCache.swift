import StetConfig
import StetJSON
import Synchronization

/// The encoded prompts of threads that are at work: building a request costs what is new in it, not the whole history.
///
/// An entry is used when its items are the first ones of the request's; after a compaction, a revert or a switch of the
/// model the prompt is encoded anew. Any thread.
final class WireCache: Sendable {
  /// Threads that ask at the same time. Each entry holds its prompt a second time, so an idle thread gives its place up.
  static let limit = 8
  /// Bytes of all entries but the newest: prompts with many images are large, and building them anew is cheap enough.
  static let sizeLimit = 64 << 20

  private struct Key: Hashable {
    let thread: String
    /// Other than the thread's for a review, which has a prompt of its own.
    let cacheKey: String
    let target: WireTarget
  }

  private struct Entry {
    var items: [PromptItem]
    var history: WireHistory
    var tools: PromptTools
    var wireTools: WireTools
  }

  /// What a request is built from.
  struct Encoded: Sendable {
    let tools: WireTools
    let messages: [EncodedMessage]
    /// Messages at the end that the next request may replace.
    let tail: [EncodedMessage]
    /// Of the calls in the prompt.
    let callIds: Set<String>
  }

  private let entries = Mutex<[(key: Key, entry: Entry)]>([])

  func encode(_ request: ModelRequest, for target: WireTarget) -> Encoded {
    let key = Key(thread: request.threadId, cacheKey: request.cacheKey, target: target)
    // Taken out while it is worked on: nobody waits for it, and it is changed in place.
    let found = entries.withLock { entries in
      entries.firstIndex { $0.key == key }.map { entries.remove(at: $0).entry }
    }
    var entry: Entry
    if let found, request.input.starts(with: found.items) {
      entry = found
    } else {
      entry = Entry(
        items: [], history: WireHistory(target), tools: request.tools,
        wireTools: WireTools(request.tools, for: target))
    }
    if entry.tools != request.tools {
      entry.tools = request.tools
      entry.wireTools = WireTools(request.tools, for: target)
    }
    for item in request.input[entry.items.count...] { entry.history.take(item) }
    entry.items = request.input
    let encoded = Encoded(
      tools: entry.wireTools, messages: entry.history.messages, tail: entry.history.tail,
      callIds: entry.history.callIds)
    entries.withLock { entries in
      entries.removeAll { $0.key == key }
      entries.append((key, entry))
      var others = entries.dropLast().reduce(0) { $0 + $1.entry.history.size }
      while entries.count > 1, entries.count > Self.limit || others > Self.sizeLimit {
        others -= entries.removeFirst().entry.history.size
      }
    }
    return encoded
  }
}
