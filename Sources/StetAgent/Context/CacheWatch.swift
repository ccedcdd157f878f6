import StetJSON

/// How much of a request the provider had in its cache.
struct CacheUse: Sendable, Hashable {
  /// Tokens of this request that the one before it held too.
  var cacheable: Int
  var cached: Int
  /// Less than half of it came from the cache: the first thing that differs, or that nothing does.
  var miss: String?
}

/// Compares each request with the one before it, so that a lost cache is told with its cause (P11).
struct CacheWatch: Sendable {
  /// Providers cache no shorter prefix; below it a share says nothing.
  static let least = 1_024

  /// What a provider's cache is known by.
  struct Request: Sendable {
    let provider: String
    let model: String
    let tools: [UInt8]
    let items: [PromptItem]

    var weight: Int { items.reduce(tools.count) { $0 + $1.weight } }
  }

  /// The last request that was answered, and its tokens.
  private var last: (request: Request, tokens: Int)?
  /// The request that is under way.
  private var open: Request?
  /// The provider has told of cached tokens before: where it does not, none says nothing.
  private var isTold = false

  mutating func sends(_ request: Request) { open = request }

  /// The prompt begins anew somewhere else: nothing is there to compare with.
  mutating func forget() { (last, open) = (nil, nil) }

  /// Nil for the first request.
  mutating func note(_ usage: ModelUsage) -> CacheUse? {
    guard let request = open else { return nil }
    open = nil
    defer { last = (request, usage.input) }
    if usage.cachedInput > 0 { isTold = true }
    guard let last else { return nil }
    let (common, difference) = Self.compare(last.request, request)
    let whole = max(1, last.request.weight)
    let cacheable = min(usage.input, Int(Double(last.tokens) * Double(common) / Double(whole)))
    var use = CacheUse(cacheable: cacheable, cached: usage.cachedInput)
    // What could have been kept is told by the request before it, where this one differs from it.
    let expected = difference == nil ? cacheable : min(usage.input, last.tokens)
    guard expected >= Self.least, usage.cachedInput * 2 < expected, difference != nil || isTold else {
      return use
    }
    use.miss = difference ?? "nothing differs: the provider kept less than it could"
    return use
  }

  // MARK: - Parts

  /// The weight of what both begin with, and where the second leaves it.
  private static func compare(_ old: Request, _ new: Request) -> (common: Int, difference: String?) {
    if old.provider != new.provider || old.model != new.model {
      return (0, "the model: \(old.model) before, \(new.model) now")
    }
    if old.tools != new.tools { return (0, "the list of tools") }
    var common = new.tools.count
    for (index, item) in old.items.enumerated() {
      guard index < new.items.count else { return (common, "input[\(index)] is gone: \(name(item))") }
      // Items that were kept share their bytes: the comparison does not look into them.
      guard new.items[index].bytes == item.bytes else {
        return (common, "input[\(index)]: \(name(new.items[index])) in place of \(name(item))")
      }
      common += item.weight
    }
    return (common, nil)
  }

  /// What an item is, without a word of what it says: it goes into the log.
  private static func name(_ item: PromptItem) -> String {
    let value = item.value
    let type = value["type"]?.stringValue ?? "message"
    let detail = value["role"]?.stringValue ?? value["name"]?.stringValue ?? value["call_id"]?.stringValue
    return detail.map { "\(type) (\($0))" } ?? type
  }
}
