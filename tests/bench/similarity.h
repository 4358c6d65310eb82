// SPDX-License-Identifier: Apache-2.0
// Owns: how alike two pictures are, and pictures put side by side. Never: says which of them is right.
#pragma once

#include <vector>

#include "engine/content/picture_file.h"

namespace accalmie::bench {

// Structural similarity of the luma of two pictures of one size: 1 for the same, near 0 for strangers; -1 when it cannot be said.
// Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural similarity", IEEE Transactions on Image
// Processing 13(4), 2004: equation 13, a Gaussian window of 11 x 11 with a deviation of 1.5, K1 = 0.01, K2 = 0.03, the mean over all windows.
double structural_similarity(const content::PictureFile& a, const content::PictureFile& b);

// The upper left part of a picture: of two eyes side by side, the left one.
content::PictureFile cropped(const content::PictureFile& from, std::uint32_t width, std::uint32_t height);
content::PictureFile side_by_side(const std::vector<content::PictureFile>& pictures);
double mean_luma(const content::PictureFile& picture);  // 0 to 255

}  // namespace accalmie::bench
