import StetTestSupport
import Testing

@testable import StetWorkspace
@testable import stet

/// An undo whose disk does not answer (issue 6: the UI thread never waits).
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct BusyUndoJourney {
  @Test("while an undo waits for its store keys are taken and painted; then it is done and told")
  func keysGoOn() async throws {
    let house = House(
      [.call("exec_command", ["cmd": "echo two > a.txt"]), .text("done")],
      settings: "approval_policy = \"never\"\nsandbox_mode = \"danger-full-access\"")
    house.work.write("a.txt", "one\n")
    let app = house.open()
    try await app.expect(.ready).say("go").expect("done").expect(.ready)
    let store = try SnapshotStore.all(in: house.surroundings.home.snapshotsDirectory)
    let path = try #require(store.first).directory + "/journal.db"
    try await app.say("/undo").expect("Nothing was touched yet.")
    let other = try Database(path: path)
    try other.run("BEGIN IMMEDIATE")
    try await app.press("y").expect("putting the files back")
    // The store can write nothing; the interface takes keys, closes the page and paints what is typed.
    try await app.press(.escape).type("typed meanwhile").expect("typed meanwhile")
    #expect(house.work.text("a.txt") == "two\n")
    try other.run("COMMIT")
    try await app.expect("Undone: 1 file put back")
    #expect(house.work.text("a.txt") == "one\n" && app.text.contains("typed meanwhile"))
    app.press("u", .ctrl)
    try await app.quit()
  }
}
