// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/icons.h"

#include <array>
#include <cmath>

namespace accalmie::console {
namespace {

struct Pen {
    ImDrawList& draw;
    ImVec2 c;
    float s;  // size: the sign fits a square of this side
    ImU32 ink, ground;
    ImVec2 at(float x, float y) const { return {c.x + x * s, c.y + y * s}; }  // -0.5 to 0.5
    float weight() const { return s * 0.11f; }
};

void triangle(const Pen& p, float x0, float x1) {
    p.draw.AddTriangleFilled(p.at(x0, -0.42f), p.at(x0, 0.42f), p.at(x1, 0), p.ink);
}

void mark(const Pen& p, float top, float bottom, float dot) {  // an exclamation mark or an i, in the ground's colour
    p.draw.AddRectFilled(p.at(-0.055f, top), p.at(0.055f, bottom), p.ground, p.s * 0.04f);
    p.draw.AddCircleFilled(p.at(0, dot), p.s * 0.075f, p.ground);
}

void octagon(const Pen& p) {
    std::array<ImVec2, 8> corner;
    for (std::size_t i = 0; i < corner.size(); ++i) {
        const float a = (static_cast<float>(i) + 0.5f) * 3.14159265f / 4;
        corner[i] = p.at(0.5f * std::cos(a), 0.5f * std::sin(a));
    }
    p.draw.AddConvexPolyFilled(corner.data(), static_cast<int>(corner.size()), p.ink);
}

void wave(const Pen& p) {  // calm: two long low waves
    for (const float y : {-0.16f, 0.16f}) {
        p.draw.PathLineTo(p.at(-0.48f, y + 0.07f));
        p.draw.PathBezierCubicCurveTo(p.at(-0.25f, y - 0.25f), p.at(-0.2f, y - 0.25f), p.at(0, y));
        p.draw.PathBezierCubicCurveTo(p.at(0.2f, y + 0.25f), p.at(0.25f, y + 0.25f), p.at(0.48f, y - 0.07f));
        p.draw.PathStroke(p.ink, 0, p.weight());
    }
}

void microphone(const Pen& p) {
    p.draw.AddRectFilled(p.at(-0.16f, -0.5f), p.at(0.16f, 0.12f), p.ink, p.s * 0.16f);
    p.draw.PathArcTo(p.at(0, -0.04f), p.s * 0.3f, 0.1f, 3.04f, 16);
    p.draw.PathStroke(p.ink, 0, p.weight());
    p.draw.AddRectFilled(p.at(-0.05f, 0.24f), p.at(0.05f, 0.46f), p.ink);
    p.draw.AddRectFilled(p.at(-0.2f, 0.4f), p.at(0.2f, 0.5f), p.ink, p.s * 0.04f);
}

void shapes(const Pen& p, Icon icon) {
    ImDrawList& d = p.draw;
    switch (icon) {
        case Icon::none: break;
        case Icon::voice: microphone(p); break;
        case Icon::play: triangle(p, -0.32f, 0.42f); break;
        case Icon::pause:
            d.AddRectFilled(p.at(-0.34f, -0.4f), p.at(-0.1f, 0.4f), p.ink, p.s * 0.05f);
            d.AddRectFilled(p.at(0.1f, -0.4f), p.at(0.34f, 0.4f), p.ink, p.s * 0.05f);
            break;
        case Icon::next:
            triangle(p, -0.4f, 0.24f);
            d.AddRectFilled(p.at(0.26f, -0.42f), p.at(0.4f, 0.42f), p.ink, p.s * 0.04f);
            break;
        case Icon::previous:
            d.AddTriangleFilled(p.at(0.4f, 0.42f), p.at(0.4f, -0.42f), p.at(-0.24f, 0), p.ink);
            d.AddRectFilled(p.at(-0.4f, -0.42f), p.at(-0.26f, 0.42f), p.ink, p.s * 0.04f);
            break;
        case Icon::calm: wave(p); break;
        case Icon::finish:
            d.AddLine(p.at(-0.32f, -0.46f), p.at(-0.32f, 0.48f), p.ink, p.weight());
            d.AddRectFilled(p.at(-0.32f, -0.44f), p.at(0.42f, 0.1f), p.ink, p.s * 0.05f);
            break;
        case Icon::stop:
            octagon(p);
            d.AddRectFilled(p.at(-0.19f, -0.19f), p.at(0.19f, 0.19f), p.ground, p.s * 0.02f);
            break;
        case Icon::check: {
            const std::array<ImVec2, 3> line{p.at(-0.34f, 0.02f), p.at(-0.1f, 0.28f), p.at(0.36f, -0.28f)};
            d.AddPolyline(line.data(), 3, p.ink, 0, p.weight() * 1.3f);
            break;
        }
        case Icon::warning:
            d.AddTriangleFilled(p.at(0, -0.48f), p.at(0.54f, 0.44f), p.at(-0.54f, 0.44f), p.ink);
            mark(p, -0.17f, 0.16f, 0.29f);
            break;
        case Icon::alarm:
            octagon(p);
            mark(p, -0.3f, 0.1f, 0.27f);
            break;
        case Icon::information:
            d.AddCircleFilled(p.c, p.s * 0.46f, p.ink, 32);
            mark(p, -0.06f, 0.28f, -0.23f);
            break;
        case Icon::note:
            d.AddRectFilled(p.at(-0.36f, -0.44f), p.at(0.36f, 0.44f), p.ink, p.s * 0.08f);
            for (const float y : {-0.2f, 0.0f, 0.2f}) d.AddLine(p.at(-0.2f, y), p.at(y > 0.1f ? 0.05f : 0.2f, y), p.ground, p.s * 0.08f);
            break;
        case Icon::cue: d.AddQuadFilled(p.at(0, -0.5f), p.at(0.5f, 0), p.at(0, 0.5f), p.at(-0.5f, 0), p.ink); break;
    }
}

}  // namespace

void draw_icon(ImDrawList& draw, Icon icon, ImVec2 center, float size, ImU32 ink, ImU32 ground) {
    shapes(Pen{draw, center, size, ink, ground}, icon);
}

}  // namespace accalmie::console
