// SPDX-License-Identifier: Apache-2.0
// The directory: a search on the left, the map in the middle, the chosen service and the referrals below it. The buttons that choose a
// type are the map's legend too.
#include "clinician/console/work_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>

#include "clinician/between/directory/map_marks.h"
#include "clinician/between/directory/referrals.h"
#include "clinician/console/map_view.h"

namespace accalmie::console {
namespace {

using between::Referral;
using between::ReferralStep;
using between::Service;
using between::ServiceType;

std::string type_words(const Language& language, ServiceType type) {
    switch (type) {
        case ServiceType::cmp: return language.tr("directory.type_cmp");
        case ServiceType::cjc: return language.tr("directory.type_cjc");
        case ServiceType::csapa: return language.tr("directory.type_csapa");
        case ServiceType::caarud: return language.tr("directory.type_caarud");
        case ServiceType::hospital: return language.tr("directory.type_hospital");
        case ServiceType::adolescents: return language.tr("directory.type_adolescents");
        case ServiceType::other: break;
    }
    return language.tr("directory.type_other");
}

std::string age_words(const Language& language, const Service& service) {
    if (service.age_min && service.age_max)
        return language.format("directory.age_between", {{"from", std::to_string(*service.age_min)}, {"to", std::to_string(*service.age_max)}});
    if (service.age_min) return language.format("directory.age_from", {{"from", std::to_string(*service.age_min)}});
    if (service.age_max) return language.format("directory.age_to", {{"to", std::to_string(*service.age_max)}});
    return language.tr("directory.age_any");
}

std::string product_words(const Language& language, const Service& service) {
    if (service.products.empty()) return language.tr("directory.products_none");
    std::string list;
    for (const between::Product& product : between::products())
        if (std::ranges::contains(service.products, product.code)) list += (list.empty() ? "" : ", ") + product.words.in(language.code());
    return language.format("directory.products", {{"list", list}});
}

// "2026-11-24" as people of the language write it.
std::string day_words(const Language& language, const std::string& iso) {
    if (iso.size() != 10) return iso;
    return language.french() ? std::format("{}/{}/{}", iso.substr(8, 2), iso.substr(5, 2), iso.substr(0, 4)) : iso;
}

std::string step_words(const Language& language, const Referral& referral) {
    const std::string day = day_words(language, referral.on[static_cast<std::size_t>(referral.step)]);
    switch (referral.step) {
        case ReferralStep::made: return language.format("directory.made", {{"day", day}});
        case ReferralStep::sent: return language.format("directory.sent", {{"day", day}});
        case ReferralStep::received: return language.format("directory.received", {{"day", day}});
        case ReferralStep::declined: return language.format("directory.declined", {{"day", day}});
        case ReferralStep::seen: break;
    }
    return language.format("directory.seen", {{"day", day}, {"days", std::to_string(referral.days_to_first_appointment().value_or(0))}});
}

// Four stations from the letter to the first appointment; those reached are filled. Declined: a cross where the way ended.
void draw_way(Ui& ui, ImVec2 at, ReferralStep step) {
    ImDrawList& draw = ui.draw();
    const float radius = ui.px(5), gap = ui.px(22);
    const bool declined = step == ReferralStep::declined;
    const int reached = declined ? 2 : static_cast<int>(step);
    draw.AddLine(at, {at.x + 3 * gap, at.y}, colour::outline, ui.px(2));
    for (int i = 0; i < 4; ++i) {
        const ImVec2 centre{at.x + static_cast<float>(i) * gap, at.y};
        const ImU32 ink = step == ReferralStep::seen ? colour::green : colour::sky;
        if (i <= reached) draw.AddCircleFilled(centre, radius, ink, 20);
        else draw.AddCircleFilled(centre, radius, colour::panel, 20), draw.AddCircle(centre, radius, colour::ink_faint, 20, ui.px(1.5f));
    }
    if (!declined) return;
    const ImVec2 centre{at.x + 3 * gap, at.y};
    draw.AddCircleFilled(centre, radius * 1.4f, colour::panel, 20);
    draw.AddLine({centre.x - radius, centre.y - radius}, {centre.x + radius, centre.y + radius}, colour::orange, ui.px(2.5f));
    draw.AddLine({centre.x - radius, centre.y + radius}, {centre.x + radius, centre.y - radius}, colour::orange, ui.px(2.5f));
}

class View : public WorkView {
public:
    std::string_view id() const override { return "directory"; }
    records::Right right() const override { return records::Right::read_clinical; }

    Result<void> load(const WorkContext& context) override {
        if (!map_) {
            auto map = between::Map::load(context.root);
            if (!map) return std::unexpected(map.error());
            map_ = std::move(*map);
        }
        auto directory = between::read_directory(context.study);
        if (!directory) return std::unexpected(directory.error());
        auto referrals = between::read_referrals(context.study);
        if (!referrals) return std::unexpected(referrals.error());
        directory_ = std::move(*directory);
        referrals_ = std::move(*referrals);
        std::ranges::reverse(referrals_);  // the newest first
        find();
        return {};
    }

    void draw(Ui& ui, Rect place) override {
        if (directory_.about.version == 0 || !map_) return draw_empty(ui, place);
        draw_list(ui, place.cut_left(std::max(ui.px(340), place.width() * 0.27f), ui.px(16)));
        Rect below = place.cut_bottom(std::max(ui.px(214), place.height() * 0.27f), ui.px(16));
        draw_map_panel(ui, place);
        draw_card(ui, below.cut_left(below.width() * 0.5f, ui.px(16)));
        draw_referrals(ui, below);
    }

private:
    void find() {
        found_ = between::search(directory_, {.text = text_, .type = type_, .age = std::nullopt, .product = "", .near = std::nullopt, .within_km = std::nullopt});
        marks_.clear();
        for (const auto& hit : found_)
            if (between::position_of(directory_.services[hit.index])) marks_.push_back(between::mark_of(directory_.services[hit.index]));
        first_ = 0;
    }

    void draw_empty(Ui& ui, Rect place) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect words = place.inset(ui.px(32), ui.px(28));
        ui.text(words.cut_top(ui.line(ui.fonts().title), ui.px(8)), ui.tr("directory.none_title"), {.font = ui.fonts().title});
        ui.text(words, ui.tr("directory.none_words"), {.ink = colour::ink_soft, .lines = 4});
    }

    void draw_types(Ui& ui, Rect place) {
        const float gap = ui.px(6), width = (place.width() - 3 * gap) / 4, height = (place.height() - gap) / 2;
        for (int i = -1; i < between::kServiceTypes; ++i) {
            const int column = (i + 1) % 4, row = (i + 1) / 4;
            const float x = place.x0 + static_cast<float>(column) * (width + gap), y = place.y0 + static_cast<float>(row) * (height + gap);
            const Rect at{x, y, x + width, y + height};
            const auto type = static_cast<ServiceType>(std::max(i, 0));
            const bool chosen = i < 0 ? !type_ : type_ == type;
            const std::string words = i < 0 ? ui.tr("directory.all") : type_words(ui.language(), type);
            if (ui.button(std::format("directory.type_{}", i < 0 ? "all" : std::string(between::name_of(type))), words, at, chosen ? Look::primary : Look::normal, true, Icon::none, true)) {
                type_ = i < 0 ? std::nullopt : std::optional(type);
                find();
            }
            if (i >= 0) draw_mark(ui.draw(), between::shape_of(type), between::rgb_of(type), {at.x0 + ui.px(12), at.center().y}, ui.px(5) * between::size_of(type), colour::ground);
        }
    }

    void draw_list(Ui& ui, Rect place) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect inner = place.inset(ui.px(18), ui.px(16));
        ui.text(inner.cut_top(ui.line(ui.fonts().title)), ui.tr("directory.title"), {.font = ui.fonts().title});
        ui.text(inner.cut_top(ui.line(ui.fonts().small), ui.px(10)),
                ui.language().format("directory.version", {{"version", std::to_string(directory_.about.version)}, {"count", std::to_string(directory_.services.size())}}),
                {.font = ui.fonts().small, .ink = colour::ink_soft, .ellipsis = true});
        const std::string before = text_;
        ui.field("directory.search", ui.tr("directory.search_hint"), inner.cut_top(ui.px(40), ui.px(10)), text_);
        if (text_ != before) find();
        draw_types(ui, inner.cut_top(ui.px(72), ui.px(14)));
        Rect pages = inner.cut_bottom(ui.px(34), 0);
        inner.cut_bottom(ui.px(10));
        draw_rows(ui, inner, pages);
    }

    void draw_rows(Ui& ui, Rect place, Rect pages) {
        if (found_.empty()) {
            ui.text(place, ui.tr("directory.nothing_found"), {.ink = colour::ink_soft, .lines = 3});
            return;
        }
        const float height = ui.px(50);
        const auto fit = static_cast<std::size_t>(std::max(1.0f, std::floor(place.height() / height)));
        const std::size_t end = std::min(found_.size(), first_ + fit);
        for (std::size_t i = first_; i < end; ++i) draw_row(ui, place.cut_top(height - ui.px(4), ui.px(4)), directory_.services[found_[i].index]);
        if (ui.button("directory.previous", ui.tr("directory.previous"), pages.cut_left(ui.px(100)), Look::quiet, first_ > 0, Icon::none, true)) first_ -= std::min(first_, fit);
        if (ui.button("directory.next", ui.tr("directory.next"), pages.cut_right(ui.px(100)), Look::quiet, end < found_.size(), Icon::none, true)) first_ = end;
        ui.text({pages.x0, pages.center().y - ui.line(ui.fonts().small) / 2, pages.x1, pages.y1},
                ui.language().format("directory.found", {{"from", std::to_string(std::min(first_ + 1, end))}, {"to", std::to_string(end)}, {"count", std::to_string(found_.size())}}),
                {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::center});
    }

    void draw_row(Ui& ui, Rect row, const Service& service) {
        const bool chosen = service.id == selected_;
        if (ui.button("directory.row_" + service.id, "", row, Look::quiet)) selected_ = chosen ? "" : service.id;
        if (chosen) {
            ui.draw().AddRect(row.min(), row.max(), colour::sky, ui.px(8), 0, ui.px(2));
            ui.draw().AddRectFilled(row.min(), {row.x0 + ui.px(5), row.y1}, colour::sky, ui.px(8));
        }
        Rect words = row.inset(ui.px(12), ui.px(3));
        const Rect sign = words.cut_left(ui.px(18), ui.px(8));
        draw_mark(ui.draw(), between::shape_of(service.type), between::rgb_of(service.type), sign.center(), ui.px(6) * between::size_of(service.type), colour::ground);
        ui.text(words.cut_top(ui.line(ui.fonts().small_strong)), service.name, {.font = ui.fonts().small_strong, .data = true, .ellipsis = true});
        ui.text(words, std::format("{} {}", service.postcode, service.town), {.font = ui.fonts().small, .ink = colour::ink_soft, .data = true, .ellipsis = true});
    }

    void draw_map_panel(Ui& ui, Rect place) {
        ui.surface(place, colour::panel, 14, colour::outline);
        const MapHit hit = draw_map(ui, place.inset(ui.px(14), ui.px(10)), *map_, marks_, selected_);
        if (hit.clicked) selected_ = marks_[*hit.clicked].id;
        else if (hit.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    }

    void draw_card(Ui& ui, Rect place) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect inner = place.inset(ui.px(18), ui.px(12));
        const Service* service = selected_.empty() ? nullptr : directory_.find(selected_);
        if (!service) {
            ui.text(inner, ui.tr("directory.choose"), {.ink = colour::ink_soft, .lines = 3});
            return;
        }
        const Language& language = ui.language();
        ImFont* small = ui.fonts().small;
        const auto at = between::position_of(*service);
        const bool on_map = at && map_->place(at->latitude_deg, at->longitude_deg);
        const Rect head = inner.cut_top(ui.line(ui.fonts().strong));
        const Rect sign{head.x0, head.y0, head.x0 + ui.px(20), head.y1};
        draw_mark(ui.draw(), between::shape_of(service->type), between::rgb_of(service->type), sign.center(), ui.px(7) * between::size_of(service->type), colour::ground);
        ui.text({sign.x1 + ui.px(8), head.y0, head.x1, head.y1}, service->name, {.font = ui.fonts().strong, .data = true, .ellipsis = true});
        ui.text(inner.cut_top(ui.line(small), ui.px(4)), between::words_of(service->type).in(language.code()) + (on_map ? "" : ". " + ui.tr("directory.not_on_map")),
                {.font = small, .ink = colour::ink_soft, .data = true, .ellipsis = true});
        ui.text(inner.cut_top(ui.line(ui.fonts().body)), std::format("{}{}{} {}", service->street, service->street.empty() ? "" : ", ", service->postcode, service->town),
                {.data = true, .ellipsis = true});
        if (service->telephone.empty()) ui.text(inner.cut_top(ui.line(ui.fonts().title), ui.px(4)), ui.tr("directory.phone_none"), {.ink = colour::ink_soft});
        else ui.text(inner.cut_top(ui.line(ui.fonts().title), ui.px(4)), service->telephone, {.font = ui.fonts().title, .data = true});
        const auto line = [&](const std::string& words) { ui.text(inner.cut_top(ui.line(small), ui.px(2)), words, {.font = small, .ink = colour::ink_soft, .ellipsis = true}); };
        line(age_words(language, *service));
        line(product_words(language, *service));
        line(service->opening.empty() ? language.tr("directory.opening_none") : language.format("directory.opening", {{"hours", service->opening}}));
    }

    void draw_referrals(Ui& ui, Rect place) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect inner = place.inset(ui.px(18), ui.px(12));
        ui.text(inner.cut_top(ui.line(ui.fonts().strong), ui.px(6)), ui.tr("directory.referrals"), {.font = ui.fonts().strong});
        if (referrals_.empty()) {
            ui.text(inner, ui.tr("directory.referrals_none"), {.font = ui.fonts().small, .ink = colour::ink_soft, .lines = 3});
            return;
        }
        ImFont* small = ui.fonts().small;
        const float height = 2 * ui.line(small) + ui.px(8);
        auto fit = static_cast<std::size_t>(std::max(1.0f, std::floor((inner.height() - ui.line(small)) / height)));
        fit = std::min(fit, referrals_.size());
        for (std::size_t i = 0; i < fit; ++i) {
            const Referral& referral = referrals_[i];
            Rect row = inner.cut_top(2 * ui.line(small), ui.px(8));
            const Rect way = row.cut_left(ui.px(84), ui.px(12));
            draw_way(ui, {way.x0 + ui.px(8), way.y0 + ui.line(small) / 2}, referral.step);
            ui.text(row.cut_top(ui.line(small)), std::format("{}, {}", referral.pseudonym, referral.service_name), {.font = ui.fonts().small_strong, .data = true, .ellipsis = true});
            ui.text(row, step_words(ui.language(), referral), {.font = small, .ink = colour::ink_soft, .ellipsis = true});
        }
        if (fit < referrals_.size())
            ui.text(inner, ui.language().format("directory.referrals_more", {{"count", std::to_string(referrals_.size() - fit)}}), {.font = small, .ink = colour::ink_soft});
    }

    std::optional<between::Map> map_;
    between::Directory directory_;
    std::vector<Referral> referrals_;
    std::vector<between::FoundService> found_;
    std::vector<between::MapMark> marks_;
    std::string text_, selected_;
    std::optional<ServiceType> type_;
    std::size_t first_ = 0;   // of found_, the first of the page
};

}  // namespace

std::unique_ptr<WorkView> make_directory_view() { return std::make_unique<View>(); }

}  // namespace accalmie::console
