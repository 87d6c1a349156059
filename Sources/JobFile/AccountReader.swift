import JobModel
import YAMLText

/// Reads the section `account`. No message shows any of its values.
struct AccountReader {
    let file: String
    let options: JobFileOptions

    /// As much as could be made of it.
    struct Section {
        var account: Account?
        /// May be known although the credentials are not.
        var id: String?
        /// Seen from the working directory.
        var secretFile: String?
        var allowsInsecure = false
    }

    /// Longer ones are no account ids.
    static let longestID = 64

    func read(_ field: YAMLField) -> Section {
        guard let reader = field.hidden().mapping(hidesValues: true) else { return Section() }
        let id = reader.required("id", hint: "the id of the LivePerson account").flatMap(text).flatMap(accountID)
        let clientID = reader.required("clientId", hint: "the id of the OAuth 2.0 client").flatMap(text)
        let (secret, secretFile) = readSecret(reader)
        let platform = reader.field("platform").flatMap { isOpen($0) ? nil : $0.choice(Platform.self) }
        let endpoints = reader.field("endpoints")?.mapping().map(readEndpoints)
        reader.finish()
        var section = Section(
            id: id?.value, secretFile: secretFile, allowsInsecure: endpoints?.allowInsecure == true)
        let isComplete = id != nil && clientID != nil && secret != nil
        guard isComplete || options.lenientAccount else { return section }
        // Nothing is sent to an account with gaps: what is open stays empty.
        section.account = Account(
            id: id?.value ?? "", clientID: clientID?.value ?? "", clientSecret: secret ?? Secret(""),
            platform: platform ?? .auto, endpoints: endpoints ?? Endpoints())
        return section
    }

    /// Whether a variable is unset, or set to nothing, where that is allowed.
    private func isOpen(_ field: YAMLField) -> Bool {
        guard let scalar = field.node.scalar, options.lenientAccount else { return false }
        return scalar.isUnresolved || scalar.isSubstituted && scalar.text.isEmpty
    }

    private func text(_ field: YAMLField) -> (value: String, field: YAMLField)? {
        guard !isOpen(field), let text = field.text() else { return nil }
        return text.isEmpty ? field.mismatch("text", code: .badValue) : (text, field)
    }

    private func accountID(_ text: (value: String, field: YAMLField)) -> (value: String, field: YAMLField)? {
        let isValid = text.value.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte | 0x20)
        }
        guard isValid, text.value.utf8.count <= Self.longestID else {
            return text.field.mismatch("an account id of letters and digits", code: .badValue)
        }
        return text
    }

    private func readSecret(_ section: YAMLMappingReader) -> (secret: Secret?, file: String?) {
        let inline = section.field("clientSecret")
        let file = section.field("clientSecretFile")
        switch (inline, file) {
        case (nil, nil):
            section.sink.error(
                .missingKey, "account lacks 'clientSecret'",
                hint: "write clientSecret: ${LP_CLIENT_SECRET}, or name a file as clientSecretFile",
                at: section.location)
            return (nil, nil)
        case (.some, .some(let file)):
            section.sink.error(
                .badValue, "account has both 'clientSecret' and 'clientSecretFile'", hint: "remove one of the two",
                at: file.keyLocation)
            return (nil, nil)
        case (.some(let inline), nil):
            return (text(inline).map { Secret($0.value) }, nil)
        case (nil, .some(let field)):
            guard let written = text(field)?.value, !options.lenientAccount else { return (nil, nil) }
            let path = JobFilePath.resolve(written, beside: self.file)
            return (readSecretFile(path, field), path)
        }
    }

    private func readSecretFile(_ path: String, _ field: YAMLField) -> Secret? {
        var bytes: [UInt8]
        do throws(SecretFileFailure) {
            bytes = try options.readSecret(path)
        } catch {
            return field.refuse("cannot read the file: \(error.reason)", code: .unreadable)
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { return field.refuse("the file is empty") }
        guard let secret = String(validating: bytes, as: UTF8.self) else {
            return field.refuse("the file is not UTF-8", code: .encoding)
        }
        return Secret(secret)
    }

    private func readEndpoints(_ section: YAMLMappingReader) -> Endpoints {
        let allowInsecure = section.field("allowInsecure")?.boolean() ?? false
        var endpoints = Endpoints(allowInsecure: allowInsecure)
        func url(_ name: String) -> String? {
            guard let (text, field) = section.field(name).flatMap(text) else { return nil }
            do throws(EndpointURL.Problem) {
                return try EndpointURL.normalized(text, allowInsecure: allowInsecure)
            } catch {
                return field.refuse(error.message, hint: error.hint)
            }
        }
        if let domainAPI = url("domainApi") { endpoints.domainAPI = domainAPI }
        endpoints.sentinel = url("sentinel")
        endpoints.gateway = url("gateway")
        section.finish()
        return endpoints
    }
}
