import StetHash

/// The ids under which calls are sent: those of the thread where the endpoint takes them and they are not used twice,
/// else ones made from them. The same calls in the same order give the same ids (V8), no two the same one.
struct CallIds: Sendable {
  let format: WireFlags.ToolIdFormat
  /// As the thread has them.
  private(set) var known: Set<String> = []
  private var used: Set<String> = []
  /// By the id in the thread; a repeated one stands for its last call.
  private var sent: [String: String] = [:]

  init(_ format: WireFlags.ToolIdFormat) {
    self.format = format
  }

  /// The id for a call that comes next.
  ///
  /// - Parameter verbatim: the endpoint made it itself, so it is sent back as it is.
  mutating func call(_ id: String, verbatim: Bool = false) -> String {
    known.insert(id)
    var made = id
    if !verbatim, !fits(id) || used.contains(id) {
      var count = 0
      repeat {
        made = derived(id, count)
        count += 1
      } while used.contains(made)
    }
    used.insert(made)
    sent[id] = made
    return made
  }

  /// The id that the call of an output was sent with.
  func output(_ id: String) -> String { sent[id] ?? id }

  // MARK: - Parts

  private func fits(_ id: String) -> Bool {
    let count = id.utf8.count
    switch format {
    case .any: return (1...40).contains(count)
    case .alphanumeric9: return count == 9 && id.utf8.allSatisfy(Self.isAlphanumeric)
    case .anthropic:
      return (1...64).contains(count)
        && id.utf8.allSatisfy {
          Self.isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }
  }

  private func derived(_ id: String, _ count: Int) -> String {
    let digest = SHA256.hash("\(count):\(id)").bytes
    let letters = digest.map { Self.alphabet[Int($0) % Self.alphabet.count] }
    let text = String(decoding: letters, as: UTF8.self)
    return format == .alphanumeric9 ? String(text.prefix(9)) : "call_" + text.prefix(24)
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

  private static func isAlphanumeric(_ byte: UInt8) -> Bool { alphabet.contains(byte) }
}
