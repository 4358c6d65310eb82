// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "clinician/console/panels.h"

namespace accalmie::console {
namespace {

// Calm and cue differ in shape, word and colour.
void badge(Ui& ui, Rect place, bool calm) {
    const ImU32 fill = calm ? colour::green : colour::orange;
    const ImU32 ink = colour::ink_dark;
    ui.surface(place, fill, 8);
    const float sign = ui.px(18);
    draw_icon(ui.draw(), calm ? Icon::calm : Icon::cue, {place.x0 + ui.px(22), place.center().y}, sign, ink, fill);
    const float y = place.center().y - ui.line(ui.fonts().strong) / 2;
    ui.text({place.x0 + ui.px(42), y, place.x1 - ui.px(8), place.y1}, ui.tr(calm ? "mirror.calm" : "mirror.cue"),
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

std::string scene_name(const Language& language, const std::string& scene) {
    const std::string key = "scene." + scene;
    if (language.has(key)) return language.tr(key);
    std::string name = scene;
    std::ranges::replace(name, '_', ' ');
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return name;
}

void mirror_panel(Ui& ui, Rect rect, SessionModel& model, ScreenState& state) {
    const session::View& view = model.view();
    ui.surface(rect, colour::panel);
    Rect place = rect.inset(ui.px(12));
    Rect top = place.cut_top(ui.px(36), ui.px(10));
    badge(ui, top.cut_left(ui.px(124), ui.px(14)), view.calm);

    const float y = top.center().y - ui.line(ui.fonts().strong) / 2;
    const auto& steps = model.plan().steps;
    const auto step = static_cast<std::size_t>(std::max(view.state.step, 0));
    const bool levels = !view.calm && step < steps.size() && steps[step].levels.size() > 1;
    std::string what = view.scene.empty() ? ui.tr("scene.calm_room") : scene_name(ui.language(), view.scene);
    if (levels) what = ui.language().format("mirror.scene_level", {{"scene", what}, {"level", std::to_string(view.level)}});
    const Rect caption = top.cut_right(ui.px(120), ui.px(8));
    ui.text({top.x0, y, top.x1, top.y1}, what, {.font = ui.fonts().strong, .data = true, .ellipsis = true});
    ui.text({caption.x0, y, caption.x1, caption.y1}, ui.tr("mirror.title"), {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::right});

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
        ui.text({frame.x0 + ui.px(30), middle, frame.x1 - ui.px(30), frame.y1}, ui.tr(away && picture ? "mirror.away" : "mirror.none"),
                {.ink = colour::ink, .align = Align::center, .lines = 3});
    }
    ui.draw().AddRect(frame.min(), frame.max(), view.calm ? colour::green : colour::orange, ui.px(6), 0, ui.px(2));
    ui.set_ground(colour::panel);
}

}  // namespace accalmie::console
