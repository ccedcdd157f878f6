/// Looks at the first bytes that go into a tunnel: a TLS client must want the server that was allowed. Many hosts share
/// one address, and the name inside is what decides which of them answers.
struct TunnelGate {
  private let target: NetworkTarget
  private var held: [UInt8] = []

  init(_ target: NetworkTarget) { self.target = target }

  enum Step: Hashable {
    /// Not enough to decide; nothing goes through yet.
    case hold
    /// Let these bytes through, and all that follows.
    case open([UInt8])
    case refuse
  }

  mutating func take(_ bytes: some Collection<UInt8>) -> Step {
    held += bytes
    switch ClientHello(held) {
    case .partial: return held.count < ClientHello.limit ? .hold : .refuse
    case .unreadable:
      // What is not TLS may go to the other ports, where it was allowed by their number.
      return held.first != 0x16 && target.port != NetworkTarget.Scheme.https.port ? .open(held) : .refuse
    case .server(let name):
      // An address was allowed as such, with all that it serves; a client sends no name for it.
      guard NumericAddress(target.host) == nil else { return .open(held) }
      return name.flatMap(NetworkTarget.canonical) == target.host ? .open(held) : .refuse
    }
  }
}
