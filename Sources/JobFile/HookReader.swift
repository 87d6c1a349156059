import JobModel
import YAMLText

/// Reads the URLs that are told how runs end. Such a URL often is a secret: no message shows it.
struct HookReader {
    /// Take plain `http` for hosts that are not on loopback.
    let allowsInsecure: Bool

    static let keys = ["onFailure", "onSuccess", "ping"]

    func read(_ reader: YAMLMappingReader) -> RunHooks {
        var hooks = RunHooks()
        hooks.onFailure = reader.field("onFailure").flatMap(webhook).map(Secret.init)
        hooks.onSuccess = reader.field("onSuccess").flatMap(webhook).map(Secret.init)
        hooks.ping = reader.field("ping").flatMap { url($0.hidden()) }.map(Secret.init)
        return hooks
    }

    private func webhook(_ field: YAMLField) -> String? {
        guard field.node.mapping != nil || field.isNull else {
            return field.hidden().mismatch("a mapping", hint: "write { webhook: URL }")
        }
        guard let reader = field.mapping(hidesValues: true) else { return nil }
        let hook = reader.required("webhook", hint: "give the URL that is to be told").flatMap(url)
        reader.finish()
        return hook
    }

    private func url(_ field: YAMLField) -> String? {
        guard let text = field.text() else { return nil }
        do throws(EndpointURL.Problem) {
            return try HookURL.normalized(text, allowInsecure: allowsInsecure)
        } catch {
            return field.refuse(error.message, hint: error.hint)
        }
    }
}
