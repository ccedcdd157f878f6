/// Tells a model that answers in the place of another from one that is named otherwise.
enum ServedModel {
  /// Providers answer with a dated name (`gpt-5.5-2026-04-01`), without the maker (`openai/…`), or with `:free` behind.
  static func isAnother(_ served: String, than asked: String) -> Bool {
    let (served, asked) = (plain(served), plain(asked))
    guard !served.isEmpty, !asked.isEmpty else { return false }
    return !served.hasPrefix(asked) && !asked.hasPrefix(served)
  }

  private static func plain(_ name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return String((last.split(separator: ":").first ?? "").lowercased().filter { $0.isLetter || $0.isNumber })
  }
}
