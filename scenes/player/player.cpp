// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/player.h"

#include <cstdio>
#include <format>
#include <print>
#include <thread>

#include "scenes/data_root.h"

namespace accalmie::scenes {
namespace {

constexpr int kReopenAttempts = 6;
constexpr auto kReopenPause = std::chrono::milliseconds(1000);
constexpr auto kReopenSlice = std::chrono::milliseconds(50);

}  // namespace

Result<std::unique_ptr<Player>> Player::create(const PlayerOptions& options) {
    auto root = find_data_root();
    if (!root) return std::unexpected(std::move(root.error()));
    auto font = Font::find();
    if (!font) return std::unexpected(std::move(font.error()));
    LoadedScene calm = load_scene(*root, kCalmRoom, false);  // without its sound: a broken one must not keep the room away
    if (calm.error) return std::unexpected(std::move(*calm.error));
    if (calm.file.kind != SceneKind::calm)
        return std::unexpected(Error{.message = std::format("{} has to be of kind \"calm\"", kCalmRoom), .hint = "a stop leads there", .file = *root + "/scenes/" + kCalmRoom + "/scene.toml"});
    return std::unique_ptr<Player>(new Player(options, std::move(*root), std::move(calm), PanelPicture(std::move(*font))));
}

Player::Player(const PlayerOptions& options, std::string root, LoadedScene calm, PanelPicture picture)
    : options_(options), root_(std::move(root)), calm_(std::move(calm)), sound_(options.sound, options.sound_wav), voice_(sound_, options.plants.keep_voice), loader_(root_, sound_.wanted()), panel_picture_(std::move(picture)) {
    files_[kCalmRoom] = calm_.file;
    add_calm_sound();
    if (options_.link >= 0) channel_.emplace(link::FileDescriptor(options_.link));
    panel_.set_language(options_.language);
    if (options_.plants.ignore_stop) showing_.plant_ignored_stop();
    if (!options_.scene.empty() && !channel_) on(link::ShowScene{options_.scene, options_.level, 0});
}

void Player::complain(const Error& error) {
    std::println(stderr, "accalmie-player: error: {}", describe(error));
    say(link::Fault{error.message, error.hint});
}

Exit Player::run() {
    say(link::Hello{link::kVersion, options_.language});
    if (auto opened = open_theatre(); !opened) {
        complain(opened.error());
        return Exit::failed;
    }
    console_.heard(now_s());
    for (;;) {
        Next next = Next::frame;
        while (next == Next::frame) next = frame();
        if (next != Next::runtime_lost) return leave(next);
        if (!reopen_theatre()) return leave(quit_ ? Next::quit : Next::runtime_lost);
    }
}

Exit Player::leave(Next why) {
    if (auto written = sound_.finish(); !written) complain(written.error());
    const std::uint32_t messages = theatre_ ? theatre_->device().validation_messages() : 0;
    if (messages != 0) {
        complain({.message = std::format("Vulkan validation had {} messages", messages), .hint = "they are on standard error", .file = {}});
        return Exit::failed;
    }
    switch (why) {
        case Next::runtime_lost:
            complain({.message = std::format("the headset's runtime is gone and does not come back: {}", lost_because_), .hint = "look after the headset, then start the session's view again", .file = {}});
            return Exit::runtime_lost;
        case Next::console_gone:
            complain({.message = "the console is gone", .hint = "the patient was in the calm room; open the study again with accalmie console", .file = {}});
            return Exit::console_lost;
        case Next::finished:
            say(link::RuntimeChanged{"finished", "the runtime or the user ended the view"});
            break;
        case Next::frame:
        case Next::quit: break;
    }
    if (version_differs_) return Exit::failed;
    measuring_breaks_off(now_s());
    if (!time_.is_virtual()) tell_dose(-1);
    say(link::Goodbye{});
    return Exit::ended;
}

Result<void> Player::open_theatre() {
    tell_frames();  // of the runtime before
    if (!hidden_.empty()) lenses_hide({});
    auto opened = Theatre::open(options_, hands_.input(), &calm_.asset, &compressor_);
    if (!opened) return std::unexpected(std::move(opened.error()));
    theatre_ = std::move(*opened);
    if (const std::string shortage = theatre_->shortage(); !shortage.empty())
        complain({.message = shortage, .hint = "the session can go on; close other programs that draw, or ask for less with --size or --msaa", .file = {}});
    tell_lost_levels(kCalmRoom);
    if (const std::string features = theatre_->session().features(); !features.empty()) std::println(stderr, "accalmie-player: {}; both eyes {}", features, gpu::name_of(theatre_->device().stereo()));
    resolution_ = {};
    drawn_ = {};
    panel_on_image_.reset();
    mirror_.drop_pending();
    const bool had_mirror = mirror_.is_open();
    const VkExtent2D before = had_mirror ? VkExtent2D{mirror_.writer().width(), mirror_.writer().height()} : VkExtent2D{};
    if (auto made = mirror_.open(theatre_->session().eye_extent()); !made) return made;
    if (had_mirror && (before.width != mirror_.writer().width() || before.height != mirror_.writer().height())) ready_said_ = false;  // the console needs the new memory
    status_ = xr::Status::running;
    return {};
}

void Player::tell_lost_levels(const std::string& scene) {
    const std::uint32_t lost = theatre_->renderer().lost_levels(theatre_->scene(scene));
    if (lost == 0) return;
    complain({.message = std::format("the graphics card's memory is full; {} is shown with textures of 1/{} of their width and height", scene, 1U << lost),
              .hint = "the session can go on; labels may be hard to read. Close other programs that draw", .file = {}});
}

// The runtime is gone, and the patient sees nothing of ours. What comes back is the calm room, whatever was on before.
bool Player::reopen_theatre() {
    measuring_breaks_off(now_s());
    last_frame_.reset();
    say(link::RuntimeChanged{"lost", lost_because_});
    std::println(stderr, "accalmie-player: the headset's runtime is lost ({}); trying again", lost_because_);
    go_calm("runtime lost", frames_, Hold::fault);
    showing_.lose_scenes();
    theatre_.reset();
    arriving_.clear();
    loader_.forget_all();
    for (int attempt = 0; attempt < kReopenAttempts; ++attempt) {
        for (auto waited = std::chrono::milliseconds(0); waited < kReopenPause; waited += kReopenSlice) {
            listen(std::chrono::milliseconds(0));
            watch_console(now_s());
            keep_alive(now_s());
            if (quit_) return false;
            std::this_thread::sleep_for(kReopenSlice);
        }
        auto opened = open_theatre();
        if (opened) {
            for (const auto& [name, file] : files_)
                if (name != kCalmRoom) loader_.request(name);
            say(link::RuntimeChanged{"recovered", theatre_->session().runtime_name()});
            return true;
        }
        lost_because_ = describe(opened.error());
        theatre_.reset();
    }
    return false;
}

}  // namespace accalmie::scenes
