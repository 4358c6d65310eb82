// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/theme.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

namespace accalmie::console {
namespace {

// Latin with Œ œ, general punctuation (’ “ ” … and U+202F), the euro, arrows. ImGui keeps the pointer.
constexpr std::array<ImWchar, 9> kGlyphs{0x20, 0x17F, 0x2010, 0x205E, 0x20AC, 0x20AC, 0x2190, 0x2193, 0};

double channel(ImU32 value) {
    const double c = static_cast<double>(value & 0xFF) / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(ImU32 c) {
    return 0.2126 * channel(c >> IM_COL32_R_SHIFT) + 0.7152 * channel(c >> IM_COL32_G_SHIFT) + 0.0722 * channel(c >> IM_COL32_B_SHIFT);
}

struct Faces {
    std::string regular, strong;
};

Result<Faces> find_faces() {
    const std::array<Faces, 2> known{
        Faces{"/usr/share/fonts/opentype/inter/Inter-Regular.otf", "/usr/share/fonts/opentype/inter/Inter-SemiBold.otf"},
        Faces{"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"}};
    for (const Faces& faces : known)
        if (std::filesystem::exists(faces.regular) && std::filesystem::exists(faces.strong)) return faces;
    return std::unexpected(Error{"no font for the console was found", "apt-get install fonts-inter (or fonts-dejavu-core)"});
}

}  // namespace

ImU32 with_alpha(ImU32 c, float alpha) {
    const auto a = static_cast<ImU32>(std::clamp(alpha, 0.0f, 1.0f) * 255.0f + 0.5f);
    return (c & ~IM_COL32_A_MASK) | (a << IM_COL32_A_SHIFT);
}

double contrast(ImU32 a, ImU32 b) {
    const double first = luminance(a) + 0.05, second = luminance(b) + 0.05;
    return std::max(first, second) / std::min(first, second);
}

Result<Fonts> load_fonts(ImFontAtlas& atlas, float scale) {
    const auto faces = find_faces();
    if (!faces) return std::unexpected(faces.error());
    atlas.Clear();
    ImFontConfig config;
    config.OversampleH = 2;
    config.OversampleV = 1;
    const auto add = [&](const std::string& file, float size) {
        return atlas.AddFontFromFileTTF(file.c_str(), std::round(size * scale), &config, kGlyphs.data());
    };
    Fonts fonts;
    fonts.body = add(faces->regular, 18);  // the first one is ImGui's default
    fonts.small = add(faces->regular, 15);
    fonts.small_strong = add(faces->strong, 15.5f);
    fonts.strong = add(faces->strong, 18);
    fonts.title = add(faces->strong, 22);
    fonts.large = add(faces->strong, 34);
    if (!fonts.body || !fonts.small || !fonts.small_strong || !fonts.strong || !fonts.title || !fonts.large || !atlas.Build())
        return std::unexpected(Error{"the console's fonts cannot be read: " + faces->regular, "reinstall fonts-inter"});
    return fonts;
}

void apply_style(ImGuiStyle& style, float scale) {
    style = ImGuiStyle();
    ImGui::StyleColorsDark(&style);
    style.WindowPadding = ImVec2(0, 0);
    style.WindowRounding = 0;
    style.WindowBorderSize = 0;
    style.FrameRounding = 6;
    style.FramePadding = ImVec2(12, 9);
    style.DisabledAlpha = 1.0f;  // disabled things are drawn in their own ink, still readable
    style.Colors[ImGuiCol_Text] = ImGui::ColorConvertU32ToFloat4(colour::ink);
    style.Colors[ImGuiCol_TextDisabled] = ImGui::ColorConvertU32ToFloat4(colour::ink_faint);
    style.Colors[ImGuiCol_WindowBg] = ImGui::ColorConvertU32ToFloat4(colour::ground);
    style.Colors[ImGuiCol_FrameBg] = ImGui::ColorConvertU32ToFloat4(colour::raised);
    style.Colors[ImGuiCol_FrameBgHovered] = ImGui::ColorConvertU32ToFloat4(colour::hovered);
    style.Colors[ImGuiCol_FrameBgActive] = ImGui::ColorConvertU32ToFloat4(colour::hovered);
    style.Colors[ImGuiCol_TextSelectedBg] = ImGui::ColorConvertU32ToFloat4(with_alpha(colour::sky, 0.4f));
    style.Colors[ImGuiCol_NavHighlight] = ImGui::ColorConvertU32ToFloat4(colour::yellow);
    style.ScaleAllSizes(scale);
}

}  // namespace accalmie::console
