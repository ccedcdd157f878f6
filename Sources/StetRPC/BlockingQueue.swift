import DequeModule

/// A bounded first-in first-out queue between threads.
public final class BlockingQueue<Element: Sendable>: @unchecked Sendable {
  private let monitor = Monitor()
  private var elements = Deque<Element>()
  private var isClosed = false
  private let capacity: Int

  public init(capacity: Int) { self.capacity = capacity }

  /// Appends, waiting for room; false once the queue is closed.
  @discardableResult public func push(_ element: Element) -> Bool {
    monitor.locked {
      while elements.count >= capacity && !isClosed { monitor.wait() }
      guard !isClosed else { return false }
      elements.append(element)
      monitor.wakeAll()
      return true
    }
  }

  /// Appends without waiting; false when the queue is full or closed.
  public func offer(_ element: Element) -> Bool {
    monitor.locked {
      guard !isClosed, elements.count < capacity else { return false }
      elements.append(element)
      monitor.wakeAll()
      return true
    }
  }

  /// The next element, waiting for one; nil once the queue is closed and empty.
  public func pop() -> Element? {
    monitor.locked {
      while elements.isEmpty && !isClosed { monitor.wait() }
      let element = elements.popFirst()
      monitor.wakeAll()
      return element
    }
  }

  /// Takes no more elements; what is in it can still be popped.
  public func close() {
    monitor.locked {
      isClosed = true
      monitor.wakeAll()
    }
  }
}
