// SPDX-License-Identifier: Apache-2.0
// Substance checks without a patient: the list, the chosen one's card and spectrum, and the squares where checks were made.
#include <algorithm>
#include <cmath>
#include <format>

#include "clinician/between/map/map.h"
#include "clinician/console/map_view.h"
#include "clinician/console/work_view.h"
#include "clinician/session/field_card.h"

namespace accalmie::console {
namespace {

using session::FieldCard;
using session::FieldCheck;

// Each verdict has a shape as well as a colour: a full circle, an empty diamond, a triangle, a dash.
enum class Verdict : std::uint8_t { identified, none, several, refused, failed };

Verdict verdict_of(const FieldCheck& check) {
    if (check.verdict == nir::name_of(nir::Identity::identified)) return Verdict::identified;
    if (check.verdict == nir::name_of(nir::Identity::none)) return Verdict::none;
    if (check.verdict == nir::name_of(nir::Identity::several)) return Verdict::several;
    return check.outcome == "stopped" ? Verdict::refused : Verdict::failed;
}

void draw_sign(Ui& ui, Verdict verdict, ImVec2 at) {
    ImDrawList& draw = ui.draw();
    const float r = ui.px(7);
    switch (verdict) {
        case Verdict::identified: draw.AddCircleFilled(at, r, colour::sky, 20); break;
        case Verdict::none: draw.AddQuad({at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}, {at.x - r, at.y}, colour::orange, ui.px(2)); break;
        case Verdict::several: draw.AddTriangleFilled({at.x - r, at.y + r * 0.8f}, {at.x + r, at.y + r * 0.8f}, {at.x, at.y - r}, colour::yellow); break;
        case Verdict::refused: draw.AddLine({at.x - r, at.y}, {at.x + r, at.y}, colour::ink_faint, ui.px(2)); break;
        case Verdict::failed:
            draw.AddLine({at.x - r, at.y - r}, {at.x + r, at.y + r}, colour::ink_faint, ui.px(2));
            draw.AddLine({at.x - r, at.y + r}, {at.x + r, at.y - r}, colour::ink_faint, ui.px(2));
            break;
    }
}

// The content as a bar from 0, its interval as a whisker over the bar's end.
void draw_content(Ui& ui, const Rect& place, const FieldCheck& check) {
    if (!check.value || !check.interval_low || !check.interval_high) return;
    const double scale = session::content_scale(check);
    const auto x = [&](double value) { return place.x0 + place.width() * static_cast<float>(std::clamp(value / scale, 0.0, 1.0)); };
    ImDrawList& draw = ui.draw();
    draw.AddRectFilled(place.min(), place.max(), colour::raised, ui.px(3));
    draw.AddRectFilled(place.min(), {x(*check.value), place.y1}, with_alpha(colour::sky, 0.55f), ui.px(3));
    const float y = place.center().y, cap = place.height() * 0.34f, low = x(*check.interval_low), high = x(*check.interval_high);
    draw.AddLine({low, y}, {high, y}, colour::white, ui.px(2));
    for (const float end : {low, high}) draw.AddLine({end, y - cap}, {end, y + cap}, colour::white, ui.px(2));
}

// A round step between ticks, so that about `wanted` of them fit.
double tick_step(double span, int wanted) {
    const double rough = span / wanted, power = std::pow(10, std::floor(std::log10(rough)));
    for (const double step : {1.0, 2.0, 5.0})
        if (step * power >= rough) return step * power;
    return 10 * power;
}

class FieldView : public WorkView {
public:
    std::string_view id() const override { return "field"; }
    records::Right right() const override { return records::Right::check_substances; }
    Result<void> load(const WorkContext& context) override;
    void draw(Ui& ui, Rect place) override;
    Result<bool> act(const WorkContext& context) override;

private:
    const FieldCheck* chosen() const;
    Result<void> read_spectrum(const WorkContext& context);
    void draw_list(Ui& ui, Rect place);
    void draw_row(Ui& ui, Rect row, const FieldCheck& check);
    void draw_card(Ui& ui, Rect place, const FieldCheck& check) const;
    void draw_spectrum(Ui& ui, Rect place) const;
    void draw_places(Ui& ui, Rect place);

    std::vector<FieldCheck> checks_;  // the newest first
    session::FieldCounts counts_;
    std::optional<between::Map> map_;
    std::optional<session::KeptSpectrum> spectrum_;
    std::string chosen_, spectrum_of_, cell_;
    std::size_t first_ = 0;
};

Result<void> FieldView::load(const WorkContext& context) {
    auto checks = session::field_checks(context.study);
    if (!checks) return std::unexpected(std::move(checks.error()));
    checks_ = std::move(*checks);
    counts_ = session::count_checks(checks_);
    std::ranges::reverse(checks_);
    if (chosen() == nullptr) {
        const auto judged = std::ranges::find_if(checks_, [](const auto& check) { return !check.verdict.empty(); });
        chosen_ = judged != checks_.end() ? judged->session : checks_.empty() ? std::string() : checks_.front().session;
    }
    if (auto read = read_spectrum(context); !read) return read;
    if (map_) return {};
    auto map = between::Map::load(context.root);
    if (!map) return std::unexpected(std::move(map.error()));
    map_ = std::move(*map);
    return {};
}

const FieldCheck* FieldView::chosen() const {
    const auto found = std::ranges::find(checks_, chosen_, &FieldCheck::session);
    return found == checks_.end() ? nullptr : &*found;
}

Result<void> FieldView::read_spectrum(const WorkContext& context) {
    spectrum_.reset();
    spectrum_of_ = chosen_;
    if (chosen_.empty()) return {};
    auto kept = session::spectrum_of(context.study, chosen_);
    if (!kept) return std::unexpected(std::move(kept.error()));
    spectrum_ = std::move(*kept);
    return {};
}

// Nothing is recorded here; only a newly chosen check's spectrum is read.
Result<bool> FieldView::act(const WorkContext& context) {
    if (spectrum_of_ == chosen_) return false;
    if (auto read = read_spectrum(context); !read) return std::unexpected(std::move(read.error()));
    return false;
}

void FieldView::draw(Ui& ui, Rect place) {
    const FieldCheck* check = chosen();
    if (check == nullptr) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect words = place.inset(ui.px(32), ui.px(28));
        ui.text(words.cut_top(ui.line(ui.fonts().title), ui.px(8)), ui.tr("field.empty"), {.font = ui.fonts().title});
        ui.text(words, ui.tr("field.empty_how"), {.ink = colour::ink_soft, .lines = 3});
        return;
    }
    const float gap = ui.px(14);
    draw_list(ui, place.cut_left(std::max(ui.px(352), place.width() * 0.27f), gap));
    draw_card(ui, place.cut_left(place.width() * 0.48f, gap), *check);
    draw_spectrum(ui, place.cut_top(place.height() * 0.36f, gap));
    draw_places(ui, place);
}

void FieldView::draw_list(Ui& ui, Rect place) {
    ui.surface(place, colour::panel, 14, colour::outline);
    Rect inner = place.inset(ui.px(16), ui.px(14));
    ui.text(inner.cut_top(ui.line(ui.fonts().title), ui.px(2)), ui.tr("field.title"), {.font = ui.fonts().title});
    ui.text(inner.cut_top(2 * ui.line(ui.fonts().small), ui.px(10)),
            ui.language().format("field.counts", {{"identified", std::to_string(counts_.identified)}, {"none", std::to_string(counts_.none)}, {"several", std::to_string(counts_.several)},
                                                  {"refused", std::to_string(counts_.refused)}, {"failed", std::to_string(counts_.interrupted)}}),
            {.font = ui.fonts().small, .ink = colour::ink_soft, .lines = 2, .ellipsis = true});
    Rect pages = inner.cut_bottom(ui.px(34), ui.px(8));
    const float height = ui.px(58);
    const auto fit = static_cast<std::size_t>(std::max(1.0f, std::floor(inner.height() / height)));
    const std::size_t end = std::min(checks_.size(), first_ + fit);
    for (std::size_t i = first_; i < end; ++i) draw_row(ui, inner.cut_top(height - ui.px(5), ui.px(5)), checks_[i]);
    if (checks_.size() <= fit) return;
    if (ui.button("field.previous", ui.tr("field.previous"), pages.cut_left(ui.px(112)), Look::quiet, first_ > 0, Icon::none, true)) first_ -= std::min(first_, fit);
    if (ui.button("field.next", ui.tr("field.next"), pages.cut_right(ui.px(112)), Look::quiet, end < checks_.size(), Icon::none, true)) first_ = end;
    ui.text({pages.x0, pages.center().y - ui.line(ui.fonts().small) / 2, pages.x1, pages.y1},
            ui.language().format("field.page", {{"from", std::to_string(first_ + 1)}, {"to", std::to_string(end)}, {"count", std::to_string(checks_.size())}}),
            {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::center, .ellipsis = true});
}

void FieldView::draw_row(Ui& ui, Rect row, const FieldCheck& check) {
    if (ui.button("field.row_" + check.session, "", row, Look::quiet)) chosen_ = check.session;
    const bool is_chosen = check.session == chosen_;
    const ImU32 ground = is_chosen ? colour::raised : colour::panel;
    if (is_chosen) {
        ui.draw().AddRectFilled(row.min(), row.max(), ground, ui.px(8));
        ui.draw().AddRect(row.min(), row.max(), colour::sky, ui.px(8), 0, ui.px(2));
    }
    ui.set_ground(ground);
    const std::string& code = ui.language().code();
    const Verdict verdict = verdict_of(check);
    Rect words = row.inset(ui.px(10), ui.px(4));
    draw_sign(ui, verdict, words.cut_left(ui.px(18), ui.px(8)).center());
    Rect first = words.cut_top(ui.line(ui.fonts().strong));
    ui.text(first.cut_right(ui.px(78), ui.px(6)), check.week, {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::right, .data = true, .ellipsis = true});
    const std::string title = verdict == Verdict::identified ? session::product_words(check.model, code)
                              : verdict == Verdict::refused ? ui.tr("field.refused") : verdict == Verdict::failed ? ui.tr("field.failed")
                                                                                                                  : session::field_verdict_words(check.verdict, code);
    ui.text(first, title, {.font = ui.fonts().small_strong, .data = true, .ellipsis = true});
    const Rect bar = words.cut_right(ui.px(84), ui.px(8));
    draw_content(ui, {bar.x0, bar.center().y - ui.px(7), bar.x1, bar.center().y + ui.px(7)}, check);
    const std::string content = session::content_words(check, code);
    ui.text(words, content.empty() ? check.session : std::format("{}  ·  {}", check.session, content),
            {.font = ui.fonts().small, .ink = colour::ink_soft, .data = true, .ellipsis = true});
    ui.set_ground(colour::panel);
}

// The words are those of the card that is handed out, as far as there is room; what is left out is said to be on that one.
void FieldView::draw_card(Ui& ui, Rect place, const FieldCheck& check) const {
    const FieldCard card = session::field_card(check, ui.language().code());
    ui.surface(place, colour::panel, 14, colour::outline);
    Rect inner = place.inset(ui.px(20), ui.px(16));
    ImFont* small = ui.fonts().small;
    const auto paragraph = [&](const std::string& text, const TextStyle& style, float after) {
        const float needed = ui.measure(text, style.font, inner.width());
        if (needed > inner.height()) return false;
        inner.y0 += ui.text({inner.x0, inner.y0, inner.x1, inner.y0 + needed + 1}, text, style) + ui.px(after);
        return true;
    };
    // A list of sentences, as far as it fits; true when it did whole.
    const auto list = [&](const std::string& title, const std::vector<std::string>& lines) {
        inner.cut_top(ui.px(4));
        if (!paragraph(title, {.font = ui.fonts().strong, .lines = 2, .data = true}, 4)) return false;
        for (const auto& line : lines) {
            const ImVec2 dot{inner.x0 + ui.px(4), inner.y0 + ui.line(small) / 2};
            inner.x0 += ui.px(16);
            const bool fitted = paragraph(line, {.font = small, .ink = colour::ink_soft, .lines = 6, .data = true}, 5);
            inner.x0 -= ui.px(16);
            if (!fitted) return false;
            ui.draw().AddCircleFilled(dot, ui.px(2.5f), colour::ink_soft, 10);
        }
        return true;
    };
    const Rect last = inner.cut_bottom(2 * ui.line(small), ui.px(4));
    if (!card.stamp.empty()) {
        Rect stamp = inner.cut_top(ui.px(30), ui.px(10));
        ui.draw().AddRect(stamp.min(), stamp.max(), colour::orange, ui.px(6), 0, ui.px(2));
        ui.text(stamp.inset(0, (stamp.height() - ui.line(ui.fonts().strong)) / 2), card.stamp, {.font = ui.fonts().strong, .ink = colour::orange, .align = Align::center, .data = true});
    }
    paragraph(card.verdict, {.font = ui.fonts().title, .lines = 3, .data = true}, 6);
    if (!card.content.empty()) {
        paragraph(card.content, {.font = ui.fonts().body, .lines = 3, .data = true}, 6);
        draw_content(ui, inner.cut_top(ui.px(22), ui.px(2)), check);
        Rect ends = inner.cut_top(ui.line(small), ui.px(8));
        ui.text(ends, "0", {.font = small, .ink = colour::ink_soft, .data = true});
        ui.text(ends, std::format("{:g} {}", card.scale_high, card.unit), {.font = small, .ink = colour::ink_soft, .align = Align::right, .data = true});
    }
    for (const auto& line : card.notices) paragraph(line, {.font = ui.fonts().small_strong, .ink = colour::yellow, .lines = 6, .data = true}, 6);
    for (const auto& line : card.explanation) paragraph(line, {.font = small, .ink = colour::ink, .lines = 6, .data = true}, 6);
    if (card.limits.empty()) return;
    if (list(card.limits_title, card.limits) && list(card.advice_title, card.advice)) return;
    ui.text(last, ui.tr("field.also_on_card"), {.font = small, .ink = colour::ink_faint, .lines = 2, .ellipsis = true});
}

void FieldView::draw_spectrum(Ui& ui, Rect place) const {
    ui.surface(place, colour::panel, 14, colour::outline);
    Rect inner = place.inset(ui.px(18), ui.px(14));
    ImFont* small = ui.fonts().small;
    Rect head = inner.cut_top(ui.line(ui.fonts().strong), ui.px(4));
    ui.text(head, ui.tr("field.spectrum"), {.font = ui.fonts().strong});
    if (!spectrum_) {
        ui.text(inner, ui.tr("field.no_spectrum"), {.ink = colour::ink_soft, .lines = 3});
        return;
    }
    const auto& axis = spectrum_->axis;
    const auto& values = spectrum_->values;
    const auto [least, most] = std::ranges::minmax(values);
    const double span_x = axis.back() - axis.front(), step_y = tick_step(std::max(most - least, 1e-6), 3);
    const double low = std::floor(least / step_y) * step_y, high = std::max(std::ceil(most / step_y) * step_y, low + step_y);
    const bool absorbance = spectrum_->quantity == nir::name_of(nir::Quantity::absorbance);
    ui.text(head, absorbance ? ui.tr("field.absorbance") : spectrum_->quantity, {.font = small, .ink = colour::ink_soft, .align = Align::right, .data = !absorbance});
    ui.text(inner.cut_bottom(ui.line(small)), spectrum_->unit == "nm" ? ui.tr("field.wavelength") : spectrum_->unit,
            {.font = small, .ink = colour::ink_soft, .align = Align::center, .data = spectrum_->unit != "nm"});
    const Rect labels = inner.cut_bottom(ui.line(small), ui.px(2)), left = inner.cut_left(ui.px(38), ui.px(6));
    ImDrawList& draw = ui.draw();
    const auto x = [&](double value) { return inner.x0 + inner.width() * static_cast<float>((value - axis.front()) / span_x); };
    const auto y = [&](double value) { return inner.y1 - inner.height() * static_cast<float>((value - low) / (high - low)); };
    for (double tick = low; tick <= high + step_y / 2; tick += step_y) {
        draw.AddLine({inner.x0, y(tick)}, {inner.x1, y(tick)}, colour::outline);
        const float top = std::clamp(y(tick) - ui.line(small) / 2, left.y0, left.y1 - ui.line(small));
        ui.text({left.x0, top, left.x1, left.y1 + ui.px(8)}, ui.language().decimal(tick, std::clamp(static_cast<int>(-std::floor(std::log10(step_y))), 0, 4)),
                {.font = small, .ink = colour::ink_soft, .align = Align::right, .data = true});
    }
    const double step_x = tick_step(std::abs(span_x), 4), right = std::max(axis.front(), axis.back());
    for (double tick = std::ceil(std::min(axis.front(), axis.back()) / step_x) * step_x; tick <= right; tick += step_x) {
        draw.AddLine({x(tick), inner.y1 - ui.px(4)}, {x(tick), inner.y1 + ui.px(3)}, colour::ink_faint);
        const float half = ui.px(28), middle = std::clamp(x(tick), labels.x0 + half, labels.x1 - half);
        ui.text({middle - half, labels.y0, middle + half, labels.y1}, std::format("{:g}", tick), {.font = small, .ink = colour::ink_soft, .align = Align::center, .data = true});
    }
    std::vector<ImVec2> line;
    for (std::size_t i = 0; i < values.size(); ++i) line.push_back({x(axis[i]), y(values[i])});
    draw.AddPolyline(line.data(), static_cast<int>(line.size()), colour::sky, 0, ui.px(2));
    ui.record({.id = "field.plot", .role = Role::plot, .rect = inner, .label = ui.tr("field.spectrum")});
}

void FieldView::draw_places(Ui& ui, Rect place) {
    ui.surface(place, colour::panel, 14, colour::outline);
    Rect inner = place.inset(ui.px(18), ui.px(14));
    const std::string least = std::to_string(session::kFewestInCell);
    ui.text(inner.cut_top(ui.line(ui.fonts().strong), ui.px(4)), ui.tr("field.map"), {.font = ui.fonts().strong});
    ui.text(inner.cut_bottom(2 * ui.line(ui.fonts().small), ui.px(6)), ui.language().format("field.map_rule", {{"least", least}}),
            {.font = ui.fonts().small, .ink = colour::ink_soft, .lines = 2, .ellipsis = true});
    if (counts_.cells.empty())
        ui.text(inner.cut_bottom(ui.line(ui.fonts().small), ui.px(2)), ui.language().format("field.map_none", {{"least", least}}), {.font = ui.fonts().small_strong, .ellipsis = true});
    if (!map_) return;
    std::vector<between::MapMark> marks;
    for (const auto& cell : counts_.cells) {
        const auto corner = session::corner_of(cell.cell);
        if (!corner) continue;
        // The mark stands in the middle of its square; its area grows with the number of checks.
        const float size = std::min(1.0f + 0.25f * std::sqrt(static_cast<float>(cell.checks - session::kFewestInCell)), 2.5f);
        marks.push_back({corner->south_deg + session::kCellDegrees / 2, corner->west_deg + session::kCellDegrees / 2, between::MarkShape::square, 0xE69F00, size, cell.cell,
                         ui.language().format("field.map_mark", {{"count", std::to_string(cell.checks)}})});
    }
    const FieldCheck* check = chosen();
    const MapHit hit = draw_map(ui, inner, *map_, marks, !cell_.empty() ? cell_ : check != nullptr && counts_.shows(check->cell) ? check->cell : std::string());
    if (hit.clicked) cell_ = marks[*hit.clicked].id == cell_ ? std::string() : marks[*hit.clicked].id;
}

}  // namespace

std::unique_ptr<WorkView> make_field_view() { return std::make_unique<FieldView>(); }

}  // namespace accalmie::console
