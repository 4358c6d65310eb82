// SPDX-License-Identifier: Apache-2.0
#include "protocols/session.h"

namespace accalmie::protocols {

std::string_view name_of(StepKind kind) {
    switch (kind) {
        case StepKind::baseline: return "baseline";
        case StepKind::exposure: return "exposure";
        case StepKind::coping: return "coping";
        case StepKind::aftercare: return "aftercare";
    }
    return "baseline";
}

std::string_view name_of(EventKind kind) {
    switch (kind) {
        case EventKind::start: return "start";
        case EventKind::tick: return "tick";
        case EventKind::rating: return "rating";
        case EventKind::rating_missed: return "rating_missed";
        case EventKind::next_level: return "next_level";
        case EventKind::previous_level: return "previous_level";
        case EventKind::pause: return "pause";
        case EventKind::resume: return "resume";
        case EventKind::coping: return "coping";
        case EventKind::stop: return "stop";
        case EventKind::player_lost: return "player_lost";
        case EventKind::player_ready: return "player_ready";
        case EventKind::tracking_lost: return "tracking_lost";
        case EventKind::tracking_back: return "tracking_back";
        case EventKind::end: return "end";
    }
    return "tick";
}

std::string_view name_of(CommandKind kind) {
    switch (kind) {
        case CommandKind::show_scene: return "show_scene";
        case CommandKind::show_calm: return "show_calm";
        case CommandKind::ask_rating: return "ask_rating";
        case CommandKind::hide_rating: return "hide_rating";
        case CommandKind::show_text: return "show_text";
        case CommandKind::hide_text: return "hide_text";
        case CommandKind::pause_scene: return "pause_scene";
        case CommandKind::resume_scene: return "resume_scene";
        case CommandKind::finished: return "finished";
    }
    return "show_calm";
}

std::string_view name_of(Phase phase) {
    switch (phase) {
        case Phase::not_started: return "not_started";
        case Phase::running: return "running";
        case Phase::paused: return "paused";
        case Phase::stopped: return "stopped";
        case Phase::finished: return "finished";
    }
    return "not_started";
}

}  // namespace accalmie::protocols
