// SPDX-License-Identifier: Apache-2.0
// Owns: the inside of LiveSession. Private to clinician/session: include live_session.h instead.
// The order of work in one pump: hear the player, watch over it, move the simulated hand, advance the clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "clinician/session/live_session.h"
#include "clinician/session/player_process.h"
#include "clinician/session/rehearsed_patient.h"
#include "clinician/session/session_stream.h"
#include "clinician/session/voice_sender.h"

namespace accalmie::session {

struct LiveSession::Impl {
    using Clock = std::chrono::steady_clock;

    Impl(records::Study& the_study, Setup the_setup);
    ~Impl();

    Result<void> open();
    Result<void> pump(int wait_ms);
    void act(Action action);
    void rate(int value);
    void note(const std::string& text);
    void speak(bool held);

    Setup setup;
    View view;
    std::optional<link::MirrorReader> mirror;
    std::uint64_t mirror_frame = 0;
    std::vector<std::uint8_t> mirror_rgba;

private:
    // live_session_player.cpp: the link and the process behind it
    Result<void> start_player();
    PlayerOptions player_options() const;
    Result<void> prepare_layer();
    void send(const link::Message& message);
    void hear(int wait_ms);
    void take(link::Channel::Received received);
    void take_ready(const link::Ready& ready, link::FileDescriptor memory);
    void take_rating(const link::RatingGiven& given);
    void watch_player();
    void lose_player(const std::string& why);
    void perform(const protocols::Command& command);
    void save_picture(int request);
    void take_frames(const link::ShownFrames& told);

    // live_session_voice.cpp: the clinician speaks
    void take_voice(const link::VoiceHeard& heard);
    void stop_speaking(const std::string& why);
    void voice_row(std::int64_t length_ms, const link::VoiceHeard& of, const std::string& why);
    void refresh_voice();

    // live_session_measures.cpp: what the player measured
    void take_dose(const link::ExposureDose& dose);
    void take_comfort(const link::Comfort& comfort);
    void finish_with_dose(const std::string& outcome);
    void dose_told();

    // live_session_clock.cpp: events, time and the ledger
    std::int64_t now_ms() const;
    void advance();
    void advance_virtual();
    void advance_real();
    void fire_due_timers();
    bool waits_for_player() const;
    void happen(protocols::EventKind kind, protocols::Source source, int value = 0, int request = 0);
    void happen_at(std::int64_t t_ms, protocols::EventKind kind, protocols::Source source, int value = 0, int request = 0);
    void move_hand();
    void finish(const std::string& outcome);
    void close_stream();
    void watch_stream();
    bool write(const records::NewRow& row);
    void measure(const std::string& kind, const nlohmann::json& payload);
    void fail_safely(const Error& error);
    void give_up(const Error& error, const std::string& english, const std::string& french);
    void banner(Banner::Severity severity, const std::string& english, const std::string& french);
    void refresh_view();

    records::Study& study_;
    PlayerProcess player_;
    bool player_running_ = false;
    Clock::time_point player_heard_;
    Clock::time_point player_started_;
    Clock::time_point heartbeat_sent_;
    std::uint64_t heartbeats_ = 0;
    int player_starts_ = 0;
    std::optional<std::int64_t> gap_from_ms_;
    std::string gap_reason_;

    VoiceSender voice_;
    bool voice_let_go_ = true;           // since a stop or a loss: only then is the button heard again
    bool voice_held_ = false;
    std::optional<link::VoiceHeard> heard_voice_;  // the talk that the patient hears
    std::int64_t heard_from_ms_ = 0;

    SessionStream stream_;
    std::optional<RehearsedPatient> patient_;
    std::string layer_folder_;           // the private folder with the API layer's socket; empty without one
    std::optional<xr::LayerClient> layer_;

    bool started_ = false;
    Clock::time_point started_at_;
    std::int64_t virtual_ms_ = 0;
    bool scene_pending_ = false;         // virtual time stands still until the player has shown what was commanded
    bool calm_pending_ = false;
    bool dose_pending_ = false;          // virtual time: the session ends when the dose up to its end was told
    std::optional<std::string> outcome_;
    std::optional<Error> failure_;
};

}  // namespace accalmie::session
