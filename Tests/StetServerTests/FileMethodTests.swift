import FoundationEssentials
import Glibc
import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `fs/*` but for watches: real files through the real agent.
@Suite struct FileMethodTests {
  let house = RealServer()

  private func path(_ name: String) -> JSONValue { .string(house.work.path(name)) }

  private func base64(_ bytes: [UInt8]) -> JSONValue { .string(Data(bytes).base64EncodedString()) }

  private func error(_ client: TestClient, _ method: String, _ params: JSONValue) async -> String {
    guard let error = await client.error(method, params) else { return "no error" }
    return "\(error.code) \(error.message)"
  }

  @Test("bytes of every value go there and back, pipelined calls in their order")
  func writeAndRead() async throws {
    let client = try await house.client()
    let bytes = (0...255).map { UInt8($0) }
    client.ask("fs/writeFile", ["path": path("f"), "dataBase64": base64([1])])
    client.ask("fs/writeFile", ["path": path("f"), "dataBase64": base64(bytes)])
    #expect(try await client.call("fs/readFile", ["path": path("f")])["dataBase64"] == base64(bytes))
    #expect(house.work.bytes("f") == bytes)
    #expect(house.work.names() == ["f"])
    try await client.call("fs/writeFile", ["path": path("empty"), "dataBase64": ""])
    #expect(try await client.call("fs/readFile", ["path": path("empty")]) == ["dataBase64": ""])
  }

  @Test("a write keeps mode and other names of a file, and goes through a link")
  func writeKeeps() async throws {
    let client = try await house.client()
    house.work.write("script", "old", mode: 0o750)
    house.work.write("named", "old")
    link(house.work.path("named"), house.work.path("other"))
    symlink("script", house.work.path("link"))
    for name in ["link", "named"] {
      try await client.call("fs/writeFile", ["path": path(name), "dataBase64": base64(Array("new".utf8))])
    }
    var info = stat()
    #expect(stat(house.work.path("script"), &info) == 0 && info.st_mode & 0o777 == 0o750)
    #expect(house.work.text("script") == "new" && house.work.text("other") == "new")
    #expect(lstat(house.work.path("link"), &info) == 0 && info.st_mode & S_IFMT == S_IFLNK)
  }

  @Test("faults have the codes and words that clients know")
  func faults() async throws {
    let client = try await house.client()
    house.work.write("f", "x")
    house.work.makeDirectory("d")
    let none = "-32603 No such file or directory (os error 2)"
    #expect(await error(client, "fs/readFile", ["path": path("none")]) == none)
    #expect(await error(client, "fs/getMetadata", ["path": path("none")]) == none)
    #expect(await error(client, "fs/readDirectory", ["path": path("none")]) == none)
    #expect(await error(client, "fs/remove", ["path": path("none"), "force": false]) == none)
    #expect(
      await error(client, "fs/copy", ["sourcePath": path("none"), "destinationPath": path("c")]) == none)
    #expect(await error(client, "fs/writeFile", ["path": path("no/f"), "dataBase64": ""]) == none)
    #expect(
      await error(client, "fs/createDirectory", ["path": path("x/y"), "recursive": false]) == none)
    #expect(await error(client, "fs/readFile", ["path": path("d")]) == "-32603 Is a directory (os error 21)")
    #expect(
      await error(client, "fs/writeFile", ["path": path("d"), "dataBase64": ""])
        == "-32603 Is a directory (os error 21)")
    #expect(
      await error(client, "fs/readDirectory", ["path": path("f")]) == "-32603 Not a directory (os error 20)")
    #expect(
      await error(client, "fs/createDirectory", ["path": path("f")]) == "-32603 File exists (os error 17)")
    #expect(
      await error(client, "fs/readFile", ["path": "rel.txt"])
        == "-32600 Invalid request: AbsolutePathBuf deserialized without a base path")
    #expect(
      await error(client, "fs/writeFile", ["path": path("g"), "dataBase64": "!!!"])
        == "-32600 fs/writeFile requires valid base64 dataBase64: Invalid symbol 33, offset 0.")
    #expect(
      await error(client, "fs/readFile", ["path": "/tmp/\0x"])
        == "-32600 file name contained an unexpected NUL byte")
    #expect(
      await error(client, "fs/readFile", ["path": .string("/" + String(repeating: "a/", count: 40_000))])
        == "-32603 File name too long (os error 36)")
    #expect(await error(client, "fs/remove", ["path": "/"]) == "-32600 / is never removed")
    #expect(await error(client, "fs/remove", ["path": path("d"), "recursive": false]) == "no error")
    #expect(!house.work.exists("g"))
  }

  @Test("what is no regular file is refused, not waited for")
  func noRegularFile() async throws {
    let client = try await house.client()
    mkfifo(house.work.path("pipe"), 0o600)
    #expect(await error(client, "fs/readFile", ["path": path("pipe")]).hasSuffix("is not a regular file"))
    #expect(
      await error(client, "fs/writeFile", ["path": path("pipe"), "dataBase64": ""])
        .hasSuffix("is not a regular file"))
    #expect(
      await error(client, "fs/copy", ["sourcePath": path("pipe"), "destinationPath": path("c")])
        == "-32600 fs/copy only supports regular files, directories, and symlinks")
  }

  @Test("a file too large for a line is refused by its size")
  func tooLarge() async throws {
    let client = try await house.client()
    house.work.write("big", "")
    truncate(house.work.path("big"), 1 << 40)
    #expect(
      await error(client, "fs/readFile", ["path": path("big")]).hasSuffix("is larger than 25161728 bytes"))
  }

  @Test("kinds: a link is what it leads to, a dangling one is neither")
  func metadata() async throws {
    let client = try await house.client()
    house.work.write("d/f", "x")
    symlink("d", house.work.path("l"))
    symlink("gone", house.work.path("m"))
    func kinds(_ name: String) async throws -> [Bool?] {
      let found = try await client.call("fs/getMetadata", ["path": path(name)])
      return ["isDirectory", "isFile", "isSymlink"].map { found[$0]?.boolValue }
    }
    #expect(try await kinds("d") == [true, false, false])
    #expect(try await kinds("d/f") == [false, true, false])
    #expect(try await kinds("l") == [true, false, true])
    #expect(try await kinds("m") == [false, false, true])
    let times = try await client.call("fs/getMetadata", ["path": path("d/f")])
    #expect(try #require(times["modifiedAtMs"]?.intValue) > 1_600_000_000_000)
    let entries = try await client.call("fs/readDirectory", ["path": path("")])["entries"]
    #expect(
      entries == [
        ["fileName": "d", "isDirectory": true, "isFile": false],
        ["fileName": "l", "isDirectory": true, "isFile": false],
        ["fileName": "m", "isDirectory": false, "isFile": false],
      ])
  }

  @Test("removing never follows a link, and takes whole trees unless told otherwise")
  func remove() async throws {
    let client = try await house.client()
    house.work.write("keep/f", "x")
    house.work.write("tree/a/b/c", "x")
    symlink("../keep", house.work.path("tree/link"))
    mkdir(house.work.path("tree/latin\u{1}"), 0o755)
    #expect(
      await error(client, "fs/remove", ["path": path("tree"), "recursive": false])
        == "-32603 Directory not empty (os error 39)")
    try await client.call("fs/remove", ["path": path("tree")])
    try await client.call("fs/remove", ["path": path("tree")])
    #expect(house.work.names() == ["keep"] && house.work.names("keep") == ["f"])
  }

  @Test("copies: files whole, links as links, trees only when asked, never into themselves")
  func copy() async throws {
    let client = try await house.client()
    house.work.write("t/a/f", "text", mode: 0o755)
    symlink("f", house.work.path("t/a/l"))
    mkfifo(house.work.path("t/pipe"), 0o600)
    func copy(_ from: String, _ to: String, _ recursive: Bool? = nil) async -> String {
      var params: JSONObject = ["sourcePath": path(from), "destinationPath": path(to)]
      if let recursive { params["recursive"] = .bool(recursive) }
      return await error(client, "fs/copy", .object(params))
    }
    #expect(await copy("t/a/f", "g") == "no error")
    #expect(house.work.text("g") == "text" && access(house.work.path("g"), X_OK) == 0)
    #expect(await copy("t/a/l", "l") == "no error")
    var info = stat()
    #expect(lstat(house.work.path("l"), &info) == 0 && info.st_mode & S_IFMT == S_IFLNK)
    #expect(await copy("t", "u") == "-32600 fs/copy requires recursive: true when sourcePath is a directory")
    #expect(await copy("t", "u", true) == "no error")
    #expect(house.work.text("u/a/l") == "text" && !house.work.exists("u/pipe"))
    #expect(
      await copy("t", "t/a/deeper", true)
        == "-32600 fs/copy cannot copy a directory to itself or one of its descendants")
    #expect(await copy("g", "t") == "-32603 Is a directory (os error 21)")
    #expect(await copy("g", "g") == "no error")
    #expect(house.work.text("g") == "text")
  }
}
