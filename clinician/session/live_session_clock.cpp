// SPDX-License-Identifier: Apache-2.0
// Events, time and the ledger: the only place where the session's state changes.
#include "clinician/session/live_session_impl.h"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "clinician/session/rows.h"

namespace accalmie::session {

using protocols::CommandKind;
using protocols::EventKind;
using protocols::Phase;
using protocols::Source;
using nlohmann::json;

namespace {

// One pump handles at most this many virtual events, so that the panels stay alive while time flies.
constexpr int kVirtualEventsPerPump = 32;

}  // namespace

LiveSession::Impl::Impl(records::Study& the_study, Setup the_setup) : setup(std::move(the_setup)), study_(the_study), voice_(setup.voice) {
    if (setup.simulated_patient) patient_.emplace(setup.patient, setup.seed, setup.stop_at_level);
}

Result<void> LiveSession::Impl::open() {
    if (setup.virtual_time && !setup.simulated_patient) {
        return std::unexpected(Error{.message = "virtual time needs the simulated patient", .hint = "a real patient's session runs in real time"});
    }
    auto known = study_.patients();
    if (!known) return std::unexpected(known.error());
    if (std::ranges::find(*known, setup.pseudonym) == known->end()) {
        return std::unexpected(Error{.message = "there is no patient " + setup.pseudonym + " in this study",
                                     .hint = "accalmie study patients lists them, accalmie study add-patient makes a new one"});
    }
    auto id = study_.next_session_id();
    if (!id) return std::unexpected(id.error());
    view.session_id = *id;
    view.pseudonym = setup.pseudonym;

    const json start = {{"kind", "exposure"},         {"plan", setup.plan.source_text}, {"protocol", setup.plan.id},
                        {"pseudonym", setup.pseudonym}, {"seed", setup.seed},             {"version", setup.plan.version}};
    const records::NewRow row{.session = view.session_id, .kind = "session.start", .payload = start.dump(), .actor = setup.account, .role = "clinician"};
    if (!write(row)) return std::unexpected(*failure_);
    measure("session.software", {{"version", ACCALMIE_VERSION}});
    stream_.open(study_, view.session_id);
    return start_player();
}

LiveSession::Impl::~Impl() {
    if (outcome_ && !view.finished) finish(*outcome_);
    if (!layer_folder_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(layer_folder_, ignored);
    }
}

Result<void> LiveSession::Impl::pump(int wait_ms) {
    hear(view.finished ? 0 : wait_ms);
    watch_player();
    move_hand();
    advance();
    watch_stream();
    refresh_view();
    if (failure_) return std::unexpected(*failure_);
    return {};
}

std::int64_t LiveSession::Impl::now_ms() const {
    if (!started_) return 0;
    if (setup.virtual_time) return virtual_ms_;
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_at_).count();
}

bool LiveSession::Impl::waits_for_player() const {
    return !player_running_ || scene_pending_ || calm_pending_ || dose_pending_ || (patient_ && patient_->working());
}

void LiveSession::Impl::advance() {
    if (!started_ || view.finished || failure_) return;
    if (setup.virtual_time) advance_virtual();
    else advance_real();
}

// Timers fire at the time they were due, not at the time somebody looked: a busy machine does not move a session's decisions.
void LiveSession::Impl::fire_due_timers() {
    for (auto due = protocols::next_timer_ms(setup.plan, view.state); due && *due <= now_ms() && !view.finished && !failure_;
         due = protocols::next_timer_ms(setup.plan, view.state)) {
        happen_at(*due, EventKind::tick, Source::timer);
    }
}

void LiveSession::Impl::advance_real() {
    fire_due_timers();
    if (patient_ && patient_->due_ms() && *patient_->due_ms() <= now_ms()) {
        if (auto begun = patient_->begin(mirror_frame); !begun) lose_player(begun.error().message);
    }
}

void LiveSession::Impl::advance_virtual() {
    const auto real_ms = std::chrono::duration<double, std::milli>(Clock::now() - started_at_).count();
    for (int i = 0; i < kVirtualEventsPerPump && !waits_for_player() && !view.finished && !failure_; ++i) {
        const auto timer = protocols::next_timer_ms(setup.plan, view.state);
        const auto hand = patient_->due_ms();
        if (!timer && !hand) return;
        const bool hand_first = hand && (!timer || *hand <= *timer);
        const auto due = hand_first ? *hand : *timer;
        if (setup.virtual_speed > 0 && static_cast<double>(due) > real_ms * setup.virtual_speed) return;
        virtual_ms_ = std::max(virtual_ms_, due);
        send(link::SceneClock{virtual_ms_, true});
        if (hand_first) {
            if (auto begun = patient_->begin(mirror_frame); !begun) lose_player(begun.error().message);
        } else {
            happen_at(virtual_ms_, EventKind::tick, Source::timer);
        }
    }
}

void LiveSession::Impl::move_hand() {
    if (!patient_ || !player_running_ || !patient_->working()) return;
    Result<void> moved;
    if (patient_->ready_to_press(mirror_frame)) {
        save_picture(view.state.open_request.value_or(0));
        moved = patient_->press();
    } else {
        moved = patient_->insist();
    }
    if (!moved) lose_player(moved.error().message);
}

void LiveSession::Impl::happen(EventKind kind, Source source, int value, int request) {
    // What was due before this event happens before it; but nothing stands between a stop and its effect.
    if (started_ && !setup.virtual_time && kind != EventKind::stop) fire_due_timers();
    happen_at(std::max(now_ms(), view.state.now_ms), kind, source, value, request);
}

void LiveSession::Impl::happen_at(std::int64_t t_ms, EventKind kind, Source source, int value, int request) {
    if (failure_ || view.finished) return;
    const protocols::Event event{.t_ms = t_ms, .kind = kind, .source = source, .value = value, .request = request};
    // A stop reaches the patient before it reaches the disk.
    if (kind == EventKind::stop) {
        send(link::ShowCalm{"stop"});
        stop_speaking("stop");
    }
    const std::string actor = source == Source::patient ? (patient_ ? "simulated-patient" : setup.pseudonym)
                              : source == Source::clinician ? setup.account
                                                            : std::string(protocols::name_of(source));
    if (!write(event_row(view.session_id, event, actor))) return;

    auto result = protocols::step(setup.plan, view.state, event);
    view.state = std::move(result.state);
    std::string outcome;
    for (const auto& command : result.commands) {
        perform(command);  // first to the patient, then to the disk: a command that was not written is a gap, a late stop is harm
        if (!write(command_row(view.session_id, t_ms, command))) return;
        if (patient_) patient_->observe(command, t_ms);
        const bool moves_on = command.kind == CommandKind::show_scene || command.kind == CommandKind::show_calm || command.kind == CommandKind::finished;
        if (moves_on) view.last_rule = protocols::text_of(command.why, setup.language);
        if (command.kind == CommandKind::finished) outcome = command.reason;
    }
    if (outcome.empty()) return;
    outcome_ = outcome;
    view.outcome = outcome;
    // A real session stays open in the calm room until the clinician closes it; virtual time has nobody to wait for.
    if (setup.virtual_time || outcome == "completed") finish_with_dose(outcome);
}

// The session goes on without it: ratings count more than poses.
void LiveSession::Impl::watch_stream() {
    stream_.tick();
    const auto failure = stream_.take_failure();
    if (!failure || failure_) return;
    measure("fault", {{"hint", failure->hint}, {"what", failure->message}});
    banner(Banner::Severity::warning, "What the patient sees is not recorded any more, frame by frame: " + failure->message + ". Ratings and events are.",
           "Ce que voit le patient n'est plus enregistré image par image : " + failure->message + ". Les cotes et les événements le sont.");
}

void LiveSession::Impl::close_stream() {
    if (const auto closed = stream_.close()) measure("stream", {{"chunks", closed->chunks}, {"frames", closed->frames}, {"sha", records::to_hex(closed->sha)}});
    watch_stream();
}

void LiveSession::Impl::finish(const std::string& outcome) {
    stop_speaking("end");
    if (heard_voice_) voice_row(now_ms() - heard_from_ms_, *heard_voice_, "end");
    close_stream();
    const records::NewRow row{.session = view.session_id,
                              .t_ms = view.state.now_ms,
                              .kind = "session.end",
                              .payload = json{{"outcome", outcome}}.dump(),
                              .actor = setup.account,
                              .role = "system"};
    if (!write(row)) return;
    view.outcome = outcome;
    view.finished = true;
}

bool LiveSession::Impl::write(const records::NewRow& row) {
    if (failure_) return false;
    if (auto appended = study_.ledger().append(row); !appended) {
        fail_safely(appended.error());
        return false;
    }
    ++view.acknowledged_rows;
    return true;
}

void LiveSession::Impl::measure(const std::string& kind, const json& payload) {
    write(measurement_row(view.session_id, now_ms(), kind, payload.dump(-1, ' ', false, json::error_handler_t::replace)));
}

// The record can't be written: the patient goes to calm, and everything that was acknowledged is on disk already.
void LiveSession::Impl::fail_safely(const Error& error) {
    if (player_running_) (void)player_.channel().send(link::ShowCalm{"record lost"});
    give_up(error, "The record cannot be written (" + error.message + "). The patient is in the calm room. Every acknowledged rating is safe. " + error.hint,
            "L'enregistrement est impossible (" + error.message + "). Le patient est dans la pièce calme. Toute cote confirmée est conservée. " + error.hint);
}

void LiveSession::Impl::give_up(const Error& error, const std::string& english, const std::string& french) {
    failure_ = error;
    banner(Banner::Severity::alarm, english, french);
    view.outcome = "interrupted";
    view.finished = true;
}

void LiveSession::Impl::act(Action action) {
    if (action == Action::stop) {
        happen(EventKind::stop, Source::clinician);
        return;
    }
    if (action == Action::end && outcome_) {
        finish(*outcome_);
        return;
    }
    static constexpr std::pair<Action, EventKind> kEvents[] = {
        {Action::pause, EventKind::pause},           {Action::resume, EventKind::resume}, {Action::next_level, EventKind::next_level},
        {Action::previous_level, EventKind::previous_level}, {Action::coping, EventKind::coping}, {Action::end, EventKind::end}};
    if (action == Action::start) {
        if (started_ || !view.player_up) return;
        started_ = true;
        started_at_ = Clock::now();
        happen_at(0, EventKind::player_ready, Source::player);
        happen_at(0, EventKind::start, Source::clinician);
        return;
    }
    for (const auto& [which, kind] : kEvents) {
        if (which == action && started_) happen(kind, Source::clinician);
    }
}

void LiveSession::Impl::rate(int value) {
    if (started_) happen(EventKind::rating, Source::clinician, value, view.state.open_request.value_or(0));
}

void LiveSession::Impl::note(const std::string& text) {
    if (!text.empty()) write(note_row(view.session_id, now_ms(), text, setup.account));
}

void LiveSession::Impl::banner(Banner::Severity severity, const std::string& english, const std::string& french) {
    view.banners.push_back({severity, setup.language.starts_with("fr") ? french : english, now_ms()});
}

void LiveSession::Impl::refresh_view() {
    view.t_ms = view.state.phase == Phase::running || view.state.phase == Phase::paused ? now_ms() : view.state.now_ms;
    view.awaiting_rating = view.state.open_request;
    view.ratings = view.state.ratings;
    view.player_up = player_running_;
    refresh_voice();
}

}  // namespace accalmie::session
