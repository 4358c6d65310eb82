// SPDX-License-Identifier: Apache-2.0
#include "clinician/reports/craving_plot.h"

#include <algorithm>
#include <array>
#include <format>

namespace accalmie::reports {
namespace {

using records::RatingStatus;
using records::SessionRecord;

constexpr Colour grey = rgb(0x5A5A5A), faint = rgb(0xC9CED3), blue = rgb(0x0072B2), vermilion = rgb(0xC14A00), white = rgb(0xFFFFFF), ink = rgb(0x1A1A1A);
constexpr float level_strip = 13, title_strip = 14, axis_room = 26;

class Plot {
public:
    Plot(Page& page, const Frame& frame, const SessionRecord& record, const Texts& texts)
        : page_(page), record_(record), texts_(texts), left_(frame.x + axis_room), right_(frame.x + frame.width), top_(frame.y + title_strip),
          bottom_(frame.y + frame.height - level_strip - 22), end_ms_(std::max<std::int64_t>(record.length_ms, 1)) {
        if (record.plan) low_ = record.plan->scale.minimum, high_ = std::max(record.plan->scale.maximum, low_ + 1);
    }
    void draw() {
        bands();
        grid();
        levels();
        marks();
        curve();
        page_.frame(left_, top_, right_ - left_, bottom_ - top_, faint, 0.6F);
    }

private:
    float x(std::int64_t t_ms) const { return left_ + (right_ - left_) * static_cast<float>(static_cast<double>(t_ms) / static_cast<double>(end_ms_)); }
    float y(int value) const { return bottom_ - (bottom_ - top_) * static_cast<float>(value - low_) / static_cast<float>(high_ - low_); }
    void bands();
    void grid();
    void levels();
    void marks();
    void curve();
    void missing(const records::RatingRecord& rating);

    Page& page_;
    const SessionRecord& record_;
    const Texts& texts_;
    float left_, right_, top_, bottom_;
    std::int64_t end_ms_;
    int low_ = 0, high_ = 100;
};

// One band a step, its levels side by side in it.
void Plot::bands() {
    const auto& segments = record_.segments;
    for (std::size_t i = 0; i < segments.size();) {
        std::size_t next = i;
        while (next < segments.size() && segments[next].step == segments[i].step) ++next;
        const float from = x(segments[i].from_ms), to = x(segments[next - 1].to_ms);
        const auto kind = kind_of(record_, segments[i].step);
        if (to - from > 0.5F) {
            page_.box(from, top_, to - from, bottom_ - top_, tint_of(kind));
            page_.line({from, top_ - title_strip + 3}, {from, bottom_}, faint, 0.6F);
            const std::string title = kind ? std::string(texts_.step_kind(*kind)) : std::string();
            const bool fits = page_.text_width(title, {.size = 7, .bold = true}) <= to - from - 4;
            page_.text_within(from + 2.5F, top_ - 4, to - from - 3, title, {.size = fits ? 7.0F : 5.9F, .bold = fits, .colour = grey});
        }
        i = next;
    }
}

void Plot::grid() {
    for (int tick = 0; tick <= 4; ++tick) {
        const int value = low_ + (high_ - low_) * tick / 4;
        if (tick > 0 && tick < 4) page_.line({left_, y(value)}, {right_, y(value)}, faint, 0.4F);
        page_.text(left_ - 4, y(value) + 2.5F, std::format("{}", value), {.size = 7, .colour = grey, .align = Align::right});
    }
    static constexpr std::array<std::int64_t, 12> steps_ms{100, 200, 500, 1000, 5000, 15'000, 30'000, 60'000, 120'000, 300'000, 600'000, 1'800'000};
    const auto* step = std::ranges::find_if(steps_ms, [&](std::int64_t s) { return end_ms_ / s <= 11; });
    const std::int64_t step_ms = step == steps_ms.end() ? steps_ms.back() : *step;
    const bool minutes = step_ms >= 60'000;
    const float base = bottom_ + level_strip;
    for (std::int64_t t = 0; t <= end_ms_; t += step_ms) {
        page_.line({x(t), base}, {x(t), base + 3}, grey, 0.5F);
        const std::string label = minutes ? std::format("{}", t / 60'000) : texts_.number(static_cast<double>(t) / 1000, step_ms < 1000 ? 1 : 0);
        page_.text(x(t), base + 10.5F, label, {.size = 7, .colour = grey, .align = Align::centre});
    }
    page_.text(right_, base + 19.5F, minutes ? texts_("minutes of session time", "minutes de séance") : texts_("seconds of session time", "secondes de séance"),
               {.size = 7, .colour = grey, .align = Align::right});
    std::string caption(texts_("band below the curve: cue level", "bande sous la courbe : niveau d'indice"));
    if (record_.plan && !record_.plan->scale.low_anchor.empty()) {
        const auto& scale = record_.plan->scale;
        const std::string_view language = texts_.french() ? "fr" : "en";
        caption = std::format("{}{} {}  ·  {}{} {}  ·  {}", low_, texts_(":", " :"), scale.low_anchor.in(language), high_, texts_(":", " :"), scale.high_anchor.in(language), caption);
    }
    page_.text_within(left_, base + 19.5F, right_ - left_ - 96, caption, {.size = 7, .colour = grey});
}

// The level as a number in a strip, darker where it is higher.
void Plot::levels() {
    for (const auto& segment : record_.segments) {
        const float from = x(segment.from_ms), to = x(segment.to_ms);
        if (to - from < 0.5F) continue;
        const bool cue = kind_of(record_, segment.step) == protocols::StepKind::exposure;
        const float depth = cue ? 0.10F + 0.13F * static_cast<float>(std::clamp(segment.level, 0, 5)) : 0;
        page_.box(from, bottom_, to - from, level_strip, cue ? Colour{1 - 0.25F * depth, 1 - 0.55F * depth, 1 - depth} : rgb(0xF4F5F6));
        page_.line({from, bottom_}, {from, bottom_ + level_strip}, white, 0.8F);
        if (cue) page_.text_within(from + (to - from) / 2 - std::min(to - from, page_.text_width(std::format("{}", segment.level), {.size = 7.5F, .bold = true})) / 2, bottom_ + 9.5F,
                                   to - from, std::format("{}", segment.level), {.size = 7.5F, .bold = true, .colour = ink});
    }
    page_.line({left_, bottom_ + level_strip}, {right_, bottom_ + level_strip}, grey, 0.6F);
}

void Plot::marks() {
    int number = 0;
    float last = -100;
    bool low = false;
    for (std::size_t i = 0; i < record_.segments.size(); ++i) {
        if (!is_marked(record_, i)) continue;
        const float at = x(record_.segments[i].from_ms);
        // Circles that would touch take turns at two heights.
        low = at - last < 12 && !low;
        last = at;
        const float height = top_ + (low ? 20.0F : 8.0F);
        const float circle = std::min(at, right_ - 5);
        page_.line({at, top_}, {at, bottom_}, vermilion, 0.8F, true);
        page_.disc({circle, height}, 5.2F, vermilion);
        page_.text(circle, height + 2.6F, std::format("{}", ++number), {.size = 7, .bold = true, .colour = white, .align = Align::centre});
    }
}

void Plot::missing(const records::RatingRecord& rating) {
    if (rating.status == RatingStatus::withdrawn) return;
    page_.cross({x(rating.asked_ms.value_or(rating.t_ms)), bottom_ - 5}, 2.6F, grey, 1.1F);
}

void Plot::curve() {
    const auto summary = records::summarise(record_);
    if (summary.baseline) page_.line({left_, y(*summary.baseline)}, {right_, y(*summary.baseline)}, blue, 0.7F, true);
    std::vector<Point> run;
    std::vector<std::pair<Point, int>> points;
    for (const auto& rating : record_.ratings) {
        if (rating.superseded_by) continue;
        if (rating.status != RatingStatus::answered || !rating.value) {
            missing(rating);
            if (rating.status == RatingStatus::withdrawn) continue;
            page_.polyline(run, blue, 1.6F);  // nothing is known between: no line over a missing answer
            run.clear();
            continue;
        }
        run.push_back({x(rating.t_ms), y(std::clamp(*rating.value, low_, high_))});
        points.emplace_back(run.back(), *rating.value);
    }
    page_.polyline(run, blue, 1.6F);
    const bool dense = points.size() > 60;
    bool labelled = false;
    for (const auto& [point, value] : points) {
        const bool peak = summary.peak && value == *summary.peak && !labelled;
        page_.disc(point, dense ? 1.3F : 2.6F, white);
        page_.disc(point, dense ? 1.0F : 2.0F, peak ? vermilion : blue);
        if (!peak) continue;
        labelled = true;
        page_.text(point.x - 4, point.y - 3, std::format("{}", value), {.size = 8, .bold = true, .colour = vermilion, .align = Align::right});
    }
}

}  // namespace

Colour tint_of(std::optional<protocols::StepKind> kind) {
    if (!kind) return rgb(0xF7F7F7);
    switch (*kind) {
        case protocols::StepKind::baseline: return rgb(0xEAF2F8);
        case protocols::StepKind::exposure: return rgb(0xFDF3E1);
        case protocols::StepKind::coping: return rgb(0xE4F4EC);
        case protocols::StepKind::aftercare: return rgb(0xF1EFF6);
    }
    return rgb(0xF7F7F7);
}

std::optional<protocols::StepKind> kind_of(const SessionRecord& record, int step) {
    if (!record.plan || step < 0 || static_cast<std::size_t>(step) >= record.plan->steps.size()) return std::nullopt;
    return record.plan->steps[static_cast<std::size_t>(step)].kind;
}

std::string title_of(const SessionRecord& record, int step, std::string_view language) {
    if (!kind_of(record, step)) return {};
    return record.plan->steps[static_cast<std::size_t>(step)].title.in(language);
}

bool is_marked(const SessionRecord& record, std::size_t segment) {
    using protocols::ReasonCode;
    const auto& why = record.segments[segment].why;
    if (segment == 0) return false;
    if (!why) return kind_of(record, record.segments[segment - 1].step) == protocols::StepKind::exposure;
    switch (why->code) {
        case ReasonCode::session_started: case ReasonCode::step_time_over: case ReasonCode::aftercare_over: case ReasonCode::aftercare_ended:
        case ReasonCode::plan_over: case ReasonCode::resumed: case ReasonCode::player_ready: case ReasonCode::none: return false;
        default: return true;
    }
}

void draw_craving_plot(Page& page, const Frame& frame, const SessionRecord& record, const Texts& texts) { Plot(page, frame, record, texts).draw(); }

}  // namespace accalmie::reports
