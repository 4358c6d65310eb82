// SPDX-License-Identifier: Apache-2.0
// Any bytes as a picture (PNG or JPEG): four bytes a pixel of the size that it says, or an error with the file's name.
#include "engine/content/picture_file.h"

#include <cstdint>
#include <cstdlib>

#include "engine/content/limits.h"

using namespace accalmie;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<content::PictureFile> picture = content::decode_picture({data, size}, "fuzz.png");
    if (!picture) {
        if (picture.error().message.empty() || picture.error().file != "fuzz.png") std::abort();
        return 0;
    }
    if (picture->width < 1 || picture->height < 1 || picture->width > content::limits::picture_side || picture->height > content::limits::picture_side) std::abort();
    if (picture->rgba.size() != std::size_t{4} * picture->width * picture->height) std::abort();
    return 0;
}
