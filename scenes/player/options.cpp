// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/options.h"

#include <charconv>
#include <cstdlib>
#include <format>
#include <map>
#include <print>

#include <CLI/CLI.hpp>

namespace accalmie::scenes {
namespace {

constexpr std::uint32_t kSmallestSide = 16, kLargestSide = 8192;

Result<void> read_size(const std::string& text, PlayerOptions& options) {
    const auto cross = text.find('x');
    const auto number = [](std::string_view digits, std::uint32_t& to) {
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), to);
        return failure == std::errc() && end == digits.data() + digits.size() && to >= kSmallestSide && to <= kLargestSide;
    };
    if (cross != std::string::npos && number(std::string_view(text).substr(0, cross), options.width) && number(std::string_view(text).substr(cross + 1), options.height)) return {};
    return std::unexpected(Error{.message = std::format("--size {} is not WIDTHxHEIGHT between {} and {}", text, kSmallestSide, kLargestSide), .hint = "for example --size 1024x1024", .file = {}});
}

Result<void> read_plant(const std::string& name, Plants& plants) {
    static const std::map<std::string, bool Plants::*> kKnown{
        {"ignore-stop", &Plants::ignore_stop}, {"ignore-silence", &Plants::ignore_silence}, {"trust-late-scenes", &Plants::trust_late_scenes},
        {"keep-voice", &Plants::keep_voice}};
    const auto found = kKnown.find(name);
    if (found == kKnown.end()) return std::unexpected(Error{.message = std::format("no planted fault '{}'", name), .hint = "ignore-stop, ignore-silence, trust-late-scenes, keep-voice", .file = {}});
    plants.*(found->second) = true;
    return {};
}

}  // namespace

Result<std::optional<PlayerOptions>> parse_options(int argument_count, const char* const* arguments) {
    PlayerOptions options;
    std::string size, xr = "offscreen", sound;
    std::vector<std::string> plants, quirks;
    CLI::App app("The patient's view. The console starts it; by itself it shows one scene or draws one picture.", "accalmie-player");
    app.add_option("--link-fd", options.link, "Descriptor of the socket to the console (given by the console)");
    app.add_option("--xr", xr, "openxr (a headset or Monado), offscreen, desktop")->check(CLI::IsMember({"openxr", "offscreen", "desktop"}))->capture_default_str();
    app.add_option("--size", size, "WIDTHxHEIGHT of one eye; the runtime's wish without it");
    app.add_option("--msaa", options.samples, "Samples a pixel")->check(CLI::IsMember({1, 2, 4, 8}))->capture_default_str();
    app.add_flag("--validation", options.validation, "Vulkan validation (needs vulkan-validationlayers); its messages end the program with an error");
    app.add_option("--sound", sound, "on, off, null (mixed and thrown away); off-screen it is off, else on")->check(CLI::IsMember({"on", "off", "null"}));
    app.add_option("--language", options.language, "Language of the panel until the console names one")->check(CLI::IsMember({"fr", "en"}))->capture_default_str();
    app.add_option("--linger", options.linger_s, "Seconds in the calm room after the console is gone (60; off-screen 2)")->check(CLI::Range(0.0, 3600.0))->envname("ACCALMIE_LINGER");
    app.add_option("--missed-frames", options.missed_frames, "Missed frames in a row that bring the calm room; 0: never (45 on a headset, else 0)")->check(CLI::Range(0, 10'000));
    app.add_option("--scene", options.scene, "Without a console: the scene to show");
    app.add_option("--level", options.level, "Its cue level")->capture_default_str();
    app.add_option("--shot", options.shot, "Write what the patient would see as a PNG, and end");
    app.add_flag("--stereo", options.stereo, "Both eyes side by side in the PNG");
    app.add_option("--sound-wav", options.sound_wav, "Write the first two minutes of what would be heard as a WAV at the end; of the clinician only what is nobody's voice")->group("Tests");
    app.add_option("--refresh", options.refresh_hz, "Refresh rate that is asked of the headset's display; the nearest that it has")->check(CLI::Range(30.0, 240.0))->capture_default_str();
    app.add_option("--quirk", quirks, kQuirkHelp)->delimiter(',')->envname("ACCALMIE_QUIRKS");
    app.add_option("--plant", plants, "A fault on purpose, for the tests: ignore-stop, ignore-silence, trust-late-scenes, keep-voice")->group("Tests");
    app.add_option("--memory-fault", options.memory_fault, "A fault on purpose, for the tests: the N-th allocation of graphics memory fails")->group("Tests");
    app.add_option("--memory-fault-times", options.memory_fault_times, "And so many in a row")->group("Tests");
    app.footer("Example: accalmie-player --scene bar-night --level 2 --shot bar.png --size 1600x1000");
    try {
        app.parse(argument_count, arguments);
    } catch (const CLI::CallForHelp&) {
        std::print("{}", app.help());
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        return std::unexpected(Error{.message = error.what(), .hint = "accalmie-player --help", .file = {}});
    }
    options.xr = xr == "openxr" ? XrChoice::openxr : xr == "desktop" ? XrChoice::desktop : XrChoice::off_screen;
    const bool heard = sound.empty() ? options.xr != XrChoice::off_screen : sound == "on";
    options.sound = heard ? SoundChoice::on : sound == "null" ? SoundChoice::null : SoundChoice::off;
    if (!size.empty()) {
        if (auto read = read_size(size, options); !read) return std::unexpected(read.error());
    }
    for (const std::string& plant : plants) {
        if (auto read = read_plant(plant, options.plants); !read) return std::unexpected(read.error());
    }
    auto forced = read_quirks(quirks);
    if (!forced) return std::unexpected(std::move(forced.error()));
    options.quirks = *forced;
    if (!options.shot.empty() && options.scene.empty()) return std::unexpected(Error{.message = "--shot needs --scene", .hint = "for example --scene bar-night", .file = {}});
    if (options.link < 0 && options.scene.empty()) return std::unexpected(Error{.message = "nothing to show", .hint = "start it from the console (accalmie console), or name a scene: --scene bar-night", .file = {}});
    if (options.link < 0 && options.xr == XrChoice::off_screen && options.shot.empty()) return std::unexpected(Error{.message = "off-screen without a console nobody would see anything", .hint = "add --shot FILE.png, --xr openxr or --xr desktop", .file = {}});
    return options;
}

}  // namespace accalmie::scenes
