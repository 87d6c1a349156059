package import JobModel

/// Where a service is reached: the base of its URLs.
package struct Endpoint: Sendable, Hashable {
    /// Scheme, host and perhaps a port, without a trailing slash.
    package let base: String
    /// In lower case, without port; empty if the base is no URL.
    package let host: String

    /// An endpoint of the job file; its form was checked there.
    package init(baseURL: String) {
        var text = baseURL[...]
        while text.last == "/" { text.removeLast() }
        base = String(text)
        let afterScheme = Self.split(text).rest
        let authority = afterScheme.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        host = HostName(String(authority))?.host ?? ""
    }

    /// A looked-up host. It is spoken to in `http` only if the Domain API is `http` on loopback and the host is on
    /// loopback too: an answer from elsewhere can never take a token off TLS.
    package init(lookedUp name: HostName, domainAPI: String) {
        let api = Self.split(domainAPI[...])
        let apiHost = HostName(String(api.rest.prefix { $0 != "/" }))
        let isLocal = api.scheme == "http" && apiHost?.isLoopback == true && name.isLoopback
        base = "\(isLocal ? "http" : "https")://\(name.authority)"
        host = name.host
    }

    /// The platform behind this gateway: V2 is recognised by its host.
    ///
    /// - Parameter setting: what the account says; other than `auto` it decides.
    package func platform(setting: Platform) -> Platform {
        switch setting {
        case .v1, .v2: setting
        case .auto: host.contains("fninvocations") || host.contains("functions") ? .v2 : .v1
        }
    }

    private static func split(_ url: Substring) -> (scheme: String, rest: Substring) {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return ("", url) }
        return (url[..<colon].lowercased(), url[url.index(colon, offsetBy: 3)...])
    }
}
