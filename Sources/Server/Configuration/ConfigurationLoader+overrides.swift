extension ConfigurationLoader {
    /// Reads the variables that begin with `MARTLET_`, in the order of their names.
    func readEnvironment(into draft: inout ConfigurationDraft) {
        let keys = Dictionary(uniqueKeysWithValues: ConfigurationKey.all.map { ($0.environmentName, $0) })
        let variables = environment.filter { $0.key.hasPrefix(ConfigurationKey.environmentPrefix) }
        for (name, text) in variables.sorted(by: { $0.key < $1.key }) {
            guard let key = keys[name] else {
                let nearest = NearestName(to: name, among: ConfigurationKey.all.map(\.environmentName))
                draft.reject("this variable names no key; \(nearest)", at: Redaction.shown(name))
                continue
            }
            // Compose files and service managers pass a variable that nobody set as empty text.
            guard !text.isEmpty else { continue }
            let scalar = ConfigurationScalar(text: text, style: .untyped)
            draft.set(key, to: .scalar(scalar), from: .environment(variable: name))
        }
    }

    /// Reads the flags; those of one list together are the list.
    func readFlags(into draft: inout ConfigurationDraft) {
        for (index, flag) in flags.enumerated() {
            let name = ConfigurationKey.flagName(of: flag.key)
            guard let key = ConfigurationKey.byPath[flag.key] else {
                let nearest = NearestName(to: flag.key, among: ConfigurationKey.all.map(\.path))
                draft.reject("\(Redaction.shown(flag.key)) is not a key; \(nearest)", at: name)
                continue
            }
            guard !flags[..<index].contains(where: { $0.key == flag.key }) else {
                if !key.isList { draft.reject("\(key.path) is given twice.", at: name) }
                continue
            }
            let texts = flags.filter { $0.key == flag.key }.map(\.text)
            let inputs = texts.map { ConfigurationInput.scalar(ConfigurationScalar(text: $0, style: .untyped)) }
            let input = key.isList && inputs.count > 1 ? .list(inputs) : inputs[0]
            draft.set(key, to: input, from: .flag(name))
        }
    }
}
