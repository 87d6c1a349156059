internal import Input
internal import JobFile
internal import JobModel
internal import Templating

/// Renders rows of one run into requests.
struct RowRenderer: Sendable {
    private let body: BodyTemplate
    private let key: TextTemplate?
    private let userID: TextTemplate
    private let cases: RowExpectations?
    private var context: RenderContext
    private var random: BufferedRandom
    /// The size of the last body: the next one is likely to be as long.
    private var capacity = 256

    /// - Parameters:
    ///   - context: what all rows of the run share.
    ///   - random: for request ids.
    ///   - cases: is told what a smoke test expects of each row.
    init(
        job: JobDefinition, context: RenderContext, random: BufferedRandom, cases: RowExpectations? = nil
    ) {
        body = BodyTemplate(payload: job.payload, headers: job.headers)
        key = job.input.key
        userID = job.userID
        self.cases = cases
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
            let prepared = prepared { renderer throws(TemplateError) in
                renderer.context.key = try renderer.key?.text(context: &renderer.context)
                return try renderer.body.render(context: &renderer.context, capacity: renderer.capacity)
            }
            cases?.note(prepared, &context)
            return prepared
        }
    }

    /// A row whose payload an earlier run has recorded; headers and user id are rendered anew, without the row.
    mutating func render(
        recorded payload: some Collection<UInt8>, index: Int, key: String, now: Timestamp
    ) -> PreparedRow {
        context.index = index
        context.key = key
        context.now = now
        return prepared { renderer throws(TemplateError) in
            try renderer.body.body(around: payload, context: &renderer.context)
        }
    }

    /// The label of a row: its key, or its number. Nil for a row that has none because it cannot be read or rendered.
    mutating func label(of row: InputRow, now: Timestamp) -> String? {
        guard case .value(let value) = row.content else { return nil }
        guard let key else { return String(row.index) }
        context.row = value
        context.index = row.index
        context.key = nil
        context.now = now
        return try? key.text(context: &context)
    }

    private mutating func prepared(
        _ makeBody: (inout RowRenderer) throws(TemplateError) -> (body: [UInt8], payload: Range<Int>)
    ) -> PreparedRow {
        do throws(TemplateError) {
            let (bytes, payload) = try makeBody(&self)
            let userID = try userID.text(context: &context)
            guard !userID.isEmpty else {
                throw TemplateError(message: "userId is empty; the platform does not take that")
            }
            capacity = bytes.count + bytes.count / 8
            let request = RenderedRequest(
                requestID: UUIDText.version4(using: &random), userID: userID, body: bytes, payload: payload)
            return PreparedRow(index: context.index, key: context.key, content: .request(request))
        } catch {
            let reason = InvocationError(.template, message: error.message)
            return PreparedRow(index: context.index, key: context.key, content: .rejected(reason))
        }
    }
}
