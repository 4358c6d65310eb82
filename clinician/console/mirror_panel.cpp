// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "clinician/console/panels.h"

namespace accalmie::console {
namespace {

// Calm, neutral and cue differ in shape, word and colour.
struct Sign {
    Icon icon;
    ImU32 fill;
    const char* key;
};

Sign sign_of(const SessionModel& model) {
    const session::View& view = model.view();
    const scenes::SceneFile* scene = model.scene(view.scene);
    if (view.calm || (scene && scene->kind == scenes::SceneKind::calm)) return {Icon::calm, colour::green, "mirror.calm"};
    if (scene && scene->kind == scenes::SceneKind::neutral) return {Icon::finish, colour::sky, "mirror.neutral"};
    return {Icon::cue, colour::orange, "mirror.cue"};
}

void badge(Ui& ui, Rect place, const Sign& what) {
    const ImU32 fill = what.fill, ink = colour::ink_dark;
    ui.surface(place, fill, 8);
    const float sign = ui.px(18);
    draw_icon(ui.draw(), what.icon, {place.x0 + ui.px(22), place.center().y}, sign, ink, fill);
    const float y = place.center().y - ui.line(ui.fonts().strong) / 2;
    ui.text({place.x0 + ui.px(42), y, place.x1 - ui.px(8), place.y1}, ui.tr(what.key),
            {.font = ui.fonts().strong, .ink = ink});
    ui.set_ground(colour::panel);
}

Rect fitted(const Rect& place, float aspect) {
    float width = place.width(), height = width / aspect;
    if (height > place.height()) {
        height = place.height();
        width = height * aspect;
    }
    const float x = std::floor(place.center().x - width / 2), y = std::floor(place.center().y - height / 2);
    return {x, y, x + width, y + height};
}

}  // namespace

std::string scene_title(const Language& language, const SessionModel& model, const std::string& scene) {
    const scenes::SceneFile* file = model.scene(scene);
    return file ? language.typography(file->title.in(language.code())) : scene;
}

std::string level_title(const Language& language, const SessionModel& model, const std::string& scene, int level) {
    const scenes::SceneFile* file = model.scene(scene);
    if (!file || file->levels.size() < 2) return {};
    for (const auto& one : file->levels)
        if (one.level == level) return language.typography(one.title.in(language.code()));
    return {};
}

void mirror_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state) {
    const session::View& view = model.view();
    ui.surface(rect, colour::panel);
    Rect place = rect.inset(ui.px(12));
    Rect top = place.cut_top(ui.px(36), ui.px(10));
    const Sign sign = sign_of(model);
    badge(ui, top.cut_left(ui.px(124), ui.px(14)), sign);

    const float y = top.center().y - ui.line(ui.fonts().strong) / 2;
    std::string what = view.calm ? ui.tr("mirror.calm_room") : scene_title(ui.language(), model, view.scene);
    const std::string level = view.calm ? "" : level_title(ui.language(), model, view.scene, view.level);
    if (!level.empty())
        what = ui.language().format("mirror.scene_level", {{"scene", what}, {"level", std::to_string(view.level)}, {"title", level}});
    const float wanted = ui.fonts().strong->CalcTextSizeA(ui.fonts().strong->FontSize, FLT_MAX, 0, what.c_str()).x;
    const bool titled = wanted < top.width() - ui.px(128);  // the scene is worth more than the caption
    const Rect caption = titled ? top.cut_right(ui.px(120), ui.px(8)) : Rect{};
    if (wanted > top.width() && !level.empty()) what = ui.language().format("step.level_title", {{"n", std::to_string(view.level)}, {"title", level}});
    ui.text({top.x0, y, top.x1, top.y1}, what, {.font = ui.fonts().strong, .data = true, .ellipsis = true});
    if (titled) ui.text({caption.x0, y, caption.x1, caption.y1}, ui.tr("mirror.title"), {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::right});

    const auto mirror = model.mirror();
    const bool picture = mirror.rgba && mirror.width > 0 && mirror.height > 0;
    const float aspect = picture ? static_cast<float>(mirror.width) / static_cast<float>(mirror.height) : 4.0f / 3.0f;
    const Rect frame = fitted(place, aspect);
    ui.surface(frame, colour::ground, 6);
    if (picture && state.mirror_texture)
        ui.draw().AddImageRounded(state.mirror_texture, frame.min(), frame.max(), {0, 0}, {1, 1},
                                  view.player_up || view.finished ? colour::white : IM_COL32(90, 90, 90, 255), ui.px(6));
    ui.record({.id = "mirror", .role = Role::picture, .rect = frame, .label = ui.tr("mirror.title"), .value = std::to_string(mirror.frame)});
    const bool away = !view.player_up && !view.finished;
    if (!picture || away) {
        const float middle = frame.center().y - ui.line(ui.fonts().body);
        ui.text({frame.x0 + ui.px(30), middle, frame.x1 - ui.px(30), frame.y1}, ui.tr(away && picture ? "mirror.away" : view.finished ? "mirror.nothing" : "mirror.none"),
                {.ink = colour::ink, .align = Align::center, .lines = 3});
    }
    ui.draw().AddRect(frame.min(), frame.max(), sign.fill, ui.px(6), 0, ui.px(2));
    ui.set_ground(colour::panel);
}

}  // namespace accalmie::console
