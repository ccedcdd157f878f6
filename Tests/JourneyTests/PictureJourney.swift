import StetTestSupport
import Testing

/// A picture that the model looks at is shown to the user, too (issue 7): in shades, since the house tells of no terminal
/// that has colours.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct PictureJourney {
  @Test("issue 7: view_image shows the file's size and a preview, and again after resume")
  func picture() async throws {
    let house = House([.call("view_image", ["path": "shot.png"]), .text("It is a stripe.")])
    house.work.write("shot.png", bytes: TestPicture.png(width: 80, height: 40) { x, _ in x < 40 ? 30 : 220 })
    let app = house.open()
    try await app.expect(.ready).say("look").expect("It is a stripe.").expect("80×40 PNG").expect("████")
    try await app.expect(.ready).quit()
    let again = house.open(.resumeLast)
    try await again.expect("It is a stripe.").expect("80×40 PNG").expect("████").quit()
  }
}
