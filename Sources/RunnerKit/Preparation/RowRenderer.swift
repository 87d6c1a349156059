internal import Input
internal import JobFile
internal import JobModel
internal import Templating

/// Renders rows of one run into requests.
struct RowRenderer: Sendable {
    private let body: BodyTemplate
    private let key: TextTemplate?
    private let userID: TextTemplate
    private var context: RenderContext
    private var random: any RandomNumberGenerator & Sendable
    /// The size of the last body: the next one is likely to be as long.
    private var capacity = 256

    /// - Parameters:
    ///   - context: what all rows of the run share.
    ///   - random: for request ids.
    init(job: JobDefinition, context: RenderContext, random: any RandomNumberGenerator & Sendable) {
        body = BodyTemplate(payload: job.payload, headers: job.headers)
        key = job.input.key
        userID = job.userID
        self.context = context
        self.random = random
    }

    /// The row as a request, or as the reason why it never will be one.
    mutating func render(_ row: InputRow, now: Timestamp) -> PreparedRow {
        switch row.content {
        case .bad(let error):
            return PreparedRow(index: row.index, key: nil, content: .rejected(error))
        case .value(let value):
            context.row = value
            context.index = row.index
            context.key = nil
            context.now = now
            do {
                context.key = try key?.text(context: &context)
                let userID = try userID.text(context: &context)
                let (bytes, payload) = try body.render(context: &context, capacity: capacity)
                capacity = bytes.count + bytes.count / 8
                let request = RenderedRequest(
                    requestID: UUIDText.version4(using: &random), userID: userID, body: bytes, payload: payload)
                return PreparedRow(index: row.index, key: context.key, content: .request(request))
            } catch {
                let reason = InvocationError(.template, message: error.message)
                return PreparedRow(index: row.index, key: context.key, content: .rejected(reason))
            }
        }
    }
}
