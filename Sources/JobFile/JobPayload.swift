import Digest
import Templating

/// What a job sends, and the hash of all that decides its meaning. A class, so that jobs without a payload of their own
/// share one; it never changes.
final class JobPayload: Sendable {
    let template: PayloadTemplate
    let digest: SHA256Digest

    init(_ template: PayloadTemplate, digest: SHA256Digest) {
        self.template = template
        self.digest = digest
    }
}
