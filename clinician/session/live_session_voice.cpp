// SPDX-License-Identifier: Apache-2.0
// The clinician speaks: who holds the button, what the player says that the patient hears, and the one row that says that it was so. What was
// said is nowhere: voice goes from the microphone's thread straight onto the link (voice_sender.h).
#include "clinician/session/live_session_impl.h"

#include <nlohmann/json.hpp>

#include "clinician/session/rows.h"

namespace accalmie::session {

namespace {

const char* name_of(sound::VoiceChoice::Kind kind) {
    switch (kind) {
        case sound::VoiceChoice::Kind::microphone: return "microphone";
        case sound::VoiceChoice::Kind::tone: return "tone";
        case sound::VoiceChoice::Kind::file: return "file";
    }
    return "microphone";
}

}  // namespace

void LiveSession::Impl::speak(bool held) {
    voice_held_ = held;
    if (!held) {
        voice_.release();
        voice_let_go_ = true;
        return;
    }
    if (!voice_let_go_ || view.finished || failure_ || !player_running_) return;
    (void)voice_.hold();
}

void LiveSession::Impl::stop_speaking(const std::string& why) {
    voice_.release();
    if (!voice_held_) return;
    voice_let_go_ = false;
    view.voice.why = why;
}

void LiveSession::Impl::take_voice(const link::VoiceHeard& heard) {
    if (heard.heard) {
        heard_voice_ = heard;
        heard_from_ms_ = now_ms();
        return;
    }
    if (heard_voice_ && heard_voice_->talk == heard.talk) voice_row(heard.length_ms, heard, heard.why);
    // The patient does not hear it any more: nobody may speak on into nothing.
    if (voice_.talk() != heard.talk) return;
    stop_speaking(heard.why);
}

void LiveSession::Impl::voice_row(std::int64_t length_ms, const link::VoiceHeard& of, const std::string& why) {
    const nlohmann::json payload = {{"from", of.person ? "person" : "beside"}, {"latency_ms", of.latency_ms}, {"length_ms", length_ms}, {"lost", of.lost},
                                    {"scene", of.scene}, {"source", name_of(setup.voice.kind)}, {"start_ms", heard_from_ms_}, {"why", why}};
    heard_voice_.reset();
    measure("voice", payload);
}

void LiveSession::Impl::refresh_voice() {
    VoiceView& voice = view.voice;
    const auto problem = voice_.problem();
    const bool talks = voice_.talk() != 0;
    voice.rehearsal = setup.voice.rehearsal();
    voice.level_db = voice_.level_db();
    voice.detail = problem ? describe(*problem) : std::string();
    if (talks) {
        const bool heard = heard_voice_ && heard_voice_->talk == voice_.talk();
        voice.state = heard ? VoiceView::State::heard : VoiceView::State::opening;
        voice.why.clear();
        voice.person = heard && heard_voice_->person;
        voice.scene = heard ? heard_voice_->scene : std::string();
        return;
    }
    if (problem) voice.why = "microphone";
    // Why it went silent stays to be read while the button is held, and a microphone that is missing until it is tried again.
    voice.state = !voice.why.empty() && (voice_held_ || problem) ? VoiceView::State::unheard : VoiceView::State::silent;
    if (voice.state == VoiceView::State::silent) voice.why.clear();
}

}  // namespace accalmie::session
