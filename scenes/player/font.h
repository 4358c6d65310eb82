// SPDX-License-Identifier: Apache-2.0
// Owns: one font of the machine and its letters as coverage pictures. Never: lays out panels. Units: pixels. Thread: one owner.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

namespace accalmie::scenes {

// The scalar values of UTF-8 text; what is no UTF-8 becomes U+FFFD, so that a text from the link cannot derail the layout.
std::vector<char32_t> to_code_points(std::string_view utf8);

class Font {
public:
    // Inter, else DejaVu Sans; both come with Debian (fonts-inter, fonts-dejavu-core).
    static Result<Font> find();
    static Result<Font> open(const std::string& path);
    ~Font();
    Font(Font&&) noexcept;
    Font& operator=(Font&&) noexcept;

    float width(std::string_view utf8, float em_px) const;
    float cap_height(float em_px) const;

    // Calls put(x, y, coverage 0..255) for every touched pixel; the baseline starts at (x, y).
    template <class Put>
    void draw(std::string_view utf8, float em_px, float x, float y, Put put) const {
        for_each_letter(utf8, em_px, x, y, [&](int left, int top, int wide, int high, const std::uint8_t* coverage) {
            for (int row = 0; row < high; ++row)
                for (int column = 0; column < wide; ++column)
                    if (const std::uint8_t value = coverage[row * wide + column]; value != 0) put(left + column, top + row, value);
        });
    }

private:
    struct Face;
    using Letter = void (*)(void*, int, int, int, int, const std::uint8_t*);
    template <class Visit>
    void for_each_letter(std::string_view utf8, float em_px, float x, float y, Visit visit) const {
        render(utf8, em_px, x, y, [](void* user, int left, int top, int wide, int high, const std::uint8_t* coverage) { (*static_cast<Visit*>(user))(left, top, wide, high, coverage); }, &visit);
    }
    void render(std::string_view utf8, float em_px, float x, float y, Letter letter, void* user) const;

    explicit Font(std::unique_ptr<Face> face);
    std::unique_ptr<Face> face_;
};

// Lines of at most `width_px`; breaks at spaces and at line feeds, never at a no-break space nor before the marks that French sets
// apart (? ! : ; »). A longer word stands alone.
std::vector<std::string> wrap(const Font& font, std::string_view utf8, float em_px, float width_px);
// The same number of lines, as even as they can be.
std::vector<std::string> wrap_evenly(const Font& font, std::string_view utf8, float em_px, float width_px);

}  // namespace accalmie::scenes
