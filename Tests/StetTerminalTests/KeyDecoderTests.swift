import StetTerminal
import StetUI
import Testing

@Suite struct KeyDecoderTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let bytes: String
    let events: [String]

    init(_ bytes: String, _ events: String...) {
      self.bytes = bytes
      self.events = events
    }

    var testDescription: String { bytes.debugDescription }
  }

  static let samples = [
    // Text and control keys.
    Sample("aZ9 ~", "a", "Z", "9", "space", "~"),
    Sample("é漢👩🏽‍💻e\u{301}", "é", "漢", "👩", "🏽", "\u{200D}", "💻", "e", "\u{301}"),
    Sample(
      "\u{0}\u{1}\u{8}\t\n\r\u{1A}", "ctrl-space", "ctrl-a", "ctrl-h", "tab", "ctrl-j", "enter", "ctrl-z"),
    Sample("\u{1C}\u{1D}\u{1E}\u{1F}\u{7F}", "ctrl-\\", "ctrl-]", "ctrl-^", "ctrl-_", "backspace"),
    Sample("\u{85}a", "a"),
    // Alt.
    Sample(
      "\u{1B}b\u{1B}B\u{1B}\r\u{1B}\u{7F}\u{1B}\u{1}", "alt-b", "alt-B", "alt-enter", "alt-backspace",
      "ctrl-alt-a"),
    Sample("\u{1B}é\u{1B}.", "alt-é", "alt-."),
    Sample("\u{1B}\u{1B}x", "escape", "alt-x"),
    Sample("\u{1B}\u{1B}[A", "escape", "up"),
    // CSI keys with and without modifiers.
    Sample("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D\u{1B}[H\u{1B}[F", "up", "down", "right", "left", "home", "end"),
    Sample(
      "\u{1B}[1;5D\u{1B}[1;2A\u{1B}[1;3C\u{1B}[1;8B", "ctrl-left", "shift-up", "alt-right",
      "ctrl-alt-shift-down"),
    Sample(
      "\u{1B}[1~\u{1B}[2~\u{1B}[3~\u{1B}[4~\u{1B}[5~\u{1B}[6~", "home", "insert", "delete", "end", "pageUp",
      "pageDown"),
    Sample("\u{1B}[7~\u{1B}[8~\u{1B}[3;5~\u{1B}[5;2~", "home", "end", "ctrl-delete", "shift-pageUp"),
    Sample(
      "\u{1B}[15~\u{1B}[24;5~\u{1B}[11~\u{1B}[34~\u{1B}[1;2P\u{1B}[Q", "f5", "ctrl-f12", "f1", "f20",
      "shift-f1", "f2"),
    Sample("\u{1B}[Z\u{1B}[1;6Z", "shift-tab", "ctrl-shift-tab"),
    Sample("\u{1B}[a\u{1B}Oa\u{1B}[d", "shift-up", "ctrl-up", "shift-left"),
    Sample("\u{1B}[[A\u{1B}[[E", "f1", "f5"),
    // SS3.
    Sample(
      "\u{1B}OA\u{1B}OH\u{1B}OP\u{1B}OS\u{1B}OM\u{1B}Op\u{1B}Ok\u{1B}O5P", "up", "home", "f1", "f4", "enter",
      "0", "+", "ctrl-f1"),
    Sample("\u{1B}O!x", "alt-O", "!", "x"),
    // CSI u (kitty) and modifyOtherKeys.
    Sample(
      "\u{1B}[13;2u\u{1B}[13;5u\u{1B}[27u\u{1B}[9;5u\u{1B}[127;3u", "shift-enter", "ctrl-enter", "escape",
      "ctrl-tab", "alt-backspace"),
    Sample(
      "\u{1B}[97;5u\u{1B}[97;6u\u{1B}[105;5u\u{1B}[32;5u\u{1B}[97;3u", "ctrl-a", "ctrl-shift-a", "ctrl-i",
      "ctrl-space", "alt-a"),
    Sample("\u{1B}[97;2u\u{1B}[97:65;2u\u{1B}[49:33;2u\u{1B}[97;4u", "A", "A", "!", "alt-A"),
    Sample("\u{1B}[233;5u\u{1B}[99;133u", "ctrl-é", "ctrl-c"),
    Sample("\u{1B}[97;1:3u\u{1B}[97;5:1u\u{1B}[1;1:3A\u{1B}[57441;2u\u{1B}[57358u", "ctrl-a"),
    Sample("\u{1B}[57399u\u{1B}[57414u\u{1B}[57419u\u{1B}[57376u", "0", "enter", "up", "f13"),
    Sample(
      "\u{1B}[27;2;13~\u{1B}[27;5;13~\u{1B}[27;5;99~\u{1B}[27;6;65~\u{1B}[27;2;65~", "shift-enter",
      "ctrl-enter", "ctrl-c", "ctrl-shift-a", "A"),
    // Focus and mouse.
    Sample("\u{1B}[I\u{1B}[O", "focus", "blur"),
    Sample("\u{1B}[<0;1;1M\u{1B}[<32;3;4M\u{1B}[<0;3;4m", "press 0,0", "drag 2,3", "release 2,3"),
    Sample(
      "\u{1B}[<64;10;5M\u{1B}[<65;10;5M\u{1B}[<81;223;300M", "wheelUp 9,4", "wheelDown 9,4",
      "wheelDown 222,299"),
    Sample("\u{1B}[<2;1;1M\u{1B}[<35;5;5M\u{1B}[<66;1;1M\u{1B}[<0;0;1M\u{1B}[<0M", words: []),
    Sample("\u{1B}[M !!\u{1B}[M`#$", "press 0,0", "wheelUp 2,3"),
    // Paste: one event, and nothing in it is a key.
    Sample("\u{1B}[200~a\r\u{1B}[Ab\u{3}\u{1B}[201~c", #"paste "a\r\u{1B}[Ab\u{03}""#, "c"),
    Sample("\u{1B}[200~\u{1B}[201~", #"paste """#),
    Sample("\u{1B}[200~\u{1B}[201\u{1B}[201~\u{1B}[201~x", #"paste "\u{1B}[201""#, "x"),
    // Answers and unknown sequences are nobody's keys.
    Sample("\u{1B}[?62;4c\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{1B}\\\u{1B}]11;#ffffff\u{7}z", "z"),
    Sample("\u{1B}[?2026;2$y\u{1B}[8;24;80t\u{1B}[?997;1n\u{1B}[>0;276;0cz", "z"),
    Sample("\u{1B}P1$r0m\u{1B}\\\u{1B}P>|tmux 3.3a\u{1B}\\\u{1B}_Gi=1;OK\u{1B}\\z", "z"),
    Sample("\u{1B}]xyz", "alt-]", "x", "y", "z"),
    Sample("\u{1B}Pz\u{1B}_z", "alt-P", "z", "alt-_", "z"),
    // A sequence broken off by another.
    Sample("\u{1B}[1;\u{1B}[A\u{1B}]11;rgb\u{1B}[B", "up", "down"),
    Sample("\u{1B}[\u{3}\u{1B}[99999999999999999999~\u{1B}[999999999;9A", "ctrl-c", "up"),
  ]

  @Test(arguments: samples) func inOnePiece(_ sample: Sample) {
    var decoder = KeyDecoder()
    #expect(decoder.feed(sample.bytes) == sample.events)
    #expect(decoder.deadline == nil)
  }

  @Test(arguments: samples) func splitAtEveryByte(_ sample: Sample) {
    let bytes = Array(sample.bytes.utf8)
    for cut in 0...bytes.count {
      var decoder = KeyDecoder()
      let now = Instant(milliseconds: 0)
      let events = decoder.feed(Array(bytes[..<cut]), now: now) + decoder.feed(Array(bytes[cut...]), now: now)
      #expect(words(events) == sample.events, "cut at \(cut)")
    }
  }

  @Test(arguments: samples) func byteByByte(_ sample: Sample) {
    var decoder = KeyDecoder()
    let events = sample.bytes.utf8.flatMap { decoder.feed([$0], now: Instant(milliseconds: 0)) }
    #expect(words(events) == sample.events)
  }

  @Test func brokenUTF8IsReplacedOncePerPart() {
    var decoder = KeyDecoder()
    let now = Instant(milliseconds: 0)
    let bytes: [UInt8] = [
      0xFF, 0x61, 0xC3, 0x62, 0xE2, 0x82, 0x63, 0xF0, 0x9F, 0x98, 0x80, 0xED, 0xA0, 0x80, 0xC0, 0xAF,
    ]
    let expected = ["\u{FFFD}", "a", "\u{FFFD}", "b", "\u{FFFD}", "c", "😀"]
    #expect(Array(words(decoder.feed(bytes, now: now)).prefix(7)) == expected)
    #expect(decoder.deadline == nil)
  }

  @Test func randomBytesMeanTheSameHoweverTheyAreCut() {
    var random = SplitMix(state: 7)
    let alphabet =
      Array("\u{1B}\u{1B}\u{1B}[[O]P_<>?;:0125~uMmAcRa\r\u{7F}é漢".utf8) + [
        0x07, 0x5C, 0x80, 0xFF, 0xC3, 0xE2,
      ]
    for _ in 0..<2000 {
      let bytes = (0..<40).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
      let now = Instant(milliseconds: 0)
      var whole = KeyDecoder()
      let expected = words(whole.feed(bytes, now: now))
      var cut = KeyDecoder()
      var events: [InputEvent] = []
      var at = 0
      while at < bytes.count {
        let next = min(bytes.count, at + Int(random.next() % 7))
        events += cut.feed(Array(bytes[at..<next]), now: now)
        at = next
      }
      #expect(words(events) == expected, "\(bytes)")
    }
  }
}

extension KeyDecoderTests.Sample {
  init(_ bytes: String, words: [String]) {
    self.bytes = bytes
    events = words
  }
}

/// A small generator whose runs can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
