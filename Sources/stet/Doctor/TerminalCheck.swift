/// What the environment says of the terminal.
struct TerminalCheck: Sendable {
  let environment: [String: String]

  func examine() -> [DoctorCheck] { [kind(), locale()].compactMap { $0 } }

  private func kind() -> DoctorCheck {
    let term = environment["TERM"] ?? ""
    if term.isEmpty || term == "dumb" {
      return .problem(
        "terminal", term.isEmpty ? "TERM is not set" : "TERM is dumb",
        "Run stet in a terminal with cursor addressing.")
    }
    let noColour = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    let multiplexer =
      environment["TMUX"] != nil ? "inside tmux" : environment["STY"] != nil ? "inside screen" : nil
    let facts = [term, noColour ? "no colour (NO_COLOR)" : environment["COLORTERM"], multiplexer]
    return .ok("terminal", facts.compactMap { $0 }.joined(separator: ", "))
  }

  private func locale() -> DoctorCheck? {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let locale = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let upper = locale.uppercased()
    if ["UTF-8", "UTF8"].contains(where: { upper.firstRange(of: $0) != nil }) {
      return .ok("locale", locale)
    }
    return .note(
      "locale", locale.isEmpty ? "not set; stet uses C.UTF-8" : "\(locale) is not UTF-8; stet uses C.UTF-8",
      "Set LANG to a UTF-8 locale, so that other programs agree on widths.")
  }
}
