// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/projection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

namespace accalmie::records {
namespace {

using nlohmann::json;
using protocols::CommandKind;
using protocols::EventKind;
using protocols::ReasonCode;

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::optional<std::int64_t> integer_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}
std::optional<double> number_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}
int small(std::optional<std::int64_t> value, int otherwise) { return value && *value >= -1'000'000 && *value <= 1'000'000 ? static_cast<int>(*value) : otherwise; }

std::optional<EventKind> event_kind(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(EventKind::end); ++i)
        if (protocols::name_of(static_cast<EventKind>(i)) == name) return static_cast<EventKind>(i);
    return std::nullopt;
}
protocols::Source source_of(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(protocols::Source::player); ++i)
        if (protocols::name_of(static_cast<protocols::Source>(i)) == name) return static_cast<protocols::Source>(i);
    return protocols::Source::timer;
}

RatingStatus status_of(ReasonCode code) {
    if (code == ReasonCode::rating_declined) return RatingStatus::declined;
    return code == ReasonCode::rating_withdrawn ? RatingStatus::withdrawn : RatingStatus::unanswered;
}

class Projector {
public:
    void take(const Row& row);
    SessionRecord finish() &&;

private:
    void start(const Row& row, const json& payload);
    void event(const Row& row, const json& payload, std::string_view name);
    void rating(const Row& row, const json& payload);
    void correction(const Row& row, const json& payload);
    void command(const Row& row, const json& payload, std::string_view name);
    void shown(const Row& row, const json& payload, std::optional<protocols::Reason> why);
    void told(const Row& row, std::string name, std::string text);
    void nir(const Row& row, const json& payload);
    std::optional<protocols::Command> expected(std::string_view name, const json& payload);

    SessionRecord record_;
    protocols::SessionState state_;
    std::vector<protocols::Command> due_;  // what the plan answers to the newest event; taken from the front
    std::size_t next_due_ = 0;
    std::map<int, std::int64_t> asked_ms_;
    std::map<std::int64_t, std::int64_t> superseded_;
    std::optional<bool> consent_;
    std::string spectrum_sha_, spectrum_source_;
};

void Projector::start(const Row& row, const json& payload) {
    record_.summary.pseudonym = text_of(payload, "pseudonym");
    record_.summary.kind = text_of(payload, "kind");
    record_.summary.protocol = text_of(payload, "protocol");
    record_.summary.started_utc = row.utc;
    record_.clinician = row.actor;
    record_.seed = integer_of(payload, "seed");
    record_.protocol_version = integer_of(payload, "version");
    const std::string plan = text_of(payload, "plan");
    if (plan.empty()) return;
    auto parsed = protocols::parse_plan(plan, record_.summary.protocol);
    record_.replayed = parsed.has_value();
    if (parsed) record_.plan = std::move(*parsed);
}

void Projector::told(const Row& row, std::string name, std::string text) {
    record_.events.push_back({.sequence = row.sequence, .t_ms = row.t_ms, .utc = row.utc, .name = std::move(name), .source = row.role, .actor = row.actor,
                              .text = std::move(text), .supersedes = row.supersedes});
}

void Projector::event(const Row& row, const json& payload, std::string_view name) {
    if (name != "tick") {
        told(row, std::string(name), {});
        record_.events.back().source = text_of(payload, "source");
        record_.events.back().value = integer_of(payload, "value");
        record_.events.back().request = integer_of(payload, "request");
    }
    if (row.supersedes) return correction(row, payload);
    if (next_due_ < due_.size()) record_.replayed = false;  // the plan asked for more than was recorded
    const std::size_t ratings_before = state_.ratings.size();
    const auto kind = event_kind(name);
    if (record_.replayed && kind) {
        const protocols::Event happened{.t_ms = row.t_ms, .kind = *kind, .source = source_of(text_of(payload, "source")),
                                        .value = small(integer_of(payload, "value"), 0), .request = small(integer_of(payload, "request"), 0)};
        auto result = protocols::step(*record_.plan, std::move(state_), happened);
        state_ = std::move(result.state);
        due_ = std::move(result.commands);
        next_due_ = 0;
    }
    // A rating that came too late or out of its scale is an event, but not a rating.
    if (name == "rating" && (!record_.replayed || state_.ratings.size() > ratings_before)) rating(row, payload);
}

void Projector::rating(const Row& row, const json& payload) {
    RatingRecord rating{.sequence = row.sequence, .t_ms = row.t_ms, .utc = row.utc, .request = small(integer_of(payload, "request"), 0), .source = text_of(payload, "source")};
    rating.value = small(integer_of(payload, "value"), 0);
    if (record_.replayed) rating.request = state_.ratings.back().request;  // what the clinician typed in answers the open question
    if (const auto asked = asked_ms_.find(rating.request); asked != asked_ms_.end()) {
        rating.asked_ms = asked->second;
        asked_ms_.erase(asked);
    }
    if (!record_.segments.empty()) {
        rating.step = record_.segments.back().step;
        rating.scene = record_.segments.back().scene;
        rating.level = record_.segments.back().level;
    }
    record_.ratings.push_back(std::move(rating));
}

void Projector::correction(const Row& row, const json& payload) {
    const auto wrong = std::ranges::find(record_.ratings, *row.supersedes, &RatingRecord::sequence);
    if (wrong == record_.ratings.end()) return;
    RatingRecord right = *wrong;
    wrong->superseded_by = row.sequence;
    right.sequence = row.sequence;
    right.supersedes = row.supersedes;
    right.utc = row.utc;
    if (const auto value = integer_of(payload, "value")) right.value = small(value, 0);
    record_.ratings.insert(std::next(wrong), std::move(right));
}

std::optional<protocols::Command> Projector::expected(std::string_view name, const json& payload) {
    if (!record_.replayed || next_due_ >= due_.size()) {
        record_.replayed = false;
        return std::nullopt;
    }
    const protocols::Command& command = due_[next_due_++];
    if (protocols::name_of(command.kind) != name || command.scene != text_of(payload, "scene") || command.reason != text_of(payload, "reason")) {
        record_.replayed = false;
        return std::nullopt;
    }
    return command;
}

void Projector::shown(const Row& row, const json& payload, std::optional<protocols::Reason> why) {
    const int step = small(integer_of(payload, "step"), record_.segments.empty() ? -1 : record_.segments.back().step);
    if (!record_.segments.empty()) record_.segments.back().to_ms = row.t_ms;
    record_.segments.push_back({.from_ms = row.t_ms, .to_ms = row.t_ms, .step = step, .scene = text_of(payload, "scene"), .level = small(integer_of(payload, "level"), 0),
                                .why_english = text_of(payload, "reason"), .why = why});
}

void Projector::command(const Row& row, const json& payload, std::string_view name) {
    record_.commands.push_back({.sequence = row.sequence, .t_ms = row.t_ms, .utc = row.utc, .name = std::string(name), .scene = text_of(payload, "scene"),
                                .reason = text_of(payload, "reason"), .level = integer_of(payload, "level"), .step = integer_of(payload, "step"),
                                .request = integer_of(payload, "request")});
    const auto known = expected(name, payload);
    const std::optional<protocols::Reason> why = known ? std::optional(known->why) : std::nullopt;
    const int request = small(integer_of(payload, "request"), 0);
    if (name == protocols::name_of(CommandKind::show_scene) || name == protocols::name_of(CommandKind::show_calm)) {
        shown(row, payload, why);
    } else if (name == protocols::name_of(CommandKind::ask_rating)) {
        asked_ms_[request] = row.t_ms;
    } else if (name == protocols::name_of(CommandKind::hide_rating) && asked_ms_.contains(request)) {
        RatingRecord missing{.sequence = row.sequence, .asked_ms = asked_ms_[request], .t_ms = row.t_ms, .utc = row.utc, .request = request,
                             .status = status_of(why ? why->code : ReasonCode::rating_unanswered)};
        if (why && (why->code == ReasonCode::rating_answered || why->code == ReasonCode::rating_entered)) return;
        // A question is taken back after the scene has changed; it belongs to the one in which it was asked.
        const auto in = std::ranges::find_if(record_.segments, [&](const Segment& s) { return s.from_ms <= *missing.asked_ms && *missing.asked_ms < s.to_ms; });
        if (!record_.segments.empty()) {
            const Segment& segment = in != record_.segments.end() ? *in : record_.segments.back();
            missing.step = segment.step;
            missing.scene = segment.scene;
            missing.level = segment.level;
        }
        asked_ms_.erase(request);
        record_.ratings.push_back(std::move(missing));
    }
}

void Projector::nir(const Row& row, const json& payload) {
    record_.nir.push_back({.sequence = row.sequence, .t_ms = row.t_ms, .session = row.session, .pseudonym = record_.summary.pseudonym, .utc = row.utc,
                           .model = text_of(payload, "model"), .unit = text_of(payload, "unit"), .verdict = text_of(payload, "verdict"), .spectrum_sha = spectrum_sha_,
                           .spectrum_source = spectrum_source_, .value = number_of(payload, "value"), .interval_low = number_of(payload, "interval_low"),
                           .interval_high = number_of(payload, "interval_high"), .consent = consent_});
}

void Projector::take(const Row& row) {
    ++record_.summary.rows;
    record_.length_ms = std::max(record_.length_ms, row.t_ms);
    const json payload = json::parse(row.payload, nullptr, false);
    if (!payload.is_object()) return;
    const std::string_view kind = row.kind;
    if (kind == "session.start") start(row, payload);
    else if (kind.starts_with("event.")) event(row, payload, kind.substr(6));
    else if (kind.starts_with("command.")) command(row, payload, kind.substr(8));
    else if (kind == "note") told(row, "note", text_of(payload, "text"));
    else if (kind == "gap") told(row, "gap", text_of(payload, "reason"));
    else if (kind == "fault") told(row, "fault", text_of(payload, "what"));
    else if (kind == "session.device") record_.device = text_of(payload, "renderer") + ", " + text_of(payload, "runtime");
    else if (kind == "nir.result") nir(row, payload);
    else if (kind == "consent") {
        const bool given = payload.value("given", json()) == json(true);
        // Whether a place may be kept is a question of its own; the answer about the measurement is the other one.
        if (text_of(payload, "form") != "nir-field-place") consent_ = given;
        told(row, "consent", std::string(given ? "given: " : "refused: ") + text_of(payload, "scope"));
    } else if (kind == "nir.spectrum") {
        spectrum_sha_ = text_of(payload, "sha");
        spectrum_source_ = text_of(payload, "source");
    } else if (kind == "frame_times") {
        record_.frame_times.push_back({.sequence = row.sequence, .t_ms = row.t_ms, .median_ms = number_of(payload, "median_ms"), .p95_ms = number_of(payload, "p95_ms"),
                                       .worst_ms = number_of(payload, "worst_ms"), .frames = integer_of(payload, "frames"), .missed = integer_of(payload, "missed"),
                                       .draws = integer_of(payload, "draws"), .triangles = integer_of(payload, "triangles")});
    } else if (kind == "session.end") {
        record_.summary.outcome = text_of(payload, "outcome");
        record_.ended_utc = row.utc;
    }
}

SessionRecord Projector::finish() && {
    if (!record_.segments.empty()) record_.segments.back().to_ms = record_.length_ms;
    // Two commands at one instant: only the second was ever seen.
    std::erase_if(record_.segments, [&](const Segment& s) { return s.from_ms == s.to_ms && &s != &record_.segments.back(); });
    if (record_.summary.outcome.empty()) record_.summary.outcome = "interrupted";
    return std::move(record_);
}

}  // namespace

std::string_view name_of(RatingStatus status) {
    static constexpr std::array<std::string_view, 4> names{"answered", "unanswered", "declined", "withdrawn"};
    return names[static_cast<std::size_t>(status)];
}

Result<SessionRecord> read_session(const Study& study, const std::string& session) {
    auto digest = session_digest(study.ledger(), session);
    if (!digest) return std::unexpected(digest.error());
    Projector projector;
    auto read = study.ledger().read(session, [&](const Row& row) { projector.take(row); });
    if (!read) return std::unexpected(read.error());
    SessionRecord record = std::move(projector).finish();
    record.summary.id = session;
    record.digest = *digest;
    return record;
}

RatingsSummary summarise(const SessionRecord& record) {
    RatingsSummary summary;
    double baseline_sum = 0;
    int baseline_count = 0;
    for (const RatingRecord& rating : record.ratings) {
        if (rating.superseded_by) continue;
        if (rating.status != RatingStatus::answered || !rating.value) {
            ++summary.missing;
            continue;
        }
        ++summary.answered;
        summary.end = rating.value;
        if (!record.plan || rating.step < 0 || static_cast<std::size_t>(rating.step) >= record.plan->steps.size()) continue;
        const protocols::StepKind kind = record.plan->steps[static_cast<std::size_t>(rating.step)].kind;
        if (kind == protocols::StepKind::baseline) {
            baseline_sum += *rating.value;
            ++baseline_count;
        } else if (kind == protocols::StepKind::exposure) {
            summary.peak = std::max(summary.peak.value_or(*rating.value), *rating.value);
            summary.exposure_end = rating.value;
        }
    }
    if (baseline_count > 0) summary.baseline = static_cast<int>(std::lround(baseline_sum / baseline_count));
    if (summary.peak && *summary.peak > 0 && summary.end)
        summary.fall_percent = static_cast<int>(std::lround(100.0 * (*summary.peak - *summary.end) / *summary.peak));
    return summary;
}

}  // namespace accalmie::records
