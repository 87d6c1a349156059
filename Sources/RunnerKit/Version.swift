/// The version of this program, as in records, the `User-Agent` and `fnrun --version`.
package enum Version {
    package static let current = "0.1.0"
}
