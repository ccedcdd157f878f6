import Testing

@testable import StetAgent

/// What our own search compiles, and what it does not for the memory that it would take.
struct PosixExpressionTests {
  private static let address = #"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"#

  @Test(
    "a `+` side by side, escaped or in brackets costs nothing",
    arguments: [
      String(repeating: "a+b", count: 40), String(repeating: #"\+"#, count: 40), "[++++++++++++++++++++]",
      "[])+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+]", "[[:alpha:])+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+]",
      address + #"\s+\w+\s+\w+\s+\w+\s+\w+"#,
    ])
  func harmless(pattern: String) throws {
    _ = try PosixExpression(pattern, ignoresCase: false)
  }

  @Test(
    "repetitions within each other are refused before they are compiled",
    arguments: [
      String(repeating: "(", count: 20) + "a" + String(repeating: "+)", count: 20) + "+",
      "a" + String(repeating: "+", count: 40), "a" + String(repeating: "*+", count: 40),
      "((a{100}){100}){100}", "a{100}{100}{100}", "a{99999}",
      // The brackets end before the groups.
      "[[:alpha:]](((a{100}){100}){100})", #"[\](((a{100}){100}){100})]"#, "[a](((a{100}){100}){100})]",
    ])
  func refused(pattern: String) {
    #expect { try PosixExpression(pattern, ignoresCase: false) } throws: {
      "\($0)".hasPrefix("its repetitions ({…} and +)")
    }
  }
}
