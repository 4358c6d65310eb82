// SPDX-License-Identifier: Apache-2.0
// Owns: the patient's program: the frame loop, the link to the console and the watches that bring the calm room when something fails.
// Never: decides the course of a session (the console's protocol does) and never shows black in mid-exposure.
// Thread: one, the frame thread; only reading and decoding of scenes is done beside it. Units: seconds since the start (_s).
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/xr/resolution_scale.h"
#include "scenes/link/channel.h"
#include "scenes/link/hidden_mesh.h"
#include "scenes/player/comfort_meter.h"
#include "scenes/player/dose_meter.h"
#include "scenes/player/frame_log.h"
#include "scenes/player/frame_statistics.h"
#include "scenes/player/mirror_feed.h"
#include "scenes/player/options.h"
#include "scenes/player/panel.h"
#include "scenes/player/panel_picture.h"
#include "scenes/player/scene_loader.h"
#include "scenes/player/scene_sound.h"
#include "scenes/player/showing.h"
#include "scenes/player/simulated_hands.h"
#include "scenes/player/texture_compressor.h"
#include "scenes/player/theatre.h"
#include "scenes/player/voice_in.h"
#include "scenes/player/watches.h"

namespace accalmie::scenes {

enum class Exit : int { ended = 0, failed = 1, usage = 2, runtime_lost = 3, console_lost = 4 };

class Player {
public:
    static Result<std::unique_ptr<Player>> create(const PlayerOptions& options);
    // Until Quit, the end of the window, or something that cannot be mended; says on standard error why when it is not `ended`.
    Exit run();

private:
    enum class Next : std::uint8_t { frame, runtime_lost, finished, quit, console_gone };
    enum class PanelImage : std::uint8_t { none, stale, current };

    Player(const PlayerOptions& options, std::string root, LoadedScene calm, PanelPicture picture);
    double now_s() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

    // player.cpp: from start to end
    Result<void> open_theatre();
    bool reopen_theatre();
    Exit leave(Next why);
    void complain(const Error& error);

    // player_frame.cpp: one frame
    Next frame();
    Next with_frame(xr::Frame& frame);
    void watch_console(double now_s);
    void watch_headset(const xr::Frame& frame, double now_s);
    void take_input(const xr::Frame& frame, double now_s);
    void take_loaded_scenes(bool drawing);
    void cannot_show(const std::string& scene, const Error& error);
    Result<void> present(xr::Frame& frame, double now_s);
    Result<PanelImage> refresh_panel(const PanelContent& content, double now_s);
    void log_frame(const xr::Frame& frame, const Showing::Drawn& drawn, PanelImage panel, double now_s);
    Result<void> after_submit(const PanelContent& shown, double now_s);
    void keep_alive(double now_s);
    void pace(double frame_began_s);
    VkExtent2D part_to_draw(const xr::Frame& frame);

    // player_measures.cpp: what is measured of what is shown
    render::MeasureRequest what_to_measure(const xr::Frame& frame, const Showing::Drawn& drawn, double now_s);
    void take_measures();
    void tell_dose(std::int64_t session_ms);
    void measuring_breaks_off(double now_s);
    void virtual_time_passes(double from_s, double to_s);
    void on(const link::AskDose& ask);

    // player_sound.cpp
    void go_calm(const std::string& reason, std::uint64_t frames_at_input, Hold hold);
    void add_calm_sound();
    void tell_voice();

    // player_messages.cpp: what the console says
    void say(const link::Message& message, int descriptor = -1);
    void tell_frames();
    void lenses_hide(const xr::HiddenMesh& mesh);
    void tell_hidden();
    // True: something else than voice was heard.
    bool listen(std::chrono::milliseconds wait);
    void take(link::Message& message);
    bool take_voice(link::Message& message);
    void on(const link::Hello& hello);
    void on(const link::LoadScenes& load);
    void on(const link::ShowScene& show);
    void on(const link::ShowCalm& calm);
    void on(const link::AskRating& ask);
    void on(const link::SceneClock& clock);
    void want_scene(const std::string& name);
    void tell_lost_levels(const std::string& scene);  // to the console, when there are any
    bool level_exists(const std::string& scene, int level);

    PlayerOptions options_;
    std::string root_;
    LoadedScene calm_;                          // kept, so that a new runtime has it at once
    std::map<std::string, SceneFile> files_;    // of all scenes that were read
    std::map<std::string, int> asked_levels_;   // of scenes that are still on their way
    struct Arriving {
        std::int64_t triangles = 0;
        std::int32_t load_ms = 0;
    };
    std::map<std::string, Arriving> arriving_;  // read, and on their way to the GPU
    std::optional<link::Channel> channel_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();

    TextureCompressor compressor_{content::TextureCache(content::TextureCache::users_folder())};
    std::unique_ptr<Theatre> theatre_;
    SceneSound sound_;
    VoiceIn voice_;
    SceneLoader loader_;
    Showing showing_;
    Panel panel_;
    PanelPicture panel_picture_;
    std::optional<PanelContent> panel_on_image_;
    double panel_drawn_s_ = -1;
    MirrorFeed mirror_;
    SimulatedHandQueue hands_;
    FrameStatistics statistics_;
    FrameLog frame_log_;
    std::vector<link::HiddenMeshPart> hidden_;  // what the lenses hide, as the console is told; none: nothing
    DoseMeter dose_;
    ComfortMeter comfort_;
    struct LookedAt {
        std::string scene;
        int level = -1;
        xr::Pose head;
        double time_s = -1;
    } looked_at_;                       // the last look for cues that was asked for
    std::optional<xr::Frame> last_frame_;
    render::FrameStats drawn_;
    xr::ResolutionScale resolution_;
    ConsoleWatch console_;
    TrackingWatch tracking_;
    SceneTime time_;

    std::uint64_t frames_ = 0;  // submitted
    bool ready_said_ = false;
    bool stop_held_ = false;
    bool stop_to_tell_ = false;
    bool quit_ = false;
    bool version_differs_ = false;
    xr::Status status_ = xr::Status::running;
    std::string lost_because_;
    std::optional<double> console_gone_s_;
    double heartbeat_s_ = 0, report_s_ = 0, frames_told_s_ = 0;
    std::uint64_t heartbeats_ = 0;
    int senseless_messages_ = 0;
};

}  // namespace accalmie::scenes
