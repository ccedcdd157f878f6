import StetProtocol
import Testing

@testable import StetUI

/// The user's own prompts as `/name`, and skills as `$name`.
@Suite("issue 9: prompts and skills in the composer") struct CustomPromptTests {
  private static let prompts = StetPrompts(
    data: [
      [
        "name": "look", "description": "looks at a file", "argumentHint": "FILE", "path": "/p/look.md",
        "scope": "user", "text": "Look at $1 for $ARGUMENTS.",
      ],
      ["name": "ticket", "path": "/p/t.md", "scope": "user", "text": "Do $TICKET at $$5 by $WHEN"],
      ["name": "diff", "path": "/p/d.md", "scope": "user", "text": "my own diff"],
      ["name": "plain", "path": "/p/p.md", "scope": "user", "text": "Be plain."], ["odd": 1],
    ], errors: [])
  private static let skills = SkillsListResponse(data: [
    SkillsListEntry(
      cwd: "/home/user/project",
      skills: [
        SkillMetadata(
          name: "review-pr", description: "reviews a pull request", path: "/s/r/SKILL.md", scope: .repo,
          enabled: true),
        SkillMetadata(
          name: "review-pr", description: "far", path: "/far/SKILL.md", scope: .user, enabled: true),
        SkillMetadata(name: "off", description: "off", path: "/s/o/SKILL.md", scope: .user, enabled: false),
      ], errors: [])
  ])

  private func session() -> Session {
    var s = Session.open(100, 30)
    s.type("/")
    s.reply(.prompts, Self.prompts)
    s.press(.ctrl("u"))
    _ = s.taken()
    return s
  }

  private func sent(_ s: inout Session, _ message: String) -> [UserInput]? {
    s.send(.input(.paste(message)))
    s.press(Key(.enter))
    for request in s.requests() {
      if case .turnStart(let params) = request { return params.input }
    }
    return nil
  }

  @Test("issue 9: `/` asks the server for prompts and offers them with their words beside the commands")
  func popup() {
    var s = Session.open(100, 30)
    s.type("/")
    let asked = s.taken().contains { effect in
      if case .send(.stetPromptsList(let params), .prompts) = effect {
        params.cwd == "/home/user/project"
      } else {
        false
      }
    }
    #expect(asked)
    s.reply(.prompts, Self.prompts)
    s.type("loo")
    #expect(s.shows("/look") && s.shows("FILE · looks at a file"))
    s.press(Key(.tab))
    #expect(s.state.composer.text == "/look ")
    s.press(.ctrl("u"))
    s.type("/dif")
    #expect(s.shows("/diff") && s.shows("/prompts:diff"))
    s.press(.ctrl("u"))
    #expect(HelpView.lines(s.state, width: 100).contains { $0.text.contains("/ticket") })
  }

  @Test("issue 9: other servers have no prompts and are not asked for them")
  func otherServers() {
    var s = Session.open(100, 30, hunkReview: false)
    s.type("/")
    let asked = s.taken().contains { if case .send(.stetPromptsList, _) = $0 { true } else { false } }
    #expect(!asked)
  }

  @Test(
    "issue 9: arguments go to their places, and are not looked at again",
    arguments: [
      ("/look a.txt two words", "Look at a.txt for a.txt two words."),
      ("/prompts:look 'a b.txt' \"c \\\" d\"", "Look at a b.txt for 'a b.txt' \"c \\\" d\"."),
      ("/look $1 $ARGUMENTS", "Look at $1 for $1 $ARGUMENTS."),
      ("/ticket TICKET=7 WHEN=\"next week\"", "Do 7 at $5 by next week"),
      ("/ticket WHEN='' TICKET=it's", "Do it's at $5 by "), ("/plain", "Be plain."),
      ("/plain and short", "Be plain.\n\nand short"), ("/prompts:diff", "my own diff"),
      ("/unknown x", "/unknown x"),
    ])
  func filled(_ typed: String, _ wanted: String) {
    var s = session()
    #expect(sent(&s, typed) == [.text(wanted)])
  }

  @Test(
    "issue 9: what is missing is said, nothing is sent, and the message stays",
    arguments: [
      ("/look", "/look needs $1"), ("/ticket WHEN=now", "/ticket needs TICKET (NAME=value"),
      ("/ticket 7", "/ticket takes TICKET, WHEN as NAME=value, and no `7`"),
      ("/look \"a", "a quote in the arguments"),
    ])
  func missing(_ typed: String, _ words: String) {
    var s = session()
    #expect(sent(&s, typed) == nil)
    #expect(s.shows(words) && s.state.composer.text.hasPrefix(typed))
  }

  @Test("issue 9: a queued message has its arguments too")
  func queued() {
    var s = session()
    s.startTurn()
    s.send(.input(.paste("/look a.txt")))
    s.press(Key(.tab))
    #expect(s.state.outbox.queue == ["Look at a.txt for a.txt."])
  }

  @Test(
    "issue 9: a prompt that is pasted whole waits for the list, once, and goes with its arguments",
    arguments: [false, true])
  func pastedWhole(_ queues: Bool) {
    var s = Session.open(100, 30)
    if queues { s.startTurn() }
    _ = s.taken()
    s.send(.input(.paste("/look a.txt")))
    _ = s.taken()
    s.state.promptsOf = nil
    s.press(Key(queues ? .tab : .enter))
    s.press(Key(queues ? .tab : .enter))
    #expect(s.state.composer.text == "/look a.txt" && s.state.outbox.queue.isEmpty)
    #expect(!s.requests().contains { if case .turnStart = $0 { true } else { false } })
    s.reply(.prompts, Self.prompts)
    if queues {
      #expect(s.state.outbox.queue == ["Look at a.txt for a.txt."])
    } else {
      let inputs = s.requests().compactMap {
        if case .turnStart(let params) = $0 { params.input } else { nil }
      }
      #expect(inputs == [[.text("Look at a.txt for a.txt.")]])
    }
    #expect(s.state.composer.isEmpty)
  }

  @Test("issue 9: what was edited while the list was awaited is not sent by itself; a path is sent as it is")
  func editedMeanwhile() {
    var s = Session.open(100, 30)
    s.send(.input(.paste("/look a.txt")))
    s.press(Key(.enter))
    s.type("x")
    s.reply(.prompts, Self.prompts)
    #expect(s.state.composer.text == "/look a.txtx")
    s.press(.ctrl("u"))
    #expect(sent(&s, "/usr/bin is odd") == [.text("/usr/bin is odd")])
  }

  @Test("issue 9: a filled prompt has an end")
  func bounds() {
    let template = PromptTemplate(String(repeating: "$1", count: 2_000))
    #expect(throws: PromptTemplate.Fault.self) {
      try template.filled(String(repeating: "a", count: 1_000), command: "/x")
    }
  }

  @Test("issue 9: `$` offers skills by name and purpose; the chosen one goes with the message as a skill")
  func skill() {
    var s = Session.open(100, 30)
    s.type("use $rev")
    let asked = s.taken().contains { effect in
      if case .send(.skillsList(let params), .skills) = effect {
        params.cwds == ["/home/user/project"]
      } else {
        false
      }
    }
    #expect(asked)
    s.reply(.skills, Self.skills)
    #expect(s.shows("$review-pr") && s.shows("reviews a pull request") && !s.shows("far"))
    s.press(Key(.tab))
    #expect(s.state.composer.text == "use $review-pr ")
    #expect(
      sent(&s, "now") == [.text("use $review-pr now"), .skill(name: "review-pr", path: "/s/r/SKILL.md")])
  }

  @Test("issue 9: a name is a whole word, a skill that is off is none, and a dollar is a dollar")
  func names() {
    var s = Session.open(100, 30)
    s.type("$")
    s.reply(.skills, Self.skills)
    s.press(.ctrl("u"))
    _ = s.taken()
    #expect(sent(&s, "$review-prs and $off for $5") == [.text("$review-prs and $off for $5")])
    s.startTurn()
    s.send(.input(.paste("then $review-pr.")))
    s.press(Key(.enter))
    let steered = s.requests().compactMap {
      if case .turnSteer(let params) = $0 { params.input } else { nil }
    }
    #expect(steered == [[.text("then $review-pr."), .skill(name: "review-pr", path: "/s/r/SKILL.md")]])
  }
}
