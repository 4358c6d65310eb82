// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/replay.h"

#include <algorithm>
#include <filesystem>
#include <format>

#include <nlohmann/json.hpp>
#include <sodium.h>

#include "clinician/records/stream.h"
#include "clinician/session/processor.h"
#include "scenes/player/shot.h"

namespace accalmie::session {
namespace {

using nlohmann::json;

constexpr std::size_t kMostDifferences = 20;

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::uint32_t number_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number_unsigned() && *found <= 16'384 ? found->get<std::uint32_t>() : 0;
}

bool earlier(std::int64_t t_ms, const records::FrameRecord& frame) { return t_ms < frame.t_ms; }

}  // namespace

std::string_view name_of(Likeness likeness) {
    switch (likeness) {
        case Likeness::ok: return "ok";
        case Likeness::differs: return "differs";
        case Likeness::not_comparable: break;
    }
    return "not comparable here";
}

Result<Replay> Replay::open(const records::Study& study, const std::string& session) {
    Replay replay;
    replay.session_ = session;
    bool known = false;
    json closed;
    auto rows = study.ledger().read(session, [&](const records::Row& row) {
        known = true;
        const json payload = json::parse(row.payload, nullptr, false);
        if (row.kind == "stream") closed = payload;
        if (row.kind == "session.device")
            replay.machines_.push_back({text_of(payload, "renderer"), text_of(payload, "driver"), text_of(payload, "processor"),
                                        {number_of(payload, "eye_width"), number_of(payload, "eye_height"), number_of(payload, "samples")}});
    });
    if (!rows) return std::unexpected(rows.error());
    if (!known || session.empty())
        return std::unexpected(Error{.message = "there is no session " + session + " in this study", .hint = "accalmie study sessions lists them"});
    const std::string path = records::stream_path(study.directory(), session);
    if (!std::filesystem::exists(path))
        return std::unexpected(Error{.message = "session " + session + " has no stream of frames", .hint = "sessions without a player, and those of older versions, have none", .file = path});
    auto content = records::read_stream(path, session, records::stream_key(study.streams_key(), session),
                                        [&](std::span<const std::uint8_t> chunk) { replay.frames_.take(chunk); });
    if (!content) return std::unexpected(content.error());
    if (content->problems.empty()) content->problems = replay.frames_.problems;
    if (content->problems.empty() && closed.is_object() && text_of(closed, "sha") != records::to_hex(content->sha))
        content->problems.emplace_back("it is not the one that was closed (streams)");
    if (!content->problems.empty())
        return std::unexpected(Error{.message = std::format("the stream of session {} was changed: {}", session, content->problems.front()),
                                     .hint = "run accalmie study verify; restore a backup", .file = path});
    if (!closed.is_object()) replay.notes_.push_back(std::format("the session was interrupted: {} whole chunks of its stream are there", content->chunks));
    if (static_cast<std::size_t>(replay.frames_.views) > replay.machines_.size())
        return std::unexpected(Error{.message = "the stream tells of more players than the session's rows", .hint = "run accalmie study verify", .file = path});
    return replay;
}

Result<records::FrameRecord> Replay::at(std::int64_t t_ms) const {
    const auto& all = frames_.frames;
    // A restarted player's frames follow those before it, so the times are in order.
    const auto after = std::upper_bound(all.begin(), all.end(), t_ms, earlier);
    if (all.empty() || after == all.begin())
        return std::unexpected(Error{.message = "no frame was recorded so early", .hint = all.empty() ? "the stream has no frames" : std::format("the first is of {:.3f} s", static_cast<double>(all.front().t_ms) / 1000)});
    const std::int64_t moment_ms = (after - 1)->t_ms;
    for (auto frame = after; frame != all.begin() && (frame - 1)->t_ms == moment_ms; --frame)
        for (const records::PictureRecord& hashed : frames_.pictures)
            if (hashed.at_rating && hashed.view == (frame - 1)->view && hashed.frame == (frame - 1)->shown.frame) return *(frame - 1);
    return *(after - 1);
}

Result<records::FrameRecord> Replay::numbered(std::uint64_t frame) const {
    const auto found = std::find_if(frames_.frames.rbegin(), frames_.frames.rend(), [&](const records::FrameRecord& each) { return each.shown.frame == frame; });
    if (found != frames_.frames.rend()) return *found;
    return std::unexpected(Error{.message = std::format("frame {} is not in the stream", frame),
                                 .hint = frames_.frames.empty() ? "the stream has no frames" : std::format("it has {} frames, up to number {}", frames_.frames.size(), frames_.frames.back().shown.frame)});
}

Result<scenes::Redraw*> Replay::redraw_for(int view) {
    if (redraw_ && redraw_view_ == view) return redraw_.get();
    const Machine& machine = machines_.at(static_cast<std::size_t>(view - 1));
    if (machine.size.eye_width == 0 || machine.size.eye_height == 0 || machine.size.samples == 0)
        return std::unexpected(Error{.message = "the session's row does not say how large its pictures were", .hint = "it was recorded by an older version"});
    redraw_.reset();
    auto opened = scenes::Redraw::open(machine.size);
    if (!opened) return std::unexpected(std::move(opened.error()));
    redraw_ = std::make_unique<scenes::Redraw>(std::move(*opened));
    redraw_view_ = view;
    return redraw_.get();
}

Result<std::string> Replay::difference_from_here(const records::FrameRecord& frame, scenes::Redraw& redraw) const {
    const Machine& then = machines_.at(static_cast<std::size_t>(frame.view - 1));
    const auto other = [](const char* what, const std::string& was, const std::string& is) { return std::format("the {} was \"{}\" and is \"{}\" here", what, was, is); };
    if (then.renderer != redraw.device()) return other("device", then.renderer, redraw.device());
    if (then.driver != redraw.driver()) return other("driver", then.driver, redraw.driver());
    if (const auto processor = processor_model(); then.processor != processor) return other("processor", then.processor, processor);
    const records::ShownScene& scene = frames_.scenes.at(frame.scene);
    const auto as_it_was = redraw.bring(scene.name, scene.compressed);
    if (!as_it_was) return std::unexpected(as_it_was.error());
    return *as_it_was ? std::string() : std::format("the textures of {} were compressed (BC7), and the cache here does not have them", scene.name);
}

Result<Replay::Drawn> Replay::draw(const records::FrameRecord& frame, Eye eye) {
    auto redraw = redraw_for(frame.view);
    if (!redraw) return std::unexpected(std::move(redraw.error()));
    const auto plate = frames_.plates.find({frame.view, frame.shown.panel});
    if (frame.shown.panel != 0 && plate == frames_.plates.end())
        return std::unexpected(Error{.message = std::format("what was written on the panel of frame {} is not in the stream", frame.shown.frame), .hint = "run accalmie study verify"});
    const scenes::Redraw::Recorded recorded{.shown = frame.shown, .plate = frame.shown.panel != 0 ? &plate->second : nullptr, .hidden = frames_.hidden.at(unmasked_ ? 0 : frame.hidden),
                                            .compressed = frames_.scenes.at(frame.scene).compressed};
    auto difference = difference_from_here(frame, **redraw);
    if (!difference) return std::unexpected(std::move(difference.error()));
    auto picture = (*redraw)->picture(frames_.scenes.at(frame.scene).name, recorded, eye == Eye::right ? 1 : 0);
    if (!picture) return std::unexpected(std::move(picture.error()));
    Drawn drawn{.picture = std::move(*picture), .not_comparable = std::move(*difference), .as_recorded = {}};
    if (eye == Eye::right) return drawn;
    for (const records::PictureRecord& hashed : frames_.pictures) {
        if (hashed.view != frame.view || hashed.frame != frame.shown.frame) continue;
        records::Hash sha{};
        crypto_generichash(sha.data(), sha.size(), drawn.picture.rgba.data(), drawn.picture.rgba.size(), nullptr, 0);
        drawn.as_recorded = sha == hashed.sha;
    }
    if (eye == Eye::both) {
        auto right = (*redraw)->picture(frames_.scenes.at(frame.scene).name, recorded, 1);
        if (!right) return std::unexpected(std::move(right.error()));
        drawn.picture = scenes::side_by_side(drawn.picture, *right);
    }
    return drawn;
}

Result<Replay::Verdict> Replay::verify() {
    Verdict verdict;
    std::map<std::pair<int, std::uint64_t>, const records::FrameRecord*> by_number;
    for (const records::FrameRecord& frame : frames_.frames) by_number[{frame.view, frame.shown.frame}] = &frame;
    for (const records::PictureRecord& hashed : frames_.pictures) {
        const auto frame = by_number.find({hashed.view, hashed.frame});
        if (frame == by_number.end()) {
            ++verdict.unknown;
            continue;
        }
        auto redraw = redraw_for(hashed.view);
        if (!redraw) return std::unexpected(std::move(redraw.error()));
        auto difference = difference_from_here(*frame->second, **redraw);
        if (!difference) return std::unexpected(std::move(difference.error()));
        if (verdict.reason = std::move(*difference); !verdict.reason.empty()) break;
        auto drawn = draw(*frame->second);
        if (!drawn) return std::unexpected(std::move(drawn.error()));
        ++verdict.compared;
        if (drawn->as_recorded.value_or(false)) ++verdict.equal;
        else if (verdict.differences.size() < kMostDifferences)
            verdict.differences.push_back(std::format("frame {} at {:.3f} s ({}, level {}): the picture differs", hashed.frame, static_cast<double>(frame->second->t_ms) / 1000,
                                                      frames_.scenes.at(frame->second->scene).name, frame->second->shown.level));
    }
    if (verdict.reason.empty() && verdict.compared == 0) verdict.reason = "no picture of this session was hashed";
    verdict.likeness = verdict.equal < verdict.compared ? Likeness::differs : verdict.reason.empty() ? Likeness::ok : Likeness::not_comparable;
    return verdict;
}

}  // namespace accalmie::session
