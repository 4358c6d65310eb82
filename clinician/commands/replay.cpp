// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/commands.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/session/picture_file.h"
#include "clinician/session/replay.h"

namespace accalmie::commands {
namespace {

using nlohmann::json;

constexpr int kNotComparable = 3;

struct Options {
    std::string study, session, out;
    KeyOption key;
    std::optional<double> at_s;
    std::optional<std::uint64_t> frame;
    session::Eye eye = session::Eye::left;
    bool verify = false, as_json = false;
};

const std::map<std::string, session::Eye> kEyes{{"left", session::Eye::left}, {"right", session::Eye::right}, {"both", session::Eye::both}};

double seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }

// What is in the stream.
void tell(const session::Replay& replay, const Options& options) {
    const auto& frames = replay.frames();
    const double from_s = frames.frames.empty() ? 0 : seconds(frames.frames.front().t_ms), to_s = frames.frames.empty() ? 0 : seconds(frames.frames.back().t_ms);
    std::vector<std::string> scenes, with_bc7;  // a player that was started again may have shown one with both kinds of textures
    for (const records::ShownScene& scene : frames.scenes) {
        if (!std::ranges::contains(scenes, scene.name)) scenes.push_back(scene.name);
        if (scene.compressed) with_bc7.push_back(scene.name);
    }
    if (options.as_json) {
        std::println("{}", json({{"session", options.session}, {"frames", frames.frames.size()}, {"pictures", frames.pictures.size()}, {"views", frames.views},
                                 {"scenes", scenes}, {"textures_bc7", with_bc7}, {"from_s", from_s}, {"to_s", to_s}, {"notes", replay.notes()}}).dump());
    } else {
        std::println("session {}: {} frames from {:.3f} to {:.3f} s, {} with a picture's hash", options.session, frames.frames.size(), from_s, to_s, frames.pictures.size());
        std::println("--at SECONDS --out PNG draws one again, --verify all that have a hash");
    }
    finish(0);
}

void verify(session::Replay& replay, const Options& options) {
    auto verdict = replay.verify();
    if (!verdict) fail(verdict.error());
    if (options.as_json) {
        std::println("{}", json({{"session", options.session}, {"verdict", name_of(verdict->likeness)}, {"compared", verdict->compared}, {"equal", verdict->equal},
                                 {"unknown", verdict->unknown}, {"differences", verdict->differences}, {"reason", verdict->reason}, {"notes", replay.notes()}})
                           .dump(-1, ' ', false, json::error_handler_t::replace));
    } else {
        for (const std::string& difference : verdict->differences) std::println("{}", difference);
        std::println("session {}: {}{}", options.session, name_of(verdict->likeness), verdict->reason.empty() ? "" : ": " + verdict->reason);
        if (verdict->compared > 0) std::println("{} of {} pictures are byte for byte what the patient saw", verdict->equal, verdict->compared);
    }
    switch (verdict->likeness) {
        case session::Likeness::ok: finish(0);
        case session::Likeness::differs: finish(1);
        case session::Likeness::not_comparable: finish(kNotComparable);
    }
}

void draw(session::Replay& replay, const Options& options) {
    auto frame = options.frame ? replay.numbered(*options.frame) : replay.at(std::llround(*options.at_s * 1000));
    if (!frame) fail(frame.error());
    auto drawn = replay.draw(*frame, options.eye);
    if (!drawn) fail(drawn.error());
    auto written = session::write_picture(options.out, drawn->picture.width, drawn->picture.height, drawn->picture.rgba);
    if (!written) fail(written.error());
    const auto& [scene, compressed] = replay.frames().scenes.at(frame->scene);
    if (options.as_json) {
        std::println("{}", json({{"session", options.session}, {"file", options.out}, {"sha", *written}, {"frame", frame->shown.frame}, {"t_s", seconds(frame->t_ms)},
                                 {"scene", scene}, {"textures", compressed ? "bc7" : "plain"}, {"level", frame->shown.level}, {"panel", frame->shown.panel != 0},
                                 {"comparable", drawn->not_comparable.empty()}, {"reason", drawn->not_comparable},
                                 {"as_recorded", drawn->as_recorded ? json(*drawn->as_recorded) : json()}}).dump(-1, ' ', false, json::error_handler_t::replace));
    } else {
        std::println("{}: frame {} at {:.3f} s, {}, level {}{}", options.out, frame->shown.frame, seconds(frame->t_ms), scene, frame->shown.level,
                     frame->shown.panel != 0 ? ", with the panel" : "");
        if (!drawn->not_comparable.empty()) std::println("not comparable here, details may differ: {}", drawn->not_comparable);
        else if (drawn->as_recorded) std::println("{}", *drawn->as_recorded ? "byte for byte what the patient saw" : "differs from what the patient saw: a scene, a font or the program is another");
    }
    finish(0);
}

void run(const Options& options) {
    if (options.out.empty() != (!options.at_s && !options.frame)) fail("a picture needs a moment and a file", "give --at SECONDS (or --frame N) together with --out PNG");
    if (options.at_s && !(std::abs(*options.at_s) < 1e9)) fail("--at is no time of a session", "give seconds since its start, such as --at 312.5");
    auto key = records::Key::read_file(options.key.resolve());
    if (!key) fail(key.error());
    auto study = records::Study::open(options.study, *key, true);
    if (!study) fail(study.error());
    auto replay = session::Replay::open(*study, options.session);
    if (!replay) fail(replay.error());
    if (!options.as_json)
        for (const std::string& note : replay->notes()) std::println(stderr, "note: {}", note);
    if (options.verify) verify(*replay, options);
    if (!options.out.empty()) draw(*replay, options);
    tell(*replay, options);
}

}  // namespace

void add_replay(CLI::App& app) {
    CLI::App& command = *app.add_subcommand("replay", "Draw again what a patient saw, or prove that it would be drawn the same");
    const auto options = std::make_shared<Options>();
    command.add_option("--study", options->study, "The study's folder")->required()->type_name("DIR");
    options->key.add(command);
    command.add_option("--session", options->session, "The session, as accalmie study sessions lists it")->required()->type_name("ID");
    auto* at = command.add_option("--at", options->at_s, "Session time of the frame to draw: the last one at or before it")->type_name("SECONDS");
    auto* frame = command.add_option("--frame", options->frame, "Number of the frame to draw, as rows of kind picture have it; after a restart of the player, the newest")->type_name("N");
    auto* out = command.add_option("--out", options->out, "The PNG: one eye with the panel, as the mirror and saved pictures have it")->type_name("PNG");
    auto* eye = command.add_option("--eye", options->eye, "Whose view: left (as recorded), right, or both side by side")->transform(CLI::CheckedTransformer(kEyes).description("left|right|both"))->needs(out);
    auto* verify = command.add_flag("--verify", options->verify, "Draw every frame whose picture was hashed: ok (exit 0), differs (1), not comparable here (3)");
    at->excludes(frame);
    verify->excludes(at)->excludes(frame)->excludes(out)->excludes(eye);
    command.add_flag("--json", options->as_json, "Answer in JSON");
    command.footer("Example: accalmie replay --study out/study --key-file out/demo.key --session S0001 --at 95.5 --out seen.png");
    command.callback([options] { run(*options); });
}

}  // namespace accalmie::commands
