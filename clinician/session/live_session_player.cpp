// SPDX-License-Identifier: Apache-2.0
// The link and the process behind it: what the player says, whether it lives, and what it is told.
#include "clinician/session/live_session_impl.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <set>

#include <nlohmann/json.hpp>

#include "clinician/session/picture_file.h"
#include "clinician/session/processor.h"
#include "clinician/session/rows.h"

namespace accalmie::session {

using protocols::CommandKind;
using protocols::EventKind;
using protocols::Phase;
using protocols::Source;
using nlohmann::json;
using std::chrono::milliseconds;

namespace {

constexpr auto kHeartbeatEvery = milliseconds(200);
constexpr auto kStartPatience = std::chrono::seconds(60);     // from start to the calm room on screen, software driver included
constexpr auto kVirtualPatience = std::chrono::seconds(60);   // virtual time cannot hurt anybody: only a dead player is lost
constexpr auto kPatience = milliseconds(700);  // and the rest of a second to bury it and say so
constexpr auto kSoftwarePatience = milliseconds(4'000);
constexpr int kMaximumStarts = 4;

const char* xr_argument(XrKind kind) {
    switch (kind) {
        case XrKind::openxr: return "openxr";
        case XrKind::off_screen: return "offscreen";
        case XrKind::desktop: return "desktop";
    }
    return "offscreen";
}

}  // namespace

Result<void> LiveSession::Impl::prepare_layer() {
    if (setup.xr != XrKind::openxr || !setup.simulated_patient || layer_) return {};
    char pattern[] = "/tmp/accalmie-hands-XXXXXX";
    if (!mkdtemp(pattern)) return std::unexpected(Error{.message = "no private folder for the simulated hands", .hint = "is /tmp writable?"});
    layer_folder_ = pattern;
    auto client = xr::LayerClient::listen(layer_folder_ + "/socket");
    if (!client) return std::unexpected(client.error());
    layer_.emplace(std::move(*client));
    return {};
}

PlayerOptions LiveSession::Impl::player_options() const {
    PlayerOptions options;
    options.program = setup.player_program;
    options.arguments = {"--xr", xr_argument(setup.xr)};
    if (setup.eye_width != 0) options.arguments.insert(options.arguments.end(), {"--size", std::format("{}x{}", setup.eye_width, setup.eye_height)});
    options.arguments.insert(options.arguments.end(), setup.player_arguments.begin(), setup.player_arguments.end());
    options.log_path = study_.directory() + "/player.log";
    if (layer_) {
        const auto library_folder = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "lib";
        for (const auto& [name, value] : layer_->environment(library_folder.string())) options.environment.push_back(name + "=" + value);
    }
    return options;
}

Result<void> LiveSession::Impl::start_player() {
    ++player_starts_;
    player_started_ = player_heard_ = Clock::now();
    if (auto prepared = prepare_layer(); !prepared) return prepared;
    auto started = PlayerProcess::start(player_options());
    if (!started) return std::unexpected(started.error());
    player_ = std::move(*started);
    send(link::Hello{link::kVersion, setup.language});
    std::set<std::string> scenes;
    for (const auto& step : setup.plan.steps) scenes.insert(step.scene);
    send(link::LoadScenes{{scenes.begin(), scenes.end()}});
    return {};
}

void LiveSession::Impl::send(const link::Message& message) {
    if (player_.pid() > 0 && !player_.channel().closed()) (void)player_.channel().send(message);  // a closed link is seen by watch_player
}

void LiveSession::Impl::hear(int wait_ms) {
    const auto now = Clock::now();
    if (now - heartbeat_sent_ >= kHeartbeatEvery) {
        heartbeat_sent_ = now;
        send(link::Heartbeat{++heartbeats_});
    }
    if (layer_) layer_->poll();
    auto wait = milliseconds(wait_ms);
    while (player_.pid() > 0 && !player_.channel().closed()) {
        auto received = player_.channel().receive(wait);
        wait = milliseconds(0);
        if (!received) {
            lose_player(received.error().message);
            return;
        }
        if (!*received) break;
        take(std::move(**received));
    }
    if (mirror) {
        if (const auto newest = mirror->read(mirror_frame, mirror_rgba)) {
            mirror_frame = *newest;
            stream_.picture(mirror_frame, mirror->width(), mirror->height(), mirror_rgba, false);
        }
    }
}

void LiveSession::Impl::take(link::Channel::Received received) {
    player_heard_ = Clock::now();
    std::visit(
        [&]<class M>(const M& message) {
            if constexpr (std::is_same_v<M, link::Ready>) {
                take_ready(message, std::move(received.descriptor));
            } else if constexpr (std::is_same_v<M, link::SceneShown>) {
                scene_pending_ = false;
                view.scene = message.scene;
                view.level = message.level;
                view.calm = false;
            } else if constexpr (std::is_same_v<M, link::CalmShown>) {
                calm_pending_ = false;
                view.calm = true;
                view.scene = "calm-room";
                view.level = 0;
                measure("calm", {{"frame", message.frame}, {"frames_after_input", message.frames_after_input}, {"reason", message.reason}});
            } else if constexpr (std::is_same_v<M, link::RatingShown>) {
                if (patient_) patient_->panel_shown(message.request, message.frame);
            } else if constexpr (std::is_same_v<M, link::RatingGiven>) {
                take_rating(message);
            } else if constexpr (std::is_same_v<M, link::StopPressed>) {
                if (patient_) (void)patient_->stop_arrived();
                happen(EventKind::stop, Source::patient);
            } else if constexpr (std::is_same_v<M, link::TrackingChanged>) {
                happen(message.tracked ? EventKind::tracking_back : EventKind::tracking_lost, Source::player);
            } else if constexpr (std::is_same_v<M, link::RuntimeChanged>) {
                measure("runtime", {{"detail", message.detail}, {"state", message.state}});
                if (message.state == "lost") {
                    banner(Banner::Severity::alarm, "The headset's runtime is gone; the player tries again and comes back in the calm room.",
                           "Le pilote du casque ne répond plus ; le programme réessaie et revient dans la pièce calme.");
                }
            } else if constexpr (std::is_same_v<M, link::FrameTimes>) {
                view.frame_times = message;
                measure("frame_times", {{"draws", message.draws}, {"frames", message.frames}, {"median_ms", message.median_ms}, {"missed", message.missed},
                                        {"p95_ms", message.p95_ms}, {"triangles", message.triangles}, {"worst_ms", message.worst_ms}});
            } else if constexpr (std::is_same_v<M, link::ShownFrames>) {
                take_frames(message);
            } else if constexpr (std::is_same_v<M, link::PanelPlate>) {
                stream_.plate(message);
            } else if constexpr (std::is_same_v<M, link::HiddenMeshPart>) {
                stream_.hidden(message);
            } else if constexpr (std::is_same_v<M, link::ExposureDose>) {
                take_dose(message);
            } else if constexpr (std::is_same_v<M, link::Comfort>) {
                take_comfort(message);
            } else if constexpr (std::is_same_v<M, link::DoseTold>) {
                dose_told();
            } else if constexpr (std::is_same_v<M, link::VoiceHeard>) {
                take_voice(message);
            } else if constexpr (std::is_same_v<M, link::Fault>) {
                scene_pending_ = false;
                measure("fault", {{"hint", message.hint}, {"what", message.what}});
                banner(Banner::Severity::alarm, message.what + " " + message.hint, message.what + " " + message.hint);
            }
        },
        received.message);
}

void LiveSession::Impl::take_ready(const link::Ready& ready, link::FileDescriptor memory) {
    mirror.reset();
    mirror_frame = 0;
    if (auto opened = link::MirrorReader::open(std::move(memory), ready.mirror_width, ready.mirror_height)) mirror.emplace(std::move(*opened));
    player_running_ = true;
    voice_.connect(link::VoicePort(player_.channel()));
    view.player_up = true;
    view.renderer = ready.renderer;
    view.runtime = ready.runtime;
    view.calm = true;
    view.scene = "calm-room";
    measure("session.device", {{"driver", ready.driver}, {"eye_height", ready.eye_height}, {"eye_width", ready.eye_width},
                               {"processor", processor_model()}, {"renderer", ready.renderer}, {"runtime", ready.runtime},
                               {"samples", ready.samples}, {"xr", xr_argument(setup.xr)}});
    stream_.view();
    if (setup.virtual_time) send(link::SceneClock{virtual_ms_, true});  // the scene's time is the session's from the first frame on
    if (patient_) {
        patient_->give_hands(layer_ ? make_layer_hands(*layer_) : make_link_hands(player_.channel()));
    }
    if (gap_from_ms_) {
        measure("gap", {{"from_ms", *gap_from_ms_}, {"reason", gap_reason_}, {"to_ms", now_ms()}});
        gap_from_ms_.reset();
        banner(Banner::Severity::information, "The patient's view is back, in the calm room. Resume when the patient is ready.",
               "L'image du patient est revenue, dans la pièce calme. Reprenez quand le patient est prêt.");
        if (started_) happen(EventKind::player_ready, Source::player);
    }
}

void LiveSession::Impl::take_frames(const link::ShownFrames& told) {
    const auto start_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(started_at_.time_since_epoch()).count();
    for (const link::ShownFrame& shown : told.frames) {
        const std::int64_t t_ms = setup.virtual_time ? std::llround(shown.scene_time_s * 1000) : (shown.monotonic_ns - start_ns) / 1'000'000;
        stream_.frame({told.scene, told.compressed}, started_ ? std::clamp<std::int64_t>(t_ms, 0, now_ms()) : 0, shown);
    }
}

void LiveSession::Impl::take_rating(const link::RatingGiven& given) {
    if (patient_ && !setup.drop_ratings) (void)patient_->rating_arrived();
    if (!started_ || view.state.open_request != given.request) return;  // an answer that crossed its question's end
    if (setup.drop_ratings) return;
    if (!patient_) save_picture(given.request);
    happen(EventKind::rating, Source::patient, given.value, given.request);
}

void LiveSession::Impl::watch_player() {
    if (view.finished || failure_ || player_.pid() <= 0) return;
    if (const auto end = player_.ended()) {
        lose_player("it ended with " + *end);
        return;
    }
    if (player_.channel().closed()) {
        lose_player("its link closed");
        return;
    }
    const auto now = Clock::now();
    const auto patience = !player_running_             ? std::chrono::duration_cast<milliseconds>(kStartPatience)
                          : setup.virtual_time          ? std::chrono::duration_cast<milliseconds>(kVirtualPatience)
                          : setup.player_timeout_ms > 0 ? milliseconds(setup.player_timeout_ms)
                          : view.renderer.contains("llvmpipe") ? kSoftwarePatience
                                                               : kPatience;
    if (now - player_heard_ > patience) lose_player(std::format("it gave no sign of life for {} ms", patience.count()));
}

void LiveSession::Impl::lose_player(const std::string& why) {
    if (failure_ || view.finished) return;
    const bool was_running = player_running_;
    player_running_ = false;
    view.player_up = false;
    scene_pending_ = calm_pending_ = false;
    stop_speaking("lost");
    voice_.disconnect();
    if (heard_voice_) voice_row(now_ms() - heard_from_ms_, *heard_voice_, "player lost");
    if (patient_) patient_->withdrawn();
    player_.kill();
    dose_told();
    if (view.finished) return;
    if (started_ && was_running) {
        gap_from_ms_ = now_ms();
        gap_reason_ = why;
        happen(EventKind::player_lost, Source::player);
    }
    if (player_starts_ >= kMaximumStarts || (!was_running && player_starts_ >= 2)) {
        give_up(Error{.message = "the patient's program does not stay up: " + why, .hint = "see player.log in the study folder; accalmie-player --help tries it by itself"},
                "The patient's view does not stay up (" + why + "). Take the headset off and stay with the patient. Every acknowledged rating is safe.",
                "L'image du patient ne tient pas (" + why + "). Retirez le casque et restez avec le patient. Toute cote confirmée est conservée.");
        return;
    }
    banner(Banner::Severity::alarm, "The patient's view is lost: " + why + ". It is being restarted in the calm room. Speak to the patient.",
           "L'image du patient est perdue (" + why + "). Redémarrage dans la pièce calme. Parlez au patient.");
    if (auto restarted = start_player(); !restarted) {
        give_up(restarted.error(), "The patient's view cannot be started (" + restarted.error().message + ").", "L'image du patient ne démarre pas (" + restarted.error().message + ").");
    }
}

void LiveSession::Impl::perform(const protocols::Command& command) {
    switch (command.kind) {
        case CommandKind::show_scene:
            if (!player_running_) return;
            scene_pending_ = true;
            send(link::ShowScene{command.scene, command.level, setup.virtual_time ? 1 : 0});
            return;
        case CommandKind::show_calm:
            calm_pending_ = player_running_;
            send(link::ShowCalm{command.reason.empty() ? "asked" : command.reason});
            return;
        case CommandKind::ask_rating: {
            const auto& scale = setup.plan.scale;
            send(link::AskRating{command.request, scale.minimum, scale.maximum, scale.question.in(setup.language), scale.low_anchor.in(setup.language),
                                 scale.high_anchor.in(setup.language)});
            if (patient_ && player_running_) patient_->asked(command.request, scale, view.state.level_index, view.state.now_ms);
            return;
        }
        case CommandKind::hide_rating:
            if (patient_) patient_->withdrawn();
            send(link::HideRating{});
            return;
        case CommandKind::show_text:
            if (command.step >= 0 && command.step < static_cast<int>(setup.plan.steps.size())) {
                send(link::ShowText{setup.plan.steps[static_cast<std::size_t>(command.step)].instruction.in(setup.language)});
            }
            return;
        case CommandKind::hide_text: send(link::HideText{}); return;
        case CommandKind::pause_scene: send(link::PauseScene{true}); return;
        case CommandKind::resume_scene: send(link::PauseScene{false}); return;
        case CommandKind::finished: return;
    }
}

void LiveSession::Impl::save_picture(int request) {
    if (!mirror || mirror_frame == 0) return;
    stream_.picture(mirror_frame, mirror->width(), mirror->height(), mirror_rgba, true);
    if (setup.pictures_directory.empty()) return;
    const std::string name = std::format("{}-{:03}.png", view.session_id, request);
    const auto saved = write_picture(setup.pictures_directory + "/" + name, mirror->width(), mirror->height(), mirror_rgba);
    if (!saved) {
        banner(Banner::Severity::warning, saved.error().message, saved.error().message);
        return;
    }
    const auto relative = std::filesystem::relative(setup.pictures_directory, study_.directory()).string();
    measure("picture", {{"file", relative + "/" + name}, {"frame", mirror_frame}, {"request", request}, {"sha", *saved}});
}

}  // namespace accalmie::session
