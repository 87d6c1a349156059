/// What a function does with the requests it gets.
package struct Behaviour: Sendable {
    /// The reply of a success; nil echoes the payload, byte for byte.
    package var reply: ReplyTemplate?
    package var latency: Latency?
    /// The fates of the first, second, third… request.
    package var sequence: [Fate]
    /// The fate of requests after the sequence; nil leaves it to ``failures``.
    package var afterwards: Fate?
    /// Failures by chance, of requests that neither sequence nor `afterwards` decides.
    package var failures: FailureRate?

    package init(
        reply: ReplyTemplate? = nil, latency: Latency? = nil, sequence: [Fate] = [], afterwards: Fate? = nil,
        failures: FailureRate? = nil
    ) {
        self.reply = reply
        self.latency = latency
        self.sequence = sequence
        self.afterwards = afterwards
        self.failures = failures
    }

    /// Failures by chance; with the same seed the same requests fail, counted in order of arrival.
    package struct FailureRate: Sendable {
        /// Of all requests, 0 to 1.
        package var rate: Double
        /// What failing means; one of them is drawn. Not empty.
        package var fates: [Fate]
        package var seed: UInt64

        package init(rate: Double, fates: [Fate], seed: UInt64 = 1) {
            self.rate = rate
            self.fates = fates
            self.seed = seed
        }
    }

    /// The fate of a request.
    ///
    /// - Parameters:
    ///   - step: how many requests of the same sequence came before, from 0.
    ///   - arrival: how many requests this function got before, from 0.
    func fate(step: Int, arrival: Int) -> Fate {
        if step < sequence.count { return sequence[step] }
        if let afterwards { return afterwards }
        guard let failures, !failures.fates.isEmpty else { return Fate(.ok) }
        let draw = Draw.number(seed: failures.seed, index: UInt64(arrival))
        guard Double(draw >> 11) / Double(1 << 53 as UInt64) < failures.rate else { return Fate(.ok) }
        let choice = Draw.number(seed: ~failures.seed, index: UInt64(arrival))
        return failures.fates[Int(choice % UInt64(failures.fates.count))]
    }
}

/// Random numbers by position: the n-th number of a seed, whatever was drawn before it (the finalizer of SplitMix64;
/// Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
enum Draw {
    static func number(seed: UInt64, index: UInt64) -> UInt64 {
        var mixed = (seed &+ 0x9E37_79B9_7F4A_7C15) &* 0xD129_0D3A_6B8F_1C35 &+ index &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
