// SPDX-License-Identifier: Apache-2.0
// Diaries: whose, the week as a map of craving, the hard hours, and the step of the ladder that each proposes, to accept or decline.
#include "clinician/console/work_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>

#include "clinician/between/diary/ladder.h"

namespace accalmie::console {
namespace {

using between::Proposal;

std::string day_words(const Language& language, std::size_t weekday) {
    switch (weekday) {  // spelled out, so that a search for a key finds its use
        case 0: return language.tr("diary.monday");
        case 1: return language.tr("diary.tuesday");
        case 2: return language.tr("diary.wednesday");
        case 3: return language.tr("diary.thursday");
        case 4: return language.tr("diary.friday");
        case 5: return language.tr("diary.saturday");
        default: return language.tr("diary.sunday");
    }
}

ImU32 between_colours(ImU32 a, ImU32 b, float share) {
    const auto mix = [&](int shift) {
        const float from = static_cast<float>(a >> shift & 255), to = static_cast<float>(b >> shift & 255);
        return static_cast<ImU32>(std::lround(from + (to - from) * share)) << shift;
    };
    return mix(IM_COL32_R_SHIFT) | mix(IM_COL32_G_SHIFT) | mix(IM_COL32_B_SHIFT) | (255u << IM_COL32_A_SHIFT);
}

// From the panel's own dark through blue to yellow: it grows lighter with craving, so that it reads without colour too. The middle greys, on
// which neither light nor dark ink reaches 4.5 to 1, are left out.
ImU32 heat(double craving) {
    constexpr ImU32 low = IM_COL32(30, 52, 68, 255), below = IM_COL32(28, 98, 136, 255), above = IM_COL32(104, 172, 160, 255), high = colour::yellow;
    const auto share = static_cast<float>(std::clamp(craving / between::kMostCraving, 0.0, 1.0));
    return share < 0.5f ? between_colours(low, below, share * 2) : between_colours(above, high, share * 2 - 1);
}

ImU32 ink_on(ImU32 ground) { return contrast(colour::ink_dark, ground) > contrast(colour::ink, ground) ? colour::ink_dark : colour::ink; }

class View : public WorkView {
public:
    std::string_view id() const override { return "diary"; }
    records::Right right() const override { return records::Right::read_clinical; }

    Result<void> load(const WorkContext& context) override {
        auto diary = between::read_diary(context.study);
        auto proposals = between::read_proposals(context.study);
        auto scenes = scenes::list_scenes(context.root);
        if (!diary) return std::unexpected(diary.error());
        if (!proposals) return std::unexpected(proposals.error());
        if (!scenes) return std::unexpected(scenes.error());
        all_ = std::move(*diary);
        proposals_ = std::move(*proposals);
        // What waits for a decision stands first, then what was decided, newest first.
        std::ranges::reverse(proposals_);
        std::ranges::stable_partition(proposals_, [](const Proposal& each) { return !each.accepted; });
        scenes_ = std::move(*scenes);
        may_record_ = context.account && records::may(context.account->role, records::Right::record_clinical);
        patients_.clear();
        for (const auto& each : all_)
            if (!std::ranges::contains(patients_, each.pseudonym)) patients_.push_back(each.pseudonym);
        if (!std::ranges::contains(patients_, chosen_)) chosen_ = patients_.empty() ? "" : patients_.front();
        choose(chosen_);
        return {};
    }

    void draw(Ui& ui, Rect place) override {
        if (patients_.empty()) return draw_empty(ui, place);
        Rect right = place.cut_right(std::max(ui.px(420), place.width() * 0.36f), ui.px(16));
        draw_week(ui, place);
        draw_hard(ui, right.cut_top(right.height() * 0.38f, ui.px(16)));
        draw_steps(ui, right);
    }

    Result<bool> act(const WorkContext& context) override {
        if (wants_proposals_) {
            wants_proposals_ = false;
            auto made = between::propose_steps(context.study, *context.account, chosen_, scenes_);
            if (!made) return std::unexpected(made.error());
            return true;
        }
        if (deciding_.empty() || !decision_) return false;
        auto decided = between::decide(context.study, *context.account, deciding_, *decision_, reason_);
        decision_.reset();
        if (!decided) return std::unexpected(decided.error());
        deciding_.clear();
        reason_.clear();
        return true;
    }

private:
    void choose(const std::string& pseudonym) {
        chosen_ = pseudonym;
        mine_.clear();
        for (const auto& each : all_)
            if (each.pseudonym == chosen_) mine_.push_back(each);
        week_ = between::week_of(mine_);
        hard_ = between::hard_blocks(mine_);
        deciding_.clear();
    }

    void draw_empty(Ui& ui, Rect place) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect words = place.inset(ui.px(32), ui.px(28));
        ui.text(words.cut_top(ui.line(ui.fonts().title), ui.px(8)), ui.tr("diary.none_title"), {.font = ui.fonts().title});
        ui.text(words, ui.tr("diary.none_words"), {.ink = colour::ink_soft, .lines = 4});
    }

    // As many as fit a row; two buttons lead to the others.
    void draw_patients(Ui& ui, Rect place) {
        const float width = ui.px(118), gap = ui.px(6), step = ui.px(112);
        const auto fit = [&](float room) { return static_cast<std::size_t>(std::max(1.0f, (room + gap) / (width + gap))); };
        std::size_t shown = fit(place.width());
        if (shown < patients_.size()) {
            shown = fit(place.width() - 2 * (step + gap));
            first_shown_ = std::min(first_shown_, patients_.size() - shown);
            const bool before = ui.button("diary.before", ui.tr("diary.patients_before"), place.cut_left(step, gap), Look::quiet, first_shown_ > 0, Icon::none, true);
            const bool after = ui.button("diary.after", ui.tr("diary.patients_after"), place.cut_right(step, gap), Look::quiet, first_shown_ + shown < patients_.size(), Icon::none, true);
            if (before) first_shown_ -= std::min(shown, first_shown_);
            if (after) first_shown_ = std::min(first_shown_ + shown, patients_.size() - shown);
        } else {
            first_shown_ = 0;
        }
        for (std::size_t i = first_shown_; i < std::min(first_shown_ + shown, patients_.size()); ++i) {
            const std::string pseudonym = patients_[i];
            const Rect at = place.cut_left(width, gap);
            const bool chosen = pseudonym == chosen_;
            if (ui.button("diary.patient_" + pseudonym, "", at, chosen ? Look::primary : Look::normal, true, Icon::none, true)) choose(pseudonym);
            const ImU32 under = ui.ground();
            ui.set_ground(chosen ? colour::sky : colour::raised);
            const float line = ui.line(ui.fonts().small_strong);
            ui.text({at.x0 + ui.px(4), at.center().y - line / 2, at.x1 - ui.px(4), at.y1}, pseudonym,
                    {.font = ui.fonts().small_strong, .ink = chosen ? colour::ink_dark : colour::ink, .align = Align::center, .data = true, .ellipsis = true});
            ui.set_ground(under);
        }
    }

    void draw_week(Ui& ui, Rect place) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect inner = place.inset(ui.px(18), ui.px(16));
        ui.text(inner.cut_top(ui.line(ui.fonts().title), ui.px(2)), ui.tr("diary.week"), {.font = ui.fonts().title});
        ui.text(inner.cut_top(ui.line(ui.fonts().small), ui.px(10)), ui.language().format("diary.count", {{"n", std::to_string(mine_.size())}}), {.font = ui.fonts().small, .ink = colour::ink_soft});
        draw_patients(ui, inner.cut_top(ui.px(40), ui.px(14)));
        draw_legend(ui, inner.cut_bottom(ui.line(ui.fonts().small) * 2, ui.px(8)));
        const float label = ui.px(96);
        Rect hours = inner.cut_top(ui.line(ui.fonts().small), ui.px(4));
        hours.x0 += label;
        const float width = hours.width() / between::kBlocks, height = inner.height() / 7;
        for (int block = 0; block < between::kBlocks; ++block) {
            const Rect at{hours.x0 + width * static_cast<float>(block), hours.y0, hours.x0 + width * static_cast<float>(block + 1), hours.y1};
            ui.text(at, std::format("{}–{}", block * between::kBlockHours, (block + 1) * between::kBlockHours), {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::center, .data = true});
        }
        for (std::size_t day = 0; day < 7; ++day) {
            const float y = inner.y0 + height * static_cast<float>(day);
            ui.text({inner.x0, y + height / 2 - ui.line(ui.fonts().body) / 2, inner.x0 + label, y + height}, day_words(ui.language(), day), {.ink = colour::ink_soft});
            for (std::size_t block = 0; block < between::kBlocks; ++block) {
                const float x = inner.x0 + label + width * static_cast<float>(block);
                draw_block(ui, Rect{x, y, x + width, y + height}.inset(ui.px(2)), week_[day][block]);
            }
        }
    }

    void draw_block(Ui& ui, Rect at, const between::Block& block) {
        if (block.entries == 0) {
            ui.draw().AddRect(at.min(), at.max(), colour::outline, ui.px(5));
            return;
        }
        const ImU32 ground = heat(block.mean_craving()), ink = ink_on(ground);
        ui.draw().AddRectFilled(at.min(), at.max(), ground, ui.px(5));
        ui.set_ground(ground);
        const float line = ui.line(ui.fonts().strong);
        ui.text({at.x0, at.center().y - line * 0.75f, at.x1, at.y1}, ui.language().decimal(block.mean_craving(), 1), {.font = ui.fonts().strong, .ink = ink, .align = Align::center, .data = true});
        ui.text({at.x0, at.center().y + line * 0.15f, at.x1, at.y1}, std::format("{}", block.entries), {.font = ui.fonts().small, .ink = ink, .align = Align::center, .data = true});
        ui.set_ground(colour::panel);
        // Use: a filled corner, a shape that no shade of craving has.
        if (block.used > 0) {
            const float side = ui.px(15);
            ui.draw().AddTriangleFilled({at.x1 - side, at.y0}, {at.x1, at.y0}, {at.x1, at.y0 + side}, colour::orange);
            ui.draw().AddTriangle({at.x1 - side, at.y0}, {at.x1, at.y0}, {at.x1, at.y0 + side}, colour::ink_dark, ui.px(1));
        }
    }

    void draw_legend(Ui& ui, Rect place) {
        Rect first = place.cut_top(ui.line(ui.fonts().small));
        Rect scale = first.cut_left(ui.px(150), ui.px(10));
        for (int i = 0; i <= 10; ++i) {
            const float step = scale.width() / 11;
            ui.draw().AddRectFilled({scale.x0 + step * static_cast<float>(i), scale.y0 + ui.px(2)}, {scale.x0 + step * static_cast<float>(i + 1), scale.y1 - ui.px(4)}, heat(i));
        }
        ui.text(first, ui.tr("diary.legend"), {.font = ui.fonts().small, .ink = colour::ink_soft, .ellipsis = true});
        const float side = ui.px(13);
        ui.draw().AddTriangleFilled({place.x0, place.y0 + ui.px(3)}, {place.x0 + side, place.y0 + ui.px(3)}, {place.x0 + side, place.y0 + ui.px(3) + side}, colour::orange);
        ui.text({place.x0 + ui.px(22), place.y0, place.x1, place.y1}, ui.tr("diary.legend_used"), {.font = ui.fonts().small, .ink = colour::ink_soft, .ellipsis = true});
    }

    std::string hours(const Ui& ui, bool weekend, int first_hour) const {
        const Language::Values values{{"from", std::to_string(first_hour)}, {"to", std::to_string(first_hour + between::kBlockHours)}};
        return weekend ? ui.language().format("diary.hours_weekend", values) : ui.language().format("diary.hours_week", values);
    }
    static std::string place_words(const Ui& ui, const std::string& code) {
        const auto* found = between::find_code(between::places(), code);
        return found ? found->words.in(ui.language().code()) : code;
    }

    void draw_hard(Ui& ui, Rect place) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect inner = place.inset(ui.px(18), ui.px(16));
        ui.text(inner.cut_top(ui.line(ui.fonts().title), ui.px(2)), ui.tr("diary.hard"), {.font = ui.fonts().title});
        ui.text(inner.cut_top(ui.line(ui.fonts().small) * 3, ui.px(8)), ui.tr("diary.rule"), {.font = ui.fonts().small, .ink = colour::ink_soft, .lines = 3});
        if (hard_.empty()) ui.text(inner, ui.tr("diary.hard_none"), {.ink = colour::ink_soft, .lines = 2});
        const float row = ui.line(ui.fonts().body) + ui.line(ui.fonts().small) + ui.px(6);
        for (const auto& each : hard_) {
            if (inner.height() < row) break;
            Rect words = inner.cut_top(row);
            ui.text(words.cut_top(ui.line(ui.fonts().body)), hours(ui, each.weekend, each.first_hour) + ", " + place_words(ui, each.place), {.data = true, .ellipsis = true});
            ui.text(words, ui.language().format("diary.hard_row", {{"craving", ui.language().decimal(each.block.mean_craving(), 1)}, {"used", std::to_string(each.block.used)}, {"n", std::to_string(each.block.entries)}}),
                    {.font = ui.fonts().small, .ink = colour::ink_soft, .data = true, .ellipsis = true});
        }
    }

    std::string step_words(const Ui& ui, const Proposal& each) const {
        if (each.scene.empty()) return ui.language().format("diary.step_wish", {{"place", place_words(ui, each.place)}});
        const auto scene = std::ranges::find(scenes_, each.scene, &scenes::SceneFile::name);
        const std::string title = scene == scenes_.end() ? each.scene : scene->title.in(ui.language().code());
        std::string level = std::to_string(each.level);
        if (scene != scenes_.end() && scene->has_level(each.level)) level += ", " + scene->levels[static_cast<std::size_t>(each.level)].title.in(ui.language().code());
        return ui.language().typography(ui.language().format("diary.step", {{"scene", title}, {"level", level}}));
    }

    void draw_steps(Ui& ui, Rect place) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect inner = place.inset(ui.px(18), ui.px(16));
        Rect head = inner.cut_top(ui.px(40), ui.px(8));
        if (ui.button("diary.propose", ui.tr("diary.propose"), head.cut_right(ui.px(140), ui.px(8)), Look::normal, may_record_ && !hard_.empty(), Icon::none, true)) wants_proposals_ = true;
        ui.text({head.x0, head.center().y - ui.line(ui.fonts().title) / 2, head.x1, head.y1}, ui.tr("diary.steps"), {.font = ui.fonts().title, .ellipsis = true});
        std::size_t left = static_cast<std::size_t>(std::ranges::count(proposals_, chosen_, &Proposal::pseudonym));
        const bool any = left > 0;
        const float more = ui.line(ui.fonts().small);
        for (const Proposal& each : proposals_) {
            if (each.pseudonym != chosen_) continue;
            const float needed = ui.px(each.id == deciding_ ? 158 : 106);
            if (inner.height() < needed + (left > 1 ? more : 0)) break;
            draw_step(ui, inner.cut_top(needed, ui.px(8)), each);
            --left;
        }
        if (any && left > 0) ui.text(inner, ui.language().format("diary.steps_more", {{"n", std::to_string(left)}}), {.font = ui.fonts().small, .ink = colour::ink_soft, .ellipsis = true});
        if (!any) ui.text(inner, ui.tr("diary.steps_none"), {.ink = colour::ink_soft, .lines = 4});
    }

    void draw_step(Ui& ui, Rect place, const Proposal& each) {
        ui.surface(place, colour::raised, 10);
        Rect inner = place.inset(ui.px(12), ui.px(8));
        ui.text(inner.cut_top(ui.line(ui.fonts().strong)), hours(ui, each.weekend, each.first_hour), {.font = ui.fonts().strong, .data = true, .ellipsis = true});
        ui.text(inner.cut_top(ui.line(ui.fonts().small)), step_words(ui, each), {.font = ui.fonts().small, .ink = colour::ink_soft, .data = true, .ellipsis = true});
        Rect foot = inner.cut_bottom(ui.px(40));
        if (each.accepted) {
            const std::string words = *each.accepted ? ui.tr("diary.accepted") : ui.tr("diary.declined");
            draw_icon(ui.draw(), *each.accepted ? Icon::check : Icon::information, {foot.x0 + ui.px(10), foot.y0 + ui.px(14)}, ui.px(16), *each.accepted ? colour::sky : colour::ink_faint, colour::raised);
            ui.text({foot.x0 + ui.px(28), foot.y0 + ui.px(2), foot.x1, foot.y1}, ui.language().format("diary.decided", {{"what", words}, {"by", each.decided_by}, {"reason", each.reason}}), {.ink = colour::ink_soft, .data = true, .ellipsis = true});
        } else if (each.id == deciding_) {
            ui.field("diary.reason", ui.tr("diary.reason"), inner.cut_top(ui.px(40), ui.px(6)), reason_);
            const float half = (foot.width() - ui.px(8)) / 2;
            const bool ready = may_record_ && !reason_.empty();
            if (ui.button("diary.accept", ui.tr("diary.accept"), foot.cut_left(half, ui.px(8)), Look::primary, ready, Icon::none, true)) decision_ = true;
            if (ui.button("diary.decline", ui.tr("diary.decline"), foot, Look::normal, ready, Icon::none, true)) decision_ = false;
        } else if (ui.button("diary.decide_" + each.id, ui.tr("diary.decide"), foot.cut_left(ui.px(160)), Look::normal, may_record_, Icon::none, true)) {
            deciding_ = each.id;
            reason_.clear();
        }
        ui.set_ground(colour::panel);
    }

    std::vector<between::KeptEntry> all_, mine_;
    std::vector<Proposal> proposals_;
    std::vector<scenes::SceneFile> scenes_;
    std::vector<std::string> patients_;
    std::vector<between::HardBlock> hard_;
    between::Week week_{};
    std::string chosen_, deciding_, reason_;
    std::size_t first_shown_ = 0;
    std::optional<bool> decision_;
    bool wants_proposals_ = false, may_record_ = false;
};

}  // namespace

std::unique_ptr<WorkView> make_diary_view() { return std::make_unique<View>(); }

}  // namespace accalmie::console
