import Glibc
import StetStore
import StetTestSupport
import Testing

@Suite struct ThreadWriterLockTests {
  let directory = TempDirectory()
  var locks: String { directory.path("state/locks") }

  @Test("R7: a second writer is refused with the number of the first's process") func r7_oneWriter()
    async throws
  {
    let lock = try ThreadWriterLock.acquire(threadId: "t1", directory: locks)
    #expect { try ThreadWriterLock.acquire(threadId: "t1", directory: locks) } throws: { error in
      (error as? StoreError)?.code == .locked(pid: getpid()) && "\(error)".contains("process \(getpid())")
    }
    await #expect(processExitsWith: .success) { [locks = locks as String, pid = getpid() as Int32] in
      #expect { try ThreadWriterLock.acquire(threadId: "t1", directory: locks) } throws: { error in
        (error as? StoreError)?.code == .locked(pid: pid)
      }
      _ = try ThreadWriterLock.acquire(threadId: "t2", directory: locks)
    }
    lock.release()
    lock.release()
    try ThreadWriterLock.acquire(threadId: "t1", directory: locks).release()
    #expect(directory.names("state/locks").isEmpty)
  }

  @Test("R7: what a killed process leaves behind locks nobody out") func r7_staleFile() throws {
    directory.write("state/locks/t1.lock", "999999999\n")
    let lock = try ThreadWriterLock.acquire(threadId: "t1", directory: locks)
    #expect(directory.text("state/locks/t1.lock") == "\(getpid())\n")
    lock.release()
  }

  @Test("R7: of many that try at once, one at a time holds the lock") func r7_contention() async throws {
    let directory = locks
    let holders = Gauge()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<50 {
            guard let lock = try? ThreadWriterLock.acquire(threadId: "t1", directory: directory) else {
              continue
            }
            holders.enter()
            holders.leave()
            lock.release()
          }
        }
      }
    }
    #expect(holders.most == 1)
  }

  @Test(arguments: ["", "../t", "a/b", "a b", ".", String(repeating: "x", count: 129)])
  func idsThatAreNoFileNamesAreRefused(id: String) {
    #expect { try ThreadWriterLock.acquire(threadId: id, directory: locks) } throws: { error in
      (error as? StoreError)?.code == .invalidName
    }
    #expect(throws: StoreError.self) {
      try ThreadFiles(directory: locks).path(threadId: id, createdAtMs: 0)
    }
  }
}
