import Glibc
import StetConfig
import StetTestSupport
import Testing

@Suite struct ConfigurationErrorTests {
  func failure(_ text: String, _ overrides: [String] = []) -> ConfigurationError? {
    let bench = ConfigBench(text)
    do throws(ConfigurationError) { _ = try bench.load(overrides) } catch {
      #expect(error.file == bench.file || error.file.hasPrefix("-c "))
      return error
    }
    Issue.record("accepted: \(text)")
    return nil
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let text: String
    let line: Int
    let column: Int
    let says: [String]
    var testDescription: String { text }
  }

  @Test(arguments: [
    Fault(text: "model = 5", line: 1, column: 9, says: ["model must be a string in quotes", "the number 5"]),
    Fault(text: "\n# x\n  model =  true # y", line: 3, column: 12, says: ["true"]),
    Fault(text: "sandbox_mode = \"readonly\"", line: 1, column: 16, says: ["Did you mean \"read-only\"?"]),
    Fault(text: "[tui]\ntheme = [1]", line: 2, column: 9, says: ["tui.theme must be a string", "a list"]),
    Fault(text: "tui = { mouse = 1 }", line: 1, column: 7, says: ["tui.mouse must be true or false"]),
    Fault(text: "tui = 1", line: 1, column: 7, says: ["tui must be a table"]),
    Fault(
      text: "[projects.\"/a b\"]\ntrust_level = \"trustd\"", line: 2, column: 15,
      says: ["projects.\"/a b\".trust_level", "Did you mean \"trusted\"?"]),
    Fault(
      text: "[model_providers.x]\nbase_url = \"http://h\"\nrequest_max_retries = 101", line: 3, column: 23,
      says: ["from 0 to 100"]),
    Fault(
      text: "[model_providers.x]\nbase_url = \"h:80\"", line: 2, column: 12, says: ["http:// or https://"]),
    Fault(text: "[model_providers.x]\nname = \"x\"", line: 1, column: 1, says: ["has no base_url"]),
    Fault(text: "notify = [1, 2]", line: 1, column: 10, says: ["a list of strings"]),
    Fault(text: "model_provider = \"opnai\"", line: 1, column: 18, says: ["Did you mean \"openai\"?"]),
    Fault(text: "\nmodel_provider = \"nowhere\"", line: 2, column: 18, says: ["[model_providers.nowhere]"]),
    Fault(text: "[mcp_servers.a]\nargs = []", line: 1, column: 1, says: ["either a command or a url"]),
    Fault(
      text: "[mcp_servers.a]\ncommand = \"x\"\nurl = \"y\"", line: 1, column: 1,
      says: ["either a command or a url"]),
    Fault(text: "profile = \"fast\"\n[profiles.fats]\n", line: 1, column: 11, says: ["Did you mean fats?"]),
    Fault(text: "[profiles.a]\nmodel = 1", line: 2, column: 9, says: ["profiles.a.model must be a string"]),
    Fault(text: "approval_policy = \"always\"", line: 1, column: 19, says: ["approval_policy must be"]),
  ]) func aWrongValueIsNamedWithItsPlace(fault: Fault) throws {
    let error = try #require(failure(fault.text))
    #expect(error.line == fault.line && error.column == fault.column, "\(error)")
    for text in fault.says { #expect(error.description.contains(text), "\(error)") }
    #expect(error.description.hasPrefix("\(error.file):\(fault.line):\(fault.column): "))
    #expect(error.code == .value)
  }

  @Test(arguments: [
    ("model = ", 1), ("a = 1\nb = \"x\nc = 2", 2), ("[tui", 1), ("x = 1\nx = 2", 2), ("\n\n= 3", 3),
    ("é = 1", 1),
    ("[a]\n[a]", 2), ("a = [1,\n2", 2), ("a = {b = 1\n", 1), ("\"\"\"", 1),
  ]) func aFileThatIsNotTOMLIsNamedWithItsPlace(text: String, line: Int) throws {
    let error = try #require(failure(text))
    #expect(error.code == .syntax && error.line == line && error.column > 0, "\(error)")
    #expect(error.advice.contains("Correct this line"))
  }

  @Test func hostileTextIsRefusedAndNeverATrap() throws {
    let deep = String(repeating: "a.", count: 100_000) + "a = 1"
    #expect(failure(deep)?.message.contains("nested too deeply") == true)
    #expect(failure("a = " + String(repeating: "[", count: 100_000))?.message.contains("nested") == true)
    #expect(failure("model = \"a\u{0}b\"")?.message.contains("NUL") == true)
    #expect(failure("model = \"" + String(repeating: "x", count: 1 << 20) + "\"")?.code == .file)
    for text in [
      "\\", "\"", "'", "'''", "\"\"\"\\", "[", "[[", "[\"", "a=\"\\", "a.", "a.=", "{", "a={", "#", "\r",
      "\t",
    ] {
      let bench = ConfigBench(text)
      do throws(ConfigurationError) { _ = try bench.load() } catch { #expect(error.code == .syntax) }
    }
  }

  @Test func bytesThatAreNotTextAreNamedWithTheirLine() throws {
    let bench = ConfigBench()
    bench.directory.write("home/config.toml", bytes: Array("a = 1\nb = 2\nmodel = \"".utf8) + [0xFF, 0x22])
    #expect { try bench.load() } throws: { error in
      (error as? ConfigurationError)?.line == 3 && "\(error)".contains("not UTF-8")
    }
  }

  @Test func aFileThatCanNotBeReadIsAnError() throws {
    let bench = ConfigBench()
    bench.directory.makeDirectory("home/config.toml")
    #expect { try bench.load() } throws: { ($0 as? ConfigurationError)?.code == .file }
  }

  @Test func faultsOfTheCommandLineNameIt() throws {
    #expect(failure("", ["model=3"])?.file == "-c model=3")
    #expect(failure("", ["model"])?.message.contains("not key=value") == true)
    #expect(failure("", ["=x"]) != nil)
    #expect(
      failure("", ["sandbox_mode=readonly"])?.description.contains("Did you mean \"read-only\"?") == true)
  }
}
