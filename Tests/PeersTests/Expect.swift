import Testing

/// An expectation of what a call gives that changes its value, which the macro does not take.
func expect(_ isTrue: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(isTrue, sourceLocation: sourceLocation)
}
