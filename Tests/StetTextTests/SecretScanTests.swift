import Testing

@testable import StetText

@Suite("review.md A5: secrets-looking additions") struct SecretScanTests {
  private static let random = "a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6"

  @Test(
    "keys of known forms and secrets that are written down are seen",
    arguments: [
      "aws_access_key_id = AKIAIOSFODNN7EXAMPLE", "token: ghp_\(random)", "url = https://x/?k=AIza\(random)",
      "-----BEGIN RSA PRIVATE KEY-----", "  \"apiKey\": \"9f8e7d6c5b4a3210\",",
      "export DB_PASSWORD=hunter2hunter2",
      "client-secret = 'abc123def456ghi'", "OPENAI=sk-proj-\(random)",
      "bearer eyJhbGciOiJIUzI1NiJ9.\(random).x",
    ])
  func seen(_ line: String) { #expect(SecretScan.isSuspicious(line)) }

  @Test(
    "names, calls, variables, place holders and prose are not",
    arguments: [
      "let password = readPassword()", "token: String,", "API_KEY=${API_KEY_1234567}",
      "secret = \"<your-secret-1>\"",
      "password = config.password1", "the token is 12 characters long", "let tokens = [1, 2, 3]",
      "sk-learn==1.2.3",
      "AKIA", "// see ghp_ tokens", "", "tokenCount: 123456789012345", "if token == expectedToken1 {",
    ])
  func notSeen(_ line: String) { #expect(!SecretScan.isSuspicious(line)) }

  @Test("a line of a megabyte costs no more than its beginning")
  func long() {
    let long = String(repeating: "x1", count: 500_000)
    #expect(!SecretScan.isSuspicious(long + " ghp_\(Self.random)"))
  }
}

@Suite("review.md A5: text that no longer parses") struct BracketBalanceTests {
  private func balance(_ line: String, _ path: String = "a.swift") throws -> BracketBalance {
    var balance = BracketBalance()
    balance.add(line, try #require(Language.forPath(path)))
    return balance
  }

  @Test("brackets count, those in strings and comments do not")
  func counts() throws {
    #expect(try balance("if (a[0]) {").curly == 1 && balance("if (a[0]) {").round == 0)
    for line in [#"print("{ \" (")"#, "x // {", "a /* no end */ ()", #""\\""#] {
      #expect(try balance(line).isZero, "\(line)")
    }
    #expect(try balance("x = 1 # {", "a.py").isZero)
    #expect(try balance("fn f<'a>(x: &'a str) {", "a.rs").curly == 1)
    #expect(!BracketBalance.isKnown(try #require(Language.forPath("a.md"))))
  }
}
