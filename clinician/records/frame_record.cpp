// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/frame_record.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <format>
#include <type_traits>

namespace accalmie::records {
namespace {

enum Kind : std::uint8_t { kView = 1, kScene, kPlate, kFrame, kPicture, kHidden };

template <class T>
concept Number = std::is_arithmetic_v<T>;

struct Put {
    std::vector<std::uint8_t>& out;
    template <Number T>
    void operator()(T value) {
        auto bytes = std::bit_cast<std::array<std::uint8_t, sizeof(T)>>(value);
        if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(bytes);
        out.insert(out.end(), bytes.begin(), bytes.end());
    }
    void operator()(const std::string& text) {
        (*this)(static_cast<std::uint16_t>(text.size()));
        out.insert(out.end(), text.begin(), text.end());
    }
    void operator()(const std::vector<float>& numbers) {
        (*this)(static_cast<std::uint16_t>(numbers.size()));
        for (const float number : numbers) (*this)(number);
    }
    void operator()(const Hash& hash) { out.insert(out.end(), hash.begin(), hash.end()); }
};

struct Get {
    std::span<const std::uint8_t> rest;
    bool whole = true;
    std::span<const std::uint8_t> take(std::size_t count) {
        if (count > rest.size()) {
            whole = false;
            rest = {};
            return {};
        }
        const auto taken = rest.first(count);
        rest = rest.subspan(count);
        return taken;
    }
    template <Number T>
    void operator()(T& value) {
        const auto taken = take(sizeof(T));
        if (taken.empty()) return;
        std::array<std::uint8_t, sizeof(T)> bytes{};
        std::ranges::copy(taken, bytes.begin());
        if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(bytes);
        if constexpr (std::is_same_v<T, bool>) value = bytes[0] != 0;
        else value = std::bit_cast<T>(bytes);
    }
    void operator()(std::string& text) {
        std::uint16_t length = 0;
        (*this)(length);
        const auto taken = take(length);
        text.assign(taken.begin(), taken.end());
    }
    void operator()(std::vector<float>& numbers) {
        std::uint16_t count = 0;
        (*this)(count);
        if (count > rest.size() / sizeof(float)) count = 0, whole = false;
        numbers.resize(count);
        for (float& number : numbers) (*this)(number);
    }
    void operator()(Hash& hash) {
        const auto taken = take(hash.size());
        if (!taken.empty()) std::ranges::copy(taken, hash.begin());
    }
};

// The one list of a record's fields, in their order; new ones go to the end.
void eye_fields(auto& eye, auto& each) {
    each(eye.position_m.x), each(eye.position_m.y), each(eye.position_m.z);
    each(eye.orientation.w), each(eye.orientation.x), each(eye.orientation.y), each(eye.orientation.z);
    each(eye.left), each(eye.right), each(eye.up), each(eye.down);
}
void frame_fields(auto& shown, auto& each) {
    each(shown.frame), each(shown.monotonic_ns), each(shown.scene_time_s), each(shown.level), each(shown.brightness);
    each(shown.drawn_width), each(shown.drawn_height), each(shown.calm);
    each(shown.head_position_m.x), each(shown.head_position_m.y), each(shown.head_position_m.z);
    each(shown.head_orientation.w), each(shown.head_orientation.x), each(shown.head_orientation.y), each(shown.head_orientation.z);
    eye_fields(shown.left, each);
    eye_fields(shown.right, each);
    each(shown.panel), each(shown.panel_value), each(shown.dwell_percent), each(shown.by_gaze);
}
void plate_fields(auto& plate, auto& each) {
    each(plate.id), each(plate.kind), each(plate.language), each(plate.text), each(plate.low_anchor), each(plate.high_anchor), each(plate.minimum), each(plate.maximum);
}
void hidden_fields(auto& part, auto& each) { each(part.left_points), each(part.right_points), each(part.first_point), each(part.tangents); }
void picture_fields(auto& picture, auto& each) { each(picture.frame), each(picture.width), each(picture.height), each(picture.sha), each(picture.at_rating); }

}  // namespace

void FrameRecords::finish(std::uint8_t kind, const Sink& sink, bool is_frame) {
    record_.clear();
    Put put{record_};
    put(kind);
    put(static_cast<std::uint16_t>(body_.size()));
    record_.insert(record_.end(), body_.begin(), body_.end());
    body_.clear();
    sink(record_, is_frame);
}

void FrameRecords::view(int number, const Sink& sink) {
    Put{body_}(static_cast<std::uint32_t>(number));
    finish(kView, sink);
}

void FrameRecords::plate(const link::PanelPlate& plate, const Sink& sink) {
    Put put{body_};
    plate_fields(plate, put);
    finish(kPlate, sink);
}

void FrameRecords::hidden(const link::HiddenMeshPart& part, const Sink& sink) {
    Put put{body_};
    hidden_fields(part, put);
    finish(kHidden, sink);
}

void FrameRecords::frame(const ShownScene& scene, std::int64_t t_ms, const link::ShownFrame& shown, const Sink& sink) {
    Put put{body_};
    auto known = scenes_.find(scene);
    if (known == scenes_.end()) {
        known = scenes_.emplace(scene, static_cast<std::uint16_t>(scenes_.size())).first;
        put(known->second), put(scene.name), put(scene.compressed);
        finish(kScene, sink);
    }
    put(known->second), put(t_ms);
    frame_fields(shown, put);
    finish(kFrame, sink, true);
}

void FrameRecords::picture(const PictureRecord& picture, const Sink& sink) {
    Put put{body_};
    picture_fields(picture, put);
    finish(kPicture, sink);
}

void SessionFrames::take(std::span<const std::uint8_t> chunk) {
    Get outer{chunk};
    while (!outer.rest.empty()) {
        std::uint8_t kind = 0;
        std::uint16_t length = 0;
        outer(kind), outer(length);
        Get get{outer.take(length)};
        bool known = true;
        if (kind == kView) {
            std::uint32_t number = 0;
            get(number);
            known = static_cast<int>(number) == ++views;
            hidden_now_ = 0;
        } else if (kind == kScene) {
            std::uint16_t id = 0;
            ShownScene scene;
            get(id), get(scene.name);
            if (!get.rest.empty()) get(scene.compressed);
            known = id == scenes.size();
            scenes.push_back(std::move(scene));
        } else if (kind == kPlate) {
            link::PanelPlate plate;
            plate_fields(plate, get);
            plates[{views, plate.id}] = std::move(plate);
        } else if (kind == kFrame) {
            FrameRecord frame{.view = views, .hidden = hidden_now_};
            get(frame.scene), get(frame.t_ms);
            frame_fields(frame.shown, get);
            known = frame.scene < scenes.size();
            if (known && get.whole) frames.push_back(frame);
        } else if (kind == kPicture) {
            PictureRecord picture{.view = views};
            picture_fields(picture, get);
            if (get.whole) pictures.push_back(picture);
        } else if (kind == kHidden) {
            link::HiddenMeshPart part;
            hidden_fields(part, get);
            known = parts_.take(part);
            if (auto mesh = parts_.whole()) {
                hidden.push_back(std::move(*mesh));
                hidden_now_ = hidden.size() - 1;
            }
        }
        if (!outer.whole || !get.whole || !known) {
            problems.push_back(std::format("after frame {}: a record of kind {} makes no sense (records)", frames.size(), kind));
            return;
        }
    }
}

}  // namespace accalmie::records
