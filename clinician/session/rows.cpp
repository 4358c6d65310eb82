// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/rows.h"

#include <nlohmann/json.hpp>

namespace accalmie::session {

using nlohmann::json;  // objects keep their keys sorted and dump() adds no spaces: canonical as the ledger asks

namespace {

std::string canonical(const json& payload) { return payload.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string role_of(protocols::Source source) { return std::string(protocols::name_of(source)); }

}  // namespace

records::NewRow event_row(const std::string& session, const protocols::Event& event, const std::string& actor) {
    using protocols::EventKind;
    json payload = {{"source", std::string(protocols::name_of(event.source))}};
    if (event.kind == EventKind::rating) payload["value"] = event.value;
    if (event.kind == EventKind::rating || event.kind == EventKind::rating_missed) payload["request"] = event.request;
    return {.session = session,
            .t_ms = event.t_ms,
            .row_class = records::RowClass::decision,
            .kind = "event." + std::string(protocols::name_of(event.kind)),
            .payload = canonical(payload),
            .actor = actor,
            .role = role_of(event.source)};
}

records::NewRow command_row(const std::string& session, std::int64_t t_ms, const protocols::Command& command) {
    json payload = json::object();
    if (!command.scene.empty()) {
        payload["scene"] = command.scene;
        payload["level"] = command.level;
    }
    if (command.request != 0) payload["request"] = command.request;
    if (command.step >= 0) payload["step"] = command.step;
    if (!command.reason.empty()) payload["reason"] = command.reason;
    return {.session = session,
            .t_ms = t_ms,
            .row_class = records::RowClass::decision,
            .kind = "command." + std::string(protocols::name_of(command.kind)),
            .payload = canonical(payload),
            .actor = "plan",
            .role = "system"};
}

records::NewRow measurement_row(const std::string& session, std::int64_t t_ms, const std::string& kind, std::string payload_json) {
    return {.session = session,
            .t_ms = t_ms,
            .row_class = records::RowClass::measurement,
            .kind = kind,
            .payload = std::move(payload_json),
            .actor = "player",
            .role = "system"};
}

records::NewRow note_row(const std::string& session, std::int64_t t_ms, const std::string& text, const std::string& actor) {
    return {.session = session,
            .t_ms = t_ms,
            .row_class = records::RowClass::decision,
            .kind = "note",
            .payload = canonical({{"text", text}}),
            .actor = actor,
            .role = "clinician"};
}

}  // namespace accalmie::session
