import Glibc
import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `fs/watch` and `fs/unwatch`, with the kernel's own events.
@Suite struct WatchMethodTests {
  let house = RealServer()

  private func watch(_ client: TestClient, _ id: String, _ path: String) async throws {
    let result = try await client.call("fs/watch", ["watchId": .string(id), "path": .string(path)])
    #expect(result == ["path": .string(path)])
  }

  /// Waits until a watch has told of a path.
  private func told(_ client: TestClient, _ id: String, _ path: String) async {
    var count = 0
    while true {
      count += 1
      let note = await client.note("fs/changed", count)
      if note["watchId"] == .string(id), note["changedPaths"]?.arrayValue?.contains(.string(path)) ?? false {
        return
      }
    }
  }

  @Test("a file is followed through change, deletion and coming again")
  func file() async throws {
    let client = try await house.client()
    let path = house.work.write("f", "1")
    try await watch(client, "w", path)
    house.work.write("other", "x")
    house.work.write("f", "2")
    let first = await client.note("fs/changed")
    #expect(first == ["watchId": "w", "changedPaths": [.string(path)]])
    unlink(path)
    _ = await client.note("fs/changed", 2)
    house.work.write("f", "3")
    _ = await client.note("fs/changed", 3)
    rename(house.work.write("new", "4"), path)
    let last = await client.note("fs/changed", 4)
    #expect(last["changedPaths"] == [.string(path)])
  }

  @Test("a directory tells of its entries, also after it was made again")
  func directory() async throws {
    let client = try await house.client()
    let path = house.work.makeDirectory("d")
    try await watch(client, "w", path)
    house.work.write("d/a", "x")
    await told(client, "w", path + "/a")
    unlink(path + "/a")
    rmdir(path)
    await told(client, "w", path)
    house.work.makeDirectory("d")
    let before = client.notes("fs/changed").count
    _ = await client.note("fs/changed", before + 1)
    house.work.write("d/b", "x")
    await told(client, "w", path + "/b")
  }

  @Test("what a link leads to is watched too")
  func link() async throws {
    let client = try await house.client()
    house.work.write("real/f", "1")
    symlink("real/f", house.work.path("l"))
    try await watch(client, "w", house.work.path("l"))
    house.work.write("real/f", "2")
    #expect(await client.note("fs/changed")["changedPaths"] == [.string(house.work.path("l"))])
  }

  @Test("of many changes each is told, or the directory itself")
  func many() async throws {
    let client = try await house.client()
    try await watch(client, "w", house.work.path)
    var missing = Set((0..<3_000).map { house.work.path("f\($0)") })
    for path in missing { house.work.write(String(path.dropFirst(house.work.path.count + 1)), "") }
    var count = 0
    while !missing.isEmpty {
      count += 1
      let paths = await client.note("fs/changed", count)["changedPaths"]?.arrayValue ?? []
      #expect(paths.count <= 1_000)
      if paths == [.string(house.work.path)] { break }
      missing.subtract(paths.compactMap(\.stringValue))
    }
  }

  @Test("ids are the connection's own; an ended watch says nothing more")
  func ids() async throws {
    let client = try await house.client()
    let other = try await house.client()
    let path = house.work.write("f", "1")
    try await watch(client, "w", path)
    try await watch(other, "w", path)
    let twice = await client.error("fs/watch", ["watchId": "w", "path": .string(path)])
    #expect(twice == .invalidRequest("watchId already exists: w"))
    #expect(try await client.call("fs/unwatch", ["watchId": "w"]) == [:])
    #expect(try await client.call("fs/unwatch", ["watchId": "w"]) == [:])
    house.work.write("f", "2")
    #expect(await other.note("fs/changed")["watchId"] == "w")
    try await client.settle()
    #expect(client.notes("fs/changed").isEmpty)
    try await watch(client, "w", path)
  }

  @Test("what can't be watched is an error of the system")
  func faults() async throws {
    let client = try await house.client()
    let missing = await client.error("fs/watch", ["watchId": "w", "path": .string(house.work.path("no/f"))])
    #expect(missing == .internalError("No such file or directory (os error 2)"))
    let relative = await client.error("fs/watch", ["watchId": "w", "path": "f"])
    #expect(relative?.code == RPCError.invalidRequestCode)
    try await watch(client, "w", house.work.path("not-yet"))
    house.work.write("not-yet", "x")
    await told(client, "w", house.work.path("not-yet"))
  }

  @Test("a connection that ends takes its watches along")
  func disconnect() async throws {
    let client = try await house.client()
    let other = try await house.client()
    try await watch(client, "w", house.work.path)
    client.transport.close()
    await client.closed()
    try await watch(other, "w", house.work.path)
    house.work.write("f", "x")
    await told(other, "w", house.work.path("f"))
  }
}
