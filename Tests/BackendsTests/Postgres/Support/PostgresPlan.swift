import Foundation
import Testing

/// A statement's plan, as `EXPLAIN (FORMAT JSON)` gives it.
struct PostgresPlan: CustomStringConvertible {
    private struct Node: Decodable {
        let type: String
        let relation: String?
        let index: String?
        let condition: String?
        let filter: String?
        let plans: [Node]?

        enum CodingKeys: String, CodingKey {
            case type = "Node Type"
            case relation = "Relation Name"
            case index = "Index Name"
            case condition = "Index Cond"
            case filter = "Filter"
            case plans = "Plans"
        }

        /// Whether it gives no more rows than a LIMIT, or the arrays that were handed over, let it.
        var isBounded: Bool {
            switch self.type {
            case "Limit", "Function Scan", "Result", "ProjectSet", "CTE Scan", "WorkTable Scan": true
            // The inner side is asked once for each row of the outer side.
            case "Nested Loop": (self.plans ?? []).allSatisfy { $0.isBounded || $0.isLookUp }
            case "Index Scan", "Index Only Scan": self.isLookUp
            default: !(self.plans ?? []).isEmpty && (self.plans ?? []).allSatisfy(\.isBounded)
            }
        }

        /// Whether it finds single rows by their keys.
        var isLookUp: Bool {
            ["event_pkey", "event_id_key", "author_pubkey_key", "event_by_address"].contains(self.index)
                && self.condition != nil
        }
    }

    private struct Root: Decodable {
        let plan: Node
        enum CodingKeys: String, CodingKey { case plan = "Plan" }
    }

    let description: String
    /// What is wrong with it.
    let faults: [String]

    init(_ json: String) throws {
        self.description = json
        let roots = try JSONDecoder().decode([Root].self, from: Data(json.utf8))
        self.faults = roots.flatMap { Self.faults($0.plan) }
    }

    private static func faults(_ node: Node) -> [String] {
        var faults: [String] = []
        let isLarge = ["event", "tag", "author", "deleted_event", "deleted_address"].contains(node.relation)
        if isLarge, ["Seq Scan", "Bitmap Heap Scan"].contains(node.type) { faults.append("\(node.type)") }
        if isLarge, node.type.hasPrefix("Index"), node.condition == nil {
            faults.append("the whole of \(node.index ?? "")")
        }
        if ["Sort", "Incremental Sort", "Hash", "Materialize"].contains(node.type),
            !(node.plans ?? []).allSatisfy(\.isBounded)
        {
            faults.append("\(node.type) without bounds")
        }
        return faults + (node.plans ?? []).flatMap { Self.faults($0) }
    }
}
