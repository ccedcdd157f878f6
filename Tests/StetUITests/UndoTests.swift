import StetProtocol
import StetTestSupport
import Testing

@testable import StetUI

@Suite struct UndoTests {
  @Test func nothingHappensBeforeTheDryRunWasShownAndConfirmed() {
    var s = Samples.talked()
    _ = s.taken()
    s.type("/undo")
    s.press(Key(.enter))
    s.press(Key("y"))
    s.reply(.snapshotList, Samples.snapshots)
    s.press(Key("y"))
    let requests = s.requests()
    #expect(requests.count == 2)
    guard case .stetSnapshotList? = requests.first, case .stetSnapshotRestore(let dry)? = requests.last else {
      Issue.record("\(requests)")
      return
    }
    #expect(dry.dryRun == true)
    #expect(dry.scope == .turn("U2"))
    s.reply(.snapshotPlan(snapshotId: "S2"), Samples.plan)
    #expect(s.shows("put back"))
    #expect(s.shows("delete (it was created)"))
    #expect(s.shows("left alone: changed since"))
    #expect(s.shows("Nothing was touched yet"))
    s.press(Key("y"))
    guard case .stetSnapshotRestore(let real)? = s.requests().last else {
      Issue.record("not applied")
      return
    }
    #expect(real.dryRun == false)
    #expect(real.planId == "P1")
    #expect(real.onConflict == "skip")
  }

  @Test func whatIsNotCertainIsSaidBeforeAnythingHappens() {
    var s = Samples.undoing()
    var plan = Samples.plan
    plan.warnings = ["HEAD moved since (main 1, now main 2)", "another thread is in the middle of a turn"]
    plan.files[0].note = "changed while `make` ran"
    s.reply(.snapshotPlan(snapshotId: "S2"), plan)
    #expect(s.shows("HEAD moved since (main 1, now main 2)"))
    #expect(s.shows("another thread is in the middle of a turn"))
    #expect(s.shows("changed while `make` ran"))
  }

  @Test func theResultIsWhatTheServerVerified() {
    var s = Samples.undoing()
    s.press(Key("y"))
    var result = Samples.plan
    result.files[0].action = "refuse"
    result.files[0].reason = "userEdited"
    s.reply(.snapshotRestore, result)
    #expect(s.state.dialogs.isEmpty)
    #expect(s.shows("Undone: 1 file put back, 2 left alone"))
    #expect(s.shows("✗ a.txt"))
    #expect(s.shows("✓ new.txt"))
  }

  @Test func aStalePlanIsMadeAnewAndShownAgain() {
    var s = Samples.undoing()
    s.press(Key("y"))
    _ = s.taken()
    s.fail(.snapshotRestore, "files changed", data: ["stetError": "planStale", "planId": "P1"])
    guard case .stetSnapshotRestore(let again)? = s.requests().last else {
      Issue.record("not planned again")
      return
    }
    #expect(again.dryRun == true)
    #expect(s.shows("nothing is touched"))
  }

  @Test func aFailureSaysThatNothingWasChanged() {
    var s = Samples.undoing()
    s.press(Key("y"))
    s.fail(.snapshotRestore, "disk full")
    #expect(s.shows("disk full"))
    #expect(s.shows("No file was changed"))
  }

  @Test func redoTakesTheLastUndoBack() {
    var s = Samples.undoing()
    _ = s.taken()
    s.press(Key("r"))
    guard case .stetSnapshotRedo(let redo)? = s.requests().last else {
      Issue.record("no redo")
      return
    }
    #expect(redo.snapshotId == "S3")
    #expect(redo.dryRun == true)
  }

  @Test("U25: what a review wrote is taken back by its own id, as an undo is")
  func u25_review() {
    var s = Session.open(snapshots: true)
    s.type("/undo")
    s.press(Key(.enter))
    let review = StetSnapshot(
      snapshotId: "S9", turnId: nil, seq: 9, createdAtMs: 1_700_000_000_000, cause: "review", files: 1,
      added: 1,
      removed: 1, state: "active")
    let turn = StetSnapshot(
      snapshotId: "S8", turnId: "U8", seq: 8, createdAtMs: 1_700_000_000_000, cause: "tool", files: 1,
      added: 1,
      removed: 1, state: "active")
    s.reply(.snapshotList, StetSnapshotListResponse(data: [review, turn]))
    guard case .stetSnapshotRestore(let plan)? = s.requests().last else {
      Issue.record("the newest turn comes first")
      return
    }
    #expect(plan.scope == .turn("U8"))
    s.press(Key("K"))
    guard case .stetSnapshotRedo(let back)? = s.requests().last else {
      Issue.record("not by its id")
      return
    }
    #expect(back.snapshotId == "S9" && back.dryRun == true)
    #expect(s.shows("Take back what a review wrote"))
  }

  @Test func aPlanOfAnotherChangeIsNotShown() {
    var s = Samples.undoing()
    s.press(Key("J"))
    s.reply(.snapshotPlan(snapshotId: "S2"), Samples.plan)
    #expect(s.state.undoState?.plan == nil)
  }

  @Test func whenEverythingIsRefusedNothingCanBeApplied() {
    var s = Samples.undoing()
    var plan = Samples.plan
    plan.files = [.init(path: "/home/user/project/mine.txt", action: "refuse", reason: "userEdited")]
    s.press(Key("J"))
    s.reply(.snapshotPlan(snapshotId: "S1"), plan)
    _ = s.taken()
    s.press(Key("y"))
    #expect(s.requests().isEmpty)
    #expect(s.shows("Nothing can be put back safely"))
  }

  @Test("/redo plans the last undo's redo at once, and says so where nothing was undone")
  func redoCommand() {
    var s = Samples.talked()
    _ = s.taken()
    s.type("/redo")
    s.press(Key(.enter))
    s.reply(.snapshotList, Samples.snapshots)
    guard case .stetSnapshotRedo(let redo)? = s.requests().last else {
      Issue.record("no redo")
      return
    }
    #expect(redo.snapshotId == "S3" && redo.dryRun == true)
    #expect(s.shows("Redo what was undone"))
    var none = Samples.talked()
    none.type("/redo")
    none.press(Key(.enter))
    _ = none.taken()
    var list = Samples.snapshots
    list.data.removeAll { $0.cause == "restore" }
    none.reply(.snapshotList, list)
    #expect(none.requests().isEmpty && none.state.dialogs.isEmpty)
    #expect(none.shows("nothing was undone that could be redone"))
  }

  @Test("U25: o plans anew with what changed since, says where that is kept, and o takes it back")
  func u25_overwrite() {
    var s = Samples.undoing()
    #expect(s.shows("o puts back the 1 left alone as well"))
    _ = s.taken()
    s.press(Key("o"))
    guard case .stetSnapshotRestore(let over)? = s.requests().last else {
      Issue.record("not planned anew")
      return
    }
    #expect(over.dryRun == true && over.onConflict == "overwriteKeepCopy")
    var plan = Samples.plan
    plan.planId = "P2"
    plan.files[2].action = "write"
    s.reply(.snapshotPlan(snapshotId: "S2"), plan)
    #expect(s.shows("put back, although: changed since"))
    #expect(s.shows("1 file of these changed since") && s.shows("stet undo --kept"))
    _ = s.taken()
    s.press(Key("y"))
    guard case .stetSnapshotRestore(let real)? = s.requests().last else {
      Issue.record("not applied")
      return
    }
    #expect(real.dryRun == false && real.planId == "P2")
    s.reply(.snapshotRestore, plan)
    #expect(s.shows("--kept FILE prints it"))
  }

  @Test("what was said of one change does not hold for the next: its conflicts are left alone")
  func overwriteIsOfOnePlan() {
    for key in [Key("J"), Key("t"), Key("r"), Key("o")] {
      var s = Samples.undoing()
      s.press(Key("o"))
      s.reply(.snapshotPlan(snapshotId: "S2"), Samples.plan)
      _ = s.taken()
      s.press(key)
      switch s.requests().last {
      case .stetSnapshotRestore(let plan): #expect(plan.onConflict == "skip" && plan.dryRun == true)
      case .stetSnapshotRedo(let plan): #expect(plan.onConflict == "skip" && plan.dryRun == true)
      default: Issue.record("not planned anew")
      }
    }
  }

  @Test("o is for plans that leave something alone that could be put back")
  func noConflicts() {
    var s = Samples.undoing()
    var plan = Samples.plan
    plan.files[2].reason = "expired"
    s.press(Key("J"))
    s.reply(.snapshotPlan(snapshotId: "S1"), plan)
    _ = s.taken()
    s.press(Key("o"))
    #expect(s.requests().isEmpty && !s.shows("o puts back"))
  }

  @Test("what is said of a path alone stands below it, the command of all of them once above")
  func notes() {
    var s = Samples.undoing()
    var list = Samples.snapshots
    for index in list.data.indices { list.data[index].note = "changed while `make` ran" }
    s.reply(.snapshotList, list)
    var plan = Samples.plan
    plan.files[0].note = "mode 644 → 600; changed while `make` ran"
    plan.files[1].note = "changed while `make` ran"
    s.reply(.snapshotPlan(snapshotId: "S2"), plan)
    let screen = s.screen()
    #expect(screen.ranges(of: "changed while `make` ran").count == 1 && screen.contains("  mode 644 → 600"))
  }

  @Test("why a path is left alone is said on a narrow screen too, before and after")
  func narrow() {
    var s = Samples.undoing()
    s.size = .init(columns: 40, rows: 20)
    var plan = Samples.plan
    plan.files = [
      .init(path: "/home/user/project/new.txt", action: "delete"),
      .init(path: "/home/user/project/bad\\xFFname", action: "refuse", reason: "nameEncoding"),
    ]
    s.press(Key("J"))
    s.reply(.snapshotPlan(snapshotId: "S1"), plan)
    #expect(s.shows("✗ bad\\xFFname") && s.shows("left alone: its name is not UTF-8"))
    s.press(Key("y"))
    s.reply(.snapshotRestore, plan)
    #expect(s.state.dialogs.isEmpty && s.shows("left alone: its name is not UTF-8"))
  }

  @Test("enter changes no file here: who typed on without looking must not undo anything")
  func enterDoesNothing() {
    var s = Samples.undoing()
    _ = s.taken()
    for key in [Key(.enter), Key(.enter), Key(" ")] { s.press(key) }
    #expect(s.requests().isEmpty && s.state.dialogs.count == 1)
    s.press(Key("y"))
    guard case .stetSnapshotRestore(let real)? = s.requests().last else {
      Issue.record("y does not put back")
      return
    }
    #expect(real.dryRun == false)
  }

  @Test(
    "a plan of thousands of files shows the refused ones first, how many more there are, and is drawn")
  func manyFiles() {
    var s = Samples.undoing()
    var plan = Samples.plan
    plan.files = (0..<3_000).map { index in
      .init(
        path: "/home/user/project/f\(index)", action: index == 2_999 ? "refuse" : "write",
        reason: index == 2_999 ? "nameEncoding" : nil, diff: "@@ -1 +1 @@\n-a\n+b\n")
    }
    s.press(Key("J"))
    s.reply(.snapshotPlan(snapshotId: "S1"), plan)
    #expect(s.shows("f2999") && s.shows("left alone: its name is not UTF-8"))
    let context = s.state.viewContext
    guard let undo = s.state.undoState else {
      Issue.record("no undo screen")
      return
    }
    let text = UndoView.lines(undo, context, wall: 0).map(\.text)
    #expect(text.contains { $0.contains("… and 2000 paths more") })
    #expect(text.contains { $0.contains("y puts back 2999 files and leaves 1 alone") })
    #expect(text.contains { $0.contains("… and the lines of 2949 files more") })
  }

  @Test("undo says why it can't", arguments: [false, true])
  func obstacles(_ isWorking: Bool) {
    var s = isWorking ? Samples.working() : Session.open(snapshots: false)
    s.type("/undo")
    s.press(Key(.enter))
    #expect(s.state.dialogs.isEmpty)
    #expect(s.shows(isWorking ? "a turn is running" : "keeps no snapshots"))
  }

  @Test("U25: the timeline lists the turns, previews a rewind, and offers files, conversation or both")
  func u25_timeline() {
    var s = Samples.undoing()
    #expect(
      s.shows("undo  1 file +1 −1") && s.shows("› turn  2 files +3 −1") && s.shows("turn  1 file +1 −0"))
    #expect(s.shows("back go: files"))
    s.press(Key("t"))
    guard case .stetSnapshotRestore(let wide)? = s.requests().last else {
      Issue.record("not planned again")
      return
    }
    #expect(wide.scope == .through("U2") && wide.dryRun == true && wide.conversation == "keep")
    s.reply(.snapshotPlan(snapshotId: "S2"), Samples.plan)
    s.press(Key("c"))
    #expect(s.shows("back go: files and conversation") && s.shows("Undo this turn and all after it"))
    _ = s.taken()
    s.press(Key("y"))
    guard case .stetSnapshotRestore(let both)? = s.requests().last else {
      Issue.record("not applied")
      return
    }
    #expect(both.conversation == "fork" && both.dryRun == false && both.planId == "P1")
    var talk = Samples.undoing()
    talk.press(Key("c"))
    talk.press(Key("c"))
    _ = talk.taken()
    talk.press(Key("y"))
    guard case .threadFork(let fork)? = talk.requests().last else {
      Issue.record("not forked")
      return
    }
    #expect(fork.beforeTurnId == "U2")
    talk.fail(.snapshotFork, "no room")
    #expect(talk.shows("no room"))
  }

  @Test func goldens() throws {
    for (columns, rows) in [(100, 30), (40, 20)] {
      var s = Samples.undoing()
      s.size = .init(columns: columns, rows: rows)
      try Golden.check(s.frame().surface, "undo-\(columns)x\(rows)")
    }
  }
}
