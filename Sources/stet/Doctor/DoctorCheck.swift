/// One line of the doctor's report, with what to do about a problem.
struct DoctorCheck: Sendable {
  enum State: Sendable { case ok, note, problem }

  let state: State
  let what: String
  let found: String
  /// What to do; only with a problem or a note.
  let advice: String?

  static func ok(_ what: String, _ found: String) -> DoctorCheck {
    DoctorCheck(state: .ok, what: what, found: found, advice: nil)
  }

  static func note(_ what: String, _ found: String, _ advice: String) -> DoctorCheck {
    DoctorCheck(state: .note, what: what, found: found, advice: advice)
  }

  static func problem(_ what: String, _ found: String, _ advice: String) -> DoctorCheck {
    DoctorCheck(state: .problem, what: what, found: found, advice: advice)
  }

  var text: String {
    let mark =
      switch state {
      case .ok: "ok       "
      case .note: "note     "
      case .problem: "problem  "
      }
    let name = what + String(repeating: " ", count: max(1, 15 - what.count))
    return mark + name + found + (advice.map { "\n" + String(repeating: " ", count: 24) + "→ " + $0 } ?? "")
  }
}
