// swift-tools-version: 6.2
import PackageDescription

// One settings loop for all Swift targets: see the end of this file.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // Overlapping accesses are found by debug builds, in which all tests run: checking them costs a release build some
    // 2 % of the instructions of an invocation.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

/// A library target with its own test target in `Tests/<name>Tests`.
///
/// - Parameter fixtures: folders of the tests that hold no code.
func module(_ name: String, _ dependencies: [Target.Dependency], fixtures: [String] = []) -> [Target] {
    [
        .target(name: name, dependencies: dependencies),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + ["TestSupport"],
            exclude: fixtures),
    ]
}

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let targets: [[Target]] = [
    // System libraries and their shims.
    [
        system("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        system("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        system("CPCRE", pkgConfig: "libpcre2-8", apt: "libpcre2-dev"),
        .systemLibrary(name: "CMalloc"),
    ],
    // Tier 0: values, text, digests, queues.
    module("JobModel", []),
    module("JSONText", []),
    module("Digest", ["CCrypto"]),
    module("Reactor", ["JobModel"]),
    // Tier 1: pure.
    module("Timing", ["JobModel"], fixtures: ["Fixtures"]),
    module("Templating", ["JobModel", "JSONText", "Digest"]),
    module("YAMLText", ["JobModel", "CYAML"]),
    module("SettingsSchema", ["JSONText"]),
    // Between: job files hold expectations.
    module("Expectations", ["JobModel", "JSONText", "Templating", "CPCRE"]),
    // Tier 2: one concern each; they never import each other.
    module(
        "JobFile",
        [
            "JobModel", "JSONText", "Digest", "Timing", "Templating", "YAMLText", "SettingsSchema", "Expectations",
        ]),
    module("Input", ["JobModel", "JSONText", "Digest", "CZlib"]),
    module("HTTPEngine", ["JobModel", "Reactor", "CCurl"]),
    module("LivePerson", ["JobModel", "JSONText", "Timing", "Reactor", logging]),
    module("Execution", ["JobModel", "Timing", "Reactor", heap, deque]),
    module("Results", ["JobModel", "JSONText", "Digest", "Reactor", "Expectations"], fixtures: ["Fixtures"]),
    module("Scheduling", ["JobModel", heap]),
    module("Ledger", ["JobModel", grdb]),
    module("Status", ["JobModel", "JSONText", "Timing", "Reactor"] + nio),
    module("Sandbox", ["JobModel", "JSONText", "Templating", "YAMLText"] + nio),
    // Tier 3 and 4: composition root and command line.
    module(
        "RunnerKit",
        [
            "JobModel", "JSONText", "Digest", "Reactor", "Timing", "Templating", "YAMLText", "JobFile", "Input",
            "HTTPEngine", "LivePerson", "Execution", "Results", "Sandbox", "Scheduling", "Ledger", "Status",
            "Expectations", "CMalloc", logging,
        ]),
    [.executableTarget(name: "fnrun", dependencies: ["JobModel", "RunnerKit", argumentParser])],
    // What `make bench-instructions` counts.
    [
        .executableTarget(
            name: "HotPathBenchmark", dependencies: ["JobModel", "JobFile", "Results", "RunnerKit"],
            path: "Benchmarks/HotPath")
    ],
    // Tests that stand above one module.
    [
        .target(name: "TestSupport", dependencies: ["JobModel"], path: "Tests/TestSupport"),
        .target(name: "BinarySupport", path: "Tests/BinarySupport"),
        .testTarget(
            name: "CLITests", dependencies: ["BinarySupport", "JSONText", "TestSupport", "fnrun"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "SchemaTests",
            dependencies: [
                "BinarySupport", "JSONText", "JobFile", "JobModel", "SettingsSchema", "TestSupport", "Timing",
                "YAMLText",
            ]),
        .testTarget(
            name: "ExampleTests", dependencies: ["BinarySupport", "JSONText", "fnrun"], exclude: ["Stage"]),
        .testTarget(
            name: "CrashTests",
            dependencies: ["BinarySupport", "JSONText", "Reactor", "Sandbox", "TestSupport", "fnrun"]),
    ],
]

let package = Package(
    name: "fnrun",
    products: [.executable(name: "fnrun", targets: ["fnrun"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: targets.flatMap { $0 }
)

for target in package.targets where target.type != .system {
    target.swiftSettings = strict
}
