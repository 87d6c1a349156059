extension SystemTimeSource {
    /// Lets time pass; less of it if the task is cancelled meanwhile.
    package func sleep(for duration: Duration) async {
        try? await Task.sleep(for: duration)
    }
}
