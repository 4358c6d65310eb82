// SPDX-License-Identifier: Apache-2.0
#include "records_sample.h"

#include <optional>

#include <nlohmann/json.hpp>

#include "clinician/session/rows.h"
#include "protocols/simulated_patient.h"
#include "records_fixture.h"

namespace accalmie::records::test {

using nlohmann::json;
using namespace accalmie::protocols;

namespace {

NewRow measured(const std::string& session, std::int64_t t_ms, const std::string& kind, const json& payload) {
    return {.session = session, .t_ms = t_ms, .row_class = RowClass::measurement, .kind = kind, .payload = payload.dump(), .actor = "player", .role = "player"};
}

NewRow decided(const std::string& session, std::int64_t t_ms, const std::string& kind, const json& payload) {
    return {.session = session, .t_ms = t_ms, .row_class = RowClass::decision, .kind = kind, .payload = payload.dump(), .actor = "clinician", .role = "clinician"};
}

class Rehearsal {
public:
    Rehearsal(Study& study, std::string session, const SampleOptions& options, SessionPlan plan)
        : study_(study), session_(std::move(session)), options_(options), plan_(std::move(plan)), patient_({.miss_probability = options.miss_probability}, options.seed) {}

    void run() {
        happen({.kind = EventKind::player_ready, .source = Source::player});
        happen({.kind = EventKind::start, .source = Source::clinician});
        bool noted = false;
        while (state_.phase == Phase::running) {
            const auto timer = next_timer_ms(plan_, state_);
            if (answer_ && (!timer || answer_->t_ms <= *timer)) {
                const Event event = *answer_;
                answer_.reset();
                happen(event);
                if (static_cast<int>(state_.ratings.size()) == options_.stop_after_ratings)
                    happen({.t_ms = event.t_ms + 1, .kind = EventKind::stop, .source = Source::patient});
            } else if (timer) {
                happen({.t_ms = *timer, .kind = EventKind::tick});
            } else {
                break;
            }
            if (noted || state_.ratings.size() < 8) continue;
            noted = true;
            append(session::note_row(session_, state_.now_ms, options_.note, "clinician"));
            append(measured(session_, state_.now_ms, "frame_times",
                            {{"draws", 41}, {"frames", 900}, {"median_ms", 11.1}, {"missed", 2}, {"p95_ms", 12.25}, {"triangles", 180000}, {"worst_ms", 19.5}}));
        }
    }
    const SessionState& state() const { return state_; }

private:
    void append(const NewRow& row) { must(study_.ledger().append(row)); }
    void happen(const Event& event) {
        append(session::event_row(session_, event, event.source == Source::patient ? "simulated-patient" : "clinician"));
        auto result = step(plan_, std::move(state_), event);
        state_ = std::move(result.state);
        for (const Command& command : result.commands) {
            append(session::command_row(session_, event.t_ms, command));
            patient_.observe(command, event.t_ms);
            if (command.kind == CommandKind::hide_rating) answer_.reset();
            if (command.kind != CommandKind::ask_rating) continue;
            const auto answer = patient_.answer(event.t_ms, plan_.scale);
            if (answer.value)
                answer_ = Event{.t_ms = event.t_ms + answer.after_ms, .kind = EventKind::rating, .source = Source::patient, .value = *answer.value, .request = command.request};
        }
    }

    Study& study_;
    std::string session_;
    const SampleOptions& options_;
    SessionPlan plan_;
    SimulatedPatient patient_;
    SessionState state_;
    std::optional<Event> answer_;
};

}  // namespace

std::string shipped_protocol(const std::string& name) { return std::string(ACCALMIE_SOURCE_DIR) + "/protocols/templates/" + name + ".toml"; }

void record_exposure(Study& study, const std::string& session, const std::string& pseudonym, const SampleOptions& options) {
    auto plan = load_plan(shipped_protocol(options.protocol));
    REQUIRE(plan.has_value());
    must(study.ledger().append(decided(session, 0, "session.start", {{"kind", "exposure"}, {"plan", plan->source_text}, {"protocol", plan->id}, {"pseudonym", pseudonym},
                                                                     {"seed", options.seed}, {"version", plan->version}})));
    must(study.ledger().append(measured(session, 0, "session.device", {{"eye_height", 240}, {"eye_width", 320}, {"renderer", "llvmpipe"}, {"runtime", "Monado"}, {"xr", "off-screen"}})));
    Rehearsal rehearsal(study, session, options, *plan);
    rehearsal.run();
    const char* outcome = rehearsal.state().phase == Phase::finished ? "completed" : "stopped";
    must(study.ledger().append(decided(session, rehearsal.state().now_ms, "session.end", {{"outcome", outcome}})));
}

void record_nir(Study& study, const std::string& session, const std::string& pseudonym) {
    Ledger& ledger = study.ledger();
    must(ledger.append(decided(session, 0, "session.start", {{"kind", "nir"}, {"plan", ""}, {"protocol", "nir-verification"}, {"pseudonym", pseudonym}, {"seed", 7}, {"version", 1}})));
    must(ledger.append(decided(session, 0, "consent", {{"form", "nir-1"}, {"given", true}, {"scope", "one spectrum of one sample"}, {"version", 1}})));
    must(ledger.append(decided(session, 1000, "nir.spectrum", {{"channels", 401}, {"first_nm", 900}, {"last_nm", 1700}, {"sha", std::string(64, 'a')}, {"source", "gasoline.csv row 51"}})));
    must(ledger.append(decided(session, 2000, "nir.result", {{"interval_high", 88.91}, {"interval_low", 87.52}, {"model", "octane-pls-1"}, {"unit", "octane number"}, {"value", 88.2175}, {"verdict", "inside the model"}})));
    must(ledger.append(decided(session, 2000, "session.end", {{"outcome", "completed"}})));
}

}  // namespace accalmie::records::test
