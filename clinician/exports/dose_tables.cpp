// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/dose_tables.h"

#include <nlohmann/json.hpp>

namespace accalmie::exports {
namespace {

using nlohmann::json;

constexpr Field session_field{"session", "string", "Id of the session", true}, sequence_field{"sequence", "integer", "Sequence of the row in the ledger", true};

std::optional<double> number_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}
std::optional<std::int64_t> integer_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}
std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Table dose_table() {
    return Table("dose", "Exposure dose",
        "What the patient saw of each cue after occlusion, measured by the renderer ten times a second and told once a second and at each change of level. Add up the columns that end in _s for a dose.",
        {session_field, sequence_field, {"t_ms", "integer", "Session time at which the measured time ends, milliseconds", true}, {"scene", "string", "Scene", true},
         {"level", "integer", "Cue level", true}, {"cue", "string", "Id of the cue in the scene", true}, {"seconds", "number", "Time that the row is about, seconds", true},
         {"visible_s", "number", "Time in which any part of the cue was visible, seconds"},
         {"central_s", "number", "Time in which a visible part lay within 10 degrees of the head's direction, seconds"},
         {"gaze_s", "number", "Time in which a visible part lay within 2 degrees of the gaze, seconds"},
         {"gaze", "string", "Whose direction stands for the gaze: the head's, or the eyes' where they were tracked", true, {"head", "eyes"}},
         {"sr_s", "number", "Solid angle summed over time, steradian seconds, mean of both eyes"},
         {"mean_sr", "number", "Mean solid angle while it was visible, steradians: sr_s / visible_s"},
         {"greatest_sr", "number", "Greatest solid angle, steradians"}},
        {"session", "sequence", "cue"});
}

Table comfort_table() {
    return Table("comfort", "Comfort of the eyes", "How bright, restless and late the pictures were, about once a second. What is not known is missing.",
        {session_field, sequence_field, {"t_ms", "integer", "Session time, milliseconds", true}, {"seconds", "number", "Time that the row is about, seconds of the machine's clock"},
         {"frames", "integer", "Frames that were shown in it"}, {"left_luminance", "number", "Mean relative luminance of the left eye's picture, 0 to 1"},
         {"right_luminance", "number", "Mean relative luminance of the right eye's picture, 0 to 1"},
         {"greatest_luminance", "number", "Brightest picture of either eye, 0 to 1"}, {"flashes", "integer", "General flashes of the whole picture (WCAG 2.3.1); missing in virtual time"},
         {"area_flashes", "integer", "General flashes in the worst of 16 x 16 areas of either eye, while the head was still"},
         {"flashes_in_a_second", "integer", "Most flashes in any one second; 8 stands for 8 or more; more than 3 is a fault"},
         {"head_median_deg_s", "number", "Median angular speed of the head, degrees a second"}, {"head_p95_deg_s", "number", "95th percentile of it"},
         {"scene_deg_s", "number", "Angular speed of the scene against the room, degrees a second; 0 where nothing moves it"},
         {"missed", "integer", "Displays that were missed"}, {"late", "integer", "Frames handed over after the time they were predicted for"},
         {"motion_to_photon_ms", "number", "Predicted display time minus the time of the pose, mean, milliseconds: an estimate, from the runtime's own clock"}},
        {"session", "sequence"});
}

void add_dose(Table& table, const records::Row& row, const json& payload) {
    const auto cues = payload.find("cues");
    if (cues == payload.end() || !cues->is_array()) return;
    for (const json& cue : *cues) {
        if (!cue.is_object()) continue;
        const auto visible = number_of(cue, "visible_s"), sum = number_of(cue, "sr_s");
        table.cell(row.session).cell(row.sequence).cell(row.t_ms).cell(FreeText{text_of(payload, "scene")}).cell(integer_of(payload, "level"));
        table.cell(FreeText{text_of(cue, "cue")}).cell(number_of(payload, "seconds")).cell(visible).cell(number_of(cue, "central_s")).cell(number_of(cue, "gaze_s"));
        table.cell(text_of(payload, "gaze")).cell(sum).cell(visible && sum && *visible > 0 ? std::optional(*sum / *visible) : std::nullopt).cell(number_of(cue, "greatest_sr"));
        table.end_row();
    }
}

void add_comfort(Table& table, const records::Row& row, const json& payload) {
    table.cell(row.session).cell(row.sequence).cell(row.t_ms).cell(number_of(payload, "seconds")).cell(integer_of(payload, "frames"));
    for (const char* name : {"left_luminance", "right_luminance", "greatest_luminance"}) table.cell(number_of(payload, name));
    for (const char* name : {"flashes", "area_flashes", "flashes_in_a_second"}) table.cell(integer_of(payload, name));
    for (const char* name : {"head_median_deg_s", "head_p95_deg_s", "scene_deg_s"}) table.cell(number_of(payload, name));
    table.cell(integer_of(payload, "missed")).cell(integer_of(payload, "late")).cell(number_of(payload, "motion_to_photon_ms")).end_row();
}

}  // namespace

Result<std::vector<Table>> dose_tables(const records::Study& study) {
    std::vector<Table> tables{dose_table(), comfort_table()};
    auto read = study.ledger().read("", [&](const records::Row& row) {
        if (row.session.empty() || (row.kind != "dose" && row.kind != "comfort")) return;
        const json payload = json::parse(row.payload, nullptr, false);
        if (!payload.is_object()) return;
        if (row.kind == "dose") add_dose(tables[0], row, payload);
        else add_comfort(tables[1], row, payload);
    });
    if (!read) return std::unexpected(std::move(read.error()));
    for (const Table& table : tables)
        if (!table.whole()) return std::unexpected(Error{.message = "a row of " + std::string(table.name()) + ".csv does not fit its columns; nothing was exported"});
    return tables;
}

}  // namespace accalmie::exports
