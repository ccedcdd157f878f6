import Testing

@testable import StetProcess

/// What counts as a host, and how far away an address is.
@Suite struct NetworkTargetTests {
  @Test(
    "S13: a host has one form in which it is asked about",
    arguments: [
      ("example.com", "example.com"), ("EXAMPLE.com.", "example.com"), ("example.com:443", "example.com"),
      ("example.com:8443", "example.com:8443"), ("a-b_c.example", "a-b_c.example"),
      ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("192.0.2.7", "192.0.2.7"),
      ("[2001:DB8:0::1]:443", "[2001:db8::1]"), ("[::ffff:10.0.0.1]:8080", "10.0.0.1:8080"),
      ("localhost:80", "localhost:80"),
    ])
  func s13_canonical(text: String, name: String) {
    #expect(NetworkTarget(.https, authority: text)?.name == name)
  }

  @Test(
    "S13: what a resolver may read in another way than the user is no host",
    arguments: [
      "", ":443", "example.com:", "example.com:0", "example.com:65536", "example.com:443x", "example.com:+80",
      "user@example.com", "example.com/path", "example.com example.org", "exa\u{6D}\u{301}ple.com",
      "bücher.example",
      "example..com", ".example.com", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "127.0.0.1.", "1.2.3",
      "0x7f000001", "host.0x10", "::1", "[::1", "[::1]x", "[127.0.0.1]:80", "[fe80::1%eth0]:80",
      "a\u{0}.example",
      "%6c.example", String(repeating: "a", count: 64) + ".example",
      Array(repeating: "abcdefgh", count: 30).joined(separator: "."),
    ])
  func s13_noHost(text: String) {
    #expect(NetworkTarget(.https, authority: text) == nil)
  }

  @Test(
    "S13: private, local and reserved addresses are known in every disguise",
    arguments: [
      ("8.8.8.8", AddressReach.world), ("2606:4700::1", .world), ("172.32.0.1", .world),
      ("100.128.0.1", .world),
      ("127.0.0.1", .machine), ("127.9.9.9", .machine), ("::1", .machine), ("::ffff:127.0.0.1", .machine),
      ("64:ff9b::7f00:1", .machine), ("2002:7f00:1::", .machine), ("::127.0.0.1", .machine),
      ("10.0.0.1", .privateNetwork), ("172.16.0.1", .privateNetwork), ("172.31.255.255", .privateNetwork),
      ("192.168.1.1", .privateNetwork), ("100.64.0.1", .privateNetwork), ("fd00::1", .privateNetwork),
      ("::ffff:192.168.0.1", .privateNetwork), ("64:ff9b::a00:1", .privateNetwork),
      ("0.0.0.0", .nowhere), ("::", .nowhere), ("169.254.169.254", .nowhere),
      ("::ffff:169.254.169.254", .nowhere),
      ("224.0.0.1", .nowhere), ("255.255.255.255", .nowhere), ("fe80::1", .nowhere), ("ff02::1", .nowhere),
      ("100::1", .nowhere),
    ])
  func s13_reach(text: String, reach: AddressReach) throws {
    #expect(try #require(NumericAddress(text)).reach == reach)
  }
}
