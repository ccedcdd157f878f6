import StetProtocol
import Testing

@testable import StetUI

/// Reviews that the user opens: of a turn, the thread, HEAD (protocol.md §7.1, `stet/review/start`).
@Suite("protocol.md §7.1: reviews without a question") struct StartedReviewTests {
  private static let made = MadeFile(
    path: "a.txt",
    pieces: [
      .same(4), .change(old: ["old"], new: ["new", "more"]), .same(20), .change(old: ["gone"], new: []),
    ])

  /// The base64 of some text, without padding.
  static func encoded(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var (result, bits, held) = ("", UInt32(0), 0)
    for byte in text.utf8 {
      (bits, held) = (bits << 8 | UInt32(byte), held + 8)
      while held >= 6 {
        held -= 6
        result.append(alphabet[Int(bits >> UInt32(held) & 63)])
      }
    }
    if held > 0 { result.append(alphabet[Int(bits << UInt32(6 - held) & 63)]) }
    return result
  }

  private func opened() throws -> Session {
    var s = Session.open()
    s.type("/review head")
    s.press(Key(.enter))
    let asked = s.requests().compactMap { request -> JSONValue? in
      if case .unknown("stet/review/start", let params?) = request { params } else { nil }
    }
    #expect(asked == [["threadId": .string(Session.threadId), "target": ["type": "head"]]])
    let (_, request) = ReviewSamples.request([Self.made])
    s.reply(
      .reviewStart(title: "HEAD"), StetReviewRequest(reviewId: "S1", state: .applied, files: request.files))
    var page = request.files
    page[0].base = Self.encoded(Self.made.base.map { $0 + "\n" }.joined())
    page[0].proposed = Self.encoded(Self.made.proposed.map { $0 + "\n" }.joined())
    s.reply(.reviewPage(reviewId: "S1"), StetReviewReadResponse(files: page))
    s.look()
    _ = s.taken()
    return s
  }

  @Test("its text comes from both sides and the server's hunks, and says ON DISK")
  func shown() throws {
    let s = try opened()
    #expect(s.shows("ON DISK"))
    let lines = try #require(s.state.review?.files.first?.lines)
    #expect(lines.filter { $0.kind == .minus }.map(\.text) == ["old", "gone"])
    #expect(lines.filter { $0.kind == .plus }.map(\.text) == ["new", "more"])
    #expect(lines.filter { $0.kind == .context }.allSatisfy { $0.text.hasPrefix("let line") })
  }

  @Test("ctrl-c ends it, and the keys of a question are the question's again")
  func interrupted() throws {
    var s = try opened()
    s.press(.ctrl("c"))
    #expect(s.state.dialogs.isEmpty && s.state.viewer == nil)
    s.startTurn()
    s.proposeEdit()
    s.answer(Key("y"))
    #expect(s.answers().count == 1)
  }

  @Test("what is decided is sent, what is not stays")
  func decided() throws {
    var s = try opened()
    s.press(Key("]"), Key("n"), Key(.enter), Key(.enter))
    let sent = s.requests().compactMap { request -> JSONValue? in
      if case .unknown("stet/review/decide", let params?) = request { params } else { nil }
    }
    let files = try #require(sent.first?["files"]?.arrayValue)
    #expect(files.count == 1)
    #expect(files.first?["ops"]?.arrayValue?.count == 1)
    #expect(files.first?["ops"]?.arrayValue?.first?["decision"] == "reject")
    s.reply(
      .reviewDecide(reviewId: "S1"),
      StetReviewOutcome(
        reviewId: "S1", outcome: .partial, proposedChanges: [],
        files: [.init(path: "a.txt", outcome: .partial, rejectedHunks: ["k"])]))
    #expect(s.state.dialogs.isEmpty)
    #expect(s.shows("rolled back in 1 file"))
  }

  @Test("accepted changes are staged and committed only when a key asks for it")
  func staged() throws {
    var s = try opened()
    s.press(Key("y"), Key("+"))
    let staged = s.requests().contains {
      if case .unknown("stet/review/stage", _) = $0 { true } else { false }
    }
    #expect(staged)
    s.press(.ctrl("k"))
    s.reply(.commitDraft(reviewId: "S1"), ["message": "Say more"] as JSONValue)
    #expect(s.shows("Say more"))
    s.look()
    s.press(Key(.enter))
    let message = s.requests().compactMap { request -> String? in
      if case .unknown("stet/review/commit", let params?) = request {
        params["message"]?.stringValue
      } else {
        nil
      }
    }
    #expect(message == ["Say more"])
    s.reply(.commit(reviewId: s.state.review?.reviewId), ["sha": "0123456789abcdef"] as JSONValue)
    #expect(s.shows("committed 0123456789ab"))
  }
}
