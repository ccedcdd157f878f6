import StetAgent
import StetConfig

/// `stet doctor --reindex`: the index of threads, made anew from the logs, and what was wrong with the old one.
struct Reindex {
  let home: StetHome

  func run() -> [DoctorCheck] {
    do {
      let result = try IndexRebuild.run(home: home)
      let notes = result.notices.map { DoctorCheck.note("thread log", $0, "The other threads are whole.") }
      let size = "\(result.threads) threads and \(result.texts) searchable texts"
      let change = result.hadChanges ? "it differed from the logs and is right now" : "it was right already"
      return notes + [.ok("index", "\(size) from \(home.threadsDirectory); \(change)")]
    } catch {
      return [
        .problem(
          "index", "\(error)", "Move \(home.indexPath) away, with -wal and -shm, and run this again.")
      ]
    }
  }
}
