// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/study_tables.h"

#include "clinician/exports/corpus_tables.h"
#include "clinician/exports/diary_tables.h"
#include "clinician/exports/directory_tables.h"
#include "clinician/exports/dose_tables.h"
#include "clinician/exports/field_tables.h"
#include "clinician/records/projection.h"
#include "clinician/session/nir_field.h"

namespace accalmie::exports {
namespace {

using records::SessionRecord;

constexpr Field session_field{"session", "string", "Session, as in sessions.csv", true};
constexpr Field sequence_field{"sequence", "integer", "Number of the row in the study's ledger that this comes from", true};
constexpr Field time_field{"t_ms", "integer", "Session time, milliseconds from the start of the session", true};
constexpr Field recorded_field{"recorded_at", "datetime", "When the row was written: UTC, ISO 8601, to the second", true};
const std::vector<std::string_view> by_row{"session", "sequence"};

// "2026-11-23T21:10:26.123+00:00" to the second with Z, the form that Table Schema calls the default.
std::string to_second(const std::string& utc) { return utc.size() >= 19 ? utc.substr(0, 19) + "Z" : std::string(); }

Table sessions_table() {
    return Table("sessions", "Sessions", "One row a session.",
        {{"session", "string", "Session", true},
         {"pseudonym", "string", "Pseudonym of the patient; names never leave the site's identity file", true},
         {"kind", "string", "exposure: a cue exposure session; nir: verification of a sample by near-infrared spectroscopy", true},
         {"protocol", "string", "Id of the protocol"},
         {"protocol_version", "integer", "Version of the protocol"},
         {"seed", "integer", "Seed of the session's random draws"},
         {"started_at", "datetime", "Start: UTC, ISO 8601, to the second", true},
         {"ended_at", "datetime", "End: UTC, ISO 8601, to the second; missing when the session was interrupted"},
         {"outcome", "string", "How it ended", true, {"completed", "stopped", "interrupted"}},
         {"length_ms", "integer", "Session time of the last row, milliseconds", true},
         {"rows", "integer", "Rows in the ledger", true},
         {"baseline", "integer", "Mean of the ratings before exposure, rounded, points of the protocol's scale (0 to 100)"},
         {"peak", "integer", "Highest rating during exposure, points"},
         {"exposure_end", "integer", "Last rating during exposure, points"},
         {"end", "integer", "Last rating of the session, points"},
         {"fall_percent", "integer", "Fall from the peak to the last rating, percent of the peak"},
         {"ratings_answered", "integer", "Ratings given", true},
         {"ratings_missing", "integer", "Questions without an answer", true},
         {"digest", "string", "BLAKE2b-256 of the session's decisions, as the report prints it", true}},
        {"session"});
}

Table ratings_table() {
    return Table("ratings", "Craving ratings", "One row a question or unasked rating; missing answers are rows too.",
        {session_field, sequence_field, {"pseudonym", "string", "Pseudonym of the patient", true}, time_field,
         {"asked_t_ms", "integer", "Session time of the question, milliseconds; missing when nobody asked"},
         {"step", "integer", "Step of the protocol, from 0"},
         {"step_id", "string", "Name of the step in the protocol"},
         {"step_kind", "string", "Kind of the step", false, {"baseline", "exposure", "coping", "aftercare"}},
         {"scene", "string", "Scene that was shown"},
         {"level", "integer", "Cue level of the scene, 0: no cue", true},
         {"value", "integer", "Craving, points of the protocol's scale (0 to 100); missing unless answered"},
         {"source", "string", "Who entered it: patient (on the panel) or clinician (said aloud); missing unless answered"},
         {"request", "integer", "Number of the question; 0: unasked", true},
         {"status", "string", "unanswered: timed out; declined: the patient refused; withdrawn: the scene changed before the answer", true,
          {"answered", "unanswered", "declined", "withdrawn"}},
         {"supersedes", "integer", "Sequence of the rating that this one corrects"},
         {"superseded_by", "integer", "Sequence of the rating that corrects this one; leave such rows out of analyses"},
         recorded_field},
        by_row);
}

Table events_table() {
    return Table("events", "Events", "What happened: the clinician's commands, the patient's answers, notes, consent, gaps and faults. Timer ticks are left out.",
        {session_field, sequence_field, time_field, {"event", "string", "What happened", true}, {"source", "string", "clinician, patient, timer, player or system"},
         {"value", "integer", "Points, for ratings"}, {"request", "integer", "Number of the question, for ratings"},
         {"text", "string", "Text of a note, scope of a consent, reason of a gap. A leading = + - @ has an apostrophe before it, for spreadsheets"},
         {"actor", "string", "Account, pseudonym or program that caused it"}, {"supersedes", "integer", "Sequence of the row that this one corrects"}, recorded_field},
        by_row);
}

Table commands_table() {
    return Table("commands", "Commands", "What the protocol ordered, and by which rule.",
        {session_field, sequence_field, time_field, {"command", "string", "What was ordered", true}, {"scene", "string", "Scene"}, {"level", "integer", "Cue level"},
         {"step", "integer", "Step of the protocol, from 0"}, {"request", "integer", "Number of the question"}, {"reason", "string", "Why, in the rule's own words"},
         recorded_field},
        by_row);
}

Table frame_times_table() {
    return Table("frame_times", "Frame times", "How evenly the pictures came, as the patient's program measured it.",
        {session_field, sequence_field, time_field, {"median_ms", "number", "Median time of a frame, milliseconds"}, {"p95_ms", "number", "95th percentile, milliseconds"},
         {"worst_ms", "number", "Longest frame, milliseconds"}, {"frames", "integer", "Frames counted"}, {"missed", "integer", "Frames that came too late"},
         {"draws", "integer", "Draw calls in a frame"}, {"triangles", "integer", "Triangles in a frame"}},
        by_row);
}

Table nir_table() {
    return Table("nir", "NIR results", "Verification of samples by near-infrared spectroscopy, each in a session of its own.",
        {session_field, sequence_field, {"pseudonym", "string", "Pseudonym of the patient", true}, time_field, {"model", "string", "Id of the model"},
         {"value", "number", "Predicted value, in the unit of the unit column"}, {"unit", "string", "Unit of value, interval_low and interval_high"},
         {"interval_low", "number", "Lower end of the prediction interval"}, {"interval_high", "number", "Upper end of the prediction interval"},
         {"verdict", "string", "What the model concludes, out-of-range included"}, {"consent", "boolean", "Whether consent for this measurement was recorded"},
         {"spectrum_source", "string", "Where the spectrum came from"}, {"spectrum_sha", "string", "Hash of the spectrum, as recorded"}, recorded_field},
        by_row);
}

using OptionalInteger = std::optional<std::int64_t>;
OptionalInteger wide(std::optional<int> value) { return value ? OptionalInteger(*value) : std::nullopt; }

void add_session(Table& table, const SessionRecord& record) {
    const auto summary = records::summarise(record);
    table.cell(record.summary.id).cell(record.summary.pseudonym).cell(record.summary.kind).cell(FreeText{record.summary.protocol});
    table.cell(record.protocol_version).cell(record.seed).cell(to_second(record.summary.started_utc)).cell(to_second(record.ended_utc));
    table.cell(record.summary.outcome).cell(record.length_ms).cell(record.summary.rows).cell(wide(summary.baseline)).cell(wide(summary.peak));
    table.cell(wide(summary.exposure_end)).cell(wide(summary.end)).cell(wide(summary.fall_percent)).cell(std::int64_t{summary.answered});
    table.cell(std::int64_t{summary.missing}).cell(records::to_hex(record.digest)).end_row();
}

void add_ratings(Table& table, const SessionRecord& record) {
    for (const auto& rating : record.ratings) {
        const bool planned = record.plan && rating.step >= 0 && static_cast<std::size_t>(rating.step) < record.plan->steps.size();
        const protocols::Step* step = planned ? &record.plan->steps[static_cast<std::size_t>(rating.step)] : nullptr;
        table.cell(record.summary.id).cell(rating.sequence).cell(record.summary.pseudonym).cell(rating.t_ms).cell(rating.asked_ms);
        table.cell(rating.step >= 0 ? OptionalInteger(rating.step) : std::nullopt).cell(FreeText{step ? step->id : ""});
        table.cell(step ? protocols::name_of(step->kind) : std::string_view()).cell(FreeText{rating.scene}).cell(std::int64_t{rating.level});
        table.cell(wide(rating.value)).cell(FreeText{rating.source}).cell(std::int64_t{rating.request}).cell(name_of(rating.status));
        table.cell(rating.supersedes).cell(rating.superseded_by).cell(to_second(rating.utc)).end_row();
    }
}

void add_events(Table& table, const SessionRecord& record) {
    for (const auto& event : record.events) {
        table.cell(record.summary.id).cell(event.sequence).cell(event.t_ms).cell(FreeText{event.name}).cell(FreeText{event.source}).cell(event.value);
        table.cell(event.request).cell(FreeText{event.text}).cell(FreeText{event.actor}).cell(event.supersedes).cell(to_second(event.utc)).end_row();
    }
}

void add_commands(Table& table, const SessionRecord& record) {
    for (const auto& command : record.commands) {
        table.cell(record.summary.id).cell(command.sequence).cell(command.t_ms).cell(FreeText{command.name}).cell(FreeText{command.scene});
        table.cell(command.level).cell(command.step).cell(command.request).cell(FreeText{command.reason}).cell(to_second(command.utc)).end_row();
    }
}

void add_frame_times(Table& table, const SessionRecord& record) {
    for (const auto& times : record.frame_times) {
        table.cell(record.summary.id).cell(times.sequence).cell(times.t_ms).cell(times.median_ms).cell(times.p95_ms).cell(times.worst_ms);
        table.cell(times.frames).cell(times.missed).cell(times.draws).cell(times.triangles).end_row();
    }
}

void add_nir(Table& table, const SessionRecord& record) {
    for (const auto& result : record.nir) {
        table.cell(record.summary.id).cell(result.sequence).cell(result.pseudonym).cell(result.t_ms).cell(FreeText{result.model}).cell(result.value);
        table.cell(FreeText{result.unit}).cell(result.interval_low).cell(result.interval_high).cell(FreeText{result.verdict}).cell(result.consent);
        table.cell(FreeText{result.spectrum_source}).cell(FreeText{result.spectrum_sha}).cell(to_second(result.utc)).end_row();
    }
}

}  // namespace

Result<std::vector<Table>> tables_of(const records::Study& study) {
    auto sessions = study.sessions();
    if (!sessions) return std::unexpected(sessions.error());
    std::vector<Table> tables{sessions_table(), ratings_table(), events_table(), commands_table(), frame_times_table(), nir_table()};
    for (const auto& summary : *sessions) {
        if (summary.kind == session::kFieldKind) continue;  // without a patient: in a table of their own, without exact times (field_tables.h)
        auto record = records::read_session(study, summary.id);
        if (!record) return std::unexpected(record.error());
        add_session(tables[0], *record);
        add_ratings(tables[1], *record);
        add_events(tables[2], *record);
        add_commands(tables[3], *record);
        add_frame_times(tables[4], *record);
        add_nir(tables[5], *record);
    }
    for (const auto around : {&dose_tables, &diary_tables, &directory_tables, &corpus_tables, &field_tables}) {
        auto more = around(study);
        if (!more) return std::unexpected(std::move(more.error()));
        for (Table& table : *more) tables.push_back(std::move(table));
    }
    for (const Table& table : tables)
        if (!table.whole()) return std::unexpected(Error{.message = "a row of " + std::string(table.name()) + ".csv does not fit its columns; nothing was exported"});
    return tables;
}

}  // namespace accalmie::exports
