// swift-tools-version: 6.1
// The walls of the house. Who may import whom is written in AGENTS.md and checked by LayeringTests;
// the three (table, test, this file) change in one commit.
import PackageDescription

let strict: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

func system(_ name: String) -> Target { .systemLibrary(name: name, path: "Sources/\(name)") }

/// Optimised for size: code that runs once for a key, a request or a line of configuration, and is much.
let small = strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

func room(_ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = strict) -> Target
{
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// `goldens`: the target's folder of recorded files, which the tests read where they lie.
func tests(_ name: String, _ dependencies: [Target.Dependency], goldens: String? = nil) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: goldens.map { [$0] } ?? [], swiftSettings: strict)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")

let package = Package(
  name: "stet",
  products: [
    .executable(name: "stet", targets: ["stet"]),
    .executable(name: "stet-launcher", targets: ["CLauncher"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    system("CNcurses"), system("CCurl"), system("CGit2"), system("CSQLite"), system("CMD4C"),
    system("CZstd"), system("CSeccomp"), system("CCrypto"),
    .target(name: "CPlatform"), .target(name: "CLaunch"),
    // Plain C without libraries: what a Swift program loads before its first line costs more than all that it does.
    .executableTarget(
      name: "CLauncher", dependencies: ["CLaunch"],
      linkerSettings: [
        .unsafeFlags([
          "-nostartfiles", "-static-stdlib", "-Xclang-linker", "-static", "-Xclang-linker",
          "-Qunused-arguments",
          "-Xlinker", "--gc-sections",
        ])
      ]),

    room("StetJSON", []),
    room("StetHash", ["CCrypto"]),
    room("StetText", ["CMD4C"]),
    room("StetProtocol", ["StetJSON"], small),
    room(
      "StetConfig", ["StetJSON", "StetHash", "StetProtocol", .product(name: "TOMLKit", package: "TOMLKit")],
      small),
    room("StetNet", ["StetJSON", "CCurl", logging]),
    room("StetWorkspace", ["CGit2", "CSQLite", "CPlatform", "StetHash", "StetJSON", logging]),
    room("StetProcess", ["CPlatform", "CLaunch", "CSeccomp", logging]),
    room("StetRPC", ["StetJSON", "StetHash", "StetProtocol", deque, logging]),
    room("StetStore", ["StetJSON", "StetHash", "StetProtocol", "CSQLite", "CZstd", logging]),
    room(
      "StetAgent",
      [
        "StetJSON", "StetHash", "StetConfig", "StetProtocol", "StetNet", "StetWorkspace", "StetProcess",
        "StetStore", "StetRPC", deque, logging,
      ], small),
    room("StetDemo", ["StetJSON", "StetAgent"], small),
    room(
      "StetServer",
      ["StetJSON", "StetHash", "StetConfig", "StetProtocol", "StetRPC", "StetAgent", deque, logging], small),
    room("StetClient", ["StetJSON", "StetProtocol", "StetRPC", logging], small),
    room("StetUI", ["StetText", "StetProtocol"]),
    room("StetTerminal", ["StetText", "StetUI", "CNcurses", "CPlatform"]),
    .executableTarget(
      name: "stet",
      dependencies: [
        "StetJSON", "StetHash", "StetText", "StetProtocol", "StetConfig", "StetNet", "StetWorkspace",
        "StetProcess", "StetRPC", "StetStore", "StetAgent", "StetDemo", "StetServer", "StetClient",
        "StetUI", "StetTerminal", "CPlatform", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: small,
      // libgit2 finds this function of the program before mbedTLS's own (CPlatform/git2.c).
      linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic-symbol=mbedtls_x509_crt_parse_file"])]),
    .target(
      name: "StetTestSupport",
      dependencies: [
        "StetJSON", "StetText", "StetProtocol", "StetRPC", "StetUI", "StetTerminal", "StetWorkspace",
        "CPlatform",
      ],
      swiftSettings: strict),

    tests("StetJSONTests", ["StetJSON"]),
    tests("StetHashTests", ["StetHash"]),
    tests("StetTextTests", ["StetText", "StetTestSupport"], goldens: "Goldens"),
    tests("StetProtocolTests", ["StetProtocol", "StetJSON", "StetTestSupport"]),
    tests("StetConfigTests", ["StetConfig", "StetProtocol", "StetJSON", "StetTestSupport"]),
    tests("StetNetTests", ["StetNet", "StetJSON", "StetTestSupport"]),
    tests("StetWorkspaceTests", ["StetWorkspace", "StetHash", "StetJSON", "StetTestSupport"]),
    tests("StetProcessTests", ["StetProcess", "StetTestSupport"]),
    tests("StetRPCTests", ["StetRPC", "StetProtocol", "StetJSON", "StetTestSupport"]),
    tests("StetStoreTests", ["StetStore", "StetProtocol", "StetJSON", "StetTestSupport"]),
    tests(
      "StetAgentTests",
      [
        "StetAgent", "StetStore", "StetConfig", "StetNet", "StetWorkspace", "StetProcess", "StetProtocol",
        "StetJSON", "StetTestSupport", logging,
      ], goldens: "Goldens"),
    tests(
      "StetServerTests",
      [
        "StetServer", "StetAgent", "StetClient", "StetRPC", "StetConfig", "StetNet", "StetProtocol",
        "StetJSON", "StetTestSupport",
      ], goldens: "HunkReview/Goldens"),
    tests("StetClientTests", ["StetClient", "StetRPC", "StetProtocol", "StetJSON", "StetTestSupport"]),
    tests("StetUITests", ["StetUI", "StetText", "StetProtocol", "StetTestSupport"], goldens: "Goldens"),
    tests("StetTerminalTests", ["StetTerminal", "StetUI", "StetText", "StetTestSupport"]),
    tests(
      "JourneyTests",
      [
        "stet", "StetUI", "StetText", "StetTerminal", "StetConfig", "StetJSON", "StetProcess",
        "StetWorkspace",
        "StetTestSupport",
      ]),
    tests("LayeringTests", []),
  ],
  swiftLanguageModes: [.v6]
)

// `make fuzz` only: these targets need sanitizers and libFuzzer's driver, which ordinary builds have not.
if let driver = Context.environment["STET_FUZZ"] {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: ["StetJSON", "StetProtocol", "StetRPC", "StetConfig", "StetStore", "StetAgent", logging],
      path: "Fuzz",
      swiftSettings: strict, linkerSettings: [.unsafeFlags([driver, "-lstdc++"])]))
}
