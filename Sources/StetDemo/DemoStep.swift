import StetJSON

/// One response of the scripted model.
struct DemoStep {
  /// Shown as a folded summary of reasoning, when not empty.
  var reasoning = ""
  /// Streamed word by word as Markdown.
  var text = ""
  /// Calls of tools, in order.
  var calls: [(name: String, arguments: JSONValue)] = []
}

/// The script: which response follows from what the prompt holds.
enum DemoScript {
  static func step(for prompt: DemoPrompt, tools: [String]) -> DemoStep {
    if prompt.userTexts.count > 1 { return conversation(prompt.userTexts.last ?? "", prompt) }
    let hasWritten = prompt.calls.contains("write")
    let runs = prompt.calls.filter { $0 == "exec_command" }.count
    switch (runs, hasWritten) {
    case (0, false): return lookAround(tools)
    case (_, false): return mend(prompt)
    case (1, true): return runAgain(prompt, tools)
    default: return conclude(prompt)
    }
  }

  private static func plan(_ statuses: [String], _ tools: [String]) -> [(name: String, arguments: JSONValue)]
  {
    guard tools.contains("update_plan") else { return [] }
    let steps = ["Run the tests", "Mend the counter", "Run the tests again"]
    let entries = zip(steps, statuses).map { step, status -> JSONValue in
      ["step": .string(step), "status": .string(status)]
    }
    return [("update_plan", ["plan": .array(entries)])]
  }

  private static let runTests: (name: String, arguments: JSONValue) = ("exec_command", ["cmd": "sh test.sh"])

  private static func lookAround(_ tools: [String]) -> DemoStep {
    DemoStep(
      reasoning:
        "**Finding out what is wrong**\n\nThe project has a test. Its output will say more than a guess.",
      text:
        "I'll run the tests first. stet asks before it does: **`y`** lets this command run, **`n`** refuses it.",
      calls: plan(["in_progress", "pending", "pending"], tools) + [runTests])
  }

  private static func mend(_ prompt: DemoPrompt) -> DemoStep {
    let found =
      prompt.outputs.contains { $0.holds("FAILED") }
      ? "The tests fail because `words()` counts **only the first line** of the file."
      : "Without a test run I go by reading: `words()` counts **only the first line** of the file."
    return DemoStep(
      text: """
        \(found)

        My change has two hunks: the first mends that, the second makes the report name the file. Nothing is written yet. \
        **`enter`** opens the review; there **`y`** takes a hunk, **`n`** refuses it, **`u`** takes a decision back, and \
        **`enter`** submits.
        """,
      calls: [("write", ["path": "tally.sh", "content": .string(DemoProject.mendedTally)])])
  }

  private static func runAgain(_ prompt: DemoPrompt, _ tools: [String]) -> DemoStep {
    DemoStep(
      text: "Let me see what the tests say about what is on disk now.",
      calls: plan(["completed", "completed", "in_progress"], tools) + [runTests])
  }

  private static func conclude(_ prompt: DemoPrompt) -> DemoStep {
    let review = prompt.outputs.first { $0.holds("review:") } ?? ""
    let last = prompt.outputs.last ?? ""
    let verdict =
      last.holds("FAILED")
      ? "The tests **still fail**, as they must without the first hunk."
      : last.holds("ok ")
        ? "The tests **pass**." : "The tests did not run, so I can't say whether it works."
    let kept =
      review.holds("REJECTED")
      ? "You refused a hunk, and it is not on disk." : "The file is as you left it in the review."
    return DemoStep(
      text: """
        \(verdict) \(kept)

        | try | what happens |
        |---|---|
        | `/undo` | shows what this turn changed and puts it back |
        | `tell me a long story`, then `esc` | a stream stops at once |
        | `/help` | every key |
        | `stet resume` in a project of your own | your last thread, as it was |

        This was the real loop, the real tools and the real review; only the model followed a script. Point stet at a model of \
        your own with `OPENAI_API_KEY`, a local server, or `config.toml`.
        """)
  }

  private static func conversation(_ text: String, _ prompt: DemoPrompt) -> DemoStep {
    let wish = text.lowercased()
    if wish.holds("test") || wish.holds("run") {
      guard prompt.calls.isEmpty else {
        return DemoStep(text: "That is what the tests say now.")
      }
      return DemoStep(text: "Running them.", calls: [runTests])
    }
    if wish.holds("long") || wish.holds("story") { return DemoStep(text: story) }
    return DemoStep(
      text: """
        I am a script, so I know few words. I can:

        - **run the tests** again: say `run the tests`;
        - **talk for long**: say `tell me a long story` and press `esc`;
        - be replaced by a real model: `stet doctor` tells what it needs.
        """)
  }

  private static let story: String = (1...60).map { chapter in
    "\(chapter). The editor struck a word, looked at it again, and wrote *stet* in the margin: let it stand."
  }.joined(separator: "\n")
}

extension String {
  /// Whether the text has `part` in it.
  fileprivate func holds(_ part: String) -> Bool { firstRange(of: part) != nil }
}
