internal import Yams

/// Reads the text of a configuration file.
struct ConfigurationYAML {
    /// The path of the file, as messages name it.
    let file: String

    /// Gives the draft every value of the text, and every problem.
    func read(_ text: String, into draft: inout ConfigurationDraft) {
        do throws(YAMLError) {
            let document = try YAMLDocument(text)
            var lines: [String: Int] = [:]
            withExtendedLifetime(document) {
                guard let root = document.root else { return }
                if isSimple(root), let mapping = root.mapping {
                    read(mapping, section: "", lines: &lines, into: &draft)
                } else if !isSimple(root) || !isNull(root) {
                    reject("a configuration is keys with values, such as log: {level: info}.", root, &draft)
                }
            }
        } catch {
            draft.reject(error.reason, at: error.line.map { "\(file):\($0)" } ?? file)
        }
    }

    /// Reads the keys of a section.
    ///
    /// - Parameters:
    ///   - section: The path of the section, empty for the whole file.
    ///   - lines: Where each path was first seen.
    private func read(
        _ mapping: Node.Mapping,
        section: String,
        lines: inout [String: Int],
        into draft: inout ConfigurationDraft
    ) {
        for (name, value) in mapping {
            guard case .scalar(let scalar) = name, name.anchor == nil else {
                reject("the name of a key must be a plain word.", name, &draft)
                continue
            }
            let path = section.isEmpty ? scalar.string : "\(section).\(scalar.string)"
            let isSection = ConfigurationKey.sections.contains(path)
            guard !scalar.string.contains("."), isSection || ConfigurationKey.byPath[path] != nil else {
                reject(unknown(scalar.string, path: path, in: section), name, &draft)
                continue
            }
            if let first = lines[path] {
                reject("\(path) is given twice; the first is in line \(first).", name, &draft)
            } else {
                lines[path] = line(of: name)
            }
            guard isSimple(value) else {
                reject("\(path) has a tag or an anchor of YAML, which are not read.", value, &draft)
                continue
            }
            if let key = ConfigurationKey.byPath[path] {
                draft.set(key, to: input(from: value), from: .file(path: file, line: line(of: name)))
            } else if let mapping = value.mapping {
                read(mapping, section: path, lines: &lines, into: &draft)
            } else if !isNull(value) {
                reject("\(path) must be a section of keys with values.", name, &draft)
            }
        }
    }

    private func unknown(_ name: String, path: String, in section: String) -> String {
        let names = ConfigurationKey.all.map(\.path) + ConfigurationKey.sections.sorted()
        if name.contains("."), let meant = [name, path].first(where: names.contains) {
            let last = meant.split(separator: ".").last ?? ""
            return "write \(meant) as \(last) in the section \(meant.dropLast(last.count + 1))."
        }
        return "\(Redaction.shown(path)) is not a key; \(NearestName(to: path, among: names))"
    }

    private func reject(_ sentence: @autoclosure () -> String, _ node: Node, _ draft: inout ConfigurationDraft) {
        draft.reject(sentence(), at: "\(file):\(line(of: node))")
    }
}

extension ConfigurationYAML {
    /// What a key may have as its value; a list in a list is not followed.
    private func input(from node: Node) -> ConfigurationInput {
        guard case .sequence(let entries) = node else { return entry(from: node) }
        return .list(entries.map(entry(from:)))
    }

    private func entry(from node: Node) -> ConfigurationInput {
        switch node {
        case .scalar(let scalar):
            let scalar = ConfigurationScalar(text: scalar.string, style: scalar.style == .plain ? .plain : .quoted)
            return scalar.isNull ? .nothing : .scalar(scalar)
        case .sequence: return .list([])
        case .mapping, .alias: return .mapping
        }
    }

    private func isNull(_ node: Node) -> Bool { entry(from: node) == .nothing }

    /// Whether the node, and each entry of a list, has neither an anchor nor a tag that was written.
    private func isSimple(_ node: Node) -> Bool {
        guard node.anchor == nil else { return false }
        switch node {
        case .scalar(let scalar): return scalar.style != .plain || scalar.tag.rawValue.isEmpty
        case .sequence(let sequence):
            return sequence.tag.rawValue.isEmpty && sequence.allSatisfy { $0.sequence != nil || isSimple($0) }
        case .mapping(let mapping): return mapping.tag.rawValue.isEmpty
        case .alias: return false
        }
    }

    private func line(of node: Node) -> Int { node.mark?.line ?? 1 }
}
