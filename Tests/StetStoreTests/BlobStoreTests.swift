import Glibc
import StetStore
import StetTestSupport
import Testing

@Suite struct BlobStoreTests {
  let directory = TempDirectory()

  @Test(arguments: [0, 1, 8193, 3_000_000]) func bytesComeBack(count: Int) throws {
    let store = try BlobStore(directory: directory.path("blobs"))
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 8)) }
    let name = try store.put(bytes)
    #expect(try store.get(name) == bytes)
    #expect(try BlobStore(directory: directory.path("blobs")).get(name) == bytes)
  }

  @Test("R3: the same bytes are stored once, compressed, under their SHA-256") func r3_once() throws {
    let store = try BlobStore(directory: directory.path("blobs"))
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let name = try store.put(bytes)
    #expect(name == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    let path = try store.path(name)
    var first = stat()
    #expect(stat(path, &first) == 0)
    #expect(try store.put(bytes) == name)
    var second = stat()
    #expect(stat(path, &second) == 0)
    #expect(first.st_ino == second.st_ino)
    #expect(first.st_size < 1000)
    #expect(first.st_mode & 0o777 == 0o600)
    #expect(directory.names("blobs/cd") == ["\(name.dropFirst(2)).zst"])
  }

  @Test func manyWritersOfTheSameBytesLeaveOneFile() async throws {
    let store = try BlobStore(directory: directory.path("blobs"))
    let bytes = [UInt8]("the same long output".utf8)
    let names = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try store.put(bytes) } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    let name = try #require(names.first)
    #expect(names.count == 1)
    #expect(directory.names("blobs/\(name.prefix(2))").count == 1)
    #expect(try store.get(name) == bytes)
  }

  @Test func damageIsNoticed() throws {
    let store = try BlobStore(directory: directory.path("blobs"))
    let name = try store.put([UInt8](repeating: 7, count: 5000))
    let other = try store.put([UInt8](repeating: 8, count: 5000))
    let file = "blobs/\(name.prefix(2))/\(name.dropFirst(2)).zst"
    let sound = try #require(directory.bytes(file))
    let another = try #require(directory.bytes("blobs/\(other.prefix(2))/\(other.dropFirst(2)).zst"))
    for damaged in [[], Array(sound.dropLast()), [UInt8](repeating: 0xFF, count: 40), another] {
      directory.write(file, bytes: damaged)
      #expect { try store.get(name) } throws: { ($0 as? StoreError)?.code == .corrupt }
    }
  }

  @Test func namesAreChecked() throws {
    let store = try BlobStore(directory: directory.path("blobs"))
    for name in [
      "", "../../etc/passwd", String(repeating: "A", count: 64), String(repeating: "a", count: 63),
    ] {
      #expect { try store.get(name) } throws: { ($0 as? StoreError)?.code == .invalidName }
    }
    #expect { try store.get(String(repeating: "a", count: 64)) } throws: {
      ($0 as? StoreError)?.code == .notFound
    }
  }
}
