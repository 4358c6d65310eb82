// SPDX-License-Identifier: Apache-2.0
// Owns: one session as exports and reports see it, read from its rows: what was shown when, what was asked and answered, why it went on.
// Never: writes, or decides anything that the rows do not say. The session's own plan (kept in its first row) is run again over its
// events; when that gives the recorded commands, reasons are known as values and can be said in any language.
// Units: milliseconds of session time, craving points. Thread: values, nothing is shared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clinician/records/study.h"
#include "protocols/session.h"

namespace accalmie::records {

// A time during which the patient saw one scene at one level of one step.
struct Segment {
    std::int64_t from_ms = 0, to_ms = 0;
    int step = -1;                              // index into the plan; -1: before the first step
    std::string scene;
    int level = 0;
    std::string why_english;                    // why it began, as recorded
    std::optional<protocols::Reason> why;       // the same as a value, when the plan could be run again
};

enum class RatingStatus : std::uint8_t { answered, unanswered, declined, withdrawn };
std::string_view name_of(RatingStatus status);

struct RatingRecord {
    std::int64_t sequence = 0;                  // the row that settled it
    std::optional<std::int64_t> asked_ms;       // none: unasked
    std::int64_t t_ms = 0;
    std::string utc;
    int request = 0;
    RatingStatus status = RatingStatus::answered;
    std::optional<int> value;                   // none unless answered
    std::string source;
    int step = -1;
    std::string scene;
    int level = 0;
    std::optional<std::int64_t> supersedes, superseded_by;  // sequences; a superseded value is kept, never used
};

struct EventRecord {
    std::int64_t sequence = 0, t_ms = 0;
    std::string utc, name, source, actor, text;
    std::optional<std::int64_t> value, request, supersedes;
};

struct CommandRecord {
    std::int64_t sequence = 0, t_ms = 0;
    std::string utc, name, scene, reason;
    std::optional<std::int64_t> level, step, request;
};

struct FrameTimesRecord {
    std::int64_t sequence = 0, t_ms = 0;
    std::optional<double> median_ms, p95_ms, worst_ms;
    std::optional<std::int64_t> frames, missed, draws, triangles;
};

struct NirRecord {
    std::int64_t sequence = 0, t_ms = 0;
    std::string session, pseudonym, utc, model, unit, verdict, spectrum_sha, spectrum_source;
    std::optional<double> value, interval_low, interval_high;
    std::optional<bool> consent;
};

struct SessionRecord {
    SessionSummary summary;
    std::string ended_utc, clinician, device;   // clinician: the account that started it; device: renderer and runtime, as recorded
    std::optional<std::int64_t> seed, protocol_version;
    std::optional<protocols::SessionPlan> plan; // none when the recorded text does not parse any more
    bool replayed = false;                      // running the plan again gave the recorded commands
    std::int64_t length_ms = 0;
    std::vector<Segment> segments;
    std::vector<RatingRecord> ratings;
    std::vector<EventRecord> events;            // without ticks
    std::vector<CommandRecord> commands;
    std::vector<FrameTimesRecord> frame_times;
    std::vector<NirRecord> nir;
    Hash digest{};
};

Result<SessionRecord> read_session(const Study& study, const std::string& session);

struct RatingsSummary {
    std::optional<int> baseline;      // mean of the baseline step's ratings, rounded
    std::optional<int> peak;          // of the exposure's
    std::optional<int> exposure_end;  // the exposure's last
    std::optional<int> end;           // the session's last
    std::optional<int> fall_percent;  // from the peak to the session's last
    int answered = 0, missing = 0;
};
RatingsSummary summarise(const SessionRecord& record);

}  // namespace accalmie::records
