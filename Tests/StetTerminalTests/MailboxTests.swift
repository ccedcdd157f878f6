import Glibc
import StetTerminal
import Testing

@Suite struct MailboxTests {
  private func isReadable(_ descriptor: Int32) -> Bool {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, 0) == 1
  }

  @Test func messagesComeInOrderAndWake() {
    let mailbox = Mailbox<Int>()
    #expect(!isReadable(mailbox.descriptor))
    for number in 0..<5 { mailbox.post(number) }
    #expect(isReadable(mailbox.descriptor))
    #expect(mailbox.drain() == [0, 1, 2, 3, 4])
    #expect(!isReadable(mailbox.descriptor))
    #expect(mailbox.drain().isEmpty)
    mailbox.post(5)
    #expect(isReadable(mailbox.descriptor))
  }

  @Test func neighboursMergeAndOthersKeepTheirPlace() {
    let mailbox = Mailbox<String>(merge: { first, second in
      guard first.first == second.first else { return false }
      first += second
      return true
    })
    for text in ["a1", "a2", "b1", "a3", "a4", "a5"] { mailbox.post(text) }
    #expect(mailbox.drain() == ["a1a2", "b1", "a3a4a5"])
  }

  @Test func manyPostersLoseNothing() async {
    let mailbox = Mailbox<(Int, Int)>(capacity: 64)
    let (posters, each) = (8, 500)
    let received = await withTaskGroup(of: Void.self) { group in
      for poster in 0..<posters {
        group.addTask {
          await withCheckedContinuation { done in
            Self.thread {
              for number in 0..<each { mailbox.post((poster, number)) }
              done.resume()
            }
          }
        }
      }
      var received: [(Int, Int)] = []
      while received.count < posters * each {
        let messages = mailbox.drain()
        #expect(messages.count <= 64)
        received += messages
        if messages.isEmpty { await Task.yield() }
      }
      await group.waitForAll()
      return received
    }
    for poster in 0..<posters {
      #expect(received.filter { $0.0 == poster }.map(\.1) == Array(0..<each))
    }
  }

  @Test func closingLetsPostersGo() async {
    let mailbox = Mailbox<Int>(capacity: 1)
    mailbox.post(1)
    let result = await withCheckedContinuation { done in
      Self.thread { done.resume(returning: mailbox.post(2)) }
      mailbox.close()
    }
    #expect(!result)
    #expect(!mailbox.post(3))
    #expect(mailbox.drain() == [1])
  }

  private static func thread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
      let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Box(body)).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, context)
    pthread_detach(thread)
  }
}
