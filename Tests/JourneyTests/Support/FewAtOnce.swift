import Testing

/// Lets a few journeys run at a time, each of them whole programs: a hundred that begin together on two processors tell
/// how the program is under a load that no user has, and each becomes as slow as all of them.
struct FewAtOnce: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    await Places.shared.take()
    do {
      try await body()
    } catch {
      await Places.shared.giveBack()
      throw error
    }
    await Places.shared.giveBack()
  }

  /// The places that are free, and who waits for one.
  private actor Places {
    static let shared = Places()

    private var free = 8
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
      guard free == 0 else {
        free -= 1
        return
      }
      await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
      if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
  }
}

extension Trait where Self == FewAtOnce {
  static var fewAtOnce: Self { FewAtOnce() }
}
