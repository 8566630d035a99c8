import Actors
import HTTPTypes
import Nostr

/// The door for admins: one request of JSON, authorized by NIP-98, and one answer (NIP-86).
struct ManagementDoor: Sendable {
    static let contentType = "application/nostr+json+rpc"
    /// A name, a reason and a description are small; so is the largest of all calls.
    static let maximumBodyBytes = 1 << 20

    let settings: LiveSettings
    let management: Management
    let clock: Clock

    /// Whether a request asks for this door.
    static func isMeant(by request: HTTPRequest) -> Bool {
        guard request.method == .post, (request.path ?? "/").prefix(while: { $0 != "?" }) == "/" else { return false }
        let type = request.headerFields[.contentType] ?? ""
        return type.prefix { $0 != ";" && $0 != " " }.lowercased() == Self.contentType
    }

    func answer(_ request: HTTPRequest, _ body: RequestBody) async -> HTTPAnswer {
        let settings = self.settings.current
        let address: RelayURL
        switch settings.administration {
        case .on(let relay): address = relay
        case .off(let sentence): return .management(.forbidden, error: sentence)
        }
        switch body {
        case .whole(let bytes): return await self.answer(request, bytes, at: address, admins: settings.admins)
        case .tooLarge(let limit):
            return .management(.contentTooLarge, error: "the body has \(limit) bytes at most")
        case .unread, .cutOff: return .management(.badRequest, error: "the request ended before its body did")
        }
    }

    private func answer(
        _ request: HTTPRequest,
        _ body: [UInt8],
        at address: RelayURL,
        admins: Set<PublicKey>
    ) async -> HTTPAnswer {
        let headers = request.headerFields[values: .authorization]
        do {
            let authorization = try HTTPAuthorization(
                header: headers.count == 1 ? headers[0] : nil,
                method: request.method.rawValue,
                url: address,
                body: body,
                now: self.clock.now()
            )
            guard admins.contains(authorization.pubkey) else {
                return .management(.forbidden, error: "this key is not one of the relay's admins")
            }
            guard try await self.management.claim(authorization) else { throw HTTPAuthorizationError.usedBefore }
            let call: ManagementRequest
            do throws(ManagementError) {
                call = try ManagementRequest(parsing: body)
            } catch {
                return .management(.badRequest, error: error.description)
            }
            return .management(.ok, ["result": try await self.management.perform(call, by: authorization)])
        } catch let error as HTTPAuthorizationError {
            return .management(.unauthorized, error: "\(error)")
        } catch let error as ManagementError {
            return .management(.ok, error: error.description)
        } catch {
            return .management(.serviceUnavailable, error: "the relay's database does not answer, try again later")
        }
    }
}

extension HTTPAnswer {
    fileprivate static func management(_ status: HTTPResponse.Status, error sentence: String) -> HTTPAnswer {
        .management(status, ["error": .string(sentence)])
    }

    fileprivate static func management(
        _ status: HTTPResponse.Status,
        _ members: [String: JSONValue]
    ) -> HTTPAnswer {
        var fields: HTTPFields = [.cacheControl: "no-store"]
        if status == .unauthorized { fields[.wwwAuthenticate] = "Nostr" }
        return HTTPAnswer(status, ManagementDoor.contentType, JSONValue.object(members).json, fields)
    }

    /// The answer with further fields.
    func opened(to fields: HTTPFields) -> HTTPAnswer {
        var answer = self
        for field in fields { answer.fields[field.name] = field.value }
        return answer
    }
}
